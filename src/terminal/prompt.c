/* readline, and nothing of it outside this file. It reads from a queue that prompt_key() fills
 * with whole characters and canonical sequences, and it writes nowhere. */
#include "terminal/prompt.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <readline/readline.h>
#include <readline/history.h>

#include "base/language.h"
#include "base/text.h"
#include "terminal/inside.h"
#include "terminal/rescue.h"

#define ESCAPE "\033"
#define INPUTRC_DEPTH 8
#define INPUTRC_MOST 1000000 /* bytes */
#define CANCEL_SEARCH "\007"

static struct {
	bool ready; /* readline was set up */
	bool open;
	bool fetches; /* the search that runs stands for one that fetches a line and does not accept it */
	enum prompt_result result;
	struct prompt_options options;
	char lead[256], breaks[64];
	char queue[64];
	size_t queue_start, queue_end;
	struct text accepted;
	char *candidates[CANDIDATES_MOST];
	int candidate_count;
	char *session[HISTORY_MOST]; /* lines accepted since the last save */
	size_t session_count;
	FILE *nowhere;
} prompt;

/* ---- memory: readline takes these from the program ---- */

void *xmalloc(size_t size);
void *xrealloc(void *memory, size_t size);
void xfree(void *memory);

static void *or_fail(void *memory)
{
	if (!memory)
		rescue_fail(_("lrscope: out of memory"));
	return memory;
}

void *xmalloc(size_t size)
{
	return or_fail(malloc(size ? size : 1));
}

void *xrealloc(void *memory, size_t size)
{
	return or_fail(realloc(memory, size ? size : 1));
}

void xfree(void *memory)
{
	free(memory);
}

/* ---- what readline calls ---- */

static int take_byte(FILE *unused)
{
	(void)unused;
	if (prompt.queue_start == prompt.queue_end)
		return CANCEL_SEARCH[0]; /* it asks for more than a key gives: abort what it does */
	return (unsigned char)prompt.queue[prompt.queue_start++];
}

static int byte_is_there(void)
{
	return prompt.queue_start < prompt.queue_end;
}

static void draw_nothing(void)
{
}

/* readline goes on reading from a macro, also where its line has ended within it. */
static void drop_macro(void)
{
	free(rl_executing_macro);
	rl_executing_macro = NULL;
	RL_UNSETSTATE(RL_STATE_MACROINPUT);
}

static void on_line(char *line)
{
	rl_callback_handler_remove();
	drop_macro();
	prompt.open = false;
	prompt.result = line ? PROMPT_ACCEPTED : PROMPT_CANCELLED;
	text_clear(&prompt.accepted);
	text_add(&prompt.accepted, line ? line : "");
	free(line);
}

static void forget_candidates(void)
{
	while (prompt.candidate_count > 0)
		free(prompt.candidates[--prompt.candidate_count]);
}

/* readline's matches: 0 is what they have in common, the others follow. */
static void keep_candidates(char **matches, int count, int longest)
{
	(void)longest;
	forget_candidates();
	for (int i = 1; i <= count && prompt.candidate_count < CANDIDATES_MOST; i++) {
		char *copy = strdup(matches[i]);
		if (copy)
			prompt.candidates[prompt.candidate_count++] = copy;
	}
}

void candidates_add(struct candidates *candidates, const char *word)
{
	if (candidates->count == CANDIDATES_MOST)
		return;
	char *copy = strdup(word);
	if (copy)
		candidates->words[candidates->count++] = copy;
}

/* A blank behind a backslash does not end a word. */
static int is_escaped(char *line, int at)
{
	int backslashes = 0;
	while (at > backslashes && line[at - 1 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2;
}

/* Candidates of the completion that runs; readline's generators have no argument of ours. */
static struct candidates offered;
static int offered_next;

static char *next_offered(const char *typed, int state)
{
	if (state == 0)
		offered_next = 0;
	while (offered_next < offered.count) {
		const char *word = offered.words[offered_next++];
		if (strncmp(word, typed, strlen(typed)) == 0)
			return strcpy(xmalloc(strlen(word) + 1), word);
	}
	return NULL;
}

static char **complete(const char *typed, int start, int end)
{
	rl_attempted_completion_over = 1; /* no file names instead */
	if (!prompt.options.complete)
		return NULL;
	offered.count = 0;
	offered.append = ' ';
	prompt.options.complete(prompt.options.context, rl_line_buffer, (size_t)start, (size_t)end,
				&offered);
	char **matches = rl_completion_matches(typed, next_offered);
	rl_completion_append_character = offered.append;
	rl_completion_suppress_quote = !offered.append; /* it goes on */
	while (offered.count > 0)
		free(offered.words[--offered.count]);
	return matches;
}

/* ---- set-up ---- */

static void bind_missing(const char *sequence, rl_command_func_t *function)
{
	rl_bind_keyseq_if_unbound_in_map(sequence, function, emacs_standard_keymap);
	rl_bind_keyseq_if_unbound_in_map(sequence, function, vi_insertion_keymap);
	rl_bind_keyseq_if_unbound_in_map(sequence, function, vi_movement_keymap);
}

/* readline 8.2 frees an undo list twice after a search that is not incremental and began at a line of the
 * history; in their place are the incremental ones. Keyboard macros crash it where they end a line, and
 * it would wait for an inputrc that is a pipe by now. */
static rl_command_func_t *safe_function(rl_command_func_t *function, int key)
{
	static rl_command_func_t *const unsafe[] = {
		rl_noninc_forward_search_again, rl_noninc_reverse_search_again, rl_vi_search_again,
		rl_start_kbd_macro, rl_end_kbd_macro, rl_call_last_kbd_macro, rl_print_last_kbd_macro,
		rl_re_read_init_file,
	};
	if (function == rl_vi_search)
		return key == '?' ? rl_forward_search_history : rl_reverse_search_history;
	if (function == rl_noninc_forward_search)
		return rl_forward_search_history;
	if (function == rl_noninc_reverse_search)
		return rl_reverse_search_history;
	for (size_t i = 0; i < sizeof unsafe / sizeof unsafe[0]; i++)
		if (function == unsafe[i])
			return NULL;
	return function;
}

static void make_safe(Keymap map)
{
	Keymap longer; /* of keys that begin with this one; kept in place of a function */
	for (int key = 0; key < KEYMAP_SIZE; key++) {
		if (map[key].type == ISFUNC)
			map[key].function = safe_function(map[key].function, key);
		if (map[key].type != ISKMAP || !map[key].function)
			continue;
		memcpy(&longer, &map[key].function, sizeof longer);
		make_safe(longer);
	}
}

/* What a line of an inputrc includes, or NULL. */
static char *included(char *line)
{
	static const char word[] = "include";
	line += strspn(line, " \t");
	if (*line++ != '$')
		return NULL;
	line += strspn(line, " \t");
	if (strncasecmp(line, word, sizeof word - 1) != 0)
		return NULL;
	line += sizeof word - 1;
	line += strspn(line, " \t");
	line[strcspn(line, "\r\n")] = '\0';
	return *line ? line : NULL;
}

/* readline opens the file and what it includes itself: it would wait for a pipe or a terminal, and
 * follow a ring until the stack ends. `depth`: files that may include each other. */
static bool is_inputrc_fit(const char *path, int depth)
{
	char *whole = tilde_expand(path), *line = NULL, *next;
	size_t size = 0;
	struct stat status;
	bool is_there = stat(whole, &status) == 0;
	bool fit = !is_there || (S_ISREG(status.st_mode) && status.st_size <= INPUTRC_MOST && depth > 0);
	FILE *file = is_there && fit ? fopen(whole, "re") : NULL;
	while (file && fit && getline(&line, &size, file) > 0)
		if ((next = included(line)) != NULL)
			fit = is_inputrc_fit(next, depth - 1);
	if (file)
		fclose(file);
	free(line);
	free(whole);
	return fit;
}

/* What rl_initialize() reads: INPUTRC, else ~/.inputrc. Where that is not fit, none is read. */
static void initialize(void)
{
	const char *set = getenv("INPUTRC");
	bool fit = is_inputrc_fit(set && *set ? set : "~/.inputrc", INPUTRC_DEPTH);
	char *own = set ? strdup(set) : NULL;
	if (!fit)
		setenv("INPUTRC", "/dev/null", 1);
	/* Esc and Enter in haste are Alt-Enter, after which vi's keys would hold; who wants them says so. */
	rl_unbind_key_in_map('\n', emacs_meta_keymap);
	rl_unbind_key_in_map('\r', emacs_meta_keymap);
	rl_initialize();
	if (!fit && own)
		setenv("INPUTRC", own, 1);
	else if (!fit)
		unsetenv("INPUTRC");
	free(own);
}

static bool set_up(struct error *error)
{
	if (prompt.ready)
		return true;
	prompt.nowhere = fopen("/dev/null", "r+e");
	if (!prompt.nowhere)
		return error_file(error, _("/dev/null cannot be opened, which the prompt needs"));
	text_init(&prompt.accepted);
	rl_readline_name = "lrscope";
	rl_instream = rl_outstream = prompt.nowhere;
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0; /* LINES and COLUMNS would freeze the size */
	rl_getc_function = take_byte;
	rl_input_available_hook = byte_is_there;
	rl_redisplay_function = draw_nothing; /* which also keeps it from reading terminfo */
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_attempted_completion_function = complete;
	rl_completion_display_matches_hook = keep_candidates;
	rl_completer_word_break_characters = prompt.breaks;
	rl_char_is_quoted_p = is_escaped;
	rl_variable_bind("show-all-if-ambiguous", "on"); /* .inputrc may say otherwise */
	initialize();
	rl_variable_bind("bell-style", "none");
	rl_variable_bind("enable-bracketed-paste", "off"); /* pastes do not come as keys */
	make_safe(emacs_standard_keymap);
	make_safe(vi_insertion_keymap);
	make_safe(vi_movement_keymap);
	bind_missing("\\e[3~", rl_delete); /* readline 8.2 leaves it unbound */
	bind_missing("\\e[1;5C", rl_forward_word);
	bind_missing("\\e[1;5D", rl_backward_word);
	bind_missing("\\e[1;3C", rl_forward_word);
	bind_missing("\\e[1;3D", rl_backward_word);
	using_history();
	stifle_history(HISTORY_MOST);
	prompt.ready = true;
	return true;
}

bool prompt_open(const struct prompt_options *options, struct error *error)
{
	prompt_close();
	if (!set_up(error))
		return false;
	prompt.options = *options;
	snprintf(prompt.lead, sizeof prompt.lead, "%s", options->lead ? options->lead : "");
	snprintf(prompt.breaks, sizeof prompt.breaks, "%s",
		 options->breaks ? options->breaks : " \t;=");
	/* Where words are told apart, quotes keep them together. */
	rl_completer_quote_characters = *prompt.breaks ? "\"'" : NULL;
	prompt.queue_start = prompt.queue_end = 0;
	prompt.open = true;
	prompt.result = PROMPT_EDITING;
	text_clear(&prompt.accepted);
	using_history(); /* from its end again */
	rl_callback_handler_install(prompt.lead, on_line);
	if (options->initial)
		rl_insert_text(options->initial);
	return true;
}

static void cancel(void)
{
	rl_callback_sigcleanup();
	rl_free_line_state();
	rl_callback_handler_remove();
	drop_macro();
	forget_candidates();
	prompt.open = false;
	prompt.result = PROMPT_CANCELLED;
}

void prompt_close(void)
{
	if (prompt.open)
		cancel();
}

bool prompt_is_open(void)
{
	return prompt.open;
}

/* ---- keys to bytes ---- */

/* An edited line of the history keeps its undo list, and so may the line in hand and the saved one: readline
 * 8.2 frees it twice in places (vi's keys, searches). So the history keeps none. They are not freed here,
 * since others may have them, but stay in sight of whoever looks for lost memory. */
static void take_undo_from_history(void)
{
	static histdata_t volatile abandoned[512]; /* written only */
	static size_t next;
	for (HIST_ENTRY **entry = history_list(); entry && *entry; entry++) {
		if (!(*entry)->data)
			continue;
		abandoned[next++ % (sizeof abandoned / sizeof abandoned[0])] = (*entry)->data;
		(*entry)->data = NULL;
	}
}

/* Feeds a whole character or sequence, so that readline never waits in the middle of one. */
static void feed(const char *bytes, size_t length)
{
	prompt.queue_start = 0;
	prompt.queue_end = length < sizeof prompt.queue ? length : sizeof prompt.queue;
	memcpy(prompt.queue, bytes, prompt.queue_end);
	while (prompt.open && (byte_is_there() || RL_ISSTATE(RL_STATE_INPUTPENDING))) {
		rl_callback_read_char();
		take_undo_from_history();
	}
}

static bool searching(void)
{
	return RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH);
}

static bool in_vi_mode(void)
{
	return rl_editing_mode == 0;
}

static const struct {
	const char *name, *bytes;
} sequences[] = {
	{"Up", "[A"}, {"Down", "[B"}, {"Right", "[C"}, {"Left", "[D"}, {"Home", "[H"},
	{"End", "[F"}, {"Insert", "[2~"}, {"Delete", "[3~"}, {"PageUp", "[5~"},
	{"PageDown", "[6~"}, {"S-Tab", "[Z"},
	{"S-Up", "[A"}, {"S-Down", "[B"}, {"S-Right", "[C"}, {"S-Left", "[D"},
	{"S-Home", "[H"}, {"S-End", "[F"}, {"S-Delete", "[3~"},
	{"C-Up", "[1;5A"}, {"C-Down", "[1;5B"}, {"C-Right", "[1;5C"}, {"C-Left", "[1;5D"},
	{"C-Delete", "[3;5~"}, {"M-Up", "[1;3A"}, {"M-Down", "[1;3B"}, {"M-Right", "[1;3C"},
	{"M-Left", "[1;3D"}, {"M-Delete", "[3;3~"},
	{"F1", "OP"}, {"F2", "OQ"}, {"F3", "OR"}, {"F4", "OS"}, {"F5", "[15~"}, {"F6", "[17~"},
	{"F7", "[18~"}, {"F8", "[19~"}, {"F9", "[20~"}, {"F10", "[21~"}, {"F11", "[23~"},
	{"F12", "[24~"},
};

/* The end of a sequence that nothing is bound to would be inserted as text. */
static bool is_bound(const char *bytes, size_t length)
{
	int type = ISKMAP;
	rl_command_func_t *function = rl_function_of_keyseq_len(bytes, length, NULL, &type);
	return type == ISMACR || (type == ISFUNC && function);
}

static void feed_sequence(const char *name)
{
	char bytes[16];
	for (size_t i = 0; i < sizeof sequences / sizeof sequences[0]; i++) {
		if (strcmp(sequences[i].name, name) != 0)
			continue;
		int length = snprintf(bytes, sizeof bytes, ESCAPE "%s", sequences[i].bytes);
		if (is_bound(bytes, (size_t)length))
			feed(bytes, (size_t)length);
		return;
	}
}

/* The bytes that a key without "M-" types; 0: it types none. */
static size_t typed_bytes(const char *name, char bytes[4])
{
	static const struct {
		const char *name;
		char byte;
	} named[] = {
		{"Space", ' '}, {"Tab", '\t'}, {"Enter", '\r'}, {"Backspace", 127},
		{"C-Space", 0}, {"C-\\", 28}, {"C-]", 29}, {"C-^", 30}, {"C-_", 31},
	};
	size_t length = strlen(name);
	uint32_t code;
	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
		if (strcmp(name, named[i].name) == 0) {
			bytes[0] = named[i].byte;
			return 1;
		}
	if (length == 3 && name[0] == 'C' && name[1] == '-' && name[2] >= 'a' && name[2] <= 'z') {
		bytes[0] = (char)(name[2] - 'a' + 1);
		return 1;
	}
	if (length > 4 || utf8_decode(name, length, &code) != length)
		return 0;
	/* readline counts in the locale's characters; in others than UTF-8 only ASCII is sure. */
	if (code >= 0x80 && strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		return 0;
	memcpy(bytes, name, length);
	return length;
}

static bool is(const struct event *event, const char *name)
{
	return strcmp(event->key, name) == 0;
}

static bool is_history_key(const struct event *event)
{
	static const char *const names[] = {"Up", "Down", "C-p", "C-n", "C-r", "C-s", "M-p", "M-n",
					    "M-<", "M->", "S-Up", "S-Down", "PageUp", "PageDown"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (is(event, names[i]))
			return true;
	return false;
}

/* A search that meets the first of several keys would read the next one where readline's way back from an
 * error leads nowhere: it is ended before. */
static void end_search_before(char key)
{
	if (RL_ISSTATE(RL_STATE_ISEARCH) && rl_get_keymap()[(unsigned char)key].type == ISKMAP)
		feed(ESCAPE, 1);
}

static void feed_key(const struct event *event)
{
	char bytes[8];
	bool alt = strncmp(event->key, "M-", 2) == 0 && event->key[2];
	bytes[0] = ESCAPE[0];
	size_t length = typed_bytes(event->key + (alt ? 2 : 0), bytes + 1);
	if (length == 0)
		feed_sequence(event->key);
	else if (alt)
		feed(bytes, length + 1);
	else if (rl_end < PROMPT_MOST || (unsigned char)bytes[1] < 0x20 || bytes[1] == 127) {
		end_search_before(bytes[1]);
		feed(bytes + 1, length);
	}
}

/* ---- pastes ---- */

static void insert_paste(const struct event *event)
{
	struct text text;
	text_init(&text);
	for (size_t at = 0; at < event->length && text.length + (size_t)rl_end < PROMPT_MOST;) {
		uint32_t code;
		char c = event->text[at];
		size_t length = utf8_decode(event->text + at, event->length - at, &code);
		if (c == '\r' && at + 1 < event->length && event->text[at + 1] == '\n')
			; /* one line end */
		else if (c == '\n' || c == '\r' || c == '\t')
			text_add_char(&text, ' ');
		else if (code != UTF8_BAD && !code_is_unsafe(code) &&
			 (code < 0x80 || strcmp(nl_langinfo(CODESET), "UTF-8") == 0))
			text_add_bytes(&text, event->text + at, length);
		at += length;
	}
	if (searching()) /* a search string cannot be pasted into: the search ends, its line stays */
		feed(ESCAPE "[F", 3);
	rl_insert_text(text.bytes);
	text_done(&text);
}

/* ---- the prompt ---- */

static void keep_in_history(void)
{
	const char *line = prompt.accepted.bytes;
	HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
	if (!prompt.options.history || line[strspn(line, " ")] == '\0' ||
	    prompt.accepted.length > HISTORY_LINE_MOST || (last && strcmp(last->line, line) == 0))
		return;
	add_history(line);
	char *copy = strdup(line);
	if (!copy)
		return;
	if (prompt.session_count == HISTORY_MOST) {
		free(prompt.session[0]);
		memmove(prompt.session, prompt.session + 1,
			(HISTORY_MOST - 1) * sizeof prompt.session[0]);
		prompt.session_count--;
	}
	prompt.session[prompt.session_count++] = copy;
}

static bool is_cancel(const struct event *event)
{
	return is(event, "C-c") || (is(event, "C-g") && !searching()) ||
	       (is(event, "C-d") && rl_end == 0) || (is(event, "Esc") && !in_vi_mode());
}

/* It ends a search or what waits for a motion; else by hand, since readline would wait for the next key. */
static void escape_in_vi(void)
{
	if (RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_VIMOTION | RL_STATE_CHARSEARCH | RL_STATE_NUMERICARG))
		feed(ESCAPE, 1);
	else if (rl_get_keymap() != vi_movement_keymap)
		rl_vi_movement_mode(1, ESCAPE[0]);
}

enum prompt_result prompt_key(const struct event *event)
{
	bool was_searching = searching();
	if (!prompt.open)
		return prompt.result;
	if (event->kind == EVENT_PASTE) {
		forget_candidates();
		insert_paste(event);
	}
	if (event->kind != EVENT_KEY)
		return PROMPT_EDITING;
	forget_candidates();
	if (is_cancel(event))
		cancel();
	else if (is(event, "Esc"))
		escape_in_vi();
	else if (is(event, "Enter") && prompt.fetches && RL_ISSTATE(RL_STATE_ISEARCH))
		feed(ESCAPE, 1);
	else if (!is(event, "C-l") && (prompt.options.history || !is_history_key(event)))
		feed_key(event);
	if (!RL_ISSTATE(RL_STATE_ISEARCH))
		prompt.fetches = false;
	else if (!was_searching)
		prompt.fetches = in_vi_mode() || is(event, "M-p") || is(event, "M-n");
	if (!prompt.open)
		forget_candidates();
	if (!prompt.open && prompt.result == PROMPT_ACCEPTED)
		keep_in_history();
	return prompt.result;
}

const char *prompt_text(void)
{
	if (prompt.open)
		return rl_line_buffer ? rl_line_buffer : "";
	return prompt.accepted.bytes ? prompt.accepted.bytes : "";
}

const char *prompt_lead(void)
{
	if (prompt.open && rl_display_prompt && rl_display_prompt != rl_prompt)
		return rl_display_prompt; /* "(reverse-i-search)`ab': " */
	return prompt.lead;
}

size_t prompt_cursor(void)
{
	return prompt.open ? (size_t)rl_point : 0;
}

/* Columns that text_safe() gives the character at `text`: ^X is two, "?" and U+FFFD one. */
static int columns_at(const char *text, size_t *length)
{
	uint32_t code;
	*length = utf8_decode(text, strlen(text), &code);
	if (code < 0x20 || code == 0x7f)
		return 2;
	if (code == UTF8_BAD || prompt.options.ascii || code_is_unsafe(code))
		return 1;
	return code_width(code);
}

static int columns_between(const char *text, const char *end)
{
	int columns = 0;
	for (size_t length; text < end && *text; text += length)
		columns += columns_at(text, &length);
	return columns;
}

int prompt_cursor_column(void)
{
	return columns_between(prompt_text(), prompt_text() + prompt_cursor());
}

/* Scrolls by half a line at a time: most characters then change one cell alone. */
size_t prompt_view(int columns, int *column)
{
	const char *text = prompt_text(), *lead = prompt_lead();
	int lead_columns = columns_between(lead, lead + strlen(lead));
	int room = columns - lead_columns;
	int at = prompt_cursor_column(), skip = 0, skipped = 0;
	size_t start = 0;
	if (room < 2)
		room = 2;
	if (at > room - 1) {
		int step = room / 2;
		skip = (at - (room - 1) + step - 1) / step * step;
	}
	for (size_t length; skipped < skip && text[start]; start += length)
		skipped += columns_at(text + start, &length);
	/* No combining mark first: its base is cut. */
	for (size_t length; skipped > 0 && text[start] && columns_at(text + start, &length) == 0;)
		start += length;
	*column = lead_columns + at - skipped;
	return start;
}

int prompt_candidate_count(void)
{
	return prompt.candidate_count;
}

const char *prompt_candidate(int index)
{
	return index >= 0 && index < prompt.candidate_count ? prompt.candidates[index] : "";
}

/* ---- history ---- */

static void add_line(void *context, const char *line)
{
	(void)context;
	add_history(line);
}

bool prompt_history_load(const char *path, struct error *error)
{
	using_history();
	stifle_history(HISTORY_MOST);
	return history_read(path, add_line, NULL, error);
}

static void forget_session(void)
{
	while (prompt.session_count > 0)
		free(prompt.session[--prompt.session_count]);
}

bool prompt_history_save(const char *path, struct error *error)
{
	if (!history_append(path, prompt.session, prompt.session_count, HISTORY_MOST, error))
		return false;
	forget_session();
	return true;
}

void prompt_done(void)
{
	prompt_close();
	forget_candidates();
	forget_session();
	rl_clear_history();
	if (!prompt.ready)
		return;
	text_done(&prompt.accepted);
	fclose(prompt.nowhere);
	prompt.ready = false;
}
