"""Python peers of the benchmark: prints the seconds that one operation takes.

usage: peers.py numpy_cosine|numpy_run|torch_trace|torch_run
Ends with an import error where the library is not installed: the benchmark says "absent".
"""
import sys
import time

ROWS, FEATURES, BATCH = 824, 8, 32


def timed(work, operations):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) / operations


def numpy_cosine():
    import numpy as np
    n = 1000000
    return timed(lambda: float((0.5 * 0.1 * (1 + np.cos(np.pi * np.arange(n) / n))).sum()), n)


def numpy_run():
    import numpy as np
    random = np.random.default_rng(1)
    x, y = random.normal(size=(ROWS, FEATURES)), random.normal(size=ROWS)
    steps = 2000

    def work():
        w, b, v, vb = np.zeros(FEATURES), 0.0, np.zeros(FEATURES), 0.0
        total = 0.0
        for step in range(steps):
            start = step % (ROWS // BATCH) * BATCH
            xs, ys = x[start:start + BATCH], y[start:start + BATCH]
            r = xs @ w + b - ys
            total += float(r @ r) / BATCH
            v = 0.9 * v + xs.T @ r * (2 / BATCH)
            vb = 0.9 * vb + r.sum() * (2 / BATCH)
            w = w - 0.001 * v
            b = b - 0.001 * vb
        return total
    return timed(work, steps)


def torch_optimizer(torch, length):
    model = torch.nn.Linear(FEATURES, 1).double()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=0.01, total_steps=length, cycle_momentum=False)
    return model, optimizer, scheduler


def torch_trace():
    import torch
    torch.set_num_threads(1)
    n = 20000
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n)
    optimizer.step()

    def work():
        for _ in range(n):
            scheduler.step()
    return timed(work, n)


def torch_run():
    import torch
    torch.set_num_threads(1)
    steps = 1000
    model, optimizer, scheduler = torch_optimizer(torch, steps + 1)
    x = torch.randn(ROWS, FEATURES, dtype=torch.float64)
    y = torch.randn(ROWS, 1, dtype=torch.float64)

    def work():
        total = 0.0
        for step in range(steps):
            start = step % (ROWS // BATCH) * BATCH
            optimizer.zero_grad()
            loss = ((model(x[start:start + BATCH]) - y[start:start + BATCH]) ** 2).mean()
            loss.backward()
            optimizer.step()
            scheduler.step()
            total += loss.item()
        return total
    return timed(work, steps)


print(globals()[sys.argv[1]]())
