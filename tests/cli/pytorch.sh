#!/bin/sh
# Exported code runs as printed and drives an optimizer exactly as `train` says. Needs torch.

# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:-.}/tests/cli/tap.sh"

python=
for candidate in /usr/bin/python3 python3; do
	if "$candidate" -c 'import torch' 2>/dev/null; then
		python=$candidate
		break
	fi
done
if [ -z "$python" ]; then
	echo "1..0 # SKIP no torch here"
	exit 0
fi

cat >"$scratch/runs" <<'END'
constant epochs=2
step epochs=6
step epochs=6 step_size=2 gamma=0.5 step_per=batch validation=0
exponential epochs=4 gamma=0.9 batch=full
cosine epochs=5 optimizer=adam betas=0.8,0.99 adam_eps=1e-6 amsgrad=yes weight_decay=0.1
cosine epochs=3 optimizer=adamw step_per=batch
cosine epochs=3 optimizer=adamw weight_decay=0 data=cars
plateau epochs=4 val_ripple=0.1 mode=max patience=0 cooldown=2 min_lr=1e-3
plateau epochs=3 validation=0 threshold_mode=abs
cyclic epochs=3
cyclic epochs=3 step_size_up=20 step_size_down=7 mode=triangular2 cycle_momentum=no
cyclic epochs=4 step_size_up=2.5 mode=exp_range gamma=0.999 optimizer=adam
cyclic epochs=4 step_size_up=20 mode=triangular2 optimizer=adamw step_size_down=30
cyclic epochs=5 step_size_up=2 step_per=epoch optimizer=adam
cyclic epochs=3 step_size_up=auto base_lr=auto
onecycle epochs=3
onecycle epochs=3 optimizer=adamw three_phase=yes anneal_strategy=linear pct_start=0.4
onecycle epochs=3 total_steps=400 momentum=0.9 nesterov=yes cycle_momentum=no
onecycle epochs=4 steps_per_epoch=100 div_factor=10 final_div_factor=100
onecycle epochs=20 step_per=epoch
onecycle epochs=3 pct_start=1 max_lr=-1
onecycle epochs=3 pct_start=0 div_factor=10
cosine epochs=4 optimizer=adam betas=0,0.9
cyclic epochs=3 mode=exp_range gamma=6 base_lr=1e-160 max_lr=1 step_size_up=26 step_size_down=11
cyclic epochs=3 mode=exp_range gamma=-0.5 step_size_up=3 optimizer=adam data=cars
END
"$python" "$cases/pytorch.py" "$lrscope" <"$scratch/runs" >"$out" 2>"$err"
while read -r words && { IFS= read -r complaint <&3 || complaint="no answer: $(tail -n 1 "$err")"; }; do
	result "$words" "$complaint"
done <"$scratch/runs" 3<"$out"

finish
