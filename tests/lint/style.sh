#!/bin/sh
# Form of the files that are kept: a header comment (or the own header, which has one, first), tabs,
# 100 columns (a few of grace; 160 for a line with a string, 130 for tables and trailing comments of
# headers), clean ends of lines, and nothing that names the machine it was written on. First shows
# on bad samples that it can fail.

# shellcheck source=tests/lint/tap.sh
. "${top_srcdir:-.}/tests/lint/tap.sh"

# kept PATH ...: files kept with the project below these, from git in a clone, else all that a
# tarball holds.
kept() {
	cd "$top_srcdir" || exit 1
	if [ -e .git ] && command -v git >/dev/null 2>&1; then
		git ls-files -- "$@"
	else
		find "$@" -type d \( -name 'build*' -o -name '_*' -o -name '*.cache' -o -name .git \) \
			-prune -o -type f -print | sed 's|^\./||' | grep -Ev \
			'^(configure|aclocal\.m4|Makefile\.in|build-aux/.*|COPYING|INSTALL)$'
	fi
}

# check_form FILE ...: for C, .def and shell.
check_form() {
	for file; do
		awk -v file="$file" '
		function complain(why) { print file ":" FNR ": " why }
		FNR == 1 && $0 ~ /^#!/ { shell = 1; next }
		!headed {
			headed = 1
			room = file
			sub(/^(src|tests)\//, "", room)
			sub(/[^\/]*$/, "", room)
			if ($0 !~ (shell || file ~ /\.(sh|awk)$/ ? "^# " : "^/\\* ") &&
			    index($0, "#include \"" room) != 1)
				complain("no header comment")
		}
		/[ \t]$/ { complain("blanks at the end") }
		/\r/ { complain("carriage return") }
		/ \t/ { complain("blank before a tab") }
		/^\t*        / && file !~ /\.sh$/ { complain("eight blanks where a tab belongs") }
		{
			line = $0; columns = 0
			gsub(/[\200-\277]/, "", line)
			for (i = 1; i <= length(line); i++)
				columns += substr(line, i, 1) == "\t" ? 8 - columns % 8 : 1
			if (columns > (/["\047]/ ? 160 : file ~ /\.(h|def)$/ ? 130 : 112))
				complain(columns " columns")
		}
		END { if (NR == 0) print file ": empty" }
		' "$file"
		[ -z "$(tail -c 1 "$file")" ] || echo "$file: last line does not end"
	done
}

# check_paths FILE ...: what only means something on the machine it was written on.
check_paths() {
	grep -nIE '(^|[^A-Za-z0-9_.-])/(home|root|Users|work)/[A-Za-z0-9]|/tmp/build-' "$@" /dev/null
}

# check_words FILE ...: own texts are ASCII. Most else that is pretty (arrows, Greek, box lines) has
# two columns on an East-Asian terminal; frames and curves are drawn by code point.
check_words() {
	grep -nP '^(?![ \t]*(/\*|\*)).*"[^"]*[^\x00-\x7f][^"]*"' "$@" /dev/null
}

# check_bytes FILE ...: the same of files that are text from end to end.
check_bytes() {
	grep -nP '[^\x00-\x7f]' "$@" /dev/null
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# sample NAME CONTENT PATTERN CHECK: CONTENT as printf's %b takes it.
sample() {
	printf '%b' "$2" >"$scratch/sample.c"
	complains "sample: $1" "$($4 "$scratch/sample.c")" "$3"
}
sample "no header comment" '#include <math.h>\n' 'no header comment' check_form
sample "blank at the end" '/* A. */\nint x; \n' 'blanks at the end' check_form
sample "carriage return" '/* A. */\r\n' 'carriage return' check_form
sample "blanks for a tab" '/* A. */\n        int x;\n' 'where a tab belongs' check_form
sample "too wide" "/* A. */\n/* $(printf '%0120d' 0) */\n" '126 columns' check_form
sample "no line end" '/* A. */\nint x;' 'does not end' check_form
sample "text that is not ASCII" 'puts("\303\227");\n' 'puts' check_words
sample "line that is not ASCII" 'Rate \303\227 2.\n' 'Rate' check_bytes
sample "path of a machine" '/* see /ho''me/somebody/notes */\n' 'somebody' check_paths

cd "$top_srcdir" || exit 1
top_srcdir=.
code=$(kept src tests doc data bootstrap .ci | grep -E '\.(c|h|def|sh|awk)$|^bootstrap$|^\.ci/run$')
# shellcheck disable=SC2046,SC2086 # names of the project hold no blanks
{
	result "form of the sources" "$(check_form $code)"
	result "own texts are ASCII" "$(check_words $(kept src data | grep -E '\.(c|h|def|json)$'))"
	result "data is ASCII" "$(check_bytes $(kept data | grep -E '\.(scene|lesson|tsv|csv)$'))"
	result "no path of a machine" "$(check_paths $(kept . | grep -Ev '^tests/lint/style\.sh$'))"
}
result "names are plain" "$(kept . | grep -vE '^[A-Za-z0-9_./+-]+$')"
finish
