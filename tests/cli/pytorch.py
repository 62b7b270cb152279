"""Runs exported code under torch and compares the rate and momentum of every update with those that
`train --every step` prints. Usage: pytorch.py LRSCOPE WORDS..., exit status 0 if all are equal."""
import contextlib
import csv
import io
import subprocess
import sys
import warnings

import torch

lrscope, words = sys.argv[1], sys.argv[2:]


def output(*command):
    return subprocess.run([lrscope, *command, *words], check=True, capture_output=True,
                          text=True).stdout


code = output("export", "pytorch")
rows = list(csv.DictReader(io.StringIO(output("train", "--every", "step"))))[:-1]
seen = []


def spy(step):
    def stepped(optimizer, *args, **kwargs):
        group = optimizer.param_groups[0]
        momentum = group["betas"][0] if "betas" in group else group["momentum"]
        seen.append((float(group["lr"]), float(momentum)))
        return step(optimizer, *args, **kwargs)
    return stepped


for name in ("SGD", "Adam", "AdamW"):
    kind = getattr(torch.optim, name)
    kind.step = spy(kind.step)
with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    names = {}
    exec(compile(code, "exported", "exec"), names)
assert isinstance(names["optimizer"], torch.optim.Optimizer)
assert hasattr(names["scheduler"], "step")
wanted = [(float(row["lr"]), float(row["momentum"])) for row in rows]
if words[0] == "plateau":  # random rows cut at other times
    assert len(seen) == len(wanted) and seen[0] == wanted[0], (len(seen), seen[0], wanted[0])
else:
    assert len(seen) == len(wanted), (len(seen), len(wanted))
    for update, pair in enumerate(zip(seen, wanted)):
        assert pair[0] == pair[1], (update, *pair)
