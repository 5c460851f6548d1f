"""Solve OU2D with NumPy and SciPy, as well as one can on a page.

usage: ou2d.py METHOD:K1:K2:NODES:NUMBER ..

u_t = -(Bx).grad u + (eta/2) Sigma:hess u on [-3,3]^2, u(x,0) = cos(k.x), to t = 1. For every
job one line is printed: the least processor time in seconds, set-up included, and the largest
error at the nodes with |x| <= 2.

    krylov   Chebyshev collocation, one Arnoldi basis of NUMBER vectors, expm of its matrix
    dop853   Chebyshev collocation, SciPy's DOP853 to the tolerance NUMBER
    sparse   differences over nine nodes as one sparse matrix, DOP853 to the tolerance NUMBER
    paths    NUMBER paths from one point, each drawn at t = 1 from its exact Gaussian law; the
             time is that of the whole sample and the second number its standard error
"""

import sys
import time

import numpy as np
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from scipy.sparse import csr_matrix, diags, identity, kron

ETA, HALF, RADIUS, T = 0.1, 3.0, 2.0, 1.0
A = np.array([[1, 0.3], [0.3, 2]])
SIGMA = np.array([[1, 0.4], [0.4, 0.5]])
B = (np.eye(2) + ETA / 2 * A) @ A
ROUNDS, PATIENCE = 100, 1.0  # as many repeats as fit into so many seconds, but two at least


def covariance():
    """The covariance of X at T: the block of an exponential (Van Loan 1978)."""
    m = np.block([[-B, ETA * SIGMA], [np.zeros((2, 2)), B.T]])
    return expm(m * T)[:2, 2:] @ expm(-B.T * T)


def exact(k, x, y):
    q = expm(-B.T * T) @ k
    return np.exp(-(k @ covariance() @ k) / 2) * np.cos(q[0] * x + q[1] * y)


def chebyshev(n):
    x = np.cos(np.pi * np.arange(n) / (n - 1))
    c = (-1.0) ** np.arange(n)
    c[[0, -1]] *= 2
    d = np.outer(c, 1 / c) / (x[:, None] - x[None, :] + np.eye(n))
    d -= np.diag(d.sum(axis=1))
    return HALF * x, d / HALF


def collocation(k, n):
    x, d = chebyshev(n)
    xx, yy = np.meshgrid(x, x, indexing="ij")
    d2 = d @ d
    dt, d2t = np.ascontiguousarray(d.T), np.ascontiguousarray(ETA / 2 * SIGMA[1, 1] * d2.T)
    d2 = ETA / 2 * SIGMA[0, 0] * d2
    mixed = ETA * SIGMA[0, 1] * d
    b1, b2 = -(B[0, 0] * xx + B[0, 1] * yy), -(B[1, 0] * xx + B[1, 1] * yy)

    def apply(v):
        u = v.reshape(n, n)
        uy = u @ dt
        out = b1 * (d @ u)
        out += b2 * uy
        out += d2 @ u
        out += u @ d2t
        out += mixed @ uy
        return out.ravel()

    return xx, yy, np.cos(k[0] * xx + k[1] * yy).ravel(), apply


def krylov(k, n, m):
    m = int(m)
    xx, yy, u, apply = collocation(k, n)
    v, h = np.zeros((m + 1, n * n)), np.zeros((m + 1, m))
    size = np.linalg.norm(u)
    v[0] = u / size
    for j in range(m):
        w = apply(v[j])
        for _ in range(2):
            c = v[: j + 1] @ w
            w -= c @ v[: j + 1]
            h[: j + 1, j] += c
        h[j + 1, j] = np.linalg.norm(w)
        v[j + 1] = w / h[j + 1, j]
    return xx, yy, size * (expm(T * h[:m])[:, 0] @ v[:m])


def dop853(k, n, tolerance):
    xx, yy, u, apply = collocation(k, n)
    out = solve_ivp(lambda t, v: apply(v), (0, T), u, method="DOP853", rtol=tolerance, atol=tolerance, t_eval=[T])
    return xx, yy, out.y[:, -1]


def weights(z, x):
    """Weights of the first two derivatives at z (Fornberg 1988)."""
    c = np.zeros((len(x), 3))
    c[0, 0], c1, c4 = 1, 1.0, x[0] - z
    for i in range(1, len(x)):
        c2, c5, c4 = 1.0, c4, x[i] - z
        for j in range(i):
            c3 = x[i] - x[j]
            c2 *= c3
            if j == i - 1:
                for s in (2, 1):
                    c[i, s] = c1 * (s * c[i - 1, s - 1] - c5 * c[i - 1, s]) / c2
                c[i, 0] = -c1 * c5 * c[i - 1, 0] / c2
            for s in (2, 1):
                c[j, s] = (c4 * c[j, s] - s * c[j, s - 1]) / c3
            c[j, 0] = c4 * c[j, 0] / c3
        c1 = c2
    return c[:, 1], c[:, 2]


def sparse(k, n, tolerance):
    width = 9
    x = np.linspace(-HALF, HALF, n)
    d1, d2 = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        lo = min(max(i - width // 2, 0), n - width)
        d1[i, lo : lo + width], d2[i, lo : lo + width] = weights(x[i], x[lo : lo + width])
    d1, d2, one = csr_matrix(d1), csr_matrix(d2), identity(n)
    xx, yy = np.meshgrid(x, x, indexing="ij")
    b1, b2 = -(B[0, 0] * xx + B[0, 1] * yy).ravel(), -(B[1, 0] * xx + B[1, 1] * yy).ravel()
    g = diags(b1) @ kron(d1, one) + diags(b2) @ kron(one, d1) + ETA * SIGMA[0, 1] * kron(d1, d1)
    g = (g + ETA / 2 * (SIGMA[0, 0] * kron(d2, one) + SIGMA[1, 1] * kron(one, d2))).tocsr()
    u = np.cos(k[0] * xx + k[1] * yy).ravel()
    out = solve_ivp(lambda t, v: g @ v, (0, T), u, method="DOP853", rtol=tolerance, atol=tolerance, t_eval=[T])
    return xx, yy, out.y[:, -1]


def paths(k, count):
    count, batch = int(count), 1 << 16
    rng = np.random.default_rng(1)
    mean, root = expm(-B * T) @ np.array([1.0, 1.0]), np.linalg.cholesky(covariance())
    # Only k.X matters: one Gaussian number a path.
    centre, spread = k @ mean, np.linalg.norm(root.T @ k)
    total = square = 0.0
    for lo in range(0, count, batch):
        v = np.cos(centre + spread * rng.standard_normal(min(batch, count - lo)))
        total += v.sum()
        square += v @ v
    variance = (square - total**2 / count) / (count - 1)
    return np.sqrt(variance / count)


def measure(method, k, n, number):
    best, spent, rounds = np.inf, 0.0, 0
    while rounds < 2 or rounds < ROUNDS and spent < PATIENCE:
        start = time.process_time()
        out = method(k, n, number) if method is not paths else method(k, number)
        took = time.process_time() - start
        best, spent, rounds = min(best, took), spent + took, rounds + 1
    if method is paths:
        return best, out
    xx, yy, u = out
    wrong = np.abs(u.reshape(xx.shape) - exact(k, xx, yy))
    return best, wrong[np.hypot(xx, yy) <= RADIUS].max()


METHODS = {f.__name__: f for f in (krylov, dop853, sparse, paths)}
for job in sys.argv[1:]:
    name, k1, k2, n, number = job.split(":")
    print("%.6e %.6e" % measure(METHODS[name], np.array([float(k1), float(k2)]), int(n), float(number)))
