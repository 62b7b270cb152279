# Sums up what `gcov -b -n` prints: lines run and branches taken, a row for each file of the rooms, then
# each room. A file that several programs were built with counts as its best.
/^File / {
	file = $2
	gsub(/'/, "", file)
	known = sub(/^.*src\//, "", file) && file ~ /^[a-z]+\/[a-z_0-9]+\.c$/ && file !~ /\/ship\.c$/
}
/^Lines executed:/ && known {
	split($0, part, /[:% ]+/)
	run = part[3] / 100 * $NF
	best = !(file in lines) || run > done[file]
	if (best) {
		done[file] = run
		lines[file] = $NF
	}
}
/^Taken at least once:/ && known {
	split($0, part, /[:% ]+/)
	if (best) {
		taken[file] = part[5] / 100 * $NF
		branches[file] = $NF
	}
	known = 0
}
function row(d, l, t, b, name) {
	printf "%6.1f %% of %5d lines  %6.1f %% of %5d branches  %s\n", 100 * d / l, l,
		b ? 100 * t / b : 100, b, name | "sort -k10"
}
END {
	for (file in lines) {
		room = substr(file, 1, index(file, "/") - 1)
		rooms[room] += lines[file]
		room_done[room] += done[file]
		room_branches[room] += branches[file]
		room_taken[room] += taken[file]
		total += lines[file]
		total_done += done[file]
		total_branches += branches[file]
		total_taken += taken[file]
		row(done[file], lines[file], taken[file], branches[file], file)
	}
	close("sort -k10")
	for (room in rooms)
		row(room_done[room], rooms[room], room_taken[room], room_branches[room], room)
	close("sort -k10")
	if (total)
		row(total_done, total, total_taken, total_branches, "all")
}
