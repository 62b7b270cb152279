/* The real program while memory is refused (shim.c): batch commands, the explorer on a terminal. */
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
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/json.h"
#include "faults/process.h"

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

/* ---- memory for one seed of the strip ---- */

/* Medians of some of the seeds are other figures: they are not printed as if they were those. */
static void an_unfinished_strip_is_refused(void **state)
{
	static const char *const words[WORDS] = {"-c", "data cars; set epochs 1; show reach"};
	static const char order[] = "size400"; /* what a seed takes to split 50 rows (copy_rows) */
	char fault[100];
	long count = calls_of(words, order);

	(void)state;
	assert_true(is_exit(&reference, 0) && strstr(reference.out, "\nonecycle 0."));
	assert_true(count >= 3);
	snprintf(fault, sizeof fault, "%s always %ld", order, count);
	run(&ran, words, fault);
	assert_true(is_exit(&ran, 1));
	assert_string_equal(ran.err, "lrscope: out of memory\n");
	assert_null(strstr(ran.out, "onecycle"));
}

/* ---- the explorer on a terminal ---- */

/* What was typed is carried out and left, or the terminal is as it was and one line tells why. */
static void explore(const char *file, const char *fault, const char *keys, int *status, char *out,
		    size_t size)
{
	const char *const words[] = {file, NULL};
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
		become(words, fault);
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

/* The number of calls of one kind where nothing fails. */
static long calls_in_explorer(const char *kind, const char *keys)
{
	static char out[OUTPUT];
	char fault[600], path[300];
	long count = -1;
	int status;
	FILE *file;

	snprintf(path, sizeof path, "%s/counts", folder);
	snprintf(fault, sizeof fault, "%s fail 0 %s", kind, path);
	explore(NULL, fault, keys, &status, out, sizeof out);
	assert_int_equal(status, 0);
	assert_null(strstr(out, "out of memory"));
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld", &count), 1);
	fclose(file);
	return count;
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
	char fault[100];
	long count = calls_in_explorer("memory", keys), tried = 0, step;
	int status;

	(void)state;
	step = stride() == 1 ? 1 : count / 60 + 1;
	for (long n = 1; n <= count; n += step, tried++) {
		snprintf(fault, sizeof fault, "memory %s %ld", n % 2 ? "fail" : "always", n);
		explore(NULL, fault, keys, &status, out, sizeof out);
		claim_left_well(fault, status, out);
	}
	print_message("# %ld of %ld allocations failed\n", tried, count);
}

/* The explorer's file is read when a terminal was found, and before it is touched. */
static void explorer_opens_no_file_without_memory(void **state)
{
	static char out[OUTPUT];
	char fault[100];
	int status;

	(void)state;
	for (int way = 0; way < 2; way++) {
		snprintf(fault, sizeof fault, "%s %s 1", block_kind(), once_or_more[way]);
		explore("./study.json", fault, NULL, &status, out, sizeof out);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
		assert_string_equal(out, "lrscope: out of memory\r\n");
	}
}

/* The keys set max_lr to 0.123, save into kept.json and quit: whatever happens meanwhile is at most a
 * message. */
static void claim_goes_on(const char *fault, const char *keys)
{
	const char *const kept[WORDS] = {"-c", "open ./kept.json; show max_lr"};
	static char out[OUTPUT];
	int status;

	unlink("kept.json");
	explore(NULL, fault, keys, &status, out, sizeof out);
	if (status != 0 || strstr(out, "lrscope: "))
		fail_msg("%s: wait status %x: %s", fault, (unsigned)status, out);
	run(&ran, kept, NULL);
	if (!is_exit(&ran, 0) || strcmp(ran.out, "opened ./kept.json\n0.123\n") != 0)
		fail_msg("%s: kept %s%s", fault, ran.out, ran.err);
}

/* A block for JSON that is refused is a message in the explorer, which goes on: what is turned after
 * it is saved, and `quit` ends it as always. */
static void explorer_goes_on_without_json(void **state)
{
	/* A refused line comes back to be mended; C-g closes it. */
	static const char keys[] = ":open ./study.json\r\007:rules ./rules.json\r\007"
				   ":lesson own.lesson\r:lesson leave\r:page strategy\rq"
				   ":page wizard\rq:set max_lr 0.123\r:save ./kept.json\r:quit\r";
	long count = calls_in_explorer(block_kind(), keys);
	char fault[100];

	(void)state;
	assert_true(count >= 4); /* one for the study, three for the rules */
	for (long k = 0; k < 2 * count; k++) {
		snprintf(fault, sizeof fault, "%s %s %ld", block_kind(), once_or_more[k % 2], k / 2 + 1);
		claim_goes_on(fault, keys);
	}
	print_message("# %ld blocks refused\n", 2 * count);
}

/* Hours go by between two looks at the clock, once or at each, while the program plays and works. */
static void explorer_survives_clock_jumps(void **state)
{
	static const char keys[] = ":play\r:set max_lr 0.123\r:play\r:save ./kept.json\r:quit\r";
	char fault[100];

	(void)state;
	assert_true(calls_in_explorer("clock", keys) > 20);
	for (long k = 0; k < 24; k++) {
		snprintf(fault, sizeof fault, "clock %s %ld", once_or_more[k % 2], k * k / 4 + 1);
		claim_goes_on(fault, keys);
	}
}

/* The hour that it was stopped, at C-z, is not played: of a thousandth of an update a second that would be
 * three. */
static void explorer_does_not_play_while_stopped(void **state)
{
	static const char keys[] = ":play 0.001\r\032:dump ./screen\r:quit\r";
	static char out[OUTPUT], screen[OUTPUT];
	int status;

	(void)state;
	explore(NULL, "stopped fail 1 counts", keys, &status, out, sizeof out);
	assert_int_equal(status, 0);
	assert_true(read_file("counts", screen, sizeof screen) > 0);
	assert_string_equal(screen, "1\n");
	assert_true(read_file("screen", screen, sizeof screen) > 0);
	assert_non_null(strstr(screen, " step 0 "));
	unlink("counts");
	unlink("screen");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batch_survives_lack_of_memory),
		cmocka_unit_test(json_is_refused_without_memory),
		cmocka_unit_test(an_unfinished_strip_is_refused),
		cmocka_unit_test(explorer_leaves_the_terminal_well),
		cmocka_unit_test(explorer_opens_no_file_without_memory),
		cmocka_unit_test(explorer_goes_on_without_json),
		cmocka_unit_test(explorer_survives_clock_jumps),
		cmocka_unit_test(explorer_does_not_play_while_stopped),
	};

	return cmocka_run_group_tests_name("faults-program", tests, process_enter, process_leave);
}
