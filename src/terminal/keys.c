/* Which bytes are which key: one table. curses matches sequences; what it does not know, Alt
 * and UTF-8 are put together here. */
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <langinfo.h>

#include "base/text.h"
#include "terminal/inside.h"

/* `capability` is terminfo's name; `sequences`, after the Esc, are what terminals send besides
 * it: in the other cursor mode, or whatever TERM says. `letter` and `number` are the
 * final of "Esc [ 1 ; modifier LETTER" and the start of "Esc [ NUMBER ; modifier ~". */
static const struct row {
	const char *name, *capability;
	char sequences[4][6]; /* no pointers: they would have to be relocated at each start */
	char letter;
	int number;
} rows[] = {
	/* Before the arrows, which keep what is both: putty's terminfo has "[A" as kri. */
	{"S-Up", "kri", {"[a"}, 0, 0},
	{"S-Down", "kind", {"[b"}, 0, 0},
	{"S-Right", "kRIT", {"[c"}, 0, 0},
	{"S-Left", "kLFT", {"[d"}, 0, 0},
	{"Up", "kcuu1", {"[A", "OA"}, 'A', 0},
	{"Down", "kcud1", {"[B", "OB"}, 'B', 0},
	{"Right", "kcuf1", {"[C", "OC"}, 'C', 0},
	{"Left", "kcub1", {"[D", "OD"}, 'D', 0},
	{"Home", "khome", {"[H", "OH", "[1~", "[7~"}, 'H', 0},
	{"End", "kend", {"[F", "OF", "[4~", "[8~"}, 'F', 0},
	{"Insert", "kich1", {"[2~"}, 0, 2},
	{"Delete", "kdch1", {"[3~"}, 0, 3},
	{"PageUp", "kpp", {"[5~"}, 0, 5},
	{"PageDown", "knp", {"[6~"}, 0, 6},
	{"C-Up", NULL, {"Oa"}, 0, 0},
	{"C-Down", NULL, {"Ob"}, 0, 0},
	{"C-Right", NULL, {"Oc", "[5C"}, 0, 0},
	{"C-Left", NULL, {"Od", "[5D"}, 0, 0},
	{"S-Tab", "kcbt", {"[Z"}, 0, 0},
	{"Backspace", "kbs", {""}, 0, 0},
	{"Enter", "kent", {"OM"}, 0, 0},
	{"F1", "kf1", {"OP", "[11~", "[[A"}, 0, 0},
	{"F2", "kf2", {"OQ", "[12~", "[[B"}, 0, 0},
	{"F3", "kf3", {"OR", "[13~", "[[C"}, 0, 0},
	{"F4", "kf4", {"OS", "[14~", "[[D"}, 0, 0},
	{"F5", "kf5", {"[15~", "[[E"}, 0, 0},
	{"F6", "kf6", {"[17~"}, 0, 0},
	{"F7", "kf7", {"[18~"}, 0, 0},
	{"F8", "kf8", {"[19~"}, 0, 0},
	{"F9", "kf9", {"[20~"}, 0, 0},
	{"F10", "kf10", {"[21~"}, 0, 0},
	{"F11", "kf11", {"[23~"}, 0, 0},
	{"F12", "kf12", {"[24~"}, 0, 0},
	/* The keypad in application mode. */
	{"*", NULL, {"Oj"}, 0, 0}, {"+", NULL, {"Ok"}, 0, 0}, {"-", NULL, {"Om"}, 0, 0},
	{".", NULL, {"On"}, 0, 0}, {"/", NULL, {"Oo"}, 0, 0}, {"=", NULL, {"OX"}, 0, 0},
	{"0", NULL, {"Op"}, 0, 0}, {"1", NULL, {"Oq"}, 0, 0}, {"2", NULL, {"Or"}, 0, 0},
	{"3", NULL, {"Os"}, 0, 0}, {"4", NULL, {"Ot"}, 0, 0}, {"5", NULL, {"Ou"}, 0, 0},
	{"6", NULL, {"Ov"}, 0, 0}, {"7", NULL, {"Ow"}, 0, 0}, {"8", NULL, {"Ox"}, 0, 0},
	{"9", NULL, {"Oy"}, 0, 0},
	{"paste", NULL, {"[200~"}, 0, 0},
	{"", NULL, {"[201~"}, 0, 0}, /* an end without a start */
};
#define ROW_COUNT ((int)(sizeof rows / sizeof rows[0]))

/* xterm's modifier number is 1 + Shift 1 + Alt 2 + Control 4. */
static const struct {
	int number;
	const char *prefix;
} modifiers[] = {{0, ""}, {2, "S-"}, {3, "M-"}, {5, "C-"}, {6, "C-S-"}};
#define MODIFIER_COUNT 5

static void define_modified(const struct row *row, int code)
{
	char sequence[] = "\033[1;2~"; /* all numbers have one digit */
	if (row->number)
		sequence[2] = (char)('0' + row->number);
	else
		sequence[5] = row->letter;
	for (int m = 1; m < MODIFIER_COUNT; m++) {
		sequence[4] = (char)('0' + modifiers[m].number);
		screen_define(sequence, code + m);
	}
}

void keys_define(void)
{
	char sequence[16] = "\033", byte[2] = "";
	/* A single byte is what it is, whatever terminfo makes of it: ^Z suspends, 7f is Backspace. */
	for (byte[0] = 1; byte[0] < 0x20; byte[0]++)
		screen_define(byte, 0);
	screen_define("\177", 0);
	for (int r = 0; r < ROW_COUNT; r++) {
		const struct row *row = &rows[r];
		int code = SCREEN_CODE + r * MODIFIER_COUNT;
		const char *own = row->capability ? screen_capability(row->capability) : NULL;
		if (own && own[1])
			screen_define(own, code);
		for (int i = 0; i < 4 && *row->sequences[i]; i++) {
			if (own && strcmp(own + 1, row->sequences[i]) == 0)
				continue;
			strcpy(sequence + 1, row->sequences[i]);
			screen_define(sequence, code);
		}
		if (row->letter || row->number)
			define_modified(row, code);
	}
}

static enum keys_result named(struct event *event, const char *prefix, const char *name)
{
	event->kind = EVENT_KEY;
	snprintf(event->key, sizeof event->key, "%s%s", prefix, name);
	return KEYS_EVENT;
}

static enum keys_result defined(struct event *event, int code)
{
	int row = (code - SCREEN_CODE) / MODIFIER_COUNT;
	int modifier = (code - SCREEN_CODE) % MODIFIER_COUNT;
	if (row >= ROW_COUNT || !*rows[row].name)
		return KEYS_IGNORED;
	if (strcmp(rows[row].name, "paste") == 0)
		return KEYS_PASTE;
	return named(event, modifiers[modifier].prefix, rows[row].name);
}

static enum keys_result control(struct event *event, const char *prefix, int byte)
{
	char name[4] = {'C', '-', 0, 0};
	switch (byte) {
	case 0: return named(event, prefix, "C-Space");
	case '\t': return named(event, prefix, "Tab");
	case '\r': case '\n': return named(event, prefix, "Enter");
	case 27: return named(event, prefix, "Esc");
	case 8: case 127: return named(event, prefix, "Backspace");
	case ' ': return named(event, prefix, "Space");
	}
	name[2] = (char)(byte + (byte < 27 ? 'a' - 1 : '@'));
	return named(event, prefix, name);
}

static enum keys_result character(struct event *event, const char *prefix, uint32_t code)
{
	char bytes[5] = "";
	if (code_is_unsafe(code))
		return KEYS_IGNORED;
	bytes[utf8_encode(code, bytes)] = '\0';
	return named(event, prefix, bytes);
}

/* Bytes of a UTF-8 character that has begun: it may come in two reads. */
static char begun[4];
static size_t begun_length;

static size_t needed(int byte)
{
	return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
}

static enum keys_result byte_key(struct event *event, const char *prefix, int byte)
{
	if (begun_length > 0 && (byte & 0xc0) != 0x80)
		begun_length = 0; /* the rest never came */
	if (byte <= ' ' || byte == 127)
		return control(event, prefix, byte);
	if (byte < 0x80)
		return character(event, prefix, (uint32_t)byte);
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
		wint_t wide = btowc(byte);
		return wide == WEOF ? KEYS_IGNORED : character(event, prefix, (uint32_t)wide);
	}
	if (begun_length == 0 && (byte < 0xc2 || byte > 0xf4))
		return KEYS_IGNORED;
	begun[begun_length++] = (char)byte;
	if (begun_length < needed((unsigned char)begun[0]))
		return KEYS_IGNORED;
	uint32_t code;
	size_t length = utf8_decode(begun, begun_length, &code);
	bool whole = length == begun_length && code != UTF8_BAD;
	begun_length = 0;
	return whole ? character(event, prefix, code) : KEYS_IGNORED;
}

/* What nobody knows would else be typed as text. So many bytes of it may come at a time. */
#define SWALLOWED_MOST 4096

/* A byte of what has begun; false where a key comes instead, which stays, or nothing at once. */
static bool next_byte(int *byte)
{
	struct event unused;
	enum screen_input_kind kind = screen_take(byte, &unused);
	if (kind == INPUT_NOTHING && screen_has_more())
		kind = screen_take(byte, &unused);
	if (kind == INPUT_KEY)
		screen_untake(*byte);
	return kind == INPUT_BYTE;
}

/* Parameters and intermediates are 0x20..0x3f, the final is 0x40..0x7e (ECMA-48 5.4). After a bare
 * "Esc [ M" xterm's first kind of mouse report has three bytes more. */
static enum keys_result swallow(int introducer)
{
	int byte = 0, count = 0;
	while (count < SWALLOWED_MOST && next_byte(&byte)) {
		count++;
		if (introducer == 'O' || byte < 0x20 || byte > 0x3f)
			break;
	}
	if (byte == 27)
		screen_untake(byte);
	if (introducer == '[' && byte == 'M' && count == 1)
		for (int i = 0; i < 3 && next_byte(&byte); i++)
			;
	return KEYS_IGNORED;
}

/* Whether Esc, `introducer` and `next` begin a string that terminals send as an answer: OSC, DCS, or
 * APC of kitty's graphics (ECMA-48 5.6). Alone each is a key with Alt. */
static bool begins_string(int introducer, int next)
{
	return (introducer == ']' && next >= '0' && next <= '9') ||
	       (introducer == 'P' && next >= 0x20 && next <= 0x3f) ||
	       (introducer == '_' && next == 'G');
}

/* It ends with BEL or with Esc and a backslash; CAN and SUB break it off. */
static enum keys_result swallow_string(void)
{
	int byte;
	for (int count = 0; count < SWALLOWED_MOST && next_byte(&byte); count++) {
		if (byte == 7 || byte == 0x18 || byte == 0x1a)
			break;
		if (byte != 27)
			continue;
		if (next_byte(&byte) && byte != '\\')
			screen_untake(byte);
		break;
	}
	return KEYS_IGNORED;
}

/* After an Esc: alone it is the key Esc, with a character that came at once it is Alt. */
static enum keys_result after_escape(struct event *event)
{
	int next;
	struct event unused;
	switch (screen_take(&next, &unused)) {
	case INPUT_NOTHING:
	case INPUT_UNKNOWN:
	case INPUT_MOUSE:
		return named(event, "", "Esc");
	case INPUT_KEY:
		screen_untake(next);
		return named(event, "", "Esc");
	case INPUT_BYTE:
		break;
	}
	if (next == 27) {
		screen_untake(next);
		return named(event, "", "Esc");
	}
	if (next < 0x80 && strchr("[O]P_", next)) {
		int more;
		enum screen_input_kind kind = screen_take(&more, &unused);
		if (kind == INPUT_BYTE || kind == INPUT_KEY)
			screen_untake(more);
		if (kind == INPUT_BYTE && (next == '[' || next == 'O'))
			return swallow(next);
		if (kind == INPUT_BYTE && begins_string(next, more))
			return swallow_string();
	}
	/* Alt with a character of several bytes: they are all there. */
	enum keys_result result = byte_key(event, "M-", next);
	while (result == KEYS_IGNORED && begun_length > 0 &&
	       screen_take(&next, &unused) == INPUT_BYTE)
		result = byte_key(event, "M-", next);
	return result;
}

enum keys_result keys_next(struct event *event)
{
	int code;
	switch (screen_take(&code, event)) {
	case INPUT_NOTHING: return KEYS_NOTHING;
	case INPUT_UNKNOWN: return KEYS_IGNORED;
	case INPUT_MOUSE: return KEYS_EVENT;
	case INPUT_KEY: begun_length = 0; return defined(event, code);
	case INPUT_BYTE: break;
	}
	if (code == 27) {
		begun_length = 0;
		return after_escape(event);
	}
	return byte_key(event, "", code);
}
