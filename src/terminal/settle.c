/* Gives back the pages of program and libraries that have been read and may not be read again. */
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "terminal/inside.h"

#define AT_ONCE 256 /* pages that are looked up */

/* Bits of an entry of /proc/self/pagemap (its manual page: proc_pid_pagemap(5)). */
#define PAGE_PRESENT (UINT64_C(1) << 63)
#define PAGE_SWAPPED (UINT64_C(1) << 62)
#define PAGE_OF_FILE (UINT64_C(1) << 61)

struct pages {
	int pagemap;
	uintptr_t size;
};

/* A page that was written to (a breakpoint, a patch of who was loaded before us) is nowhere else. */
static bool is_files(uint64_t entry)
{
	return !(entry & PAGE_SWAPPED) && (!(entry & PAGE_PRESENT) || (entry & PAGE_OF_FILE));
}

static void give_back(const struct pages *pages, uintptr_t from, uintptr_t end)
{
	uint64_t entry[AT_ONCE];

	for (uintptr_t page = from / pages->size; page < end / pages->size;) {
		size_t count = end / pages->size - page < AT_ONCE ? end / pages->size - page : AT_ONCE;

		if (pread(pages->pagemap, entry, count * sizeof(*entry), (off_t)(page * sizeof(*entry))) !=
		    (ssize_t)(count * sizeof(*entry)))
			return;
		for (size_t i = 0, end_of_run; i < count; i = end_of_run) {
			bool files = is_files(entry[i]);

			for (end_of_run = i + 1; end_of_run < count; end_of_run++)
				if (is_files(entry[end_of_run]) != files)
					break;
			if (files)
				madvise((void *)((page + i) * pages->size), (end_of_run - i) * pages->size,
					MADV_DONTNEED);
		}
		page += count;
	}
}

static int give_back_object(struct dl_phdr_info *object, size_t size, void *context)
{
	const struct pages *pages = context;

	(void)size;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];
		uintptr_t from = object->dlpi_addr + part->p_vaddr;

		if (part->p_type == PT_LOAD && !(part->p_flags & PF_W))
			give_back(pages, from / pages->size * pages->size,
				  (from + part->p_filesz + pages->size - 1) / pages->size * pages->size);
	}
	return 0;
}

void settle(void)
{
	struct pages pages = {open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC), (uintptr_t)sysconf(_SC_PAGESIZE)};

	if (pages.pagemap < 0)
		return;
	dl_iterate_phdr(give_back_object, &pages);
	close(pages.pagemap);
}
