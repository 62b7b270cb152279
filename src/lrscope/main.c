/* The program: which half a command line belongs to. */
#include <fcntl.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/language.h"
#include "lrscope/batch.h"
#include "lrscope/explorer.h"
#include "lrscope/print.h"
#include "lrscope/program.h"

/* Descriptors 0 to 2 are taken even when the caller closed them, so that no file that is opened
 * later becomes standard output. Writing to such a stand-in fails, as it should. */
static void hold_descriptors(void)
{
	int descriptor;
	do
		descriptor = open("/dev/null", O_RDONLY);
	while (descriptor >= 0 && descriptor <= STDERR_FILENO);
	if (descriptor > STDERR_FILENO)
		close(descriptor);
}

/* Characters and messages are the environment's. All else stays "C": numbers are read and written, and
 * words sorted, the same everywhere, and ten files less are opened at each start. */
static void set_language(void)
{
	setlocale(LC_CTYPE, "");
	if (strcmp(language_wanted(), "en") != 0) /* else there is no catalogue to look for */
		setlocale(LC_MESSAGES, "");
	bindtextdomain("lrscope", LOCALE_FOLDER);
	textdomain("lrscope");
}

static bool print_page(const struct batch_command *command, struct error *error)
{
	struct text text;
	text_init(&text);
	if (command)
		options_command_help(command, &text);
	else
		options_help(&text);
	bool ok = print_text(&text, error);
	text_done(&text);
	return ok;
}

static bool print_version(struct error *error)
{
	struct text text;
	text_init(&text);
	text_add(&text, "lrscope " PACKAGE_VERSION_TEXT "\n");
	bool ok = print_text(&text, error);
	text_done(&text);
	return ok;
}

/* The last word on a batch command: its exit status. */
static int finish(bool ok, struct error *error)
{
	ok = ok && print_end(error);
	return ok ? 0 : program_complain(error);
}

static int run_batch(const struct batch_command *command, int count, char **words)
{
	struct error error = {ERROR_NONE, ""};
	struct request request;
	if (!request_read(&request, command, count, words, &error))
		return program_complain(&error);
	if (request.help)
		return finish(print_page(command, &error), &error);
	return finish(command->run(&request, &error), &error);
}

static bool looks_like_file(const char *word)
{
	size_t length = strlen(word);
	return !strcmp(word, "-") || strchr(word, '/') ||
	       (length > 5 && !strcmp(word + length - 5, ".json"));
}

/* A word that is no command is a saved study if it looks like a file or is one. */
static bool is_file_word(const char *word)
{
	struct stat status;
	return looks_like_file(word) || !stat(word, &status);
}

static int run_explorer(int count, char **words)
{
	static const struct batch_command row = {
		.name = "lrscope", .usage = "[FILE]", .help = "", .details = "",
		.options = explorer_option_rows, .most = 1,
	};
	struct error error = {ERROR_NONE, ""};
	struct request request;
	char here[PATH_MAX];
	/* The first word first: what follows a misspelt command is not to blame. */
	if (count > 0 && words[0][0] != '-' && !is_file_word(words[0])) {
		batch_unknown(words[0], &error);
		return program_complain(&error);
	}
	bool read = request_read(&request, &row, count, words, &error);
	const char *file = request.words[0];
	if (file && batch_find(file)) /* whatever else is wrong follows from it */
		read = error_request(&error, _("'%s' must be the first word; its options follow it"), file);
	if (!read)
		return program_complain(&error);
	if (request.help)
		return finish(print_page(NULL, &error), &error);
	if (file && !is_file_word(file)) {
		batch_unknown(file, &error);
		return program_complain(&error);
	}
	/* A file that is here, not a name in the data folder. */
	if (file && !looks_like_file(file) &&
	    snprintf(here, sizeof here, "./%s", file) < (int)sizeof here)
		file = here;
	struct explorer_options options = {
		.screen = {
			.ascii = request_option(&request, "--ascii") != NULL,
			.color = (enum screen_color)request_choice(&request, "--color",
								   SCREEN_COLOR_AUTO),
			.mouse = request_option(&request, "--mouse") != NULL,
		},
		.file = file,
	};
	return explorer_run(&options);
}

/* `lrscope --help COMMAND` is `lrscope COMMAND --help`. */
static int run_help(int count, char **words)
{
	struct error error = {ERROR_NONE, ""};
	const struct batch_command *command = count ? batch_find(words[0]) : NULL;
	if (count > (command != NULL)) {
		error_request(&error, _("'%s' is one word too many after --help"), words[count - 1]);
		return program_complain(&error);
	}
	return finish(print_page(command, &error), &error);
}

static int run_version(int count, char **words)
{
	struct error error = {ERROR_NONE, ""};
	if (count) {
		error_request(&error, _("'%s' is one word too many after --version"), words[0]);
		return program_complain(&error);
	}
	return finish(print_version(&error), &error);
}

/* Tables, problems and screens go back to the system when they are freed, and are clear without being
 * written to; the C library would keep them from the first large one on. */
#define LARGE_BLOCK (64 * 1024)

int main(int count, char **words)
{
	hold_descriptors();
	signal(SIGXFSZ, SIG_IGN); /* the write that is too long fails and says so */
	mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
	set_language();
	const char *first = count > 1 ? words[1] : "";
	if (!strcmp(first, "--help") || !strcmp(first, "-h"))
		return run_help(count - 2, words + 2);
	if (!strcmp(first, "--version"))
		return run_version(count - 2, words + 2);
	const struct batch_command *command = count > 1 ? batch_find(first) : NULL;
	if (command)
		return run_batch(command, count - 2, words + 2);
	return run_explorer(count > 0 ? count - 1 : 0, words + 1);
}
