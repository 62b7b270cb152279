/* The real program on a pseudo-terminal among files: names completed in the prompt, names that hold
 * control sequences, commands that lack a word, the mouse, and what would keep the screen waiting. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty.h"

#define ENTER "\r"

static const char *const explorer[] = {"src/lrscope/lrscope", "--mouse", NULL};

static void start(struct pty *pty)
{
	pty_start(pty, &(struct pty_options){.argv = explorer, .env = pty_home_env});
	pty_wait(pty, 'i');
}

static void write_text(const char *path, const char *content)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(content, file);
	assert_int_equal(fclose(file), 0);
}

static void type(struct pty *pty, const char *format, const char *word)
{
	char line[300];

	snprintf(line, sizeof line, "%s%s", format, word);
	pty_type(pty, line);
}

/* A file's name goes on with Tab, through folders. */
static void test_file_names(void **state)
{
	struct pty pty;
	char path[200];

	(void)state;
	snprintf(path, sizeof path, "%s/folder", pty_home);
	assert_int_equal(mkdir(path, 0700), 0);
	start(&pty);
	type(&pty, ":save ", pty_home);
	pty_type(&pty, "/fol\tmine.json" ENTER);
	pty_sees(&pty, "saved to ");
	pty_type(&pty, ":set max_lr 0.2" ENTER);
	type(&pty, ":open ", pty_home);
	pty_type(&pty, "/fol\tmi\t" ENTER);
	pty_sees(&pty, "opened ");
	/* Below the home folder, as a shell would find it. */
	pty_type(&pty, ":save ~/fol\thome.json" ENTER);
	pty_sees(&pty, "/folder/home.json");
	pty_quit(&pty, ":quit" ENTER);
	for (int k = 0; k < 2; k++) {
		snprintf(path, sizeof path, "%s/folder/%s.json", pty_home, k ? "home" : "mine");
		assert_int_equal(access(path, F_OK), 0);
	}
}

/* What Tab types can be read again: blanks, quotes and ';' of names end no word and no command. */
static void test_names_to_quote(void **state)
{
	static const char content[] = "a,c d,y\n1,2,3\n2,1,5\n3,7,4\n4,2,9\n5,5,1\n6,1,2\n";
	static const char *const names[] = {"a b;quit.csv", "it's #1.csv", "back\\slash.csv", "n=1 a.csv",
					    "n=1;b.csv"};
	struct pty pty;
	char path[200];
	FILE *file;

	(void)state;
	snprintf(path, sizeof path, "%s/my data", pty_home);
	assert_int_equal(mkdir(path, 0700), 0);
	for (int k = 0; k < 5; k++) {
		snprintf(path, sizeof path, "%s/my data/%s", pty_home, names[k]);
		file = fopen(path, "w");
		assert_non_null(file);
		fputs(content, file);
		fclose(file);
	}
	start(&pty);
	pty_type(&pty, ":data ~/my\t");
	assert_string_equal(pty_row(&pty, 23), ":data ~/my\\ data/");
	pty_type(&pty, "a\t");
	assert_string_equal(pty_row(&pty, 23), ":data ~/my\\ data/a\\ b\\;quit.csv");
	pty_type(&pty, ENTER ":show data" ENTER);
	pty_sees(&pty, "/my data/a b;quit.csv");
	pty_type(&pty, ":data ~/my\ti\t" ENTER ":show data" ENTER);
	pty_sees(&pty, "/my data/it's #1.csv");
	pty_type(&pty, ":data ~/my\tb\t" ENTER ":show data" ENTER);
	pty_sees(&pty, "/my data/back\\slash.csv");
	pty_type(&pty, ":data '~/my\ta\t");
	assert_string_equal(pty_row(&pty, 23), ":data '~/my data/a b;quit.csv'");
	pty_type(&pty, ENTER ":show data" ENTER);
	pty_sees(&pty, "/my data/a b;quit.csv");
	pty_type(&pty, ":data ~/my\tn=\t");
	assert_string_equal(pty_row(&pty, 23), ":data ~/my\\ data/n=1\\");
	pty_type(&pty, "\t;\t" ENTER ":show data" ENTER);
	pty_sees(&pty, "/my data/n=1;b.csv");
	pty_type(&pty, ":set target c\t" ENTER ":show target" ENTER);
	pty_sees(&pty, "c d");
	pty_quit(&pty, ":quit" ENTER);
}

/* A file that is here is opened by its name alone; a name in the data folder is another thing. */
static void test_bare_name(void **state)
{
	static const char *const argv[] = {"/bin/sh", "-c", "program=$PWD/src/lrscope/lrscope; cd \"$HOME\" && "
		"\"$program\" -c 'set batch 64; save ./demo' && exec \"$program\" demo", NULL};
	struct pty pty;

	(void)state;
	pty_start(&pty, &(struct pty_options){.argv = argv, .env = pty_home_env});
	pty_wait(&pty, 'i');
	pty_sees(&pty, "batch 64");
	pty_type(&pty, ":set batch 32; save" ENTER);
	pty_sees(&pty, "saved to ./demo");
	pty_quit(&pty, ":quit" ENTER);
}

/* A study that came in by a pipe is nowhere else: it is kept as "last", though nothing was turned. */
static void test_study_of_a_pipe(void **state)
{
	static const char *const argv[] = {"src/lrscope/lrscope", "-", NULL};
	struct pty pty;
	char path[100];

	(void)state;
	snprintf(path, sizeof path, "%s/stream", pty_home);
	write_text(path, "{\"lrscope\":1,\"strategy\":\"cosine\",\"lr\":0.1}");
	pty_start(&pty, &(struct pty_options){.argv = argv, .stdin_path = path, .env = pty_home_env});
	pty_wait(&pty, 'i');
	pty_sees(&pty, "[3cos");
	pty_quit(&pty, "q");
	snprintf(path, sizeof path, "%s/data/lrscope/last.json", pty_home);
	assert_int_equal(access(path, F_OK), 0);
}

/* Names that would set the title or colours are shown, not sent. */
static void test_evil_names(void **state)
{
	struct pty pty;
	char path[300];
	FILE *file;

	(void)state;
	for (int k = 0; k < 2; k++) {
		snprintf(path, sizeof path, "%s/%d\033]0;title\007\033[31m.json", pty_home, k);
		file = fopen(path, "w");
		assert_non_null(file);
		fputs("{\"lrscope\":1,\"strategy\":\"\\u001b]0;title\\u0007\"}", file);
		fclose(file);
	}
	start(&pty);
	type(&pty, ":open ", pty_home);
	pty_type(&pty, "/\t\t");
	pty_type(&pty, "0\t");
	pty_type(&pty, ENTER);
	pty_type(&pty, "\003");
	assert_null(memmem(pty.log, pty.log_length, "\033]0;", 4));
	assert_null(memmem(pty.log, pty.log_length, "\033[31m", 5));
	pty_quit(&pty, ":quit" ENTER);
	assert_int_equal(access(path, F_OK), 0);
}

/* Commands that lack a word, lines without a command, keys without a row. */
static void test_words_that_lack(void **state)
{
	struct pty pty;

	(void)state;
	start(&pty);
	pty_type(&pty, ":dump" ENTER);
	pty_sees(&pty, "dump: name the file");
	pty_type(&pty, "\003:# nothing" ENTER);
	pty_type(&pty, ":code" ENTER);
	pty_sees(&pty, "In PyTorch");
	pty_type(&pty, "q");
	pty_type(&pty, "\006");
	pty_sees(&pty, "does nothing here");
	pty_quit(&pty, ":quit" ENTER);
}

/* Wheel and clicks: SGR reports of a terminal that was asked for them. */
static void test_mouse(void **state)
{
	struct pty pty;

	(void)state;
	start(&pty);
	pty_type(&pty, "\033[<64;40;10M");
	pty_sees(&pty, "max_lr          0.105");
	pty_type(&pty, "\033[<65;40;10M");
	pty_sees(&pty, "max_lr            0.1");
	pty_type(&pty, "\033[<0;33;2M\033[<0;33;2m");
	pty_type(&pty, "?");
	pty_type(&pty, "\033[<65;40;10M");
	pty_type(&pty, "q");
	pty_quit(&pty, ":quit" ENTER);
}

/* ---- what would keep the screen waiting ---- */

static char pipe_path[200];

static void make_pipe(const char *name)
{
	snprintf(pipe_path, sizeof pipe_path, "%s/%s", pty_home, name);
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
}

/* Nobody is at the other end: the command is refused, and keys go on. */
static void test_pipes(void **state)
{
	static const char *const commands[] = {":open ", ":save ", ":dump ", ":code ", ":data ",
					       ":set data ", ":rules ", ":lesson "};
	struct pty pty;

	(void)state;
	make_pipe("pipe");
	start(&pty);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		type(&pty, commands[i], pipe_path);
		pty_type(&pty, ENTER);
		pty_sees(&pty, "/pipe' is a pipe: name it on the command line");
		pty_type(&pty, "\033");
		pty_type(&pty, "\033");
	}
	pty_type(&pty, ":set data -" ENTER);
	pty_sees(&pty, "'-' is where the keys come from");
	pty_type(&pty, "\033");
	pty_type(&pty, "\033");
	pty_type(&pty, ":open -" ENTER);
	pty_sees(&pty, "'-' is where the keys come from");
	pty_type(&pty, "\033");
	pty_quit(&pty, ":quit" ENTER);
}

/* A lesson's steps may name one, too. */
static void test_pipe_in_a_lesson(void **state)
{
	struct pty pty;
	char path[100];
	FILE *file;

	(void)state;
	make_pipe("pipe");
	snprintf(path, sizeof path, "%s/own.lesson", pty_home);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "# T\nAbout.\n\n## S\n: data %s\nText.\n", pipe_path);
	fclose(file);
	start(&pty);
	type(&pty, ":lesson ", path);
	pty_type(&pty, ENTER);
	pty_sees(&pty, "/pipe' is a pipe: name it");
	pty_type(&pty, "\033");
	pty_quit(&pty, ":quit" ENTER);
}

/* A history that is no file is not used; said once. */
static void test_history_a_pipe(void **state)
{
	struct pty pty;

	(void)state;
	snprintf(pipe_path, sizeof pipe_path, "%s/state", pty_home);
	assert_int_equal(mkdir(pipe_path, 0700), 0);
	snprintf(pipe_path, sizeof pipe_path, "%s/state/lrscope", pty_home);
	assert_int_equal(mkdir(pipe_path, 0700), 0);
	make_pipe("state/lrscope/history");
	start(&pty);
	pty_type(&pty, ":");
	pty_sees(&pty, "/history' is a pipe");
	pty_type(&pty, "set seed 7" ENTER);
	pty_sees(&pty, "seed 7");
	pty_type(&pty, ":");
	assert_false(pty_shows(&pty, "is a pipe"));
	pty_type(&pty, "\033");
	pty_quit(&pty, ":quit" ENTER);
}

/* readline's own file is not read where it is none, named by INPUTRC or at home. */
static void test_inputrc_a_pipe(void **state)
{
	static char variable[100];
	const char *const env[] = {pty_home_env[0], pty_home_env[1], pty_home_env[2], variable, NULL};
	struct pty pty;

	(void)state;
	make_pipe(".inputrc");
	for (int named = 0; named < 2; named++) {
		snprintf(variable, sizeof variable, "INPUTRC=%s", named ? "~/.inputrc" : "");
		pty_start(&pty, &(struct pty_options){.argv = explorer, .env = env});
		pty_wait(&pty, 'i');
		pty_type(&pty, ":set seed 7" ENTER);
		pty_sees(&pty, "seed 7");
		pty_quit(&pty, ":quit" ENTER);
	}
}

/* Nor one that includes what is none, or itself. */
static void test_inputrc_includes(void **state)
{
	const char *const env[] = {pty_home_env[0], pty_home_env[1], pty_home_env[2], "INPUTRC=", NULL};
	const char *const rcs[] = {"set bell-style none\n$include ~/.inputrc\n", "  $ Include\t~/pipe\r\n",
				   "$include ~/other\n", "$include ~/nothing\n$include\n$includes ~/pipe\n"};
	char path[80];
	struct pty pty;

	(void)state;
	make_pipe("pipe");
	snprintf(path, sizeof path, "%s/other", pty_home);
	write_text(path, "$include ~/.inputrc\n");
	snprintf(path, sizeof path, "%s/.inputrc", pty_home);
	for (int i = 0; i < 4; i++) {
		write_text(path, rcs[i]);
		pty_start(&pty, &(struct pty_options){.argv = explorer, .env = env});
		pty_wait(&pty, 'i');
		pty_type(&pty, ":set seed 7" ENTER);
		pty_sees(&pty, "seed 7");
		pty_quit(&pty, ":quit" ENTER);
	}
}

/* Something that waits all the same does not keep the program from its end: a file that somebody has a
 * lease on is opened when he gives it back. */
static void test_killed_while_it_waits(void **state)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
	static const struct timespec patience = {10, 0};
	static char variable[100];
	const char *const env[] = {pty_home_env[0], pty_home_env[1], pty_home_env[2], variable, NULL};
	char path[80];
	struct pty pty;
	sigset_t asked;

	(void)state;
	sigemptyset(&asked);
	sigaddset(&asked, SIGIO);
	sigprocmask(SIG_BLOCK, &asked, NULL);
	snprintf(path, sizeof path, "%s/inputrc", pty_home);
	write_text(path, "set bell-style none\n");
	snprintf(variable, sizeof variable, "INPUTRC=%s", path);
	for (int i = 0; i < 3; i++) {
		int status, owner = open(path, O_RDWR | O_CLOEXEC);

		assert_true(owner >= 0);
		if (fcntl(owner, F_SETLEASE, F_WRLCK) != 0) {
			print_message("no lease here: %s\n", strerror(errno));
			skip();
		}
		pty_start(&pty, &(struct pty_options){.argv = explorer, .env = env});
		pty_wait(&pty, 'i');
		pty_send(&pty, ":", 1);
		assert_int_equal(sigtimedwait(&asked, NULL, &patience), SIGIO); /* it waits for us */
		pty_kill(&pty, signals[i]);
		status = pty_end(&pty);
		close(owner);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == signals[i]);
		assert_true(pty_modes_restored(&pty));
		pty_done(&pty);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_file_names, pty_make_home, pty_remove_home),
		cmocka_unit_test_setup_teardown(test_names_to_quote, pty_make_home, pty_remove_home),
		cmocka_unit_test_setup_teardown(test_bare_name, pty_make_home, pty_remove_home),
		cmocka_unit_test_setup_teardown(test_study_of_a_pipe, pty_make_home, pty_remove_home),
		cmocka_unit_test_setup_teardown(test_evil_names, pty_make_home, pty_remove_home),
		cmocka_unit_test_setup_teardown(test_words_that_lack, pty_make_home, pty_remove_home),
		cmocka_unit_test_setup_teardown(test_mouse, pty_make_home, pty_remove_home),
		cmocka_unit_test_setup_teardown(test_pipes, pty_make_home, pty_remove_home),
		cmocka_unit_test_setup_teardown(test_pipe_in_a_lesson, pty_make_home, pty_remove_home),
		cmocka_unit_test_setup_teardown(test_history_a_pipe, pty_make_home, pty_remove_home),
		cmocka_unit_test_setup_teardown(test_inputrc_a_pipe, pty_make_home, pty_remove_home),
		cmocka_unit_test_setup_teardown(test_inputrc_includes, pty_make_home, pty_remove_home),
		cmocka_unit_test_setup_teardown(test_killed_while_it_waits, pty_make_home, pty_remove_home),
	};

	return cmocka_run_group_tests_name("terminal-files", tests, NULL, NULL);
}
