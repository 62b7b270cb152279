#!/bin/sh
# `train`: PyTorch's own runs, columns, weights, words, data files.

# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:-.}/tests/cli/tap.sh"

# compare GOLDEN: the rows of $out against it. Rates and momentum are equal digit by digit; losses
# within 1e-11 of their size, weights within 1e-11 of it or of 1 (torch sums in another order).
compare() {
	awk -F, '
	function number(value) { sub(/\.0$/, "", value); return value }
	function exact(name, wanted, got) {
		if (number(wanted) != got) complain(name, wanted, got)
	}
	function near(name, wanted, got, least,   size) {
		if (number(wanted) == got) return
		if (wanted ~ /n/ || got ~ /n/) { complain(name, wanted, got); return }
		size = wanted < 0 ? -wanted : wanted + 0
		if (size < least) size = least
		if (wanted - got > 1e-11 * size || got - wanted > 1e-11 * size)
			complain(name, wanted, got)
	}
	function complain(name, wanted, got) {
		if (++bad <= 5) print "row " FNR - 2 ", " name ": wanted " wanted ", got " got
	}
	NR == FNR {
		if (FNR == 1) for (i = 1; i <= NF; i++) column[$i] = i
		else row[FNR] = $0
		rows = FNR
		next
	}
	FNR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
	{
		split(row[FNR], got, ",")
		for (i = 1; i <= NF; i++) {
			if (name[i] ~ /^(epoch|lr|lr_last|momentum)$/)
				exact(name[i], $i, got[column[name[i]]])
			else if (name[i] == "loss")
				near("loss", $i, got[column["train_loss"]], 0)
			else if (name[i] ~ /^w[0-9]$/)
				near(name[i], $i, got[column["w_x" substr(name[i], 2)]], 1)
			else if (name[i] == "b")
				near("bias", $i, got[column["bias"]], 1)
		}
	}
	END { if (FNR != rows) print "wanted " FNR " lines, got " rows }' "$out" "$1"
}

if [ -d "$golden/train-open" ]; then
	while read -r file data words; do
		case $file in \#*) continue ;; esac
		# shellcheck disable=SC2086
		run train $words data="$golden/train-open/$data" standardize=no validation=0 \
			shuffle=no --weights
		result "$file" "$(complaint 0
			compare "$golden/train-open/$file")"
	done <"$cases/trains.cases"
fi

# ---- columns ----
good train onecycle epochs=2
same "columns" epoch,lr,lr_last,momentum,train_loss,val_loss,excess "$(head -1 "$out")"
same "a row an epoch and the end" 4 "$(wc -l <"$out")"
says "the last row has no rates" "
2,,,,0."
run train step epochs=2 validation=0
says "no validation rows, no validation loss" "0,0.1,0.1,0,1,,0."
run train step epochs=2 validation=0 --format json
says "null in JSON" '"val_loss":null,"excess":0.'
says "rates of the last row are null" '{"epoch":2,"lr":null,"lr_last":null,"momentum":null,'
run train step epochs=2 data=cars --weights
same "weights" epoch,lr,lr_last,momentum,train_loss,val_loss,excess,w_speed_mph,bias "$(head -1 "$out")"
run train constant epochs=2 --every step
same "a column step" step,epoch,lr,lr_last,momentum,train_loss,val_loss,excess "$(head -1 "$out")"
same "a row an update and the end" 106 "$(wc -l <"$out")"
same "the first" 0,0,0.1,0.1,0,1 "$(awk -F, 'NR == 2 { printf "%s,%s,%s,%s,%s,%.14g", $1, $2, $3, $4, $5, $6 }' "$out")"
says "of the second epoch" "
52,1,0.1,0.1,0,"
says "the last" "
104,2,,,,"
# A row of an epoch is the row of its first update.
run train cyclic epochs=3 --weights
cut -d, -f1,2,4- "$out" | head -4 >"$scratch/wanted"
run train cyclic epochs=3 --weights --every step
awk -F, -v OFS=, 'NR == 1 || $1 % 52 == 0 && $2 < 3 { $1 = ""; print substr($0, 2) }' "$out" |
	cut -d, -f1,2,4- >"$scratch/got"
same_files "epochs are the updates they begin with" "$scratch/wanted" "$scratch/got"
awk -F, 'NR == 53 { print $3 }' "$out" >"$scratch/wanted"
run train cyclic epochs=3
awk -F, 'NR == 2 { print $3 }' "$out" >"$scratch/got"
same_files "lr_last is the rate of the last update" "$scratch/wanted" "$scratch/got"

# ---- words: defaults said aloud change nothing ----
run train cosine
cp "$out" "$scratch/wanted"
target=$("$lrscope" list datasets --format json | sed -n 's/.*"id":"concrete".*"target":"\([^"]*\)".*/\1/p')
run train cosine data=concrete "target=$target" standardize=yes validation=0.2 split=random \
	batch=16 epochs=30 shuffle=yes seed=1 step_per=epoch optimizer=sgd momentum=0 nesterov=no \
	dampening=0 weight_decay=0 val_ripple=0 val_ripple_period=10 lr=0.1 T_max=30 eta_min=0 \
	init=0,0,0,0,0,0,0,0,0
same_files "defaults" "$scratch/wanted" "$out"
run train cosine seed=2
result "another seed is another run" "$(cmp -s "$scratch/wanted" "$out" && echo "the same")"
run train cosine batch=100000 shuffle=no
cp "$out" "$scratch/wanted"
run train cosine batch=full shuffle=no
same_files "batch=full" "$scratch/wanted" "$out"
run train onecycle epochs=3
cp "$out" "$scratch/wanted"
run train onecycle epochs=3 steps_per_epoch=52
same_files "steps_per_epoch is the batches" "$scratch/wanted" "$out"
run train onecycle epochs=3 total_steps=156
same_files "total_steps is all updates" "$scratch/wanted" "$out"
run train onecycle epochs=3 total_steps=156 steps_per_epoch=1
same_files "total_steps wins" "$scratch/wanted" "$out"
run train step epochs=30
cp "$out" "$scratch/wanted"
run train step epochs=30 step_size=10
same_files "step_size is a third of the run" "$scratch/wanted" "$out"

# ---- refused: exit 2 ----
refuses 2 "156" train onecycle epochs=3 total_steps=100
refuses 2 "100" train onecycle epochs=3 total_steps=100
refuses 2 "step_per" train plateau step_per=batch
refuses 2 "beta1 1: Adam divides" train cyclic data=trees optimizer=adam base_momentum=1.5 \
	max_momentum=0.5 step_size_up=2 batch=full epochs=5
refuses 2 "nesterov" train step nesterov=yes
refuses 2 "nesterov" train step nesterov=yes momentum=0.9 dampening=0.1
refuses 2 "betas" train step betas=0.9,0.99
refuses 2 "momentum" train step optimizer=adam momentum=0.9
refuses 2 "betas" train step optimizer=adam betas=0.9
refuses 2 "max_momentum 1: Adam divides by 1 - beta1^1 = 0" train cyclic optimizer=adam max_momentum=1
good train cyclic max_momentum=1 epochs=1
refuses 2 "init" train step init=1,2
refuses 2 "init" train step init=1,,2
refuses 2 "validation" train step validation=1
refuses 2 "validation" train step validation=0.99 data=stackloss
refuses 2 "batch" train step batch=0
refuses 2 "epochs" train step epochs=0
refuses 2 "epochs" train step epochs=1.5
refuses 2 "seed" train step seed=-1
refuses 2 "split" train step split=head
refuses 2 "val_ripple_period" train step val_ripple_period=0
refuses 2 "data" train step data=
refuses 2 "nearest: concrete" train step data=concret
refuses 2 "target" train step target=nothing

# ---- data files ----
csv() { printf "$1" >"$scratch/rows.csv"; }
csv 'a,"b, c",y\n1,2,3\n2,1,5\n3,7,4\n4,1,9\n5,5,8\n'
good train step data="$scratch/rows.csv" --weights
says "names are quoted as RFC 4180 has it" 'excess,w_a,"w_b, c",bias'
good train step data="$scratch/rows.csv" target=a --weights
says "another target" 'excess,"w_b, c",w_y,bias'
run train step data="$scratch/rows.csv" --weights
cp "$out" "$scratch/wanted"
"$lrscope" train step data=- --weights <"$scratch/rows.csv" >"$out" 2>"$err"
same_files "data from standard input" "$scratch/wanted" "$out"
(cd "$scratch" && "$lrscope" train step data=rows.csv --weights) >"$out" 2>"$err"
same_files "a file in the working folder" "$scratch/wanted" "$out"
# wrong NAME FORMAT PATTERN
wrong() {
	csv "$2"
	run train step data="$scratch/rows.csv"
	# shellcheck disable=SC2254
	result "data refused: $1" "$(complaint 1
		case $(cat "$err") in *rows.csv*$3*) ;; *) echo "no '$3' in $(cat "$err")" ;; esac)"
}
wrong "empty" '' ''
wrong "no rows" 'a,y\n' ''
wrong "a word" 'a,y\n1,2\nx,3\n2,2\n' 'line 3'
wrong "a ragged row" 'a,y\n1,2\n1\n2,2\n' 'line 3'
wrong "an empty cell" 'a,y\n1,2\n,2\n2,2\n' 'line 3'
wrong "not finite" 'a,y\n1,2\nnan,2\n2,2\n' 'line 3'
wrong "a name twice" 'a,a,y\n1,2,3\n' 'line 1'
refuses 1 "No such file" train step data=/nowhere/at/all.csv
csv 'a,y\n1,2\n2,2\n3,2\n4,2\n'
refuses 2 "constant" train step data="$scratch/rows.csv" validation=0
csv 'a,y\n1,2\n'
refuses 1 "one row" train step data="$scratch/rows.csv" validation=0
csv 'a,c,y\n1,7,1\n2,7,3\n3,7,2\n4,7,5\n'
run train step data="$scratch/rows.csv" validation=0 --weights epochs=3
result "a constant feature is reported" "$(
	[ "$status" -eq 0 ] || echo "status $status"
	case $(cat "$err") in "lrscope: note:"*"'c'"*) ;; *) echo "stderr: $(cat "$err")" ;; esac)"
says "and stays 0" ',0,'

# ---- nearly collinear columns: the solution is far away, losses and weights lose nothing ----
csv 'a,b,t\n1,1.000000000001,1\n2,2,3\n3,3.000000000001,2\n4,4,5\n5,5,4\n'
for epochs in 2 200; do
	good train constant data="$scratch/rows.csv" validation=0 standardize=no lr=0.01 batch=full \
		epochs=$epochs --weights
	same "the loss at the start, $epochs epochs" "11.000000000000 10.770000000000" \
		"$(awk -F, 'NR == 2 { printf "%.12f %.12f", $5, $7 }' "$out")"
	same "the first step, $epochs epochs" "0.21200000000000002,0.212000000000012,0.06" \
		"$(sed -n 3p "$out" | cut -d, -f8-)"
done

# Also beside a column that counts as 0 or is there twice, and with fewer rows than columns.
for more in 7,7,7,7,7 1,2,3,4,5; do
	awk -v more=$more 'BEGIN { split(more, c, ","); print "a,b,c,t" } NR > 1 {
		split($0, f, ","); print f[1] "," f[2] "," c[NR - 1] "," f[3] }' "$scratch/rows.csv" >"$scratch/more.csv"
	for epochs in 2 200; do
		run train constant data="$scratch/more.csv" validation=0 lr=0.1 batch=full epochs=$epochs --weights
		same "beside $more, $epochs epochs" "1.000000000000 0.16 0.16" \
			"$(awk -F, 'NR == 2 { printf "%.12f ", $5 }
				NR == 3 { printf "%.12g %.12g", $8, $9 }' "$out")"
	done
done
csv 'x,y\n1e-170,1\n2e-170,2\n3e-170,4\n5e-170,4\n'
for epochs in 2 200; do
	good train constant data="$scratch/rows.csv" validation=0 standardize=no batch=full \
		epochs=$epochs --weights
	same "columns whose squares are 0, $epochs epochs" "9.2500000000 8.8642857143 1.850e-170 0.55" \
		"$(awk -F, 'NR == 2 { printf "%.10f %.10f ", $5, $7 }
			NR == 3 { printf "%.3e %.2f", $8, $9 }' "$out")"
done

# ---- z-scores of numbers far from 0 ----
for offset in 0 1000000000000 1700000000000000; do
	csv "$(printf 'x,y\\n'; for k in 0 2 2 6 10 4 2; do printf '%s,%s\\n' $((offset + k)) $k; done)"
	good train constant data="$scratch/rows.csv" validation=0 batch=full epochs=2
	same "offset $offset" "1.0000000000000 0.6400000000000" \
		"$(awk -F, 'NR == 2 || NR == 3 { printf "%.13f ", $5 }' "$out" | sed 's/ $//')"
done

# ---- divergence is a result ----
good train constant lr=1e60 data=mtcars batch=full epochs=8
same "weights of inf and -inf have no loss" "6,1e+60,1e+60,0,nan,nan,inf" "$(sed -n 8p "$out")"
good train constant lr=1e6 epochs=40 batch=full validation=0
says "that ends in inf or nan" "
40,,,,[in][na][fn],"
run train constant lr=1e6 epochs=40 batch=full validation=0 --format json
says "strings in JSON" '"train_loss":"[in][na][fn]"'

# ---- names of weights ----
printf 'a\001,a^A,y\n1,2,3\n2,3,4\n4,5,1\n1,9,9\n3,1,1\n' >"$scratch/names.csv"
good train step data="$scratch/names.csv" epochs=1 --weights
same "no two are the same" 'w_a^A~2,w_a^A,bias' "$(head -n 1 "$out" | cut -d, -f8-)"

finish
