"""Runs exported code under torch and compares the rate and momentum of every update with those that
`train --every step` prints. Usage: pytorch.py LRSCOPE; words of a run on each line of the standard
input, a complaint or an empty line for each on the standard output."""
import contextlib
import csv
import io
import subprocess
import sys
import warnings

import torch

seen = []


def spy(step):
    def stepped(optimizer, *args, **kwargs):
        group = optimizer.param_groups[0]
        momentum = group["betas"][0] if "betas" in group else group["momentum"]
        seen.append((float(group["lr"]), float(momentum)))
        return step(optimizer, *args, **kwargs)
    return stepped


def compare(words):
    def output(*command):
        return subprocess.run([sys.argv[1], *command, *words], check=True, capture_output=True,
                              text=True).stdout

    code = output("export", "pytorch")
    rows = list(csv.DictReader(io.StringIO(output("train", "--every", "step"))))[:-1]
    wanted = [(float(row["lr"]), float(row["momentum"])) for row in rows]
    seen.clear()
    names = {}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        exec(compile(code, "exported", "exec"), names)
    assert isinstance(names["optimizer"], torch.optim.Optimizer)
    assert hasattr(names["scheduler"], "step")
    assert len(seen) == len(wanted), (len(seen), len(wanted))
    if words[0] == "plateau":  # random rows cut at other times
        wanted, seen[1:] = wanted[:1], []
    for update, pair in enumerate(zip(seen, wanted)):
        assert pair[0] == pair[1], (update, *pair)


for name in ("SGD", "Adam", "AdamW"):
    kind = getattr(torch.optim, name)
    kind.step = spy(kind.step)
for line in sys.stdin:
    try:
        compare(line.split())
        print(flush=True)
    except Exception as error:  # whatever the exported code raises is the complaint
        print(" ".join(repr(error).split()), flush=True)
