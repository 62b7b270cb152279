#!/bin/sh
# list, show, export, plot: what there is, and what they refuse.

# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:-.}/tests/cli/tap.sh"

# ids: of the JSON in $out, on one line.
ids() { sed -n 's/^{"id":"\([^"]*\)".*/\1/p' "$out" | tr '\n' ' '; }

# ---- list ----
lists="strategies datasets optimizers commands keys words parameters"
good list
result "list names the lists" "$(for name in $lists; do
	grep -q "^$name " "$out" || echo "no $name"; done)"
good list --format json
same "as JSON" "$lists " "$(ids)"
good list strategies --format json
same "strategies" "constant step exponential cosine plateau cyclic onecycle " "$(ids)"
good list optimizers --format json
same "optimizers" "sgd adam adamw " "$(ids)"
good list datasets --format json
case $(ids) in *"concrete "*) found= ;; *) found="no concrete in $(ids)" ;; esac
result "data sets" "$found"
good list commands --format json
result "commands of the command line and of the explorer" "$(for name in trace train run set save; do
	case " $(ids)" in *" $name "*) ;; *) echo "no $name" ;; esac; done)"
good list keys --format json
good list words --format json
good list parameters step --format json
same "parameters" "lr step_size gamma " "$(ids)"
says "with type and default" '"id":"lr","type":"number","unit":"1","default":0.1,'
says "ranges, null where there is no bound" '"accepted":{"low":0,"high":null,'
says "what a dial offers" '"dial":{"low":0.0001,"high":1,'
for name in strategies datasets optimizers commands keys words; do
	good list "$name"
	result "list $name: no blanks at line ends" "$(grep -n ' $' "$out" | head -3)"
done
for strategy in constant step exponential cosine plateau cyclic onecycle; do
	good list parameters "$strategy"
	good list parameters "$strategy" --format json
	# Every name that is listed is taken with the value that is listed as its default.
	sed -n 's/^{"id":"\([^"]*\)".*"default":"*\([^",]*\).*/\1 \2/p' "$out" |
	while read -r name value; do
		[ "$value" != null ] || continue
		[ "$strategy" = plateau ] && set -- --metrics "$scratch/metric" || set --
		echo 1 >"$scratch/metric"
		"$lrscope" trace "$strategy" "$name=$value" "$@" >/dev/null 2>"$err" || cat "$err"
	done >"$scratch/complaints"
	result "trace $strategy takes its defaults" "$(cat "$scratch/complaints")"
	good show "$strategy"
	says "show $strategy names it" "$strategy"
	says "and its parameters" "
  lr "
done
if [ -n "$python" ]; then
	for name in $lists; do
		[ "$name" = parameters ] && set -- "$name" cyclic || set -- "$name"
		"$lrscope" list "$@" --format json >"$out"
		result "python reads list $*" "$("$python" -c '
import json, sys
ids = [item["id"] for item in json.load(sys.stdin)]
assert ids and len(set(ids)) == len(ids), ids' <"$out" 2>&1 | tail -n 1)"
	done
fi
refuses 2 "nearest: strategies" list strategie
refuses 2 "STRATEGY" list parameters
refuses 2 "nearest: cosine" list parameters cosin
refuses 2 "one word too many" list keys more
refuses 2 "one word too many" list parameters step more
refuses 2 "allowed: text, json" list keys --format csv
refuses 2 "unknown strategy" show nothing
refuses 2 "needs more words" show

# ---- export ----
for strategy in constant step exponential cosine plateau cyclic onecycle; do
	good export pytorch "$strategy"
	says "$strategy: a named peak" "
PEAK_LR = 0."
	says "an optimizer" "
optimizer = torch.optim.SGD("
	says "a scheduler" "
scheduler = torch.optim.lr_scheduler."
	if [ -n "$python" ]; then
		result "Python compiles it" "$("$python" -c 'import sys; compile(sys.stdin.read(), "x", "exec")' \
			<"$out" 2>&1 | tail -n 1)"
	fi
done
good export pytorch onecycle max_lr=0.25 epochs=10
says "values are resolved" "total_steps=520)"
says "the command that says the same" "
# lrscope train onecycle max_lr=0.25 epochs=10
"
good export pytorch plateau val_ripple=0.1
says "plateau is given the metric" "scheduler.step(val_loss + (epoch % 10) * 0.1)"
good export pytorch step
says "once an epoch" "
    if epoch + 1 < EPOCHS:"
good export pytorch step step_per=batch
says "or once a batch" "if update < updates:"
# A name with a line end must not leave the comment.
printf 'a,y\n1,2\n2,1\n3,2\n4,5\n5,5\n' >"$scratch/a
import os.csv"
good export pytorch step data="$scratch/a
import os.csv"
result "a comment stays one" "$(grep '^import os' "$out")"
refuses 2 "nearest: pytorch" export pytorh step
refuses 2 "needs more words" export pytorch
refuses 2 "" export pytorch onecycle epochs=3 total_steps=5
refuses 2 "" export pytorch step --format json
refuses 1 "No such file" export pytorch step data=/nowhere/at/all.csv
# What the table itself forbids is refused by all alike.
printf 'a,y\n1,2\n2,2\n3,2\n4,2\n' >"$scratch/constant.csv"
printf 'a,y\n1,1e300\n2,2\n3,3\n4,4\n' >"$scratch/huge.csv"
for words in "init=0.5" "data=$scratch/constant.csv" "data=$scratch/huge.csv standardize=no"; do
	# shellcheck disable=SC2086
	run train step $words
	cp "$err" "$scratch/wanted"
	for command in "export pytorch" plot; do
		# shellcheck disable=SC2086
		refuses 2 "" $command step $words
		same_files "$command and train: $words" "$scratch/wanted" "$err"
	done
	refuses 2 "$(sed 's/^lrscope: //' "$scratch/wanted")" \
		-c "ghost off; strategy step; set $(echo "$words" | sed 's/=/ /g; s/ standardize /; set standardize /'); code"
done
good export pytorch step data="$scratch/constant.csv" standardize=no

# The command in the code's head says the same run again, quoted for a shell.
printf 'a,y\n1,2\n2,1\n3,2\n4,5\n5,5\n' >"$scratch/it's a \$set; #1.csv"
# again WORDS...
again() {
	run train "$@"
	cp "$out" "$scratch/wanted"
	command=$("$lrscope" export pytorch "$@" | sed -n 's/^# lrscope //p')
	eval "run $command"
	same_files "said again: $command" "$scratch/wanted" "$out"
}
again step
again constant lr=0.02 epochs=3 batch=full
again step step_size=10 gamma=0.5 optimizer=adamw weight_decay=0 betas=0.8,0.99 epochs=40
again cosine T_max=30 eta_min=1e-3 data="$scratch/it's a \$set; #1.csv" target=a batch=2
again plateau val_ripple=0.1 patience=1 init=1,2,3,4,5,6,7,8,9 epochs=12 standardize=no lr=1e-6
again cyclic step_size_up=auto base_lr=auto mode=triangular2 seed=7 split=tail validation=0.5
again onecycle max_lr=0.3 lr=5 cycle_momentum=no steps_per_epoch=80 epochs=5 shuffle=no step_per=batch
again onecycle total_steps=40 step_per=epoch momentum=0.5 nesterov=yes cycle_momentum=no

# ---- plot ----
# size COLUMNS ROWS: the last output is at most that wide and that high.
size() {
	result "at most $1x$2" "$(awk -v w="$1" -v h="$2" 'length > w { print "wide: " $0 }
		END { if (NR > h) print NR " rows" }' "$out")"
}
good plot onecycle
size 80 24
result "only ASCII in a C locale" "$(LC_ALL=C grep -n '[^ -~]' "$out" | head -3)"
good plot onecycle --size 120x36
size 120 36
good plot cosine lr=0.3 --size 120x36
result "the other strategies as the explorer has them" "$("$lrscope" -c 'strategy cosine; set lr 0.3; show reach' |
	awk '{ printf "%.2g\n", $2 }' | sort >"$scratch/reach"
	sed -n 3p "$out" | tr -s ' ' '\n' | awk '/^[0-9.e-]+$/ && $1 != 9 { printf "%.2g\n", $1 }' | sort |
	diff "$scratch/reach" - 2>&1)"
good plot cosine --size 200x60 --ascii
size 200 60
good plot plateau --size=60x16
good plot cyclic --color always
result "--color always colours" "$(grep -q "$(printf '\033')" "$out" || echo "no colours")"
good plot step --color never
cp "$out" "$scratch/wanted"
good plot step
same_files "--color auto does not, in a file" "$scratch/wanted" "$out"
if locale -a 2>/dev/null | grep -qi '^C\.utf-*8$'; then
	LC_ALL=C.UTF-8 "$lrscope" plot step >"$out" 2>"$err"
	result "Braille in UTF-8" "$(LC_ALL=C grep -q "$(printf '\342\240')" "$out" || echo none)"
	LC_ALL=C.UTF-8 "$lrscope" plot step --ascii >"$out" 2>"$err"
	same_files "--ascii is what the C locale gives" "$scratch/wanted" "$out"
	LRSCOPE_ASCII=1 LC_ALL=C.UTF-8 "$lrscope" plot step >"$out" 2>"$err"
	same_files "and LRSCOPE_ASCII" "$scratch/wanted" "$out"
fi
refuses 2 "too small" plot step --size 10x5
refuses 2 "--size" plot step --size 80
refuses 2 "--size" plot step --size 80x
refuses 2 "--size" plot step --size 2000x24
refuses 2 "--size" plot step --size -80x24
refuses 2 "--size" plot step --size axb
refuses 2 "156" plot onecycle epochs=3 total_steps=100
refuses 2 "step_per" plot plateau step_per=batch
refuses 2 "T_max=0.2: the recursion divides by zero" plot cosine T_max=0.2
refuses 2 "max_lr=-0.01: " plot onecycle max_lr=-0.01
refuses 2 "nearest: concrete" plot step data=concret
refuses 1 "No such file" plot step data=/nowhere/at/all.csv

finish
