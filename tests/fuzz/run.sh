#!/bin/sh
# Runs each fuzz target named, FUZZ_SECONDS (600) each, from the saved inputs of tests/fuzz/corpus and
# what earlier runs in this folder found. A line of figures each; what ends a target stays in
# tests/fuzz/found/NAME and the status is 1. Two at a time where there are two processors.
set -u

seconds=${FUZZ_SECONDS:-600}
saved=$(cd "${top_srcdir:-.}/tests/fuzz/corpus" && pwd)
work=$PWD/tests/fuzz

# fuzz PROGRAM: leaves one line in found/NAME.line.
fuzz() {
	name=$(basename "$1")
	mkdir -p "$work/found/$name" "$work/inputs/$name"
	log=$work/found/$name.log
	(cd "$work/found/$name" && "$work/$name" -seed=1 -max_total_time="$seconds" -timeout=60 \
		-rss_limit_mb=4000 -print_final_stats=1 -artifact_prefix="$work/found/$name/" \
		"$work/inputs/$name" "$saved/$name") >"$log" 2>&1 </dev/null
	status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	if [ $status -eq 0 ]; then result=clean; else result="FAILED ($status): see $log"; fi
	echo "fuzz $name: ${runs:-no} runs in $seconds s, $result" >"$work/found/$name.line"
}

rm -f "$work"/found/*.line
count=0
for program; do
	fuzz "$program" &
	count=$((count + 1))
	[ $((count % 2)) -eq 1 ] || wait
done
wait
cat "$work"/found/*.line
failed=$(cat "$work"/found/*.line | grep -cv 'clean$')
for line in "$work"/found/*.line; do
	grep -q 'clean$' "$line" ||
		grep -aE 'ERROR|SUMMARY|runtime error|\.c:[0-9]+: ' "${line%.line}.log" | head -5
done
# As automake writes it, for whoever adds up.
printf '# PASS:  %d\n# FAIL:  %d\n' $((count - failed)) "$failed" >test-suite.log
[ "$failed" -eq 0 ]
