#!/bin/sh
# `advise`: ranking, reasons, questions asked in lines, rules of one's own.

# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:-.}/tests/cli/tap.sh"
LANGUAGE=
export LANGUAGE

# order: strategies of the last JSON output with their support, in order, on one line.
order() {
	sed -n 's/^{"strategy":"\([a-z0-9_]*\)","rank":[0-9]*,"support":\([0-9]*\),.*/\1:\2/p' "$out" |
		tr '\n' ' ' | sed 's/ $//'
}

# valid NAME: the last output is JSON.
valid() {
	if [ -n "$python" ]; then
		result "$1" "$("$python" -m json.tool "$out" 2>&1 >/dev/null)"
	fi
}

# one ORDER ANSWER: with one answer, exactly the source's strategies in its order.
one() {
	run advise "$2" --format json
	same "$2 alone" "$1" "$(order | tr ' ' '\n' | sed -n 's/:1$//p' | tr '\n' ' ' | sed 's/ $//')"
}
one "onecycle cyclic" scale=small
one "step exponential" scale=medium
one "cosine plateau" scale=large
one "step exponential" model=simple
one "cosine plateau onecycle" model=deep
one "onecycle" model=finetune
one "step cosine cyclic" task=classification
one "exponential plateau" task=regression
one "plateau exponential" task=timeseries
one "exponential plateau" task=nlp
one "cosine plateau" sensitivity=sensitive
one "cyclic onecycle" sensitivity=insensitive
one "plateau" loss=fluctuating
one "step exponential" loss=steady

# ---- JSON ----
good advise scale=small model=finetune task=nlp sensitivity=sensitive --format json
valid "advise as JSON"
same "all strategies, best first" \
	"onecycle:2 plateau:2 cyclic:1 exponential:1 cosine:1 step:0" "$(order)"
says "answers" '{"answers":{"scale":"small","model":"finetune","task":"nlp","sensitivity":"sensitive"}'
says "enough" '"enough":true'
says "support of answers" '"support":2,"of":4'
says "reasons" '{"rule":"guide.scale.small","question":"scale","text":"'
says "a table row is a reason" '{"rule":"table.3","question":"model","text":"'
says "what speaks against" '"against":[[]*{"rule":"table.7","question":"task","text":"the table names exponential, plateau instead"}'
says "where they differ" '"differences":[[]{"question":"task","text":"language: only the table knows it"}'
says "what would change it" '{"question":"loss","answer":"fluctuating","strategy":"plateau","support":3,"of":5,"joint":1}'
cp "$out" "$scratch/first"
run advise --format=json sensitivity=sensitive task=nlp loss=unknown model=finetune scale=small
same_files "unknown is leaving it out, and the order of words does not matter" "$scratch/first" "$out"

good advise --format json
valid "advise without answers as JSON"
says "not enough" '{"answers":{},"decisive":[[][]],"enough":false,'
says "of none" '"support":0,"of":0'
same "ordered by the rules that name them" \
	"plateau:0 exponential:0 cosine:0 step:0 onecycle:0 cyclic:0" "$(order)"

# ---- decisive answers ----
run advise scale=large model=finetune sensitivity=sensitive --format json
same "before" "cosine:2 plateau:2 onecycle:1 step:0 exponential:0 cyclic:0" "$(order)"
good advise scale=large model=finetune sensitivity=sensitive --decisive model --format json
same "a decisive answer comes before all others" \
	"onecycle:1 cosine:2 plateau:2 step:0 exponential:0 cyclic:0" "$(order)"
says "decisive answers" '"decisive":[[]"model"]'
good advise scale=large model=finetune --decisive model,scale
says "decisive answers in text" 'model=finetune (decisive)'

# ---- text ----
good advise scale=small model=finetune task=nlp sensitivity=sensitive
says "answers in text" '4 of 5 questions answered: scale=small, model=finetune'
says "a joint rank" '=1  onecycle     2 of 4 answers'
says "a rank alone" ' 6  step         0 of 4 answers'
says "why the first is first" 'onecycle ties with plateau and leads: its rules name fewer'
says "where guide and table differ" 'language: only the table knows it'
says "what would change it" 'loss=fluctuating: plateau alone, 3 of 5 answers'
result "lines fit into 80 columns" "$(awk 'length > 79' "$out")"
good advise model=deep
says "the guide adds one cycle" 'deep: the guide adds onecycle'
good advise
says "not enough to go on" 'Not enough to go on'
says "most broadly supported" 'plateau      named by 10 of 21 rules'
says "the questions" 'sensitivity=sensitive|insensitive'

# ---- refused ----
refuses 2 "unknown question 'scal'; nearest: scale; allowed: scale, model" advise scal=small
refuses 2 "'smal'; nearest: small; allowed: small, medium, large, unknown" advise scale=smal
refuses 2 "scale" advise scale=
refuses 2 "given twice" advise scale=small scale=large
refuses 2 "one word too many" advise small
refuses 2 "allowed: text, json" advise --format csv
refuses 2 "'task' cannot be decisive" advise scale=small --decisive task
refuses 2 "unknown question" advise scale=small --decisive scale,
refuses 2 "standard input" advise --ask --rules -
refuses 1 "absent.json" advise --rules absent.json
refuses 1 "cannot open ''" advise --rules=
refuses 1 "line 1" advise --rules /dev/null
refuses 1 "folder" advise --rules "$scratch"

# ---- asked in lines ----
# ask ANSWERS WORDS...: answers as printf takes them.
ask() {
	answers=$1
	shift
	# shellcheck disable=SC2059
	printf "$answers" | "$lrscope" advise --ask "$@" >"$out" 2>"$err"
	status=$?
}
run advise scale=small model=finetune task=nlp sensitivity=sensitive
cp "$out" "$scratch/wanted"
ask 'small !\n'
says "a blank before the mark" 'decisive'
result "is no part of the word" "$(grep 'unknown option' "$out")"
ask 'small\nfine\n4\nsens\n?\n'
result "ids, beginnings, numbers and ?" "$(complaint 0)"
result "the same recommendation" "$(tail -n "$(wc -l <"$scratch/wanted")" "$out" |
	diff "$scratch/wanted" - | head)"
says "the question is shown" '1/5  How much data, and how long'
says "its options are shown" '3 finetune (fine-tuning)'
ask 'SMALL\r\n  finetune \n language\nsensitive'
result "blanks, capitals, labels, no last line feed" "$(tail -n "$(wc -l <"$scratch/wanted")" "$out" |
	diff "$scratch/wanted" - | head)"
ask ''
result "no answer at all" "$(complaint 0)"
says "no answer at all is not enough" 'Not enough to go on'
ask '\n\n\n\n\n'
says "empty lines are not enough" 'Not enough to go on'
ask 'mid\nmedium\n'
says "a wrong answer is told" "unknown option 'mid'; *allowed: small, medium, large"
says "and asked for again" '1 of 5 questions answered: scale=medium'
ask 'huge\nvast\nbig\ndeep\n'
says "three wrong answers leave a question open" '1 of 5 questions answered: model=deep'
ask '0\n4\n1e3\ns\n'
says "numbers are checked" "'0' is no option: 1 to 3"
ask '2147483648\n-2147483648\n4294967297\n'
says "none of them wraps round" "'4294967297' is no option: 1 to 3"
ask '\n\n\ns\nsteady\n'
says "a beginning that fits one" "sensitivity=sensitive"
ask '\n\n\nse\nx\n' loss=steady
says "given answers are not asked for" '2 of 5 questions answered: sensitivity=sensitive, loss=steady'
ask 'large\nfinetune!\n\nsensitive\n' --format json
valid "asked, as JSON"
says "marked decisive" '"decisive":[[]"model"]'
same "questions are asked aside" "1" "$(grep -c 'What is being trained' "$err")"
ask 'sm\000all\n\033[31m\n\302\233\n'
result "control characters are shown safely" "$(tr -d '\n' <"$out" | grep -c '[[:cntrl:]]' | grep -v 0)"
"$lrscope" advise --ask </dev/zero >"$out" 2>"$err"
status=$?
result "an endless line ends the asking" "$(complaint 0)"
yes maybe 2>/dev/null | "$lrscope" advise --ask >"$out" 2>"$err"
status=$?
result "endless wrong answers end" "$(complaint 0)"
"$lrscope" advise --ask <&- >"$out" 2>"$err"
status=$?
result "without a standard input" "$(complaint 0)"

# ---- rules of one's own ----
cat >"$scratch/own.json" <<'RULES'
{"about": "options as plain strings, a strategy that lrscope cannot draw, texts by language",
 "strategies": ["warmup", "cosine"],
 "questions": [{"id": "size", "asks": {"zh": "大", "en": "How big is it?"},
    "options": ["big", "small"]},
    {"id": "mood", "asks": "How do you\nfeel?\u001b[31m", "options": ["good", "bad"]}],
 "rules": [{"id": "one", "source": "guide", "when": {"size": "big", "mood": ["good", "bad"]},
    "recommend": ["warmup"], "because": "it \u001b]0;title\u0007 takes\u200b time"},
    {"id": "two", "source": "table", "when": {"size": "small"}, "recommend": ["cosine"],
    "row": "small"}]}
RULES
good advise --rules "$scratch/own.json" size=big mood=bad --format json
valid "own rules as JSON"
same "own strategies" "warmup:2 cosine:0" "$(order)"
same "a rule over two questions is a reason of each" "2" \
	"$(grep -o '{"rule":"one","question":"[a-z]*","text":"it' "$out" | wc -l | tr -d ' ')"
good advise --rules "$scratch/own.json"
says "English where the locale is C" 'How big is it[?]'
result "texts are made safe" "$(tr -d '\n' <"$out" | grep -c '[[:cntrl:]]' | grep -v 0)"
good advise --rules "$scratch/own.json" size=big mood=bad
result "reasons are made safe" "$(tr -d '\n' <"$out" | grep -c '[[:cntrl:]]' | grep -v 0)"
"$lrscope" advise --rules - size=small <"$scratch/own.json" >"$out" 2>"$err"
status=$?
result "rules from standard input" "$(complaint 0)"
says "rules from standard input rank" '1  cosine'
sed 's/"big", "mood"/"bgi", "mood"/' "$scratch/own.json" >"$scratch/bad.json"
refuses 1 "bad.json: line 6, column 54: rules[[]0].when.size: unknown option 'bgi'; *allowed: big, small" \
	advise --rules "$scratch/bad.json"
# An option whose id begins the others' can still be chosen.
sed 's/"big"/"a"/g; s/"small"/"ab"/g' "$scratch/own.json" >"$scratch/short.json"
ask 'a\ngood\n' --rules "$scratch/short.json"
result "an id is its option, not a beginning" "$(complaint 0)"
says "though others begin so" '2 of 2 questions answered: size=a, mood=good'
run advise --rules "${top_srcdir:-.}/data/rules.json" scale=small
cp "$out" "$scratch/first"
run advise scale=small
same_files "data/rules.json is what is compiled in" "$scratch/first" "$out"

finish
