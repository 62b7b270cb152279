#!/bin/sh
# Files, names and cells with control sequences in them: none reaches the terminal, neither on
# standard output of a terminal, nor in errors, nor on the screen that is printed.

# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:-.}/tests/cli/tap.sh"

# What a terminal would act on: C0 but line feed, DEL, C1, bidi controls, zero-width, U+2028/9.
esc=$(printf '\033')
evil="$esc]0;title$(printf '\007')$esc[2J$esc[31m$(printf '\302\233')5m$(printf '\342\200\256')x$(printf '\342\200\213\177\b')"
unsafe='[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf'

# harmless NAME: neither stream of the last run has any of it, as it is or as bytes of JSON.
harmless() {
	found=$(grep -ahP "$unsafe" "$out" "$err" | head -3)
	result "$1" "$([ -z "$found" ] || printf '%s' "$found" | od -c | head -8)"
}
printf 'a%sb\n' "$evil" >"$out"
: >"$err"
case $(harmless sample) in
"not ok"*) same "sample: control sequences are found" found found ;;
*) same "sample: control sequences are found" found "not found" ;;
esac

# utf8 NAME: standard output of the last run is nothing else.
utf8() {
	result "UTF-8: $1" "$(LC_ALL=C.UTF-8 grep -axnv '.*' "$out" | head -3 | cat -v)"
}
printf 'a\377b\n' >"$out"
case $(utf8 sample) in
"not ok"*) same "sample: a byte that is not UTF-8 is found" found found ;;
*) same "sample: a byte that is not UTF-8 is found" found "not found" ;;
esac

hostile=$scratch/hostile
mkdir "$hostile"
cd "$hostile" || exit 1

# ---- a locale without UTF-8: standard output and errors are ASCII ----
mkdir plain
name=$(printf 'gr\303\266\303\237e\302\205')
printf 'a%s,b%s,y\n1,2,3\n2,1,5\n3,3,1\n4,1,7\n5,2,2\n' "$name" "$name" >"plain/$name.csv"
"$lrscope" -c "save plain/$name.json" >"$out"
for words in "train step epochs=1 --weights data=plain/$name.csv" \
	"train step epochs=1 --weights --format json data=plain/$name.csv" \
	"plot step epochs=1 data=plain/$name.csv" "export pytorch step data=plain/$name.csv" \
	"run plain/script" "train step data=plain/no$name.csv"; do
	printf 'data plain/%s.csv\nshow\nshow data\nsave plain/%s.json\nopen plain/%s.json\ndump\n%s' \
		"$name" "$name" "$name" "dump plain/$name" >plain/script
	# shellcheck disable=SC2086
	LC_ALL=C "$lrscope" $words >"$out" 2>"$err" </dev/null
	result "ASCII alone: ${words%% *}" "$([ -s "$out" ] || [ -s "$err" ] || echo "says nothing"
		! LC_ALL=C grep -aqP '[\x80-\xff]' "$out" "$err" || od -c "$out" "$err" | grep '[0-9]\{3\} ')"
done
LC_ALL=C "$lrscope" train step epochs=1 --weights "data=plain/$name.csv" >"$out" 2>"$err"
same "names stay apart" 'w_agr\u00f6\u00dfe\ufffd,w_bgr\u00f6\u00dfe\ufffd' \
	"$(head -n 1 "$out" | cut -d, -f8,9)"
LC_ALL=C.UTF-8 "$lrscope" train step epochs=1 --weights "data=plain/$name.csv" >"$out" 2>"$err"
same "as they are in UTF-8" "$(printf 'w_agr\303\266\303\237e\357\277\275')" \
	"$(head -n 1 "$out" | cut -d, -f8)"
rm -r plain

# ---- data ----
{
	printf '"a%s","b","target%s"\n' "$evil" "$evil"
	for row in 1,2,3 2,1,5 3,3,1 4,1,7 5,2,2 6,9,1 7,1,2 8,2,2 9,1,1 1,1,8; do echo "$row"; done
} >data.csv
printf 'a,b\n1,%s\n' "$evil" >cell.csv
printf 'a%s,a%s\n1,2\n' "$evil" "$evil" >twice.csv
cp data.csv "$(printf 'name%s.csv' "$evil")"
good train step data=data.csv epochs=2
harmless "train on evil columns"
for words in "plot step data=data.csv epochs=2 --color always" "plot step data=data.csv epochs=2 --ascii" \
	"export pytorch step data=data.csv" "train step data=data.csv epochs=1 --weights" \
	"train step data=data.csv epochs=1 --format json"; do
	# shellcheck disable=SC2086
	LC_ALL=C.UTF-8 "$lrscope" $words >"$out" 2>"$err" </dev/null
	# Colours are the program's own.
	sed -i "s/$esc\[[0-9;]*m//g" "$out"
	harmless "$words"
done
refuses 1 "cell.csv" train step data=cell.csv
harmless "a cell that is no number"
refuses 1 "twice.csv" train step data=twice.csv
harmless "a column that is there twice"
refuses 2 "" train step data=data.csv "target=$evil"
harmless "a target that is not there"
run train step "data=./name$evil.csv" epochs=1
harmless "a file's name"
run train step "data=./no$evil.csv"
harmless "the name of no file"
named="./name$evil$(printf '\377').csv"
cp data.csv "$named"
LC_ALL=C.UTF-8 "$lrscope" export pytorch step "data=$named" >"$out" 2>"$err"
harmless "Python that quotes a file's name"
utf8 "Python that quotes a file's name"
same "the name stays in its comment" "# lrscope train step" "$(sed -n "2s/ 'data=.*//p" "$out")"
run -c "data '$named'; code ./code.py"
cp code.py "$out"
harmless "the same in a file"
utf8 "the same in a file"

# ---- command lines ----
for words in "trace $evil" "trace step $evil=1" "trace step gamma=$evil" "trace step --$evil" "$evil" \
	"trace step --steps $evil" "--help $evil" "list parameters $evil" "-c $evil" "advise $evil=x" \
	"advise scale=$evil" "show $evil" "run ./$evil"; do
	# shellcheck disable=SC2086
	run $words
	result "refused: an evil word" "$(complaint "$status")"
	harmless "an evil word"
done
run -c "set $evil 1"
harmless "a command's word"
run -c "data ./data.csv; show study; show target; show reading; dump"
harmless "a study of evil columns, dumped"
run -c "save '$hostile/$evil.json'"
harmless "saved under an evil name"
run -c "open '$hostile/$evil.json'"
harmless "opened under an evil name"

# ---- studies, rules, lessons, metrics, scripts ----
json="\\u001b[31m\\u202e\\u009b5m\\u0007"
printf '{"lrscope":1,"strategy":"%s"}' "$json" >strategy.json
printf '{"lrscope":1,"%s":1}' "$json" >key.json
printf '{"lrscope":1,"strategy":"step","training":{"data":"%s.csv"}}' "$json" >data.json
printf '{"lrscope":1,"strategy":"step",%s}' "$evil" >raw.json
for file in strategy key data raw; do
	refuses 1 "" -c "open ./$file.json"
	harmless "a study with an evil $file"
done
sed "s/\"label\": \"small\"/\"label\": \"$(printf '%s' "$json" | sed 's/\\/\\\\\\\\/g')\"/
	s/\"because\": \"/&$(printf '%s' "$json" | sed 's/\\/\\\\\\\\/g')/" \
	"$cases/../../data/rules.json" | sed 's/\\\\u/\\u/g' >rules.json
for words in "advise --rules rules.json scale=small" "advise --rules rules.json" \
	"advise --rules rules.json scale=small --format json" "advise --rules raw.json"; do
	# shellcheck disable=SC2086
	run $words
	harmless "$words"
done
run -c "rules ./rules.json; page wizard; answer scale small; dump"
harmless "the wizard with evil rules"
printf '# %s\nabout %s\n\n## %s\n: set lr %s\n%s\n' "$evil" "$evil" "$evil" "$evil" "$evil" >bad.lesson
printf '# T\nabout %s\n\n## S\n: set max_lr 0.1\ntext %s\n? q %s\n> a %s\n' "$evil" "$evil" "$evil" "$evil" \
	>text.lesson
for file in bad text; do
	run -c "lesson ./$file.lesson; show lesson; page lesson; dump"
	harmless "an evil lesson: $file"
done
printf '%s\n1\n' "$evil" >metrics
run trace plateau --metrics metrics
harmless "evil metrics"
printf 'show study\n%s\n' "$evil" >script
run run script
harmless "an evil script"

# ---- on a terminal, where there is one to be had ----
if command -v script >/dev/null 2>&1; then
	script -qec "'$lrscope' train step 'data=./data.csv' epochs=1; '$lrscope' train step data=cell.csv" \
		/dev/null >"$out" 2>"$err" </dev/null
	sed -i 's/\r$//' "$out"
	harmless "output to a terminal"
fi

finish
