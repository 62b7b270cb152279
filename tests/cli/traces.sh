#!/bin/sh
# `trace` against PyTorch's own rows, its forms, and the metrics that plateau takes.

# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:-.}/tests/cli/tap.sh"

# expected FILE: its columns step, lr and momentum, numbers as we write them (1, not 1.0).
expected() {
	awk -F, -v OFS=, '
	NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^(step|lr|momentum)$/) use[++n] = i }
	{
		line = ""
		for (i = 1; i <= n; i++) {
			value = $(use[i]); sub(/\.0$/, "", value)
			line = line (i > 1 ? "," : "") value
		}
		print line
	}' "$1"
}

# Rows of some long traces were left out of the files: those that are there must be equal.
while read -r file rows words; do
	case $file in \#*) continue ;; esac
	# shellcheck disable=SC2086
	set -- $words
	if [ "$file" = - ]; then
		refuses 2 "" trace "$@" --metrics /dev/null
		continue
	fi
	case $1 in plateau) set -- "$@" --metrics "$golden/open/$file" ;; esac
	case $file in *.closed.csv) set -- "$@" --form closed ;; esac
	run trace "$@" --steps "$rows"
	expected "$golden/open/$file" >"$scratch/wanted"
	result "$file" "$(complaint 0
		awk -F, 'NR == FNR { got[$1] = $0; next }
			got[$1] != $0 { print "wanted " $0 ", got " got[$1]; if (++bad == 5) exit }' \
			"$out" "$scratch/wanted"
		[ "$(wc -l <"$out")" -eq $((rows + 1)) ] || echo "not $rows rows")"
done <"$cases/traces.cases"

# ---- how many rows without --steps ----
# rows WANTED WORDS...
rows() {
	wanted=$1
	shift
	run trace "$@"
	same "trace $* has $wanted rows" "$wanted" "$(($(wc -l <"$out") - 1))"
}
rows 30 step
rows 30 exponential
rows 30 constant
rows 31 cosine
rows 8 cosine T_max=7
rows 10000 cyclic
rows 1000 onecycle
rows 12 onecycle total_steps=12
rows 20 onecycle epochs=4 steps_per_epoch=5
rows 1 step --steps 1

# ---- auto follows --steps ----
run trace cosine T_max=auto --steps 20
cp "$out" "$scratch/first"
run trace cosine T_max=20 --steps 20
same_files "T_max=auto is the rows" "$scratch/first" "$out"
run trace onecycle total_steps=auto --steps 20
cp "$out" "$scratch/first"
run trace onecycle total_steps=20
same_files "total_steps=auto is the rows" "$scratch/first" "$out"
run trace cyclic step_size_up=auto --steps 60
cp "$out" "$scratch/first"
run trace cyclic step_size_up=10 --steps 60
same_files "step_size_up=auto makes three cycles" "$scratch/first" "$out"
refuses 2 "" trace onecycle total_steps=30 --steps 40

# ---- JSON ----
run trace onecycle total_steps=3 pct_start=0.5 --format json
printf '%s\n' '[' '{"step":0,"lr":0.0040000000000000036,"momentum":0.95},' >"$scratch/wanted"
head -2 "$out" >"$scratch/got"
same_files "JSON is an array of objects" "$scratch/wanted" "$scratch/got"
same "that ends" ']' "$(tail -n 1 "$out")"
run trace step lr=1e308 gamma=1e10 step_size=1 --steps 2 --format json
says "infinities are strings in JSON" '{"step":1,"lr":"inf"}'
run trace step lr=1e308 gamma=1e10 step_size=1 --steps 2
says "and words in CSV" '1,inf'
if [ -n "$python" ]; then
	run trace cyclic --format json
	result "python reads it" "$("$python" -c '
import json, sys
rows = json.load(sys.stdin)
assert len(rows) == 10000 and rows[9999]["step"] == 9999' <"$out" 2>&1)"
fi

# ---- metrics ----
metrics() { printf "$1" >"$scratch/metrics"; }
# taken NAME FORMAT ROWS
taken() {
	metrics "$2"
	run trace plateau patience=0 factor=0.5 --metrics "$scratch/metrics"
	result "metrics: $1" "$(complaint 0
		[ "$(wc -l <"$out")" -eq $(($3 + 1)) ] || { echo "not $3 rows"; cat "$out"; })"
}
# wrong NAME FORMAT PATTERN
wrong() {
	metrics "$2"
	run trace plateau --metrics "$scratch/metrics"
	# shellcheck disable=SC2254
	result "metrics refused: $1" "$(complaint 1
		case $(cat "$err") in *$3*) ;; *) echo "no '$3' in $(cat "$err")" ;; esac)"
}
refuses 2 "needs --metrics" trace plateau
refuses 1 "No such file" trace plateau --metrics "$scratch/absent"
refuses 1 "" trace plateau --metrics "$scratch"
taken "numbers" '1\n2\n3\n' 4
same "lr is cut when they rise" '3,0.025' "$(tail -n 1 "$out")"
taken "no line end" '1\n2' 3
taken "CR LF, blank lines at the end" '1\r\n2\r\n\r\n\n' 3
taken "a byte order mark" '\357\273\2771\n2\n' 3
taken "nan and infinities" 'nan\ninf\n-inf\nNaN\n1e5\n' 6
taken "a column" 'metric\n1\n2\n' 3
taken "a column among others" 'step,"metric",note\n0,1,a\n1,"2","b,c"\n' 3
taken "an empty cell in the last row" 'step,metric\n0,1\n1,2\n2,\n' 3
taken "quotes over lines" 'note,metric\n"a\n""b""",1\nc,2\n' 3
taken "blanks round numbers" '0.5 \n\t0.25\t\r\n 1\n' 4
same "read without them" '0,0.1 1,0.1 2,0.1 3,0.05 ' "$(tail -n 4 "$out" | tr '\n' ' ')"
taken "blanks round a header" ' step ,\tmetric \n0 , 1 \n1, 2\n2 , \n' 3
taken "blanks in the last lines" '1\n2\n \t\n  ' 3
taken "blanks below a column" 'step,metric\n0,1\n  \n' 2
taken "only an empty cell" 'step,metric\n0,\n' 1
wrong "empty" '' 'empty'
wrong "a word" '1\nx\n' "metrics: line 2, column 1: found 'x'"
wrong "no such column" 'step,loss\n0,1\n' "a column 'metric'"
wrong "a blank line inside" '1\n\n2\n' 'line 2'
wrong "nothing but blanks" ' \n\t' 'empty'
wrong "a line of blanks inside" '1\n \n2\n' 'line 2'
wrong "blanks inside a number" '1 2\n' "found neither"
wrong "blanks inside quotes" 'metric\n" 1"\n' "line 2, column 1: found ' 1'"
wrong "two numbers a line" '1,2\n' 'line 1, column 2'
wrong "an empty cell inside" 'step,metric\n0,\n1,2\n' 'line 2, column 2'
wrong "a ragged row" 'step,metric\n0,1,2\n' 'line 2 has 3 columns'
wrong "a short row" 'step,metric\n0\n' 'line 2 has 1 column, the header has 2'
wrong "no number in a column" 'step,metric\n0,1\n1,abc\n' "line 3, column 2: found 'abc'"
wrong "a quote not closed" 'metric\n"1\n' 'not closed'
wrong "the column twice" 'metric,metric\n1,2\n' 'second column'
wrong "a NUL byte" '1\n\0002\n' 'line 2'
wrong "a NUL byte in quotes" 'metric\n"1\0002"\n' 'line 2, column 1: found a NUL'
wrong "hexadecimal" '0x10\n' ''
# Cells of any length count whole: the exponent and the size of a number stand at its end.
zeros=$(printf '%0400d' 0)
taken "a number of 400 digits" "1e5\n2.${zeros}e9\n" 3
same "read to its end" "2,0.05" "$(tail -n 1 "$out")"
taken "a long cell beside" "metric,note\n1,$zeros\n" 2
wrong "too large" '1e400\n' "line 1, column 1: '1e400' is too large"
wrong "too large, spelt out" "1\n1$zeros\n" "line 2, column 1: '1000"*"is too large"
wrong "too large, in a column" "metric\n\"1$zeros\"\n" "line 2, column 1: '1000"*"is too large"
wrong "a long word" "metric\n1${zeros}x\n" "line 2, column 1: found '1000"
metrics '1\n2\n3\n'
refuses 2 "--steps 6 needs 5 metrics" trace plateau --metrics "$scratch/metrics" --steps 6
run trace plateau --metrics "$scratch/metrics" --steps 2
same "fewer rows than metrics" 3 "$(wc -l <"$out")"
"$lrscope" trace plateau --metrics - <"$scratch/metrics" >"$out" 2>"$err"
same "- is standard input" 5 "$(wc -l <"$out")"

finish
