/* Growing strings, UTF-8, columns, and foreign text made safe. */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

#define REPLACEMENT 0xfffd

/* Marks that one base may carry: ncurses keeps a character and four more in a cell
 * (CCHARW_MAX is 5), and piles of marks paint over the lines above. */
#define MARKS 4

/* ---- growing buffers ---- */

/* An empty text owns nothing (capacity 0), and points at a literal that nobody writes to. */
void text_init(struct text *text)
{
	text->bytes = (char *)"";
	text->length = 0;
	text->capacity = 0;
	text->failed = text->lent = false;
}

void text_init_in(struct text *text, char *bytes, size_t size)
{
	bytes[0] = '\0';
	*text = (struct text){.bytes = bytes, .capacity = size, .lent = true};
}

void text_done(struct text *text)
{
	if (text->capacity > 0 && !text->lent)
		free(text->bytes);
	text_init(text);
}

void text_clear(struct text *text)
{
	if (text->capacity > 0)
		text->bytes[0] = '\0';
	text->length = 0;
	text->failed = false;
}

/* Room for `count` more bytes and the end. */
static bool reserve(struct text *text, size_t count)
{
	size_t capacity = text->capacity > 0 ? text->capacity : 64;
	char *bytes;

	if (text->failed)
		return false;
	if (count > SIZE_MAX / 4 - text->length) {
		text->failed = true;
		return false;
	}
	while (capacity <= text->length + count)
		capacity *= 2;
	if (capacity == text->capacity)
		return true;
	bytes = realloc(text->capacity > 0 && !text->lent ? text->bytes : NULL, capacity);
	if (bytes == NULL) {
		text->failed = true;
		return false;
	}
	if (text->lent)
		memcpy(bytes, text->bytes, text->length + 1);
	text->lent = false;
	text->bytes = bytes;
	text->capacity = capacity;
	return true;
}

void text_add_bytes(struct text *text, const char *bytes, size_t count)
{
	if (!reserve(text, count))
		return;
	if (count > 0)
		memcpy(text->bytes + text->length, bytes, count);
	text->length += count;
	text->bytes[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

void text_add_char(struct text *text, char byte)
{
	if ((text->failed || text->length + 1 >= text->capacity) && !reserve(text, 1))
		return;
	text->bytes[text->length++] = byte;
	text->bytes[text->length] = '\0';
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list arguments;
	int count;

	va_start(arguments, format);
	count = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (count < 0) {
		text->failed = true;
		return;
	}
	if (!reserve(text, (size_t)count))
		return;
	va_start(arguments, format);
	vsnprintf(text->bytes + text->length, (size_t)count + 1, format, arguments);
	va_end(arguments);
	text->length += (size_t)count;
}

void text_add_number(struct text *text, double number)
{
	char digits[NUMBER_SIZE];

	text_add(text, number_format(digits, number));
}

void text_add_code(struct text *text, uint32_t code)
{
	if (!reserve(text, 4))
		return;
	text->length += utf8_encode(code, text->bytes + text->length);
	text->bytes[text->length] = '\0';
}

/* \uXXXX, as a pair of surrogates above the first plane (RFC 8259, section 7). */
static void add_escape(struct text *text, uint32_t code)
{
	if (code > 0xffff) {
		code -= 0x10000;
		text_addf(text, "\\u%04x\\u%04x", 0xd800 + (unsigned)(code >> 10),
			  0xdc00 + (unsigned)(code & 0x3ff));
	} else {
		text_addf(text, "\\u%04x", (unsigned)code);
	}
}

void text_add_ascii(struct text *text, const char *bytes, size_t count)
{
	size_t plain, length;
	uint32_t code;

	for (; count > 0; bytes += length, count -= length) {
		for (plain = 0; plain < count && (unsigned char)bytes[plain] < 0x80;)
			plain++;
		length = plain;
		text_add_bytes(text, bytes, plain);
		if (plain > 0)
			continue;
		length = utf8_decode(bytes, count, &code);
		if (code == UTF8_BAD)
			text_add_char(text, '?');
		else
			add_escape(text, code);
	}
}

/* What must not reach a terminal is escaped, so that printed JSON is safe as well. */
void text_add_json(struct text *text, const char *string)
{
	size_t count = strlen(string), length;
	uint32_t code;

	text_add_char(text, '"');
	for (; count > 0; string += length, count -= length) {
		length = utf8_decode(string, count, &code);
		if (code == UTF8_BAD)
			text_add_code(text, REPLACEMENT);
		else if (code == '"' || code == '\\')
			text_addf(text, "\\%c", (char)code);
		else if (code == '\n')
			text_add(text, "\\n");
		else if (code == '\t')
			text_add(text, "\\t");
		else if (code_is_unsafe(code))
			add_escape(text, code);
		else
			text_add_bytes(text, string, length);
	}
	text_add_char(text, '"');
}

/* ---- UTF-8 (RFC 3629) ---- */

size_t utf8_decode(const char *bytes, size_t count, uint32_t *code)
{
	static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = (unsigned char)bytes[0];
	size_t length, i;
	uint32_t value;

	*code = UTF8_BAD;
	if (first < 0x80) {
		*code = first;
		return 1;
	}
	if (first < 0xc2 || first > 0xf4)
		return 1;
	length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (length > count)
		return 1;
	value = first & (0x7fu >> length);
	for (i = 1; i < length; i++) {
		unsigned char next = (unsigned char)bytes[i];

		if ((next & 0xc0) != 0x80)
			return 1;
		value = value << 6 | (next & 0x3f);
	}
	if (value < lowest[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
		return 1;
	*code = value;
	return length;
}

bool text_is_utf8(const char *string)
{
	uint32_t code = 0;

	for (size_t count = strlen(string), length; count > 0; string += length, count -= length) {
		length = utf8_decode(string, count, &code);
		if (code == UTF8_BAD)
			return false;
	}
	return true;
}

size_t utf8_encode(uint32_t code, char bytes[4])
{
	if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		code = REPLACEMENT;
	if (code < 0x80) {
		bytes[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		bytes[0] = (char)(0xc0 | code >> 6);
		bytes[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		bytes[0] = (char)(0xe0 | code >> 12);
		bytes[1] = (char)(0x80 | (code >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	bytes[0] = (char)(0xf0 | code >> 18);
	bytes[1] = (char)(0x80 | (code >> 12 & 0x3f));
	bytes[2] = (char)(0x80 | (code >> 6 & 0x3f));
	bytes[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* ---- columns ---- */

int text_width(const char *string)
{
	size_t count = strlen(string), length;
	uint32_t code;
	int columns = 0;

	for (; count > 0; string += length, count -= length) {
		length = 1;
		if (*string >= ' ' && *string < 0x7f) { /* most are */
			columns++;
			continue;
		}
		length = utf8_decode(string, count, &code);
		columns += code == UTF8_BAD ? 1 : code_width(code);
	}
	return columns;
}

size_t text_fit(const char *string, int columns)
{
	size_t count = strlen(string), done = 0, length;
	uint32_t code;
	int used = 0;

	if (columns <= 0)
		return 0;
	while (done < count) {
		length = utf8_decode(string + done, count - done, &code);
		used += code == UTF8_BAD ? 1 : code_width(code);
		if (used > columns)
			break;
		done += length;
	}
	return done;
}

/* ---- foreign text ---- */

/* The safe form of one code point in `piece`; returns its length. `marks` counts the marks
 * on the present base; a mark without a base would fall on whatever stands before the text. */
static size_t make_safe(char piece[4], uint32_t code, bool ascii, int *marks)
{
	if (code < 0x20 || code == 0x7f) {
		*marks = 0;
		piece[0] = '^';
		piece[1] = (char)(code ^ 0x40);
		return 2;
	}
	if (code == UTF8_BAD || (ascii && code > 0x7e)) {
		*marks = 0;
		piece[0] = '?';
		return 1;
	}
	if (!code_is_unsafe(code) && code_width(code) > 0) {
		*marks = 0;
		return utf8_encode(code, piece);
	}
	if (!code_is_unsafe(code) && *marks < MARKS) {
		++*marks;
		return utf8_encode(code, piece);
	}
	*marks = 0;
	return utf8_encode(REPLACEMENT, piece);
}

char *text_safe(char *out, size_t size, const char *in, bool ascii)
{
	size_t count = strlen(in), used = 0, base = 0, length, piece_length;
	int marks = MARKS;
	char piece[4];
	uint32_t code;

	if (size == 0)
		return out;
	for (; count > 0; in += length, count -= length) {
		length = utf8_decode(in, count, &code);
		piece_length = make_safe(piece, code, ascii, &marks);
		if (marks == 0)
			base = used;
		if (piece_length > size - 1 - used) {
			if (marks > 0)
				used = base; /* no base without its marks: another letter */
			break;
		}
		memcpy(out + used, piece, piece_length);
		used += piece_length;
	}
	out[used] = '\0';
	return out;
}

/* A byte becomes two at most: ^X for a control character. */
void text_add_safe(struct text *text, const char *string)
{
	size_t most = 2 * strlen(string);

	if (!reserve(text, most))
		return;
	text_safe(text->bytes + text->length, most + 1, string, false);
	text->length += strlen(text->bytes + text->length);
}

bool text_is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

void text_trim(const char **from, const char **to)
{
	while (*from < *to && text_is_blank(**from))
		++*from;
	while (*to > *from && text_is_blank((*to)[-1]))
		--*to;
}
