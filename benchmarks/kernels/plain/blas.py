"""Time matrix products of NumPy, that is of the BLAS it was built with.

usage: blas.py M:P:K ..

For every product one line is printed: the least processor time in seconds. Products are
made in batches, so that the call from Python is shared by several.
"""

import sys
import time

import numpy as np

ROUNDS = 5


def seconds(m, p, k):
    batch = max(1, min(64, 65536 // (8 * m * p)))
    a = np.broadcast_to(np.random.default_rng(1).random((m, k)), (batch, m, k))
    b = np.random.default_rng(2).random((k, p))
    c = np.empty((batch, m, p))
    best, count = np.inf, 1
    while True:
        start = time.process_time()
        for _ in range(count):
            np.matmul(a, b, out=c)
        took = time.process_time() - start
        if took < 1e-3:
            count *= 2
            continue
        best = min(best, took / count / batch)
        for _ in range(ROUNDS):
            start = time.process_time()
            for _ in range(count):
                np.matmul(a, b, out=c)
            best = min(best, (time.process_time() - start) / count / batch)
        return best


for shape in sys.argv[1:]:
    print("%.6e" % seconds(*map(int, shape.split(":"))))
