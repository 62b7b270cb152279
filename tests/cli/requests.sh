#!/bin/sh
# Words, options, statuses: what is taken, what is refused, and how.

# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:-.}/tests/cli/tap.sh"

# ---- help and version ----
good --version
says "version has name and number" "lrscope [0-9]*.[0-9]*"
good --help
for word in trace train plot list show export run -c --version 'Exit status' '[[]FILE]'; do
	says "help names $word" "$word"
done
for command in trace train plot list show export run -c; do
	good "$command" --help
	says "$command --help shows usage" "lrscope $command"
done
run --help trace
cp "$out" "$scratch/help"
run trace --help
same_files "--help trace is trace --help" "$scratch/help" "$out"
refuses 2 "extra" --version extra
refuses 2 "extra" --help extra
refuses 2 "'--help' takes no value, found '3'" train --help=3
refuses 2 "'--help' is given twice" trace step --help --help

# ---- the first word ----
refuses 2 "nearest: trace" trce
refuses 2 "allowed: trace, train" nonsense
refuses 2 "unknown command ''" ""
refuses 2 "nearest: --ascii" --asci
refuses 2 "--color" --color sometimes
refuses 2 "'trace' must be the first word" --ascii trace
refuses 2 "'trace' must be the first word" --ascii trace cosine
refuses 2 "'trace' must be the first word" -- trace cosine
refuses 2 "allowed: constant, step" trace multistep
refuses 2 "unknown command 'tarce'; nearest: trace" tarce step lr=1
refuses 2 "one word too many" --ascii one.json two.json

# ---- the explorer without a terminal: exit 2, and the way out is named ----
refuses 2 "lrscope plot"
refuses 2 "lrscope plot" --ascii
refuses 2 "lrscope plot" --color never --mouse
"$lrscope" -c "save $scratch/start.json" >/dev/null
refuses 2 "lrscope plot" "$scratch/start.json"
refuses 2 "lrscope plot" "$scratch/absent.json"
refuses 2 "lrscope plot" -
mkfifo "$scratch/pipe"
refuses 2 "lrscope plot" "$scratch/pipe"

# ---- strategies ----
refuses 2 "nearest: onecycle; allowed: constant, step, exponential" trace onecyle
refuses 2 "needs more words: lrscope trace STRATEGY" trace
refuses 2 "needs more words than 'gamma=3': lrscope trace STRATEGY" trace gamma=3
refuses 2 "'cosine' is one word too many" trace step cosine
refuses 2 "nearest: cos; allowed: cos, linear" trace onecycle anneal_strategy=cosine
for later in multistep constantlr linear polynomial warm_restarts sequential chained; do
	refuses 2 "$later" trace "$later"
done
refuses 2 "unknown strategy ''" trace ''

# ---- name=value words ----
refuses 2 "nearest: gamma; allowed: lr, step_size, gamma, optimizer" trace step gama=0.5
refuses 2 "'gamma' is given twice" trace step gamma=0.5 gamma=0.5
refuses 2 "has no name" trace step =3
refuses 2 "last_epoch" trace step last_epoch=3
refuses 2 "scale_fn" trace cyclic scale_fn=x
refuses 2 "batch" trace step batch=4
refuses 2 "unknown" trace step max_lr=1
refuses 2 "unknown" train step max_lr=1
refuses 2 "unknown constant word" trace constant gamma=1
refuses 2 "nearest: batch" train step bacth=4
refuses 2 "lr" trace step lr=
refuses 2 "lr" trace step lr=abc
refuses 2 "lr" trace step lr=0x10
refuses 2 "lr" trace step 'lr= 1'
refuses 2 "lr" trace step lr=nan
refuses 2 "lr" trace step lr=inf
refuses 2 "lr" trace step lr=1e999
refuses 2 "lr" trace step lr=0,1
refuses 2 "lr" trace step lr=-1
refuses 2 "optimizer" trace onecycle optimizer=rmsprop
refuses 2 "cycle_momentum" trace onecycle cycle_momentum=maybe
refuses 2 "mode" trace cyclic mode=sine
refuses 2 "step_size" trace step step_size=0
refuses 2 "step_size" trace step step_size=None
refuses 2 "pct_start" trace onecycle pct_start=1.5
refuses 2 "total_steps" trace onecycle total_steps=0
refuses 2 "total_steps" trace onecycle total_steps=2.5
refuses 2 "pct_start" trace onecycle total_steps=10 pct_start=0.1
refuses 2 "T_max" trace cosine T_max=0
refuses 2 "factor" trace plateau factor=1 --metrics /dev/null
# More rows than anybody can wait for begin at once, and those that nobody can count are refused.
refuses 2 "T_max is more steps than can be counted" trace cosine T_max=1e300
refuses 2 "more steps than can be counted" trace onecycle epochs=1e10 steps_per_epoch=1e10
refuses 2 "divides by zero at step 9999999966" trace cosine T_max=1e14
for words in "step --steps 1000000000000" "cosine --steps 1000000000000" "cyclic --steps 1e12" \
	"exponential --form closed --steps 1e12" "onecycle total_steps=1e12"; do
	# shellcheck disable=SC2086
	same "trace $words" 1 "$("$lrscope" trace $words 2>&1 | sed -n '2{s/,.*//;s/0/1/;p;q}')"
done
good trace step lr=0
good trace step gamma=2
good trace step gamma=-0.5
good trace cosine lr=0.1 eta_min=0.5
good trace cyclic step_size_up=2.5
good trace cyclic base_lr=1 max_lr=0.1
good trace cyclic scale_mode=iterations
good trace onecycle div_factor=0.5
good trace onecycle epochs=3 steps_per_epoch=7
same "epochs and steps_per_epoch make the length" 22 "$(wc -l <"$out")"
good train onecycle steps_per_epoch=None epochs=1
same "a run knows its steps_per_epoch" 3 "$(wc -l <"$out")"
refuses 2 "the length of the cycle is not known" trace onecycle steps_per_epoch=None epochs=1
for value in true false yes no; do
	good trace onecycle "cycle_momentum=$value" --steps 3
done
good trace cyclic step_size_down=None --steps 3
for optimizer in sgd adam adamw; do
	good trace onecycle "optimizer=$optimizer"
	same "momentum is driven with $optimizer" step,lr,momentum "$(head -1 "$out")"
done
good trace onecycle cycle_momentum=no
same "no momentum column without it" step,lr "$(head -1 "$out")"

# ---- options ----
refuses 2 "nearest: --steps" trace step --step 3
refuses 2 "'--steps' is given twice" trace step --steps 3 --steps=3
refuses 2 "'--steps' needs a value" trace step --steps
refuses 2 "'--steps' needs a value" trace step --steps --format csv
refuses 2 "'--weights' takes no value" train step --weights=yes
refuses 2 "--steps" trace step --steps 0
refuses 2 "--steps" trace step --steps -3
refuses 2 "--steps" trace step --steps 2.5
refuses 2 "--steps" trace step --steps abc
refuses 2 "--steps" trace step --steps ''
refuses 2 "allowed: csv, json" trace step --format xml
refuses 2 "nearest: closed" trace step --form close
refuses 2 "--weights" trace step --weights
refuses 2 "unknown option '-x'" trace step -x
refuses 2 "unknown option '--foo'; allowed: --ascii, --color, --mouse, --help, --version" --foo
refuses 2 "'--version' must be the first word" --ascii --version
refuses 2 "only plateau" trace step --metrics /dev/null
refuses 2 "closed" trace plateau --form closed --metrics /dev/null
good trace step --steps 3 gamma=0.5
cp "$out" "$scratch/first"
good trace --steps=3 step gamma=0.5
same_files "--name value and --name=value are the same, anywhere" "$scratch/first" "$out"
good trace --steps=3 gamma=0.5 -- step
same_files "words after -- are plain" "$scratch/first" "$out"

# ---- what a person typed is shown without its control characters ----
refuses 2 "^[[]" trace step "lr=$(printf '\033[31m')"
refuses 2 "unknown" "$(printf 'a\nb')"
refuses 2 "unknown" trace "$(printf '\302\233evil')"

finish
