/* What was only read goes; what somebody wrote stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "terminal/inside.h"

#define MOST_PAGE 65536
#define PRESENT (UINT64_C(1) << 63)

/* Constants of the program, far from all others. */
static const char constants[16 * MOST_PAGE] __attribute__((aligned(MOST_PAGE))) = {1};
#define MIDDLE ((const volatile char *)constants + 8 * MOST_PAGE)

static bool is_resident(const volatile void *at)
{
	uint64_t entry = 0;
	uintptr_t page = (uintptr_t)at / (uintptr_t)sysconf(_SC_PAGESIZE);
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	assert_true(pagemap >= 0);
	assert_int_equal(pread(pagemap, &entry, sizeof entry, (off_t)(page * sizeof entry)), sizeof entry);
	close(pagemap);
	return entry & PRESENT;
}

static void test_unwritten(void **state)
{
	(void)state;
	assert_int_equal(*MIDDLE, 0);
	assert_true(is_resident(MIDDLE));
	settle();
	assert_false(is_resident(MIDDLE));
	assert_int_equal(*MIDDLE, 0);
}

/* As a debugger writes a breakpoint. */
static void test_written(void **state)
{
	(void)state;
	volatile char *page = (volatile char *)(uintptr_t)MIDDLE;
	assert_int_equal(mprotect((void *)(uintptr_t)MIDDLE, MOST_PAGE, PROT_READ | PROT_WRITE), 0);
	page[5] = 7;
	assert_int_equal(mprotect((void *)(uintptr_t)MIDDLE, MOST_PAGE, PROT_READ), 0);
	settle();
	assert_int_equal(MIDDLE[5], 7);
	settle();
	assert_int_equal(MIDDLE[5], 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unwritten),
		cmocka_unit_test(test_written),
	};

	return cmocka_run_group_tests_name("settle", tests, NULL, NULL);
}
