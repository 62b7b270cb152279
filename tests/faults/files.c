/* Files, while calls of the C library fail (shim.c), the program is killed, or another one writes or
 * changes the same file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "faults/process.h"

/* ---- saving ---- */

/* The n-th call fails, for all of them: an error and the old file, or the new one. */
static void save_survives_failing_calls(void **state)
{
	static const char *const kinds[] = {"write", "sync", "link", "rename", "open", "any"};
	static const char *const ways[] = {"fail", "always", "short"};
	char fault[100], found[OUTPUT];

	(void)state;
	make_both();
	for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
		write_file("study.json", old_bytes);
		long count = calls_of(save, kinds[kind]);

		assert_true(count > 0);
		for (long n = 1; n <= count; n++)
			for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
				write_file("study.json", old_bytes);
				snprintf(fault, sizeof fault, "%s %s %ld", kinds[kind], ways[way], n);
				run(&ran, save, fault);
				claim_clean_end(fault);
				read_file("study.json", found, sizeof found);
				if (strcmp(found, is_exit(&ran, 0) ? new_bytes : old_bytes) != 0)
					fail_msg("%s: exit %d, another file", fault,
						 WEXITSTATUS(ran.status));
				if (left_over() && strcmp(kinds[kind], "any") != 0)
					fail_msg("%s: a file is left over", fault);
			}
	}
}

/* Killed at the n-th call: the old file or the new one, whole. */
static void save_survives_being_killed(void **state)
{
	char fault[100], found[OUTPUT];
	bool was_old = false, was_new = false;
	int nameless = open(".", O_WRONLY | O_TMPFILE, 0600), left = 0;
	long count;

	(void)state;
	make_both();
	count = calls_of(save, "any");
	for (long n = 1; n <= count; n++) {
		write_file("study.json", old_bytes);
		snprintf(fault, sizeof fault, "any kill %ld", n);
		run(&ran, save, fault);
		assert_true(is_exit(&ran, 137));
		read_file("study.json", found, sizeof found);
		was_old |= strcmp(found, old_bytes) == 0;
		was_new |= strcmp(found, new_bytes) == 0;
		if (strcmp(found, old_bytes) != 0 && strcmp(found, new_bytes) != 0)
			fail_msg("%s: a third thing: %s", fault, found);
		left += left_over();
	}
	assert_true(was_old && was_new);
	/* It has a name from link to rename, with one call between them. */
	assert_true(left > 0 && (nameless < 0 || left <= 2));
	close(nameless);
	run(&ran, save, "rename kill 1"); /* the next save removes what is left */
	assert_true(is_exit(&ran, 137));
	run(&ran, save, NULL);
	assert_int_equal(left_over(), 0);
}

/* A disk that is full half way: the old file, one sentence, nothing left over. */
static void save_survives_a_full_disk(void **state)
{
	static const char *const script[WORDS] = {"-c", "set max_lr 0.3; save ./study.json"};
	char found[OUTPUT];

	(void)state;
	make_both();
	for (rlim_t most = 0; most < strlen(new_bytes); most += 97) {
		struct rlimit limit = {most, most};
		int status;
		pid_t child;

		write_file("study.json", old_bytes);
		child = fork();
		if (child == 0) {
			signal(SIGXFSZ, SIG_IGN);
			setrlimit(RLIMIT_FSIZE, &limit);
			close(2);
			become(script, NULL);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
		read_file("study.json", found, sizeof found);
		assert_string_equal(found, old_bytes);
		assert_int_equal(left_over(), 0);
	}
}

/* Two programs save into one file again and again; whoever looks finds one of both, whole. */
static void save_by_two_at_once(void **state)
{
	const char *const other[WORDS] = {"-c", "set max_lr 0.2; save ./study.json"};
	const char *const *const both[] = {save, other};
	char found[OUTPUT];
	int status;

	(void)state;
	make_both();
	for (int turn = 0; turn < 100; turn++) {
		pid_t children[2];
		int left = 2;

		for (int i = 0; i < 2; i++) {
			children[i] = fork();
			if (children[i] == 0) {
				int null = open("/dev/null", O_WRONLY);

				dup2(null, 1);
				become(both[i], NULL);
			}
		}
		while (left > 0) {
			read_file("study.json", found, sizeof found);
			assert_true(strcmp(found, old_bytes) == 0 || strcmp(found, new_bytes) == 0);
			for (int i = 0; i < 2; i++)
				if (children[i] > 0 && waitpid(children[i], &status, WNOHANG) > 0) {
					assert_int_equal(status, 0);
					children[i] = 0;
					left--;
				}
		}
		assert_int_equal(left_over(), 0);
	}
}

/* One program is stopped before its n-th call, another saves meanwhile, the first goes on: for all n
 * both end well, and the file is that of the one who came last. */
static void save_while_another_saves(void **state)
{
	const char *const other[WORDS] = {"-c", "set max_lr 0.4; save ./study.json"};
	static char others_bytes[OUTPUT];
	char fault[100], found[OUTPUT];
	bool ours_last = false, others_last = false;
	long count;

	(void)state;
	run(&ran, other, NULL);
	assert_true(is_exit(&ran, 0));
	read_file("study.json", others_bytes, sizeof others_bytes);
	make_both();
	count = calls_of(save, "any");
	for (long n = 1; n <= count; n++) {
		pid_t child;
		int status;

		write_file("study.json", old_bytes);
		snprintf(fault, sizeof fault, "any stop %ld", n);
		child = fork();
		if (child == 0) {
			dup2(open("/dev/null", O_WRONLY), 1);
			become(save, fault);
		}
		assert_int_equal(waitpid(child, &status, WUNTRACED), child);
		assert_true(WIFSTOPPED(status));
		read_file("study.json", found, sizeof found);
		assert_true(strcmp(found, old_bytes) == 0 || strcmp(found, new_bytes) == 0);

		run(&ran, other, NULL);
		assert_true(is_exit(&ran, 0));
		read_file("study.json", found, sizeof found);
		assert_string_equal(found, others_bytes);

		assert_int_equal(kill(child, SIGCONT), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
		read_file("study.json", found, sizeof found);
		ours_last |= strcmp(found, new_bytes) == 0;
		others_last |= strcmp(found, others_bytes) == 0;
		if (strcmp(found, new_bytes) != 0 && strcmp(found, others_bytes) != 0)
			fail_msg("%s: a third thing: %s", fault, found);
		assert_int_equal(left_over(), 0);
	}
	assert_true(ours_last && others_last);
}

/* ---- reading ---- */

static const char *const readers[][WORDS] = {
	{"-c", "open ./study.json; show study"}, {"trace", "plateau", "--metrics", "metrics.csv"},
	{"train", "step", "epochs=1", "data=table.csv"}, {"run", "script"},
	{"advise", "scale=small", "--rules", "rules.json"}, {"-c", "lesson own.lesson; show lesson"},
};

/* Files that cannot be opened or read, and files that change under the reader: never half of one and
 * half of the other. */
static void reading_survives(void **state)
{
	static const char *const ways[] = {"look fail", "read fail", "read shrink", "read grow"};
	char fault[100], what[200];

	(void)state;
	for (size_t form = 0; form < sizeof readers / sizeof *readers; form++)
		for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
			char kind[16];
			long count, n;

			restore_files();
			snprintf(kind, sizeof kind, "%.4s", ways[way]);
			count = calls_of(readers[form], kind);
			if (!is_exit(&reference, 0))
				fail_msg("%s: %s", readers[form][1], reference.err);
			assert_true(count > 0);
			for (n = 1; n <= count; n += count / 8 + 1) {
				restore_files();
				snprintf(fault, sizeof fault, "%s %ld", ways[way], n);
				snprintf(what, sizeof what, "%s %s, %s", readers[form][0],
					 readers[form][1], fault);
				run(&ran, readers[form], fault);
				claim_clean_end(what);
				if (!is_exit(&ran, 1))
					fail_msg("%s: not refused", what);
				if (!strstr(ways[way], "fail") &&
				    !strstr(ran.err, "changed while it was read"))
					fail_msg("%s: %s", what, ran.err);
			}
		}
	restore_files();
}

/* ---- descriptors that a parent left non-blocking ---- */

/* More goes in, and more comes out, than a pipe holds. */
static void non_blocking_pipes_are_waited_for(void **state)
{
	enum { METRICS = 50000 };
	static const char *const words[WORDS] = {"trace", "plateau", "--metrics", "-"};
	static char bytes[2 * METRICS], found[OUTPUT];
	int in[2], out[2], status;
	long rows = 0;
	ssize_t count;
	pid_t child;

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = "1\n"[i % 2];
	assert_true(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	assert_int_equal(fcntl(in[0], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(fcntl(out[1], F_SETFL, O_NONBLOCK), 0);
	child = fork();
	if (child == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		become(words, NULL);
	}
	close(in[0]);
	close(out[1]);
	assert_int_equal(write(in[1], bytes, sizeof bytes), sizeof bytes);
	close(in[1]);
	while ((count = read(out[0], found, sizeof found)) > 0)
		for (ssize_t i = 0; i < count; i++)
			rows += found[i] == '\n';
	close(out[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(rows, METRICS + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(save_survives_failing_calls),
		cmocka_unit_test(save_survives_being_killed),
		cmocka_unit_test(save_survives_a_full_disk),
		cmocka_unit_test(save_by_two_at_once),
		cmocka_unit_test(save_while_another_saves),
		cmocka_unit_test(reading_survives),
		cmocka_unit_test(non_blocking_pipes_are_waited_for),
	};

	return cmocka_run_group_tests_name("faults-files", tests, process_enter, process_leave);
}
