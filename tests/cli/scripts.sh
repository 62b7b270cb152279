#!/bin/sh
# run and -c: the explorer's commands without a screen.

# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:-.}/tests/cli/tap.sh"

script() { printf "$1" >"$scratch/script"; }

good -c ''
good -c ' ; ;; # nothing'
good -c 'set max_lr 0.2; show max_lr'
same "commands run in turn" 0.2 "$(cat "$out")"
good -c 'strategy cosine; show strategy; show lr; undo; show strategy; redo; show strategy'
same "undo and redo" "cosine 0.1 onecycle cosine" "$(tr '\n' ' ' <"$out" | sed 's/ $//')"
good -c 'show'
cp "$out" "$scratch/wanted"
good -c 'show study'
same_files "show is show study" "$scratch/wanted" "$out"
good -c 'strategy cyclic; show base_momentum; show scale_mode; show betas; strategy onecycle; show steps_per_epoch'
same "dials that are not seen have values too" "0.8 cycle 0.9,0.999 100" "$(tr '\n' ' ' <"$out" | sed 's/ $//')"
refuses 2 "unknown value 'bettas'; nearest: betas;" -c 'show bettas'
good -c 'set betas 0.8,0.99; data mtcars; dump'
result "no floor where there is no run" "$(grep 'floor' "$out")"
good -c 'show reading; show verdict; show reach'
says "a reading" "
excess "
good -c 'strategy cosine; play; pause; show reach'
same "a playhead keeps to itself what the run reaches" "cosine -" "$(grep -e ' -' "$out")"
good -c 'curtain on; show reach'
same "a curtain what any does" 7 "$(grep -c ' -$' "$out")"
good -c 'dump'
same "a dump has 24 rows" 24 "$(wc -l <"$out")"
good -c 'dump' --size 120x36 --ascii
same "or as many as --size says" 36 "$(wc -l <"$out")"
good -c 'show lr; quit; show nothing'
same "quit ends a script" 0.1 "$(cat "$out")"
good -c 'redraw; show lr'
good -c 'code'
says "code is Python" "
scheduler = torch.optim.lr_scheduler.OneCycleLR("

# ---- ; and quotes ----
mkdir "$scratch/folder"
printf 'a,y\n1,2\n2,1\n3,2\n4,5\n5,5\n' >"$scratch/folder/a;b #c.csv"
good -c "data '$scratch/folder/a;b #c.csv'; show data"
says "; in quotes does not split" "a;b #c.csv"
good -c "data \"$scratch/folder/a;b #c.csv\"; show lr"
HOME=$scratch/folder good -c "set data '~/a;b #c.csv'; show data; data '~/a;b #c.csv'; show data"
same "no shell expands ~/ in a command" 2 "$(grep -c "a;b #c.csv" "$out")"
refuses 2 "-c: command 2: unknown command 'b'" -c 'data a;b'
refuses 2 "-c" -c 'save "x'

# ---- files ----
good -c "save $scratch/one.json"
says "save says where" "$scratch/one.json"
good -c "set max_lr 0.3; save '$scratch/two words.json'; set max_lr 0.4;
	open '$scratch/two words.json'; show max_lr"
same "saved and opened" 0.3 "$(tail -n 1 "$out")"
good -c "dump $scratch/dump; code $scratch/code.py"
result "dump and code to files" "$(grep -q OneCycleLR "$scratch/code.py" || echo "no code"
	[ "$(wc -l <"$scratch/dump")" -eq 24 ] || echo "no dump")"
refuses 2 "save needs a file name" -c 'save'
for command in save dump code; do refuses 2 "'-' is standard input" -c "$command -"; done
good -c "save $scratch/one.json; save"
refuses 1 "No such file" -c "open $scratch/absent.json"
refuses 1 "xxx': File name too long" run "$(printf '%02000d' 0 | tr 0 x)"
refuses 1 "" -c "dump $scratch/absent/dump"
result "no file is left" "$(ls -d "$scratch/absent" 2>/dev/null)"
echo '{"version": 1, "nonsense": 3}' >"$scratch/bad.json"
refuses 1 "bad.json" -c "open $scratch/bad.json"

# ---- scripts ----
script 'strategy cosine # the rest is nothing; at all\n\n  set lr 0.3; show lr\r\n'
good run "$scratch/script"
same "a script" 0.3 "$(cat "$out")"
"$lrscope" run - <"$scratch/script" >"$out" 2>"$err"
same "from standard input" 0.3 "$(cat "$out")"
script 'show lr'
good run "$scratch/script"
same "no line end" 0.1 "$(cat "$out")"
: >"$scratch/script"
good run "$scratch/script"

# ---- what a file may have besides: a byte order mark, comments longer than any command ----
mark='\357\273\277'
long=$(printf '%05000d' 0)
script "${mark}set lr 0.3\n# $long\nshow lr # $long; show\n   #$long\n"
good run "$scratch/script"
same "mark and comments are left out" 0.3 "$(cat "$out")"
good -c "show lr # $long"
script "show lr\nsave $long # it\n"
refuses 1 "script: line 2: a command is longer than" run "$scratch/script"
"$lrscope" -c "save $scratch/plain.json" >"$out"
{ printf "$mark"; cat "$scratch/plain.json"; } >"$scratch/marked.json"
good -c "open $scratch/marked.json"
{ printf "$mark"; cat "$top_srcdir/data/rules.json"; } >"$scratch/marked-rules.json"
good -c "rules $scratch/marked-rules.json"
printf "$mark# T\nAbout.\n\n## S\n: strategy cosine\nText.\n" >"$scratch/marked.lesson"
good -c "lesson $scratch/marked.lesson"
printf "${mark}a,y\n1,2\n2,1\n3,2\n4,5\n5,5\n" >"$scratch/marked.csv"
good train step epochs=1 "data=$scratch/marked.csv" target=a
printf "$mark$mark{}" >"$scratch/twice.json"
refuses 1 "line 1, column 1" -c "open $scratch/twice.json"

# ---- read whole before the first command runs; nothing printed when one fails ----
script "save $scratch/never.json\nshow lr\nshwo lr\n"
refuses 1 "script: line 3: unknown command 'shwo'; nearest: show" run "$scratch/script"
result "nothing ran" "$(ls "$scratch/never.json" 2>/dev/null)"
script "show lr\nset lr\n"
refuses 1 "script: line 2" run "$scratch/script"
script "save $scratch/ran.json\nshow lr\nset lr abc\nsave $scratch/never.json\n"
refuses 1 "script: line 3: " run "$scratch/script"
result "what came before ran, what comes after did not" "$(ls "$scratch/ran.json" >/dev/null 2>&1 ||
	echo "no ran.json"; ls "$scratch/never.json" 2>/dev/null)"
refuses 2 "-c: command 2: " -c 'show lr; set lr abc'
refuses 2 "-c: command 2: " -c 'show lr; show nothing'
refuses 2 "-c: command 3: " -c 'show lr; show lr
set lr abc'
refuses 2 "max_lr: -1 is not allowed" -c 'set max_lr -1'
# What is lost is told as `train` does, what there is not is a dash.
lost='data trees; strategy constant; set batch 3; set epochs 300; set lr 5'
good -c "$lost; cursor 400; show reading; set validation 0; cursor end; show reading"
same "lost at an update, and at the end" "nan nan nan nan nan - nan -" \
	"$(awk '/^(excess|batch_loss|train_loss|val_loss) / { print $2 }' "$out" | tr '\n' ' ' | sed 's/ $//')"
good -c "$lost; curtain on; cursor 400; show reading"
result "nothing behind the curtain" "$(grep nan "$out")"
refuses 2 "unknown command" -c 'nothing'
refuses 2 "needs the explorer" -c 'show lr; edit'
refuses 2 "needs the explorer" -c 'prompt'
refuses 2 "needs the explorer" -c 'suspend'
script 'show\0 lr\n'
refuses 1 "line 1" run "$scratch/script"
refuses 1 "No such file" run "$scratch/absent"
refuses 1 "" run "$scratch"
refuses 2 "needs more words" run
refuses 2 "one word too many" run a b
refuses 2 "needs more words" -c
refuses 2 "too small" -c dump --size 10x5

# ---- every command's name is known, and every strategy and scene can be reached ----
for strategy in constant step exponential cosine plateau cyclic onecycle; do
	good -c "strategy $strategy; show verdict; dump" --ascii
done
good -c 'axis loss toggle; view next; view validation; overlay on; zoom in; cursor 100; show reading'
good -c 'page help; dump'
good -c 'page strategy; dump; scroll 3; back; page code; dump; page scenes; dump'

# ---- what `show` says of runs that are not plain ----
good -c 'strategy plateau; set epochs 12; cursor 300; show reading'
says "plateau's memory" "*best *bad_epochs *cooldown *next_lr *"
good -c 'set optimizer adam; set nesterov true; show verdict; show reach'
says "strategies that are refused" "*cosine refused*"
refuses 2 "nesterov" -c 'set optimizer adam; set nesterov true; show reading'
refuses 2 "no lesson is open" -c 'show lesson'
good -c 'lesson limit; show lesson'
says "a lesson's figures" "*= excess 4.5e-5 is *"
good -c 'show betas; show val_ripple'
printf '# T\nAbout.\n\n## S\n: strategy cosine\nIt is 5, 0.1 and 1.\n= rate@3 5\n= floor 0.1\n= validation_loss 1\n' \
	>"$scratch/own.lesson"
good -c "lesson $scratch/own.lesson; show lesson"
says "a figure that does not hold" "*= rate@3 5 IS NOT *"

finish
