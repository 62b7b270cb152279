/* The real program while calls of the C library fail (shim.c): batch commands, saves, the explorer
 * on a terminal.
 *
 *	FAULTS_STRIDE=N   every N-th call only (97); 1: all of them, `make faults`
 *
 * Looks for ./src/lrscope/lrscope and ./tests/faults/shim.so in the working folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <dirent.h>

#include <cmocka.h>

#include "base/json.h"

#define WORDS 12
#define OUTPUT 400000

static char program[4200], shim[4200], home[4096], folder[] = "/tmp/lrscope-faults-XXXXXX";

struct ran {
	int status; /* as from wait */
	char out[OUTPUT], err[8192];
	size_t out_length, err_length;
};

static struct ran reference, ran;

static size_t take(int descriptor, char *bytes, size_t size)
{
	ssize_t count = pread(descriptor, bytes, size - 1, 0);

	close(descriptor);
	bytes[count > 0 ? count : 0] = '\0';
	return count > 0 ? (size_t)count : 0;
}

/* In the child. `fault` NULL: nothing fails. */
static void become(const char *const *words, const char *fault)
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

static void run(struct ran *result, const char *const *words, const char *fault)
{
	int out = memfd_create("out", 0), err = memfd_create("err", 0);
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

static bool is_exit(const struct ran *result, int code)
{
	return WIFEXITED(result->status) && WEXITSTATUS(result->status) == code;
}

/* The number of calls of one kind in a run without faults. */
static long calls_of(const char *const *words, const char *kind)
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

static void claim_clean_end(const char *what)
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

static long stride(void)
{
	const char *word = getenv("FAULTS_STRIDE");

	return word && atol(word) > 0 ? atol(word) : 97;
}

/* ---- memory, in every batch form ---- */

static const char *const forms[][WORDS] = {
	{"trace", "step"}, {"trace", "cyclic", "--steps", "300", "--format", "json"},
	{"trace", "onecycle", "total_steps=50", "--form", "closed"},
	{"trace", "plateau", "--metrics", "metrics.csv"},
	{"train", "onecycle", "epochs=2", "--weights"},
	{"train", "plateau", "epochs=2", "optimizer=adamw", "--every", "step", "--format", "json"},
	{"train", "cosine", "data=table.csv", "batch=full", "epochs=3"},
	{"plot", "cosine", "epochs=2", "--size", "100x30"}, {"plot", "step", "--ascii", "epochs=2"},
	{"advise"}, {"advise", "scale=small", "--format", "json"},
	{"advise", "model=deep", "--decisive", "model", "--rules", "rules.json"},
	{"list"}, {"list", "strategies"}, {"list", "datasets"}, {"list", "optimizers"},
	{"list", "commands"}, {"list", "keys"}, {"list", "words", "--format", "json"},
	{"list", "parameters", "cyclic"}, {"show", "onecycle"}, {"export", "pytorch", "cyclic"},
	{"run", "script"}, {"-c", "set max_lr 0.2; show study; undo; save memory.json"},
	{"race", "epochs=1", "data=stackloss"}, {"list", "parameters", "cyclic", "--format", "json"},
	{"race", "epochs=1", "data=stackloss", "--rules", "rules.json", "--format", "json"},
	{"-c", "open ./study.json; rules ./rules.json; lesson own.lesson; lesson keep; save again.json"},
	{"-c", "page strategy; dump"}, {"--help"}, {"trace", "--help"}, {"--version"},
};

/* Ways in which calls fail: the n-th alone, or all from there on. */
static const char *const once_or_more[] = {"fail", "always"};

static void try_form(const char *const *form, const char *fault)
{
	char what[200];

	snprintf(what, sizeof what, "%s %s, %s", form[0], form[1] ? form[1] : "", fault);
	run(&ran, form, fault);
	claim_clean_end(what);
	/* A drawing leaves out words that it has no memory for; a race says so in the strategy's
	 * row. */
	if (strstr(ran.out, "out of memory") || !strcmp(form[0], "plot") || !strcmp(form[0], "run") ||
	    (form[1] && strstr(form[1], "dump")))
		return;
	if (is_exit(&ran, 0) && (ran.out_length != reference.out_length ||
				 memcmp(ran.out, reference.out, ran.out_length)))
		fail_msg("%s: other output", what);
}

static void batch_survives_lack_of_memory(void **state)
{
	char fault[100];
	long tried = 0, all = 0;

	(void)state;
	for (size_t form = 0; form < sizeof forms / sizeof *forms; form++) {
		long count = calls_of(forms[form], "memory");
		long step = stride() == 1 ? 1 : count / 6 + 1; /* each form a few */

		if (!is_exit(&reference, 0))
			fail_msg("%s %s: %s", forms[form][0], forms[form][1], reference.err);
		all += count;
		for (long n = 1; n <= count; n += step, tried++)
			for (int way = 0; way < 2; way++) {
				snprintf(fault, sizeof fault, "memory %s %ld", once_or_more[way], n);
				try_form(forms[form], fault);
			}
	}
	print_message("# %ld of %ld allocations failed, once and lastingly\n", tried, all);
}

/* ---- memory for JSON, which comes in blocks of one size ---- */

static const char *const block_forms[][WORDS] = {
	{"advise", "scale=small", "--rules", "rules.json"}, {"advise", "--format", "json"},
	{"race", "epochs=1", "data=stackloss", "--rules", "rules.json"}, {"show", "onecycle"},
	{"-c", "open ./study.json; show study"}, {"-c", "rules ./rules.json; show study"},
	{"-c", "answer scale small; save ./told.json; open ./told.json; lesson own.lesson; lesson keep"},
	{"./study.json"}, /* the explorer's file is read before anything is set up */
};

static const char *block_kind(void)
{
	static char kind[32];

	snprintf(kind, sizeof kind, "size%d", JSON_BLOCK);
	return kind;
}

/* Every block, once and lastingly: one line, and whatever was to be written is not there. */
static void json_is_refused_without_memory(void **state)
{
	char fault[100], what[200];
	long tried = 0;

	(void)state;
	for (size_t form = 0; form < sizeof block_forms / sizeof *block_forms; form++) {
		long count = calls_of(block_forms[form], block_kind());

		assert_true(count > 0);
		for (long k = 0; k < 2 * count; k++, tried++) {
			snprintf(fault, sizeof fault, "%s %s %ld", block_kind(),
				 once_or_more[k % 2], k / 2 + 1);
			snprintf(what, sizeof what, "%s %s, %s", block_forms[form][0],
				 block_forms[form][1] ? block_forms[form][1] : "", fault);
			run(&ran, block_forms[form], fault);
			if (!is_exit(&ran, 1) || ran.out_length != 0 ||
			    strcmp(ran.err, "lrscope: out of memory\n") != 0)
				fail_msg("%s: wait status %x, %s%s", what, (unsigned)ran.status,
					 ran.out, ran.err);
		}
	}
	print_message("# %ld blocks refused\n", tried);
}

/* ---- saving ---- */

static char old_bytes[OUTPUT], new_bytes[OUTPUT];
static const char *const save[WORDS] = {"-c", "set max_lr 0.3; save ./study.json"};

static size_t read_file(const char *path, char *bytes, size_t size)
{
	int descriptor = open(path, O_RDONLY);

	if (descriptor < 0) {
		bytes[0] = '\0';
		return 0;
	}
	return take(descriptor, bytes, size);
}

static void write_file(const char *path, const char *bytes)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(bytes, file);
	assert_int_equal(fclose(file), 0);
}

/* Files that a save should have taken away again. */
static int left_over(void)
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

static void make_both(void)
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

/* The n-th call fails, for all of them: an error and the old file, or the new one. */
static void save_survives_failing_calls(void **state)
{
	static const char *const kinds[] = {"write", "sync", "rename", "open", "any"};
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
	}
	left_over();
	assert_true(was_old && was_new);
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
	for (int turn = 0; turn < 12; turn++) {
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

/* ---- reading ---- */

static const char *const readers[][WORDS] = {
	{"-c", "open ./study.json; show study"}, {"trace", "plateau", "--metrics", "metrics.csv"},
	{"train", "step", "epochs=1", "data=table.csv"}, {"run", "script"},
	{"advise", "scale=small", "--rules", "rules.json"}, {"-c", "lesson own.lesson; show lesson"},
};

static void restore_files(void);

/* Files that cannot be opened or read, and files that change under the reader. */
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
				if (strstr(ways[way], "fail") && !is_exit(&ran, 1))
					fail_msg("%s: not refused", what);
			}
		}
	restore_files();
}

/* ---- the explorer on a terminal ---- */

/* What was typed is carried out and left, or the terminal is as it was and one line tells why. */
static void explore(const char *fault, const char *keys, int *status, char *out, size_t size)
{
	static const char *const none[] = {NULL};
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	struct winsize window = {.ws_row = 24, .ws_col = 80};
	static struct termios before, after; /* static: bytes that tcgetattr leaves alone are 0 */
	size_t length = 0;
	ssize_t count;
	pid_t child;

	assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0 && ioctl(slave, TIOCSWINSZ, &window) == 0);
	assert_int_equal(tcgetattr(slave, &before), 0);
	child = fork();
	if (child == 0) {
		setsid();
		ioctl(slave, TIOCSCTTY, 0);
		for (int i = 0; i < 3; i++)
			dup2(slave, i);
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		become(none, fault);
	}
	for (int patience = 0;;) {
		struct pollfd ready = {.fd = master, .events = POLLIN};
		pid_t ended;

		/* Not before the modes are set: that throws away what was typed. With the first
		 * frame they are; without memory there may be none. */
		if (keys && (memmem(out, length, "concrete", 8) || patience > 30)) {
			assert_int_equal(write(master, keys, strlen(keys)), strlen(keys));
			keys = NULL;
		}

		if (poll(&ready, 1, 10) > 0 && length + 1 < size) {
			count = read(master, out + length, size - length - 1);
			length += count > 0 ? (size_t)count : 0;
			continue;
		}
		ended = waitpid(child, status, WNOHANG);
		if (ended == child)
			break;
		if (++patience > 1000 || length + 1 >= size) {
			kill(child, SIGKILL);
			waitpid(child, status, 0);
			out[length] = '\0';
			fail_msg("%s: does not end: %.2000s", fault, out);
		}
	}
	out[length] = '\0';
	assert_int_equal(tcgetattr(slave, &after), 0);
	assert_memory_equal(&before, &after, sizeof before);
	close(slave);
	close(master);
}

static void claim_left_well(const char *fault, int status, const char *out)
{
	const char *entered = strstr(out, "\033[?1049h"), *left = NULL, *line;

	for (line = out; (line = strstr(line, "\033[?1049l")); line++)
		left = line;
	if (entered && !left)
		fail_msg("%s: the alternate screen was not left", fault);
	/* setupterm() of ncurses 6.4 reads through NULL where its tables find no memory. */
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV && !strstr(out, "lrscope:"))
		return;
	/* Nor does it tell lack of memory from a terminal that it does not know. */
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2 && !entered && strstr(out, "lrscope: TERM"))
		return;
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
		fail_msg("%s: wait status %x", fault, (unsigned)status);
	line = strstr(left ? left : out, "lrscope: ");
	/* Before anything was set up curses says "Out of memory" by itself. */
	if (WEXITSTATUS(status) != 0 && !line && !(out[0] && !entered))
		fail_msg("%s: exit 1 without a word: %s", fault, left ? left : out);
	if (WEXITSTATUS(status) == 0 && line)
		fail_msg("%s: exit 0, and %s", fault, line);
	/* What follows is the echo of keys that nobody read. */
	if (line && strstr(line + 1, "lrscope: "))
		fail_msg("%s: more than a line: %s", fault, line);
}

static void explorer_leaves_the_terminal_well(void **state)
{
	static const char keys[] = ":set lr 0.2\r:strategy cos\t\ru?q:page wizard\rq:data cars\r"
				   ":\022set\r:quit\r";
	static char out[OUTPUT];
	char fault[600], path[300];
	long count = -1, tried = 0, step;
	int status;
	FILE *file;

	(void)state;
	snprintf(path, sizeof path, "%s/counts", folder);
	snprintf(fault, sizeof fault, "memory fail 0 %s", path);
	explore(fault, keys, &status, out, sizeof out);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld", &count), 1);
	fclose(file);
	assert_int_equal(status, 0);
	step = stride() == 1 ? 1 : count / 60 + 1;
	for (long n = 1; n <= count; n += step, tried++) {
		snprintf(fault, sizeof fault, "memory %s %ld", n % 2 ? "fail" : "always", n);
		explore(fault, keys, &status, out, sizeof out);
		claim_left_well(fault, status, out);
	}
	print_message("# %ld of %ld allocations failed\n", tried, count);
}

/* A block for JSON that is refused is a message in the explorer, which goes on: what is turned after
 * it is saved, and `quit` ends it as always. */
static void explorer_goes_on_without_json(void **state)
{
	/* A refused line comes back to be mended; C-g closes it. */
	static const char keys[] = ":open ./study.json\r\007:rules ./rules.json\r\007"
				   ":lesson own.lesson\r:lesson leave\r:page strategy\rq"
				   ":page wizard\rq:set max_lr 0.123\r:save ./kept.json\r:quit\r";
	const char *const kept[WORDS] = {"-c", "open ./kept.json; show max_lr"};
	static char out[OUTPUT];
	char fault[600], path[300];
	long count = -1;
	int status;
	FILE *file;

	(void)state;
	snprintf(path, sizeof path, "%s/counts", folder);
	snprintf(fault, sizeof fault, "%s fail 0 %s", block_kind(), path);
	explore(fault, keys, &status, out, sizeof out);
	assert_int_equal(status, 0);
	assert_null(strstr(out, "out of memory"));
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld", &count), 1);
	fclose(file);
	assert_true(count >= 4); /* one for the study, three for the rules */
	for (long k = 0; k < 2 * count; k++) {
		unlink("kept.json");
		snprintf(fault, sizeof fault, "%s %s %ld", block_kind(), once_or_more[k % 2], k / 2 + 1);
		explore(fault, keys, &status, out, sizeof out);
		if (status != 0 || strstr(out, "lrscope: "))
			fail_msg("%s: wait status %x: %s", fault, (unsigned)status, out);
		run(&ran, kept, NULL);
		if (!is_exit(&ran, 0) || strcmp(ran.out, "opened ./kept.json\n0.123\n") != 0)
			fail_msg("%s: kept %s%s", fault, ran.out, ran.err);
	}
	print_message("# %ld blocks refused\n", 2 * count);
}

/* ---- a folder of its own ---- */

static void restore_files(void)
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

static int enter(void **state)
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

static int leave(void **state)
{
	char command[200];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return chdir(home) != 0 || system(command) != 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batch_survives_lack_of_memory),
		cmocka_unit_test(json_is_refused_without_memory),
		cmocka_unit_test(save_survives_failing_calls),
		cmocka_unit_test(save_survives_being_killed),
		cmocka_unit_test(save_survives_a_full_disk),
		cmocka_unit_test(save_by_two_at_once),
		cmocka_unit_test(reading_survives),
		cmocka_unit_test(explorer_leaves_the_terminal_well),
		cmocka_unit_test(explorer_goes_on_without_json),
	};

	return cmocka_run_group_tests_name("faults-program", tests, enter, leave);
}
