/* Keys, pastes, and the prompt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty.h"

static const char *const client[] = {"tests/terminal/client", NULL};

static void start(struct pty *pty, const struct pty_options *options)
{
	pty_start(pty, options);
	pty_wait(pty, 'i');
}

/* ---- keys ---- */

static void expect_key(struct pty *pty, const char *bytes, size_t length, const char *name)
{
	char row[64];
	pty_send(pty, bytes, length);
	pty_wait(pty, 'i');
	snprintf(row, sizeof row, "last <%s>", name);
	assert_string_equal(pty_row(pty, 0), row);
}

static void test_keys(void **state)
{
	static const struct {
		const char *bytes, *name;
	} keys[] = {
		{"a", "a"}, {"?", "?"}, {" ", "Space"}, {"\t", "Tab"}, {"\r", "Enter"},
		{"\n", "Enter"}, {"\177", "Backspace"}, {"\b", "Backspace"}, {"\014", "C-l"},
		{"\003", "C-c"}, {"\034", "C-\\"}, {"\033", "Esc"}, {"é", "é"}, {"学", "学"},
		{"𝄞", "𝄞"},
		{"\033[A", "Up"}, {"\033OA", "Up"}, {"\033[B", "Down"}, {"\033OB", "Down"},
		{"\033[C", "Right"}, {"\033OC", "Right"}, {"\033[D", "Left"}, {"\033OD", "Left"},
		{"\033[1;2A", "S-Up"}, {"\033[1;2D", "S-Left"}, {"\033[d", "S-Left"},
		{"\033[1;2C", "S-Right"}, {"\033[1;5D", "C-Left"}, {"\033[1;5C", "C-Right"},
		{"\033Od", "C-Left"}, {"\033[1;3C", "M-Right"}, {"\033[1;6B", "C-S-Down"},
		{"\033[H", "Home"}, {"\033OH", "Home"}, {"\033[1~", "Home"}, {"\033[7~", "Home"},
		{"\033[F", "End"}, {"\033OF", "End"}, {"\033[4~", "End"}, {"\033[8~", "End"},
		{"\033[2~", "Insert"}, {"\033[3~", "Delete"}, {"\033[3;5~", "C-Delete"},
		{"\033[5~", "PageUp"}, {"\033[6~", "PageDown"}, {"\033[Z", "S-Tab"},
		{"\033[11~", "F1"}, {"\033[24~", "F12"}, {"\033[20~", "F9"},
		{"\033x", "M-x"}, {"\033é", "M-é"}, {"\033\r", "M-Enter"}, {"\033O", "M-O"},
		{"\033[", "M-["}, {"\033OM", "Enter"}, {"\033Ou", "5"}, {"\033Ok", "+"},
	};
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		expect_key(&pty, keys[i].bytes, strlen(keys[i].bytes), keys[i].name);
	expect_key(&pty, "\0", 1, "C-Space");
	pty_quit(&pty, "q");
}

static void test_keys_elsewhere(void **state)
{
	static const char *const terms[] = {"vt100", "linux", "screen-256color", "tmux-256color",
					    "rxvt-unicode-256color", "xterm", "putty"};
	(void)state;
	for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
		struct pty pty;
		start(&pty, &(struct pty_options){.argv = client, .term = terms[i]});
		expect_key(&pty, "\033[A", 3, "Up");
		expect_key(&pty, "\033[B", 3, "Down");
		expect_key(&pty, "\033OB", 3, "Down");
		expect_key(&pty, "\033[3~", 4, "Delete");
		expect_key(&pty, "\033[H", 3, "Home");
		expect_key(&pty, "\033[Z", 3, "S-Tab");
		expect_key(&pty, "\177", 1, "Backspace");
		pty_quit(&pty, "q");
	}
}

/* Answers to questions that another program has asked, and reports of a mouse that it has left on. */
static void test_strange_answers(void **state)
{
	static const char *const terms[] = {"xterm-256color", "xterm", "tmux-256color", "screen", "vt100",
					    "linux", "alacritty", "konsole"};
	static const char *const answers[] = {
		"\033[<0;30;15M", "\033[<35;40;10m", "\033[M !!", "\033[M#\377\377", "\033[12;40R",
		"\033]11;rgb:1111/2222/3333\007", "\033]11;rgb:1111/2222/3333\033\\",
		"\033P>|xterm(1)\033\\", "\033P1$r0m\033\\", "\033_Gi=31;OK\033\\",
		"\033]52;c;YWJj\030",
	};
	(void)state;
	for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
		struct pty pty;
		start(&pty, &(struct pty_options){.argv = client, .term = terms[i]});
		expect_key(&pty, "x", 1, "x");
		for (size_t k = 0; k < sizeof answers / sizeof *answers; k++)
			expect_key(&pty, answers[k], strlen(answers[k]), "x");
		assert_true(pty_shows(&pty, "keys 1 "));
		/* In two pieces; and what follows is a key again. */
		pty_send(&pty, "\033]11;rgb:11", 11);
		expect_key(&pty, "11/2222/3333\007\033[A", 16, "Up");
		expect_key(&pty, "\033[1\033[B", 6, "Down");
		expect_key(&pty, "\033P", 2, "M-P");
		expect_key(&pty, "\033]", 2, "M-]");
		expect_key(&pty, "\033_", 2, "M-_");
		assert_true(pty_shows(&pty, "keys 6 "));
		pty_quit(&pty, "q");
	}
}

/* What nobody knows must not be typed as text; bad UTF-8 takes no neighbour with it. */
static void test_unknown_input(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	expect_key(&pty, "x", 1, "x");
	expect_key(&pty, "\033[99;99~", 8, "x");
	expect_key(&pty, "\033[?62;c", 7, "x");
	expect_key(&pty, "\033[I", 3, "x");
	assert_true(pty_shows(&pty, "keys 1 "));
	expect_key(&pty, "\377y", 2, "y");
	expect_key(&pty, "\303z\251", 3, "z");
	expect_key(&pty, "\300\200w", 3, "w");
	assert_true(pty_shows(&pty, "keys 4 "));
	/* A character in two reads. */
	pty_type(&pty, "\303");
	expect_key(&pty, "\251", 1, "é");
	pty_quit(&pty, "q");
}

static void test_split_escape(void **state)
{
	static const char *const slow[] = {"ESCDELAY=3000", NULL};
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client, .env = slow});
	pty_send(&pty, "\033", 1);
	usleep(40 * 1000); /* more than our own delay: ESCDELAY wins */
	pty_send(&pty, "[A", 2);
	pty_wait(&pty, 'i');
	assert_string_equal(pty_row(&pty, 0), "last <Up>");
	pty_quit(&pty, "q");
}

static void test_suspend_key_in_prompt_text(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	pty_type(&pty, ":");
	pty_type(&pty, "ab");
	pty_type(&pty, "\033");
	assert_string_equal(pty_row(&pty, 2), "said [cancelled]");
	pty_quit(&pty, "q");
}

/* ---- pastes ---- */

static void paste(struct pty *pty, size_t length, const char *line)
{
	char *bytes = malloc(length);
	for (size_t i = 0; i < length; i++)
		bytes[i] = line[i % strlen(line)];
	pty_pour(pty, "\033[200~", 6);
	pty_pour(pty, bytes, length);
	pty_pour(pty, "\033[201~", 6);
	free(bytes);
}

static void test_paste(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	assert_true(pty_written(&pty, "\033[?2004h") == 1);
	pty_type(&pty, "\033[200~q\nq\033[20q\033\033[201~");
	assert_true(pty_shows(&pty, "pasted 9 bytes, 1 lines"));
	pty_type(&pty, "x"); /* still there, and keys are keys again */
	assert_true(pty_shows(&pty, "last <x>"));
	pty_type(&pty, "\033[200~\033[201~j");
	assert_true(pty_shows(&pty, "last <j>"));
	pty_quit(&pty, "q");
}

static void test_large_paste(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	long before = pty_status(&pty, "VmRSS");
	paste(&pty, 3 * 1024 * 1024, "q and quit\n");
	pty_wait_text(&pty, "pasted 1048576 bytes");
	pty_type(&pty, "j"); /* and its memory is given back */
	assert_true(pty_status(&pty, "VmRSS") - before < 2048 * PTY_SLOWNESS * 4);
	pty_quit(&pty, "q");
}

static void test_paste_into_prompt(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	pty_type(&pty, ":");
	pty_type(&pty, "<>\002\033[200~one\ntwo\r\nthr\tee\001\033[201~");
	assert_string_equal(pty_row(&pty, 2), ":<one two thr ee>");
	pty_type(&pty, "!\r");
	assert_string_equal(pty_row(&pty, 2), "said [<one two thr ee!>]");
	pty_type(&pty, ":");
	paste(&pty, 1024 * 1024, "0123456789\n");
	pty_wait(&pty, 'i');
	pty_type(&pty, "\025short\r");
	assert_string_equal(pty_row(&pty, 2), "said [short]");
	pty_quit(&pty, "q");
}

/* ---- the prompt ---- */

static void edit(struct pty *pty, const char *keys, const char *line)
{
	pty_type(pty, ":");
	pty_type(pty, keys);
	assert_string_equal(pty_row(pty, 2), line);
	pty_type(pty, "\003");
	assert_string_equal(pty_row(pty, 2), "said [cancelled]");
}

static void test_editing(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	edit(&pty, "bc\001a", ":abc");
	edit(&pty, "abc\001\005d", ":abcd");
	edit(&pty, "one two\027", ":one");
	edit(&pty, "one two\025x\031", ":xone two");
	edit(&pty, "one two\001\013y", ":y");
	edit(&pty, "one two\033bX\033fY", ":one XtwoY");
	edit(&pty, "abc\033[D\033[D\033[3~", ":ac");
	edit(&pty, "abc\033[HX\033[FY", ":XabcY");
	edit(&pty, "one two\033[1;5DX", ":one Xtwo");
	edit(&pty, "学é\002\002a", ":a学é");
	edit(&pty, "a学\177b", ":ab");
	edit(&pty, "a\033[15~\033[5~b", ":ab"); /* keys bound to nothing type nothing */
	edit(&pty, "abc\033[D\004", ":ab");
	pty_type(&pty, ":");
	pty_type(&pty, "\004");
	assert_string_equal(pty_row(&pty, 2), "said [cancelled]");
	pty_type(&pty, ":");
	pty_type(&pty, "\007");
	assert_string_equal(pty_row(&pty, 2), "said [cancelled]");
	pty_type(&pty, ":");
	pty_type(&pty, "\033\r"); /* Esc and Enter in haste: no key that is bound, and no vi */
	pty_type(&pty, "\033");
	assert_string_equal(pty_row(&pty, 2), "said [cancelled]");
	pty_type(&pty, "\033:");
	assert_string_equal(pty_row(&pty, 2), ":initial");
	pty_type(&pty, "\r");
	assert_string_equal(pty_row(&pty, 2), "said [initial]");
	pty_quit(&pty, "q");
}

static void test_completion(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	pty_type(&pty, ":");
	pty_type(&pty, "s\t");
	assert_string_equal(pty_row(&pty, 2), ":st");
	assert_string_equal(pty_row(&pty, 3), "step strategy");
	pty_type(&pty, "r\t");
	assert_string_equal(pty_row(&pty, 2), ":strategy");
	assert_string_equal(pty_row(&pty, 3), "");
	pty_type(&pty, "x=\t!");
	assert_string_equal(pty_row(&pty, 2), ":strategy x=0.1!");
	pty_type(&pty, "\r");
	pty_quit(&pty, "q");
}

static void test_long_line(void **state)
{
	struct pty pty;
	int x, y;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client, .columns = 20});
	pty_type(&pty, ":");
	pty_type(&pty, "0123456789012345678");
	pty_cursor(&pty, &x, &y);
	assert_in_range(x, 1, 19);
	assert_true(strstr(pty_row(&pty, 2), "45678") != NULL);
	pty_type(&pty, "学学学学学学");
	pty_cursor(&pty, &x, &y);
	assert_in_range(x, 1, 19);
	assert_true(strstr(pty_row(&pty, 2), "学学学") != NULL);
	pty_type(&pty, "\001");
	assert_true(strstr(pty_row(&pty, 2), ":0123456789012345678") == pty_row(&pty, 2));
	pty_cursor(&pty, &x, &y);
	assert_int_equal(x, 1);
	pty_type(&pty, "\r");
	pty_quit(&pty, "q");
}

static void test_resize_with_prompt(void **state)
{
	struct pty pty;
	int x, y;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	pty_type(&pty, ":");
	pty_type(&pty, "first\r");
	pty_type(&pty, ":");
	pty_type(&pty, "abc\002");
	pty_resize(&pty, 100, 30, true);
	assert_string_equal(pty_row(&pty, 2), ":abc");
	pty_cursor(&pty, &x, &y);
	assert_int_equal(x, 3);
	pty_resize(&pty, 10, 3, true);
	pty_resize(&pty, 70, 20, true);
	pty_type(&pty, "X");
	assert_string_equal(pty_row(&pty, 2), ":abXc");
	pty_type(&pty, "\033[A");
	assert_string_equal(pty_row(&pty, 2), ":first");
	pty_type(&pty, "\033[B\r");
	assert_string_equal(pty_row(&pty, 2), "said [abXc]");
	pty_quit(&pty, "q");
}

static void say(struct pty *pty, const char *line)
{
	pty_type(pty, ":");
	pty_type(pty, line);
	pty_type(pty, "\r");
}

static void test_search(void **state)
{
	struct pty pty;
	(void)state;
	start(&pty, &(struct pty_options){.argv = client});
	say(&pty, "set é 学习");
	say(&pty, "other");
	pty_type(&pty, ":");
	pty_type(&pty, "\022é");
	assert_true(strstr(pty_row(&pty, 2), "`é': set é 学习") != NULL);
	pty_type(&pty, "\007"); /* ends the search alone */
	assert_string_equal(pty_row(&pty, 2), ":");
	pty_type(&pty, "\022学");
	assert_true(strstr(pty_row(&pty, 2), "`学': set é 学习") != NULL);
	pty_type(&pty, "\033[D");
	assert_string_equal(pty_row(&pty, 2), ":set é 学习");
	pty_type(&pty, "\r");
	assert_string_equal(pty_row(&pty, 2), "said [set é 学习]");
	pty_type(&pty, ":");
	pty_type(&pty, "\022oth\r");
	assert_string_equal(pty_row(&pty, 2), "said [other]");
	/* Esc during a search closes the prompt, which is sound afterwards. */
	pty_type(&pty, ":");
	pty_type(&pty, "\022se");
	pty_type(&pty, "\033");
	assert_string_equal(pty_row(&pty, 2), "said [cancelled]");
	say(&pty, "after");
	assert_string_equal(pty_row(&pty, 2), "said [after]");
	pty_quit(&pty, "q");
}

static char *write_file(char *path, const char *bytes, size_t length)
{
	int file = mkstemp(path);
	assert_true(file >= 0);
	assert_int_equal(write(file, bytes, length), length);
	close(file);
	return path;
}

/* With the prompt open, for which readline has read the file. */
static void start_with_inputrc(struct pty *pty, const char *rc)
{
	char path[] = "/tmp/lrscope-test-XXXXXX", setting[64];
	const char *env[] = {setting, NULL};
	snprintf(setting, sizeof setting, "INPUTRC=%s", write_file(path, rc, strlen(rc)));
	start(pty, &(struct pty_options){.argv = client, .env = env});
	pty_type(pty, ":");
	unlink(path);
}

static void test_inputrc(void **state)
{
	struct pty pty;
	(void)state;
	start_with_inputrc(&pty, "set editing-mode vi\n\"\\C-t\": \"macro\"\n");
	pty_type(&pty, "abc");
	pty_type(&pty, "\033"); /* vi's command mode, not the end */
	pty_type(&pty, "0x");
	assert_string_equal(pty_row(&pty, 2), ":bc");
	pty_type(&pty, "A\024");
	assert_string_equal(pty_row(&pty, 2), ":bcmacro");
	pty_type(&pty, "\007");
	assert_string_equal(pty_row(&pty, 2), "said [cancelled]");
	pty_quit(&pty, "q");
}

/* Keys after which readline 8.2 frees something twice, or reads on behind the end of its line. */
static void test_keys_that_crash(void **state)
{
	static const char *const rcs[] = {
		"set keyseq-timeout 500\n",
		"set editing-mode vi\n",
		"\"\\e[A\": history-search-backward\n\"\\C-t\": \"one\\rtwo\\r\"\n",
	};
	static const char *const lines[] = {
		":|\033[A|\033p|zz|\r|x|\033[A|\007|:|\033[A|\037|\037|\007",
		":|\033[A|x|\033n|\007|\007|:|\033[A|y|\037|\037|\037|\007",
		":|\022|:|:|\030|z|\007|\007", ":|\022|x|\030|(|a|\030|)|\030|e|\007|\007",
		":|\030|(|a|\r|:|\030|)|\030|e|\007|\007", ":|\024|\007", ":|a|\033|k|x|/|z|\r|x|k|\007",
		":|a|\033|k|dd|j|k|U|u|G|3G|u|\007", ":|\033[A|b|\033[A|c|\033[B|\037|\037|\r",
	};
	struct pty pty;
	(void)state;
	for (size_t r = 0; r < sizeof rcs / sizeof *rcs; r++) {
		char keys[200], *key, *rest;
		start_with_inputrc(&pty, rcs[r]);
		pty_type(&pty, "first line\r:second\r");
		for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
			snprintf(keys, sizeof keys, "%s", lines[i]);
			for (key = strtok_r(keys, "|", &rest); key; key = strtok_r(NULL, "|", &rest))
				pty_type(&pty, key);
			pty_type(&pty, "\003"); /* whatever it is in */
		}
		pty_quit(&pty, "q");
	}
}

/* vi's search, and emacs' that is not incremental, fetch a line: Enter ends them and does not accept it. */
static void test_searches_that_fetch(void **state)
{
	struct pty pty;
	(void)state;
	for (int vi = 0; vi < 2; vi++) {
		start_with_inputrc(&pty, vi ? "set editing-mode vi\n" : "");
		pty_type(&pty, "first line\r");
		pty_type(&pty, ":second\r");
		pty_type(&pty, ":");
		pty_type(&pty, vi ? "\033" : "\033p");
		if (vi)
			pty_type(&pty, "/");
		pty_type(&pty, "fir");
		pty_type(&pty, "\r");
		assert_string_equal(pty_row(&pty, 2), ":first line");
		pty_type(&pty, "\r");
		assert_string_equal(pty_row(&pty, 2), "said [first line]");
		pty_quit(&pty, "q");
	}
}

/* ---- history ---- */

static void start_with_history(struct pty *pty, const char *path)
{
	static char word[256];
	static const char *argv[] = {"tests/terminal/client", word, NULL};
	snprintf(word, sizeof word, "--history=%s", path);
	start(pty, &(struct pty_options){.argv = argv});
}

static void assert_file(const char *path, const char *content)
{
	char bytes[1024];
	int file = open(path, O_RDONLY);
	assert_true(file >= 0);
	ssize_t length = read(file, bytes, sizeof bytes - 1);
	close(file);
	assert_true(length >= 0);
	bytes[length] = '\0';
	assert_string_equal(bytes, content);
}

/* Lines that are binary or hold control characters are skipped; two instances lose nothing. */
static void test_history(void **state)
{
	static const char old[] = "good one\n\377\376bad\n\033[31mred\n\nlast\n";
	char path[] = "/tmp/lrscope-test-XXXXXX";
	struct pty one, two;
	(void)state;
	write_file(path, old, sizeof old - 1);
	start_with_history(&one, path);
	start_with_history(&two, path);
	pty_type(&one, ":");
	pty_type(&one, "\033[A");
	assert_string_equal(pty_row(&one, 2), ":last");
	pty_type(&one, "\033[A");
	assert_string_equal(pty_row(&one, 2), ":good one");
	pty_type(&one, "\003");
	pty_type(&one, ":");
	pty_type(&one, "\033[A"); /* from the end again */
	assert_string_equal(pty_row(&one, 2), ":last");
	pty_type(&one, "\003");
	say(&one, "from one");
	say(&one, "from one"); /* once */
	say(&two, "from two");
	pty_quit(&two, "q");
	assert_file(path, "good one\nlast\nfrom two\n");
	pty_quit(&one, "q");
	assert_file(path, "good one\nlast\nfrom two\nfrom one\n");
	unlink(path);
}

static void test_history_unusable(void **state)
{
	struct pty pty;
	(void)state;
	start_with_history(&pty, "/proc/none/history");
	say(&pty, "works all the same");
	assert_string_equal(pty_row(&pty, 2), "said [works all the same]");
	pty_send(&pty, "q", 1);
	assert_int_equal(pty_end(&pty), 0);
	assert_true(pty_shows(&pty, "history: "));
	pty_done(&pty);
	start_with_history(&pty, "/tmp"); /* a folder */
	assert_false(pty_shows(&pty, "said []"));
	pty_send(&pty, "q", 1);
	assert_int_equal(pty_end(&pty), 0);
	pty_done(&pty);
}

static void test_history_bounded(void **state)
{
	static char old[1500 * 10];
	char path[] = "/tmp/lrscope-test-XXXXXX";
	struct stat status;
	struct pty pty;
	(void)state;
	for (int i = 0; i < 1500; i++)
		memcpy(old + i * 10, "line 0000\n", 10);
	write_file(path, old, sizeof old);
	start_with_history(&pty, path);
	say(&pty, "a new one");
	pty_quit(&pty, "q");
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, 1000 * 10);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_keys_elsewhere),
		cmocka_unit_test(test_unknown_input),
		cmocka_unit_test(test_strange_answers),
		cmocka_unit_test(test_split_escape),
		cmocka_unit_test(test_suspend_key_in_prompt_text),
		cmocka_unit_test(test_paste),
		cmocka_unit_test(test_large_paste),
		cmocka_unit_test(test_paste_into_prompt),
		cmocka_unit_test(test_editing),
		cmocka_unit_test(test_completion),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_resize_with_prompt),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_inputrc), cmocka_unit_test(test_keys_that_crash),
		cmocka_unit_test(test_searches_that_fetch),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_history_unusable),
		cmocka_unit_test(test_history_bounded),
	};
	return cmocka_run_group_tests_name("terminal typing", tests, NULL, NULL);
}
