#!/bin/sh
# One list of each thing: every batch command, option, explorer command, key, strategy, parameter
# and training word of the tables stands in the manual page and in the printed help. The names are
# read from the sources, so that a table that is not printed at all is found too.

# shellcheck source=tests/lint/tap.sh
. "${top_srcdir:-.}/tests/lint/tap.sh"

program=src/lrscope/lrscope
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# missing FILE WORDS: those of the words, a line each, that do not stand in FILE as words.
missing() {
	printf '%s\n' "$2" | while read -r word; do
		grep -Fqw -e "$word" "$1" || echo "'$word' is not there"
	done
}

# each NAME FILE WORDS: all of them, and at least one, must be there.
each() {
	if [ -n "$3" ]; then
		result "$1" "$(missing "$2" "$3")"
	else
		result "$1" "no words found in the table"
	fi
}

# The same of whole lines.
missing_line() {
	printf '%s\n' "$2" | while read -r word; do
		grep -Fqx -e "$word" "$1" || echo "'$word' is not there"
	done
}
each_line() { result "$1" "$([ -n "$3" ] && missing_line "$2" "$3" || echo "no words found in the table")"; }

source=$top_srcdir/src
explorer_commands() { sed -n 's/^COMMAND([A-Z_]*, "\([^"]*\)".*/\1/p' "$source/study/commands.def"; }
key_names() { sed -n 's/^KEY("\([^"]*\)".*/\1/p' "$source/study/keys.def" | sort -u; }
training_words() { sed -n 's/^TRAINING([A-Z_]*, "\([^"]*\)".*/\1/p' "$source/trainer/training.def"; }
strategies() { sed -n 's/^STRATEGY([A-Z_]*, \([a-z]*\)).*/\1/p' "$source/schedule/strategies.def"; }
batch_commands() {
	sed -n '/ batch_commands\[\]/,/^};/s/^	{"\([a-z-]*\)",.*/\1/p' "$source/lrscope/batch.c"
}
options() { sed -n 's/.*{"\(--[a-z]*\)",.*/\1/p' "$source/lrscope/batch.c" | sort -u; }
parameters() {
	for strategy in $(strategies); do
		"$program" list parameters "$strategy" --format json |
			grep -o '"id": *"[^"]*"' | cut -d'"' -f4
	done | sort -u
}

printf 'one two\n' >"$scratch/page"
complains "sample: a word that is not there" "$(missing "$scratch/page" three)" "'three'"
result "sample: words that are there" "$(missing "$scratch/page" two)"

# The page as it is read: one word each side of formatting, dashes as typed.
mandoc -Tutf8 -O width=200 doc/lrscope.1 | sed 's/.\x08//g' >"$scratch/manual"
mandoc -Tlint -W style doc/lrscope.1 >"$scratch/lint" 2>&1
result "manual page has no faults" "$(grep -Ev 'referenced manual not found|outdated mandoc.db' "$scratch/lint")"
# items SECTION: what its lines begin with, one word a line.
items() { awk -v section="$1" '/^[A-Z]/ { on = $0 == section } on && /^     [^ ]/ { print $1 }' "$scratch/manual"; }
items "EXPLORER COMMANDS" >"$scratch/commands"
items KEYS >"$scratch/keys"
complains "sample: a word of another section" "$(missing_line "$scratch/keys" strategy)" "'strategy'"
each_line "explorer commands are in the manual page" "$scratch/commands" "$(explorer_commands)"
each_line "keys are in the manual page" "$scratch/keys" "$(key_names)"
each "training words are in the manual page" "$scratch/manual" "$(training_words)"
each "strategies are in the manual page" "$scratch/manual" "$(strategies)"
each "batch commands are in the manual page" "$scratch/manual" "$(batch_commands)"
each "options are in the manual page" "$scratch/manual" "$(options)"
each "parameters are in the manual page" "$scratch/manual" "$(parameters)"

"$program" --help >"$scratch/help"
for command in $(batch_commands); do
	"$program" "$command" --help
done >>"$scratch/help"
each "batch commands are in --help" "$scratch/help" "$(batch_commands)"
each "options are in --help" "$scratch/help" "$(options)"
{ "$program" list commands; "$program" list keys; "$program" list strategies; } >"$scratch/lists"
each "batch commands are listed" "$scratch/lists" "$(batch_commands)"
each "keys are listed" "$scratch/lists" "$(key_names)"
each "strategies are listed" "$scratch/lists" "$(strategies)"
"$program" -c 'page help; dump' --size 200x500 >"$scratch/page"
each "explorer commands are on the help page" "$scratch/page" "$(explorer_commands)"
each "keys are on the help page" "$scratch/page" "$(key_names)"

# The list of cases names tests that are there.
names=$(grep -o '[^a-z_/][a-z]*_[a-z_]*\|test_[a-z_]*' "$top_srcdir/tests/README.md" |
	tr -d ' `,|(' | grep -E '._.' | sort -u)
cat "$top_srcdir"/tests/*/*.c >"$scratch/tests"
each "tests named in tests/README.md are there" "$scratch/tests" "$names"

# What the manual page shows as examples works.
sed -n 's/^\.Dl lrscope //p' doc/lrscope.1 | sed "s/\\\\(aq/'/g; s/\\\\-/-/g" >"$scratch/examples"
while read -r words; do
	result "example: lrscope $words" \
		"$(eval "'$PWD/$program' $words" 2>&1 >/dev/null </dev/null || echo "exit status $?")"
done <"$scratch/examples"
finish
