#!/bin/sh
# Where output goes: full disks, closed pipes, the same bytes always.

# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:-.}/tests/cli/tap.sh"

# ---- a write that fails: exit 1 and one line ----
if [ -c /dev/full ]; then
	for words in "trace step" "train step epochs=2" "list keys" "show step" "plot step" \
		"export pytorch step" "--help" "--version" "-c show" "trace step --steps 100000"; do
		# shellcheck disable=SC2086
		"$lrscope" $words >/dev/full 2>"$err"
		status=$?
		: >"$out"
		result "full disk: $words" "$(complaint 1
			grep -q "No space left" "$err" || cat "$err")"
	done
fi
# ---- files may not grow: the same, and nothing is left (SIGXFSZ would end it) ----
limited() { (ulimit -f 0 && trap - XFSZ && cd "$scratch/limited" && exec "$lrscope" "$@"); }
mkdir "$scratch/limited"
: >"$out"
for words in "save ./new.json" "code ./new.py" "dump ./new"; do
	message=$(limited -c "$words" 2>&1)
	same "no file may grow: $words" "1 lrscope: -c: command 1: cannot write './new" "$? ${message%%new*}new"
done
message=$(limited trace step 2>&1 >"$scratch/limited/out")
status=$?
message=$(printf '%s\n' "$message" | grep -v '^libgcov') # which counts lines, and may not grow either
same "no output may grow" "1 lrscope: writing to standard output failed: File too large" "$status $message"
same "nothing is left" out "$(ls -A "$scratch/limited")"
"$lrscope" trace step >&- 2>"$err"
status=$?
: >"$out"
result "standard output closed" "$(complaint 1)"
"$lrscope" trace nothing 2>&- >"$out"
same "standard error closed" 2 $?
printf '1\n2\n' >"$scratch/metrics"
"$lrscope" trace plateau --metrics "$scratch/metrics" <&- >"$out" 2>"$err"
same "standard input closed" 4 "$(wc -l <"$out")"

# ---- a reader that leaves: the signal ends it, silently; ignored, it is exit 1 and a line ----
{ "$lrscope" trace step --steps 1000000 2>"$err"; echo $? >"$scratch/status"; } | head -n 1 >"$out"
same "closed pipe" "141 step,lr " "$(cat "$scratch/status") $(cat "$out") $(cat "$err")"
(
	trap '' PIPE
	"$lrscope" trace step --steps 1000000 2>"$err"
	echo $? >"$scratch/status"
) | head -n 1 >/dev/null
status=$(cat "$scratch/status")
: >"$out"
result "closed pipe, signal ignored" "$(complaint 1)"

# ---- what is no file of a folder is written to by name ----
mkdir "$scratch/named"
for name in /dev/stdout /dev/fd/1 /proc/self/fd/1; do
	[ -e "$name" ] || continue
	for words in code dump save; do
		"$lrscope" -c "$words $name" 2>"$err" | cat >"$out"
		result "$words $name | cat" "$([ "$(wc -l <"$out")" -gt 5 ] || cat "$out" "$err")"
	done
done
# What is redirected into a file goes on in it: nothing that is there is lost.
for words in code dump save; do
	"$lrscope" -c "$words $scratch/wanted" >"$out"
	for name in /dev/stdout /dev/stderr /dev/fd/3 /proc/self/fd/1; do
		[ -e "${name%/*}" ] || continue
		echo precious >"$scratch/log"
		{ "$lrscope" -c "$words $name" && echo last; } >>"$scratch/log" 2>&1 3>&1
		result "$words $name >>log" "$(
			sed -n '1p;$p' "$scratch/log" | tr '\n' ' ' | grep -v '^precious last $'
			sed '1d;$d' "$scratch/log" | sed '$d' | cmp - "$scratch/wanted" 2>&1)"
	done
done
"$lrscope" -c "save $scratch/wanted" >/dev/null
{ echo first; cat "$scratch/wanted"; printf 'saved to /dev/stdout\n0.1\nlast\n'; } >"$scratch/whole"
{ echo first; "$lrscope" -c "save /dev/stdout; show lr"; echo last; } >"$out"
same_files "written between others" "$scratch/whole" "$out"
if [ -e /proc/self/fd/1 ]; then
	: >"$scratch/named/gone"
	(exec 3<>"$scratch/named/gone" && rm "$scratch/named/gone" &&
		"$lrscope" -c "save /proc/self/fd/3" >"$out" 2>"$err" &&
		"$lrscope" -c "open /proc/self/fd/3" >"$out" 2>"$err")
	same "a file that was deleted is written to" "0 " "$? $(cat "$err")"
	same "and none appears" "" "$(ls -A "$scratch/named")"
fi

# ---- the same bytes on every run and in every locale ----
locales=C
for locale in $(locale -a 2>/dev/null | grep -i -e '^C\.utf' -e '^de_DE' -e '^fr_FR' -e '^tr_TR'); do
	locales="$locales $locale"
done
for words in "trace cyclic" "trace onecycle --format json" "train onecycle epochs=3 --weights" \
	"train plateau epochs=5 optimizer=adamw --every step" "list parameters cyclic --format json" \
	"export pytorch cyclic" "plot cosine --ascii epochs=3" "-c show"; do
	# shellcheck disable=SC2086
	run $words
	cp "$out" "$scratch/wanted"
	for locale in $locales; do
		# shellcheck disable=SC2086
		LC_ALL=$locale "$lrscope" $words >"$out" 2>"$err"
		same_files "$words in $locale" "$scratch/wanted" "$out"
	done
done
cp "$golden/open/pt_plateau_textbook_exp.csv" "$scratch/metrics.csv"
for locale in $locales; do
	LC_ALL=$locale "$lrscope" trace plateau patience=5 lr=0.1 --metrics "$scratch/metrics.csv" \
		>"$out" 2>"$err"
	same "numbers are read the same in $locale" 61 "$(grep -c '^[0-9]*,[0-9.e-]*$' "$out")"
done

# ---- long traces stream: a million rows, 30 MB of them, out of bounded memory ----
# (Sanitizers take terabytes of addresses: there is no limit then.)
(
	if (ulimit -v 40000 && "$lrscope" --version) >/dev/null 2>&1; then ulimit -v 40000; fi
	"$lrscope" trace onecycle total_steps=1000000
) 2>"$err" | tail -n 1 >"$out"
same "a long trace" "999999,4e-07,0.95" "$(cat "$out")"
# What PyTorch raises half way leaves no output at all.
refuses 2 "" trace onecycle total_steps=200000 --steps 200010

finish
