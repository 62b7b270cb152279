# Sums up what `gcov -n` prints: lines run, a row for each file of the rooms, then each room.
/^File / {
	file = $2
	gsub(/'/, "", file)
	known = sub(/^.*src\//, "", file) && file ~ /^[a-z]+\/[a-z_0-9]+\.c$/ && file !~ /\/ship\.c$/
}
/^Lines executed:/ && known {
	split($0, part, /[:% ]+/)
	run = part[3] / 100 * $NF
	if (!(file in lines) || run > done[file]) {
		done[file] = run
		lines[file] = $NF
	}
	known = 0
}
END {
	for (file in lines) {
		room = substr(file, 1, index(file, "/") - 1)
		rooms[room] += lines[file]
		room_done[room] += done[file]
		total += lines[file]
		total_done += done[file]
		printf "%6.1f %% of %5d  %s\n", 100 * done[file] / lines[file], lines[file], file | "sort -k5"
	}
	close("sort -k5")
	for (room in rooms)
		printf "%6.1f %% of %5d  %s\n", 100 * room_done[room] / rooms[room], rooms[room], room | "sort -k5"
	close("sort -k5")
	if (total)
		printf "%6.1f %% of %5d  all\n", 100 * total_done / total, total
}
