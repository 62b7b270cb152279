#!/bin/sh
# Which file a path leads to: links, "..", folders that are gone, names that are not UTF-8, and tables
# that can be read only once.

# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:-.}/tests/cli/tap.sh"

mkdir "$scratch/work"
cd "$scratch/work" || exit 1
here=$(pwd -P)
printf 'a,b,y\n1,2,3\n2,3,4\n4,5,1\n1,9,9\n' >ok.csv

# ---- ".." behind a link is the folder above what it leads to, as it is to the kernel ----
mkdir -p A/B
ln -s A/B link
cp ok.csv A/f.csv
sed 's/9,9/9,99/' ok.csv >f.csv
for path in link/../f.csv ./link/../f.csv "$here/link/../f.csv" A/../link/./../f.csv link/x/../../f.csv \
	A/B/../f.csv; do
	good -c "data $path; show data"
	same "data $path" ./A/f.csv "$(cat "$out")"
done
good -c "data A/B/../../f.csv; show data"
same "without a link" ./f.csv "$(cat "$out")"
good -c "data link/../../f.csv; show data"
same "twice" ./f.csv "$(cat "$out")"
cp ok.csv A/B/f.csv
good -c "data link/f.csv; show data"
same "a link keeps its name" ./link/f.csv "$(cat "$out")"
cp "$cases/../../data/rules.json" A/rules.json
echo '{}' >rules.json
good -c 'rules link/../rules.json; answer scale small'
refuses 1 "rules.json" -c 'rules A/../rules.json'

# ---- a folder that is gone: absolute paths need none ----
mkdir gone sub
good -c "data ./ok.csv; save ./sub/t.json"
cd gone || exit 1
rmdir ../gone
good -c "data $here/ok.csv; show data; rules $here/A/rules.json; open $here/sub/t.json; show data"
same "absolute paths" "$here/ok.csv $here/ok.csv" "$(grep csv "$out" | tr '\n' ' ' | sed 's/ $//')"
for words in 'data ../ok.csv' 'data ./ok.csv' 'rules ../A/rules.json'; do
	refuses 1 "the working folder has no path: No such file" -c "$words"
done
cd "$here" || exit 1
# A path longer than 2048 bytes, and one that getcwd does not know.
part=$(printf '%0200d' 0)
for depth in 12 25; do
	(
		k=0
		while [ $k -lt $depth ]; do
			mkdir -p "$part" && cd "$part" || exit 1
			k=$((k + 1))
		done
		"$lrscope" -c "data $here/ok.csv; show data; open $here/sub/t.json; show data"
	) >"$out" 2>"$err"
	same "$depth folders deep" "$here/ok.csv $here/ok.csv" \
		"$(grep csv "$out" "$err" | sed 's/^[^:]*://' | tr '\n' ' ' | sed 's/ $//')"
done
refuses 2 "is longer than 1023 bytes" -c "data $here/$part/$part/$part/$part/$part/$part/x.csv"

# ---- a study behind a link: its data is seen from where the file is ----
same "seen from the study" '		"data": "../ok.csv",' "$(grep '"data": ' sub/t.json)"
ln -s sub/t.json t2.json
ln -s ../t2.json A/t3.json
ln -s ../A/t3.json sub/t4.json
for link in ./t2.json ./A/t3.json sub/t4.json "$here/A/../t2.json" link/../t3.json; do
	good -c "open $link; show data"
	same "opened through $link" ./ok.csv "$(tail -n 1 "$out")"
	cp sub/t.json wanted
	good -c "open $link; save"
	same_files "saved through it" wanted sub/t.json
done
ln -s sub/new.json new.json
good -c 'data ./ok.csv; save ./new.json'
good -c 'open ./sub/new.json; show data'
same "a new file behind a link" ./ok.csv "$(tail -n 1 "$out")"
# A folder behind a link: "../" leads out of the folder itself.
good -c 'data ./ok.csv; save ./link/t.json'
same "a folder behind a link" '		"data": "../../ok.csv",' "$(grep '"data": ' A/B/t.json)"
good -c 'open ./link/t.json; show data'
same "comes back" ./ok.csv "$(tail -n 1 "$out")"
good -c 'data ./link/f.csv; save ./link/t.json; open ./A/B/t.json; show data'
same "what lies beside the study moves with it" './A/B/f.csv		"data": "./f.csv",' \
	"$(tail -n 1 "$out" | tr -d '\n'; grep '"data": ' A/B/t.json)"
good -c 'data ./link/f.csv; save ./t.json; open ./t.json; show data'
same "a link below the study keeps its name" ./link/f.csv "$(tail -n 1 "$out")"
good -c 'rules ./A/rules.json; save ./sub/t.json; open ./t2.json'
same "rules too" '		"rules": "../A/rules.json"' "$(grep '"rules": ' sub/t.json)"
"$lrscope" -c 'data ./ok.csv; save /dev/stdout' 2>"$err" | sed '/^saved/d' >stream.json
"$lrscope" -c 'open -; show data' <stream.json 2>"$err" | tail -n 1 >"$out"
same "a stream is seen from here" ./ok.csv "$(cat "$out")"

# ---- names that a study file cannot hold ----
bad=$(printf 'b\377d')
cp ok.csv "$bad.csv"
sed "1s/a/$bad/" ok.csv >column.csv
cp A/rules.json "$bad.json"
rm -f sub/t.json
for words in "data './$bad.csv'" "data './$bad.csv'; data swiss" "data column.csv; set target '$bad'" \
	"rules './$bad.json'"; do
	refuses 2 "is not UTF-8" -c "$words; save ./sub/t.json"
done
result "nothing is left of them" "$(ls sub/t.json 2>/dev/null)"
mkdir "$bad"
cp ok.csv "$bad/ok.csv"
good -c "data './$bad/ok.csv'; ghost off; save './$bad/t.json'"
good -c "open './$bad/t.json'"
good -c "data column.csv; set target 'b?d'; save ./sub/t.json; open ./sub/t.json"
good -c "data './$bad.csv'; data swiss; ghost off; save ./sub/t.json; open ./sub/t.json"


# ---- a table that can be read only once is read once ----
# once NAME COMMANDS: a table from a pipe gives what a file gives.
once() {
	"$lrscope" -c "data ./ok.csv; $2; show reading" >wanted 2>"$err" </dev/null
	for word in - /dev/stdin; do
		cat ok.csv | "$lrscope" -c "data $word; $2; show reading" >"$out" 2>>"$err"
		same_files "$1 of $word" wanted "$out"
	done
	result "$1: no complaints" "$(cat "$err")"
}
once "another split" 'set split tail'
once "other units" 'set standardize no'
once "none held out" 'set validation 0'
once "another seed" 'set seed 3; swap; set seed 4'
once "another target" 'set target a; swap; set target b'
once "undone" 'data swiss; ghost off; undo; undo'
once "two sets later" 'data swiss; data trees; undo; undo'
cat ok.csv | "$lrscope" -c "data -; set target nothing" >"$out" 2>"$err"
status=$?
result "a target that is not there" "$(complaint 2; grep -q "unknown target column 'nothing'" "$err" ||
	cat "$err")"

finish
