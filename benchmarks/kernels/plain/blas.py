"""Time matrix products of NumPy, that is of the BLAS it was built with.

usage: blas.py JOB ..

A job is M:P:K, a product of matrices, or dots:N:COUNT or subtract:N:COUNT, products with
COUNT vectors of N numbers.

For every product one line is printed: the least processor time in seconds. Products are
made in batches, so that the call from Python is shared by several.
"""

import sys
import time

import numpy as np

ROUNDS = 5


def product(m, p, k):
    batch = max(1, min(64, 65536 // (8 * m * p)))
    a = np.broadcast_to(np.random.default_rng(1).random((m, k)), (batch, m, k))
    b = np.random.default_rng(2).random((k, p))
    c = np.empty((batch, m, p))
    return seconds(lambda: np.matmul(a, b, out=c)) / batch


def tall(name, n, count):
    v = np.random.default_rng(1).random((count, n))
    w = np.random.default_rng(2).random(n)
    if name == "dots":
        out = np.empty(count)
        return seconds(lambda: np.dot(v, w, out=out))
    c, out = np.full(count, 1e-9), np.empty(n)

    def subtract():
        np.dot(c, v, out=out)
        np.subtract(w, out, out=w)

    return seconds(subtract)


def seconds(job):
    best, count = np.inf, 1
    while True:
        start = time.process_time()
        for _ in range(count):
            job()
        took = time.process_time() - start
        if took < 1e-3:
            count *= 2
            continue
        best = min(best, took / count)
        for _ in range(ROUNDS):
            start = time.process_time()
            for _ in range(count):
                job()
            best = min(best, (time.process_time() - start) / count)
        return best


for job in sys.argv[1:]:
    parts = job.split(":")
    if parts[0] in ("dots", "subtract"):
        print("%.6e" % tall(parts[0], *map(int, parts[1:])))
    else:
        print("%.6e" % product(*map(int, parts)))
