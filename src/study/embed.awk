# Writes data files as C. scenes, lessons: -v what=scenes, files in order; the first line is "# title",
# the name is the file's without folder, leading number and ending. text: -v what=text -v name=N, and
# -v header=FILE where another room declares it.
function quoted(line) {
	gsub(/\\/, "\\\\&", line)
	gsub(/"/, "\\\"", line)
	return "\"" line "\\n\""
}
function bare(path) {
	sub(/.*\//, "", path)
	sub(/^[0-9]+-/, "", path)
	sub(/\.(scene|lesson)$/, "", path)
	return path
}
BEGIN {
	print "/* Made from data/ by embed.awk. */"
	if (what == "scenes") {
		print "#include \"study/scope.h\"\n\nconst struct scene scenes[] = {"
	} else if (what == "lessons") {
		print "#include \"study/lesson.h\"\n\nconst struct lesson_file lesson_files[] = {"
	} else {
		printf "#include \"%s\"\n\n", header ? header : "study/private.h"
		printf "const char %s[] =\n", name
	}
}
what != "text" && FNR == 1 {
	if (count++)
		print "\t},"
	title = $0
	sub(/^# */, "", title)
	gsub(/\\/, "\\\\&", title)
	gsub(/"/, "\\\"", title)
	printf "\t{\"%s\", \"%s\",\n", bare(FILENAME), title
}
{ print "\t" quoted($0) }
END {
	if (what == "scenes") {
		print "\t},\n};\nconst int scene_count = sizeof scenes / sizeof *scenes;"
	} else if (what == "lessons") {
		print "\t},\n};\nconst int lesson_file_count = sizeof lesson_files / sizeof *lesson_files;"
	} else {
		print "\t;"
	}
}
