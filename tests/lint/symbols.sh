#!/bin/sh
# What the compiled rooms really use: no mutable state at file scope outside terminal; no printing,
# no leaving, no clock and no random numbers of the C library outside terminal and lrscope.
# First shows on compiled bad samples that each rule can fail.

# shellcheck source=tests/lint/tap.sh
. "${top_srcdir:-.}/tests/lint/tap.sh"

# The one exception: jansson's allocator has no argument and may not be refused (src/base/json.c).
excepted() {
	sed -E -e '/^src\/base\/json\.o: reading is mutable state at file scope$/d' \
		-e '/^src\/base\/json\.o: uses (__)?longjmp(_chk)?$/d'
}

# Sections that can be written to while the program runs; .data.rel.ro is made read-only at start.
# check_state OBJECT ...: complaints about objects with state.
check_state() {
	objdump -t "$@" | awk '
		/^[^ ]*: +file format/ { object = $1 }
		NF < 5 { next }
		{ section = $(NF - 2) }
		$0 !~ / df? / && section !~ /^\.data\.rel\.ro/ &&
		section ~ /^(\.t?data|\.t?bss|\*COM\*)(\.|$)/ {
			print object " " $NF " is mutable state at file scope"
		}'
}

printing='printf|fprintf|vprintf|vfprintf|dprintf|puts|fputs|putchar|putc|fputc|fwrite|perror'
printing="$printing|stdout|stderr"
leaving='exit|_exit|_Exit|quick_exit|abort|longjmp|signal|sigaction'
# Set by people and networks: it may jump either way, so nobody asks it. clock_gettime() is for
# CLOCK_MONOTONIC, in one file.
wall='time|clock|gettimeofday|times|localtime|gmtime|ftime|timespec_get'
clocks='time|clock|clock_gettime|gettimeofday|times|localtime|gmtime|nanosleep|usleep|sleep'
# What takes memory in jansson or gives it back: src/base/json.c reads, and frees without it.
making='json_(load.*|dump.*|v?pack.*|delete|.*copy|object|array|integer|real|v?sprintf'
making="$making|stringn?(_nocheck|_set.*)?|(object|array)_(set|append|insert|del|clear|update|extend|remove).*)"
drawing='rand|random|srand|srandom|drand48|getrandom|getentropy'

# check_calls PATTERN OBJECT ...: complaints about symbols taken from elsewhere.
check_calls() {
	pattern=$1
	shift
	nm -uA "$@" | awk -v pattern="^(__)?($pattern)(_chk)?(@.*)?$" '
		$NF ~ pattern { print $1 " uses " $NF }'
}

# check_strings OBJECT ...: literals that are not ASCII, escapes included. Dots of curves (U+28xx) have
# one column everywhere, and the mark at the start of a file is not drawn.
check_strings() {
	for object; do
		objcopy -O binary --only-section='.rodata.str*' "$object" "$scratch/strings" &&
		found=$(sed 's/\xe2[\xa0-\xa3][\x80-\xbf]//g; s/\xef\xbb\xbf//g' "$scratch/strings" |
			tr -d '\000-\177' | od -An -tx1)
		[ -z "$found" ] || echo "$object holds$found"
	done
}

# Objects of a room; ship.c is a program of the build, not of the room.
objects() {
	find "src/$1" -name '*.o' ! -name ship.o | sort
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# sample NAME CODE PATTERN CHECK ...
sample() {
	name=$1 code=$2 wanted=$3
	shift 3
	printf '%s\n' "$code" >"$scratch/sample.c"
	if ${CC:-cc} -O1 -c -o "$scratch/sample.o" "$scratch/sample.c"; then
		complains "sample: $name" "$("$@" "$scratch/sample.o")" "$wanted"
	else
		result "sample: $name" "does not compile"
	fi
}
sample "static counter" 'static int seen; int f(void) { return ++seen; }' \
	'seen is mutable' check_state
sample "global with a value" 'int level = 3;' 'level is mutable' check_state
sample "static in a function" 'int f(void) { static double last = 1; return last++ > 2; }' \
	'is mutable' check_state
sample "table that can be written" 'extern int x; int *table[] = {&x};' \
	'table is mutable' check_state
sample "thread-local" '__thread int mine; int f(void) { return mine++; }' \
	'mine is mutable' check_state
sample "printf" 'int printf(const char *, ...); int f(int a) { return printf("%d", a); }' \
	'uses printf' check_calls "$printing"
sample "clock" 'long time(long *); long f(void) { return time(0); }' \
	'uses time' check_calls "$clocks"
sample "exit" 'void exit(int); void f(void) { exit(1); }' \
	'uses exit' check_calls "$leaving"
sample "jansson" 'void *json_array(void); void *f(void) { return json_array(); }' \
	'uses json_array' check_calls "$making"
sample "wall clock" 'int gettimeofday(void *, void *); int f(void) { return gettimeofday(0, 0); }' \
	'uses gettimeofday' check_calls "$wall"
sample "text that is not ASCII" 'const char *f(void) { return "a \u2026"; }' \
	'holds e2 80 a6' check_strings
sample "rand" 'int rand(void); int f(void) { return rand(); }' \
	'uses rand' check_calls "$drawing"
printf '%s\n' 'static const char *const words[] = {"a", "b"}; const double table[] = {1, 2};' \
	'const char *word(int i) { return words[i]; }' >"$scratch/good.c"
${CC:-cc} -O0 -c -o "$scratch/good.o" "$scratch/good.c"
result "sample: constant tables pass" "$(check_state "$scratch/good.o")"
complains "sample: the exception is one file's" \
	"$(echo 'src/base/text.o: reading is mutable state at file scope' | excepted)" 'is mutable'
complains "sample: the exception is one name's" \
	"$(echo 'src/base/json.o: depth is mutable state at file scope' | excepted)" 'is mutable'
complains "sample: the exception is one call's" \
	"$(echo 'src/base/json.o: uses exit' | excepted)" 'uses exit'

# Sanitizers and coverage add state and calls of their own to each object.
if nm -u src/base/*.o | grep -Eq '__asan_|__ubsan_|__gcov_|__llvm_'; then
	instrumented=yes
else
	instrumented=
fi
for room in base schedule trainer advisor study export view terminal lrscope; do
	[ -n "$(objects $room 2>/dev/null)" ] || continue
	# shellcheck disable=SC2046 # names without blanks, all below src/
	{
		[ -n "$instrumented" ] || [ $room = terminal ] ||
			result "no mutable state in $room" "$(check_state $(objects $room) | excepted)"
		result "$room takes no memory through jansson" \
			"$(check_calls "$making" $(objects $room | grep -vx src/base/json.o))"
		[ -n "$instrumented" ] ||
			result "own texts of $room are ASCII" "$(check_strings $(objects $room))"
		result "$room leaves the clock on the wall alone" \
			"$(check_calls "$wall" $(objects $room))"
		result "$room takes its time from the loop" "$(check_calls clock_gettime \
			$(objects $room | grep -v '^src/terminal/libterminal_a-loop\.o$'))"
		case $room in terminal | lrscope) continue ;; esac
		[ -n "$instrumented" ] ||
			result "$room does not leave" "$(check_calls "$leaving" $(objects $room) | excepted)"
		result "$room prints nothing" "$(check_calls "$printing" $(objects $room))"
		result "$room reads no clock" "$(check_calls "$clocks" $(objects $room))"
		result "$room draws no foreign numbers" "$(check_calls "$drawing" $(objects $room))"
	}
done
finish
