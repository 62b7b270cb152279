#!/bin/sh
# race: all strategies on one problem; and the wizard in scripts.

# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:-.}/tests/cli/tap.sh"

# ---- for people ----
good race epochs=3
cp "$out" "$scratch/wanted"
says "how much was run" '315 runs of 156 updates: median, lowest and highest of 5 seeds'
for strategy in constant step exponential cosine plateau cyclic onecycle; do
	says "a row of $strategy" "  $strategy "
done
says "a toy is a toy" 'A toy regression is evidence about the toy'
says "nothing to compare with" 'No question is answered'
good race epochs=3
same_files "the same bytes again" "$scratch/wanted" "$out"
good race epochs=3 seed=2
result "another seed is another race" "$(cmp -s "$scratch/wanted" "$out" && echo "the same bytes")"
good race epochs=3 scale=large
says "beside the rules" 'the guide'

# ---- JSON ----
good race epochs=3 model=deep task=unknown --format json
cp "$out" "$scratch/json"
if [ -n "$python" ]; then
	result "JSON is right" "$("$python" - "$scratch/json" 2>&1 <<-'END'
	import json, sys
	race = json.load(open(sys.argv[1]))
	assert race["answers"] == {"model": "deep"}, race["answers"]
	assert race["runs"] == 315 and race["updates"] == 156 and race["seeds"] == 5
	assert len(race["rates"]) == 9 and race["rates"] == sorted(race["rates"])
	assert abs(race["rates"][-1] / race["limit"] - 1.4) < 1e-12
	rows = race["strategies"]
	assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
	assert rows[0]["rank"] == 1 and len(rows) == 7
	for row in rows:
	    assert row["lr"] in race["rates"]
	    for what in ("excess", "val_loss"):
	        assert row[what]["lowest"] <= row[what]["median"] <= row[what]["highest"]
	    assert (row["rules"] is None) == (row["strategy"] == "constant")
	assert {row["strategy"]: row for row in rows}["cosine"]["rules"]["support"] == 1
	excess = [row["excess"]["median"] for row in rows]
	assert excess == sorted(excess)
	END
	)"
fi
good race epochs=2 validation=0 --format json
says "no validation rows, no loss" '"val_loss":null'
good race epochs=2 optimizer=adam --format=json
says "no limit is known for adam" '"limit":null,"rates":[0.001,'
good race data=stackloss batch=full epochs=5 momentum=0.9 nesterov=yes

# A run that the race made is the run that train makes.
good race epochs=3 --format json
lr=$(sed 's/.*"rates":\[//; s/,.*//; q' "$out" | head -1)
result "the lowest rate reads back" "$(case $lr in 0.0*) ;; *) echo "found $lr" ;; esac)"

# ---- refused ----
refuses 2 "nearest: batch" race bach=3
refuses 2 "unknown answer to scale 'tiny'" race scale=tiny
refuses 2 "given twice" race epochs=2 epochs=3
refuses 2 "one word too many" race cosine
refuses 2 "nesterov" race nesterov=yes
refuses 2 "unknown data set" race data=nothing
refuses 1 "No such file" race data=./absent.csv
good race epochs=1 batch=full scale=medium task=classification
says "of two that are equal here, the one that the answers put first" 'step is first with both[.]'
says "and beside whom" 'with those of constant, so chance'
refuses 2 "standard input is read once" race data=- --rules - </dev/null
refuses 1 "absent.json" race --rules "$scratch/absent.json"
refuses 1 "cannot open ''" race --rules=
refuses 2 "value of --format" race --format xml
# A target that differs in one row: with seed 4 that is not among those to train on.
{ echo x,y && seq 1 20 | sed 's/$/,0/; 3s/0$/1/'; } >"$scratch/one.csv"
refuses 2 "seed=4: target 'y' is constant in the 16 training rows" race epochs=1 data="$scratch/one.csv"
good -c "data $scratch/one.csv; set epochs 3; race; dump" --ascii
says "the page has the reason" "stopped after 189 of 315 runs: seed=4: target 'y'"
good -c "data $scratch/one.csv; set epochs 3; show reach"
result "what the seeds before it reach is shown" "$(grep -c 'refused\|-$' "$out" | grep -v '^0$')"

# ---- the wizard in scripts ----
good -c 'answer scale small; answer model finetune; page wizard; dump'
says "the page shows the ranking" '1 onecycle'
good -c 'set total_steps 99; strategy cosine; answer model finetune; apply; show strategy; show total_steps; undo; show strategy'
same "apply fits the run, undo takes it back" "onecycle auto (1560) cosine" \
	"$(tr '\n' ' ' <"$out" | sed 's/ $//')"
good -c "answer scale small; decisive scale; length samples 9600; length batch 16; length epochs 3; save $scratch/told.json"
result "answers are saved" "$(grep -q '"scale": "small"' "$scratch/told.json" || cat "$scratch/told.json")"
good -c "open $scratch/told.json; page wizard; dump" --ascii
says "and opened" '-> 1800 steps'
good -c 'set epochs 3; race; dump' --ascii
says "a race in a script is run to its end" '315 runs of 156 updates'
refuses 2 "not enough to go on" -c 'apply'
refuses 2 "not answered" -c 'decisive scale'
refuses 2 "nearest: finetune" -c 'answer model finetun'
refuses 2 "whole number" -c 'length samples many'

# Rules of one's own, with a strategy that is not drawn, control characters and wide text.
cat >"$scratch/own.json" <<'END'
{"strategies": ["warm_restarts", "step"],
 "questions": [{"id": "mood", "asks": "\u001b[2J你好吗", "label": "心情", "options": [
   {"id": "fine", "label": "很好很好很好很好很好很好很好很好很好"}, {"id": "bad", "label": "\u001b]0;x\u0007"}]}],
 "rules": [{"id": "one", "source": "guide", "when": {"mood": "fine"},
   "recommend": ["warm_restarts"], "because": "\u001b[31mred"},
  {"id": "two", "source": "table", "when": {"mood": "bad"}, "recommend": ["step"], "row": "\u0000x"}]}
END
sed -i 's/\\u0000//' "$scratch/own.json"
good -c "rules $scratch/own.json; answer mood fine; page wizard; dump"
result "control characters do not pass" "$(tr -d '\n' <"$out" | grep -c '[[:cntrl:]]' | grep -v '^0$')"
says "what cannot be drawn is advice" 'cannot draw it'
refuses 2 "cannot draw" -c "rules $scratch/own.json; answer mood fine; apply"
good -c "rules $scratch/own.json; page wizard; dump" --size 60x16
good race epochs=2 --rules "$scratch/own.json" mood=fine
says "the rules' first is not here" 'not among the strategies here'
sed 's/"warm_restarts"/"onecycle"/g' "$scratch/own.json" >"$scratch/known.json"
good race epochs=2 --rules "$scratch/known.json" mood=fine
result "whose rules they are" "$(grep -q 'agrees with your rules' "$out" || tail -4 "$out")"
finish
