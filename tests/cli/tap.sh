# shellcheck shell=sh
# For the tests of the command line: runs the program, checks status and streams, prints TAP.
# Sourced; the caller ends with `finish`.

LC_ALL=C
export LC_ALL
unset NO_COLOR LRSCOPE_ASCII POSIXLY_CORRECT
top_srcdir=${top_srcdir:-.}
lrscope=${lrscope:-${top_builddir:-.}/src/lrscope/lrscope}
case $lrscope in /*) ;; *) lrscope=$PWD/$lrscope ;; esac
golden=$(cd "$top_srcdir/tests/golden" && pwd)
cases=$(cd "$top_srcdir/tests/cli" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Nothing of the person who runs the tests is read or written.
HOME=$scratch/home
export HOME
unset XDG_DATA_HOME XDG_STATE_HOME XDG_CONFIG_HOME
mkdir "$HOME"
python=$(PATH=/usr/bin:$PATH command -v python3) # empty where there is none
out=$scratch/out
err=$scratch/err
count=0

# result NAME COMPLAINT: passes where there is none.
result() {
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		printf '%s\n' "$2" | head -20 | sed 's/^/#   /'
	fi
}

# run WORDS...: leaves streams in $out and $err, the status in $status.
run() {
	"$lrscope" "$@" >"$out" 2>"$err" </dev/null
	status=$?
}

# complaint STATUS: what is wrong with the last run, if it should have ended so.
# Without other programs: this is called for each of some thousand runs.
complaint() {
	[ "$status" -eq "$1" ] || echo "status $status, not $1: $(cat "$err")"
	if [ "$1" -eq 0 ]; then
		[ ! -s "$err" ] || echo "stderr: $(cat "$err")"
	else
		line="" more=""
		{ IFS= read -r line && ! IFS= read -r more && [ -z "$more" ]; } <"$err" ||
			echo "stderr is not one line: $(cat "$err")"
		case $line in lrscope:\ ?*) ;; *) echo "no 'lrscope: ': $(cat "$err")" ;; esac
		[ ! -s "$out" ] || echo "stdout is not empty: $(head -3 "$out")"
		case $line in *[[:cntrl:]]*) echo "control characters on stderr" ;; esac
	fi
}

# good WORDS...: exit 0, nothing on stderr.
good() {
	run "$@"
	result "lrscope $*" "$(complaint 0)"
}

# refuses STATUS PATTERN WORDS...: that status, one line with PATTERN (a shell pattern), no output.
refuses() {
	wanted=$1 pattern=$2
	shift 2
	run "$@"
	# shellcheck disable=SC2254
	result "refused: lrscope $*" "$(complaint "$wanted"
		IFS= read -r line <"$err"
		case $line in *$pattern*) ;; *) echo "no '$pattern' in: $(cat "$err")" ;; esac)"
}

# says NAME PATTERN: the last output has it (a shell pattern).
says() {
	# shellcheck disable=SC2254
	result "$1" "$(case $(cat "$out") in *$2*) ;; *) echo "no '$2' in:"; head -5 "$out" ;; esac)"
}

# same NAME WANTED GOT: two strings.
same() {
	result "$1" "$([ "$2" = "$3" ] || printf 'wanted: %s\ngot:    %s\n' "$2" "$3")"
}

# same_files NAME WANTED GOT
same_files() {
	result "$1" "$(cmp "$2" "$3" 2>&1 && return; diff "$2" "$3" | head -10)"
}

finish() {
	echo "1..$count"
}
