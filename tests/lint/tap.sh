# shellcheck shell=sh
# For the lint tests: says each result in TAP. Sourced; the caller ends with `finish`.

LC_ALL=C
export LC_ALL
top_srcdir=${top_srcdir:-.}
count=0

# result NAME COMPLAINTS: passes where there are none, else prints them.
result() {
	count=$((count + 1))
	if [ -z "$2" ]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		printf '%s\n' "$2" | head -40 | sed 's/^/#   /'
	fi
}

# complains NAME COMPLAINTS PATTERN: the bad sample must be found, by name.
complains() {
	case $2 in
	*$3*) result "$1" "" ;;
	*) result "$1" "expected a complaint with '$3', got: ${2:-nothing}" ;;
	esac
}

finish() {
	echo "1..$count"
}
