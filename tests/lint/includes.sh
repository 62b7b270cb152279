#!/bin/sh
# Who may know whom: a room includes only itself and the rooms before it, and only one file each
# knows curses, readline and threads. First shows on bad samples that each rule can fail.

# shellcheck source=tests/lint/tap.sh
. "${top_srcdir:-.}/tests/lint/tap.sh"

rooms="base schedule trainer advisor study export view terminal lrscope"

# check_includes ROOT [ROOM]: complaints about ROOT/src, a line each.
check_includes() {
	(cd "$1" && find "src${2:+/$2}" -type f \( -name '*.[ch]' -o -name '*.def' \) | sort |
	while read -r file; do
		sed -n 's/^[ \t]*#[ \t]*include[ \t]*\([<"][^>"]*[>"]\).*/\1/p' "$file" |
		sed "s|^|$file |"
	done) | awk -v rooms="$rooms" '
	function refuse(why) { print file " includes " included ": " why }
	function only(where, what) { if (file != where) refuse("only " where " knows " what) }
	BEGIN { count = split(rooms, name, " "); for (i = 1; i <= count; i++) rank[name[i]] = i }
	{
		file = $1; included = $2
		split(file, part, "/"); room = part[2]
		name_only = substr(included, 2, length(included) - 2)
		if (!(room in rank)) { refuse("there is no room " room); next }
	}
	included ~ /^"/ {
		split(name_only, inner, "/"); other = inner[1]
		if (!(other in rank)) {
			refuse("name a file as \"room/file.h\"")
		} else if (room == "terminal" && other != "base" && other != "terminal" &&
			   name_only != "view/canvas.h" && name_only != "view/roles.def") {
			refuse("terminal knows base, view/canvas.h and view/roles.def")
		} else if (rank[other] > rank[room]) {
			refuse(room " comes before " other)
		}
		next
	}
	name_only ~ /^(ncursesw?\/)?(n?curses|term|panel|menu|form)\.h$/ {
		only("src/terminal/screen.c", "curses") }
	name_only ~ /^readline\// { only("src/terminal/prompt.c", "readline") }
	name_only ~ /^(pthread|threads|stdatomic)\.h$/ { refuse("nobody starts threads") }
	name_only ~ /^(time|sys\/time|sys\/timerfd)\.h$/ &&
		room != "terminal" && room != "lrscope" {
		refuse("only terminal and lrscope read a clock") }
	name_only ~ /^(sys\/)?poll\.h$/ && room != "terminal" && file != "src/base/file.c" {
		refuse("only terminal and src/base/file.c wait") }
	name_only ~ /^(termios|signal|sys\/(ioctl|signalfd))\.h$/ &&
		room != "terminal" && room != "lrscope" {
		refuse("only terminal and lrscope know a terminal") }
	'
}

# sample FILE LINE PATTERN: FILE with that line alone must be refused with PATTERN.
sample() {
	mkdir -p "$scratch/$(dirname "$1")"
	printf '%s\n' "$2" >"$scratch/$1"
	complains "sample: $1 with $2" "$(check_includes "$scratch" "")" "$3"
	rm "$scratch/$1"
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
sample src/base/a.c '#include "schedule/schedule.h"' 'base comes before schedule'
sample src/schedule/a.h '#include "trainer/run.h"' 'schedule comes before trainer'
sample src/trainer/a.c '# include "study/study.h"' 'trainer comes before study'
sample src/view/a.c '	#include "terminal/screen.h"' 'view comes before terminal'
sample src/terminal/a.c '#include "study/study.h"' 'terminal knows base'
sample src/terminal/a.c '#include "view/panel.h"' 'terminal knows base'
sample src/terminal/loop.c '#include <curses.h>' 'only src/terminal/screen.c knows curses'
sample src/view/a.c '#include <ncursesw/curses.h>' 'only src/terminal/screen.c knows curses'
sample src/lrscope/a.c '#include <readline/history.h>' 'only src/terminal/prompt.c knows readline'
sample src/trainer/run.c '#include <pthread.h>' 'nobody starts threads'
sample src/schedule/a.c '#include <time.h>' 'read a clock'
sample src/view/a.c '#include <sys/ioctl.h>' 'know a terminal'
sample src/base/text.c '#include <poll.h>' 'only terminal and src/base/file.c wait'
sample src/garage/a.c '#include <math.h>' 'there is no room garage'
sample src/view/a.c '#include "canvas.h"' 'name a file as'
mkdir -p "$scratch/src/terminal"
printf '#include %s\n' '<curses.h>' '"base/text.h"' '"view/canvas.h"' '"view/roles.def"' \
	>"$scratch/src/terminal/screen.c"
result "sample: what is allowed passes" "$(check_includes "$scratch" "")"

for room in $rooms; do
	[ -d "$top_srcdir/src/$room" ] || continue
	result "includes of $room" "$(check_includes "$top_srcdir" "$room")"
done
result "every folder of src is a room" "$(cd "$top_srcdir/src" && for folder in */; do
	case " $rooms " in *" ${folder%/} "*) ;; *) echo "src/$folder is none" ;; esac
done)"
finish
