#!/usr/bin/env python3
"""Reference values of RMSprop on x^2/2 - xi x/2, xi = -1 or 1, for custom/ranged_test.go:

    x' = x - eta g/sqrt(m + 1/2),   m' = m + eta (g^2 - m),   g = x - xi/2,   |x| <= 1,   0 <= m <= 9/4,

by a program that shares nothing with kolmo but linear algebra: S by eight-point interpolation on
equal cells, L by differences of seven points on these or on wider boxes, moments by hand.

    python3 benchmarks/reference/ranged.py          # some minutes

prints every number on several grids and boxes, and the mean exit time of the chain over paths.
"""
import numpy as np
import scipy.interpolate as si
import scipy.linalg as la
import scipy.sparse as sp
import scipy.sparse.linalg as sl

EPS, M = 0.5, 2.25
WINDOW, STENCIL = 8, 7
PAIRS = [(0, 0), (0, 1), (1, 1)]  # entries of a symmetric matrix


def window(x, lo, h, n):
    """First nodes and Lagrange weights of the windows about x."""
    s = (x - lo) / h
    first = np.clip(np.floor(s).astype(int) - WINDOW // 2 + 1, 0, n - WINDOW)
    w = np.ones((len(x), WINDOW))
    for i in range(WINDOW):
        for j in range(WINDOW):
            if j != i:
                w[:, i] *= (s - (first + j)) / (i - j)
    return first, w


def interpolate(x, y, gx, gy):
    """The matrix from fields on the grid to points."""
    fx, wx = window(x, gx[0], gx[1] - gx[0], len(gx))
    fy, wy = window(y, gy[0], gy[1] - gy[0], len(gy))
    k = np.arange(WINDOW)
    rows = np.repeat(np.arange(len(x)), WINDOW**2)
    cols = ((fx[:, None, None] + k[:, None]) * len(gy) + fy[:, None, None] + k).reshape(-1)
    return sp.csr_matrix(((wx[:, :, None] * wy[:, None, :]).reshape(-1), (rows, cols)), shape=(len(x), len(gx) * len(gy)))


def nodes(n, half=1.0, lo=0.0, hi=M):
    gx, gy = np.linspace(-half, half, n), np.linspace(lo, hi, n)
    X, Y = (a.reshape(-1) for a in np.meshgrid(gx, gy, indexing="ij"))
    return gx, gy, X, Y


def image(x, y, xi, eta):
    g = x - xi / 2
    return x - eta * g / np.sqrt(y + EPS), y + eta * (g * g - y)


def step(x, y, gx, gy, eta):
    """S at points, of fields on a grid."""
    return 0.5 * sum(interpolate(*image(x, y, xi, eta), gx, gy) for xi in (-1, 1))


def differences(n, h, order):
    d = sp.lil_matrix((n, n))
    for i in range(n):
        b = min(max(i - STENCIL // 2, 0), n - STENCIL)
        right = np.zeros(STENCIL)
        right[order] = order  # 1! and 2!
        d[i, b:b + STENCIL] = la.solve(np.vander(np.arange(b, b + STENCIL) - float(i), increasing=True).T, right) / h**order
    return d.tocsr()


class Model:
    """A diffusion of an order on a grid."""

    def __init__(self, eta, order, n, half=1.0, lo=0.0, hi=M):
        self.gx, self.gy, X, Y = nodes(n, half, lo, hi)
        self.X, self.Y, self.n, self.eta = X, Y, n, eta
        q, slope = (Y + EPS) ** -0.5, -0.5 * (Y + EPS) ** -1.5
        b = [-X * q, X * X + 0.25 - Y]
        if order == 2:
            b = [b[0] - eta / 2 * (-q * b[0] - X * slope * b[1]), b[1] - eta / 2 * (2 * X * b[0] - b[1])]
        self.b, self.s = b, (np.sqrt(eta) * q / 2, -np.sqrt(eta) * X)
        one = sp.identity(n)
        hx, hy = self.gx[1] - self.gx[0], self.gy[1] - self.gy[0]
        self.D = [sp.kron(differences(n, hx, 1), one).tocsr(), sp.kron(one, differences(n, hy, 1)).tocsr()]
        second = [sp.kron(differences(n, hx, 2), one), sp.kron(one, differences(n, hy, 2))]
        s = self.s
        self.L = (sp.diags(b[0]) @ self.D[0] + sp.diags(b[1]) @ self.D[1] + sp.diags(s[0] * s[1]) @ self.D[0] @ self.D[1]
                  + sp.diags(s[0]**2 / 2) @ second[0] + sp.diags(s[1]**2 / 2) @ second[1]).tocsc()

    def variation(self):
        """The rate at which E|d_i X|^2 falls."""
        b, s, D = self.b, self.s, self.D
        db, ds = ([[D[j] @ v[i] for j in range(2)] for i in range(2)] for v in (b, s))
        along = sp.diags(s[0]) @ D[0] + sp.diags(s[1]) @ D[1]
        at = [[sp.csr_matrix(self.L.shape) for _ in PAIRS] for _ in PAIRS]
        for e, (k, l) in enumerate(PAIRS):
            at[e][e] = at[e][e] + self.L
            for a in range(2):
                for pair, c in (((a, l), k), ((k, a), l)):
                    f = PAIRS.index(tuple(sorted(pair)))
                    at[e][f] = at[e][f] + sp.diags(db[a][c]) + sp.diags(ds[a][c]) @ along
                for c in range(2):
                    f = PAIRS.index(tuple(sorted((a, c))))
                    at[e][f] = at[e][f] + sp.diags(ds[a][k] * ds[c][l])
        return -sl.eigs(sp.bmat(at).tocsc(), k=4, sigma=0.5, tol=1e-11)[0].real.max()


def chain_variation(eta, n):
    gx, gy, X, Y = nodes(n)
    q = (Y + EPS) ** -0.5
    at = [[0, 0, 0] for _ in PAIRS]
    for xi in (-1, 1):
        g, p = X - xi / 2, interpolate(*image(X, Y, xi, eta), gx, gy)
        jac = [[1 - eta * q, eta * g * 0.5 * q**3], [2 * eta * g, 1 - eta + 0 * X]]
        for e, (k, l) in enumerate(PAIRS):
            for a in range(2):
                for c in range(2):
                    f = PAIRS.index(tuple(sorted((a, c))))
                    at[e][f] = at[e][f] + 0.5 * sp.diags(jac[a][k] * jac[c][l]) @ p
    return -np.log(abs(sl.eigs(sp.bmat(at).tocsr(), k=3, tol=1e-11)[0]).max()) / eta


def law(a, X, Y, at):
    p = sl.eigs(a.T.tocsc(), k=1, sigma=at, tol=1e-13)[1][:, 0].real
    return p @ X**2 / p.sum(), p @ Y / p.sum()


def one_step(eta, order, box):
    """The largest one-step errors of x^2 and m over the region."""
    m = Model(eta, order, *box)
    flow = la.expm((eta * m.L).toarray())
    x, y = np.repeat(np.linspace(-1, 1, 401), 181), np.tile(np.linspace(0, M, 181), 401)
    at, s = interpolate(x, y, m.gx, m.gy), step(x, y, m.gx, m.gy, eta)
    out = []
    for u in (m.X**2, m.Y):
        rho = []
        for _ in range(8):
            v = flow @ u
            rho.append(abs(s @ u - at @ v).max())
            u = v
        out.append(max(rho))
    return out


def gap(eta, order, n, t=4.0):
    """The gaps of x^2 and m from m = 1/2 at t."""
    m = Model(eta, order, n)
    flow, s = la.expm((eta * m.L).toarray()), step(m.X, m.Y, m.gx, m.gy, eta)
    x = np.linspace(-1, 1, 201)
    at = interpolate(x, np.full(201, 0.5), m.gx, m.gy)
    out = []
    for phi in (m.X**2, m.Y):
        U = u = phi
        for _ in range(round(t / eta)):
            U, u = s @ U, flow @ u
        out.append(abs(at @ (U - u)).max())
    return out


def exit_time(eta, order, box):
    """The mean time in which |x| < 0.4 is left from (0.1, 0.5)."""
    m = Model(eta, order, *box)
    free = np.arange(m.n, m.n * (m.n - 1))
    t = np.zeros(m.n**2)
    t[free] = sl.spsolve(m.L[free][:, free], -np.ones(len(free)))
    return si.RectBivariateSpline(m.gx, m.gy, t.reshape(m.n, m.n), kx=5, ky=5)(0.1, 0.5)[0, 0]


def exit_paths(eta, paths=1_000_000):
    r = np.random.default_rng(1)
    x, y, live, t, n = np.full(paths, 0.1), np.full(paths, 0.5), np.arange(paths), np.zeros(paths), 0
    while len(x):
        n += 1
        x, y = image(x, y, 2 * r.integers(0, 2, len(x)) - 1, eta)
        out = abs(x) >= 0.4
        t[live[out]] = n * eta
        x, y, live = x[~out], y[~out], live[~out]
    return t.mean(), t.std() / paths**0.5


def main():
    for eta in (1 / 8, 1 / 16):
        for n in (41, 61):
            gx, gy, X, Y = nodes(n)
            s = step(X, Y, gx, gy, eta).tocsc()
            rates = np.sort(-np.log(abs(sl.eigs(s, k=8, tol=1e-12)[0])) / eta)
            print("chain", eta, n, "rates", rates[1:3], "limits", law(s, X, Y, 1 + 1e-9), flush=True)
        print("chain", eta, "variation", [chain_variation(eta, n) for n in (31, 41)], flush=True)
        for order in (2, 1):
            for box in ((41, 1.0), (61, 1.2, -0.1, 2.6)):
                m = Model(eta, order, *box)
                rates = np.sort(-sl.eigs(m.L, k=8, sigma=0.05, tol=1e-12)[0].real)
                print("order", order, eta, box, "rates", rates[1:3], "limits", law(m.L, m.X, m.Y, 1e-7), flush=True)
            print("order", order, eta, "variation", [Model(eta, order, *b).variation() for b in ((41, 1.0), (41, 1.2, -0.1, 2.6))], flush=True)
            print("order", order, eta, "one-step", [one_step(eta, order, b) for b in ((39, 1.1, -0.15, 2.4), (43, 1.2, -0.3, 2.55))], flush=True)
            print("order", order, eta, "gap at 4", [gap(eta, order, n) for n in (28, 37)], flush=True)
            print("order", order, eta, "exit", [exit_time(eta, order, b) for b in ((61, 0.4), (81, 0.4, -0.1, 2.6))], flush=True)
    print("chain, 1/8, exit", exit_paths(1 / 8))


if __name__ == "__main__":
    main()
