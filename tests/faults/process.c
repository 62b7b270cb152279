/* Runs the real program, with calls that fail or without, in a folder of the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "faults/process.h"

char program[4200], shim[4200], folder[] = "/tmp/lrscope-faults-XXXXXX";
struct ran reference, ran;
char old_bytes[OUTPUT], new_bytes[OUTPUT];
const char *const save[WORDS] = {"-c", "set max_lr 0.3; save ./study.json"};
static char home[4096];

/* ---- runs ---- */

static size_t take(int descriptor, char *bytes, size_t size)
{
	ssize_t count = pread(descriptor, bytes, size - 1, 0);

	close(descriptor);
	bytes[count > 0 ? count : 0] = '\0';
	return count > 0 ? (size_t)count : 0;
}

void become(const char *const *words, const char *fault)
{
	char *argv[WORDS + 1] = {program};

	for (int i = 0; words[i]; i++)
		argv[i + 1] = (char *)(uintptr_t)words[i];
	if (fault) {
		setenv("LRSCOPE_FAULT", fault, 1);
		setenv("LD_PRELOAD", shim, 1);
	}
	execv(program, argv);
	_exit(127);
}

static void run_to(int out, struct ran *result, const char *const *words, const char *fault)
{
	int err = memfd_create("err", 0);
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		int null = open("/dev/null", O_RDONLY);

		dup2(null, 0);
		dup2(out, 1);
		dup2(err, 2);
		become(words, fault);
	}
	assert_int_equal(waitpid(child, &result->status, 0), child);
	result->out_length = take(out, result->out, sizeof result->out);
	result->err_length = take(err, result->err, sizeof result->err);
}

void run(struct ran *result, const char *const *words, const char *fault)
{
	run_to(memfd_create("out", 0), result, words, fault);
}

void run_into(const char *path, struct ran *result, const char *const *words)
{
	int out = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	assert_true(out >= 0);
	run_to(out, result, words, NULL);
}

bool is_exit(const struct ran *result, int code)
{
	return WIFEXITED(result->status) && WEXITSTATUS(result->status) == code;
}

long calls_of(const char *const *words, const char *kind)
{
	char fault[600], path[300];
	long count = -1;
	FILE *file;

	snprintf(path, sizeof path, "%s/counts", folder);
	snprintf(fault, sizeof fault, "%s fail 0 %s", kind, path);
	run(&reference, words, fault);
	file = fopen(path, "r");
	if (file) {
		if (fscanf(file, "%ld", &count) != 1)
			count = -1;
		fclose(file);
	}
	unlink(path);
	assert_true(count >= 0); /* else the shim is not in the program */
	return count;
}

void claim_clean_end(const char *what)
{
	const char *end = strchr(ran.err, '\n');

	if (is_exit(&ran, 0)) {
		if (ran.err_length != 0)
			fail_msg("%s: exit 0 with %s", what, ran.err);
		return;
	}
	if (!is_exit(&ran, 1))
		fail_msg("%s: wait status %x, stderr: %s", what, (unsigned)ran.status, ran.err);
	if (strncmp(ran.err, "lrscope: ", 9) != 0 || !end || end[1])
		fail_msg("%s: not one line: %s", what, ran.err);
}

long stride(void)
{
	const char *word = getenv("FAULTS_STRIDE");

	return word && atol(word) > 0 ? atol(word) : 97;
}

/* ---- files ---- */

size_t read_file(const char *path, char *bytes, size_t size)
{
	int descriptor = open(path, O_RDONLY);

	if (descriptor < 0) {
		bytes[0] = '\0';
		return 0;
	}
	return take(descriptor, bytes, size);
}

void write_file(const char *path, const char *bytes)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(bytes, file);
	assert_int_equal(fclose(file), 0);
}

int left_over(void)
{
	DIR *stream = opendir(".");
	struct dirent *entry;
	int count = 0;

	assert_non_null(stream);
	while ((entry = readdir(stream)))
		if (strstr(entry->d_name, ".tmp")) {
			count++;
			unlink(entry->d_name);
		}
	closedir(stream);
	return count;
}

void make_both(void)
{
	const char *const before[WORDS] = {"-c", "set max_lr 0.2; save ./study.json"};

	run(&ran, save, NULL);
	assert_true(is_exit(&ran, 0));
	read_file("study.json", new_bytes, sizeof new_bytes);
	run(&ran, before, NULL);
	assert_true(is_exit(&ran, 0));
	read_file("study.json", old_bytes, sizeof old_bytes);
	assert_string_not_equal(old_bytes, new_bytes);
}

void restore_files(void)
{
	static char rules[OUTPUT];

	if (!rules[0])
		read_file("rules.json", rules, sizeof rules);
	write_file("rules.json", rules);
	write_file("metrics.csv", "metric\n0.9\n0.8\n0.7\n0.7\n0.7\n0.7\n0.7\n0.7\n0.7\n0.7\n0.7\n0.7\n");
	write_file("table.csv", "a,b,y\n1,2,3\n2,1,4\n3,5,1\n4,4,2\n5,1,7\n6,2,2\n7,1,3\n8,8,9\n9,1,2\n"
				"3,1,2\n4,1,2\n5,9,1\n");
	write_file("script", "set epochs 2\nstrategy cosine; show reading\npage help\ndump\ncode\n");
	write_file("own.lesson", "# Own\nAbout what is in it, in some words.\n\n## One\n"
				 ": strategy cosine\nText of the one step.\n");
	if (old_bytes[0])
		write_file("study.json", old_bytes);
}

int process_enter(void **state)
{
	const char *top = getenv("top_srcdir");
	char command[9000];

	(void)state;
	if (!getcwd(home, sizeof home) || !mkdtemp(folder))
		return -1;
	snprintf(program, sizeof program, "%s/src/lrscope/lrscope", home);
	/* Not where it was built: LD_PRELOAD takes no path with blanks. */
	snprintf(shim, sizeof shim, "%s/shim.so", folder);
	snprintf(command, sizeof command,
		 "cp '%s/data/rules.json' tests/faults/shim.so %s", top ? top : ".", folder);
	if (system(command) != 0 || chdir(folder) != 0)
		return -1;
	setenv("HOME", folder, 1);
	unsetenv("XDG_DATA_HOME");
	unsetenv("XDG_STATE_HOME");
	unsetenv("INPUTRC");
	setenv("LC_ALL", "C", 1); /* a locale that cannot be loaded is ASCII: other output */
	make_both();
	restore_files();
	return 0;
}

int process_leave(void **state)
{
	char command[200];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return chdir(home) != 0 || system(command) != 0;
}
