#!/usr/bin/env python3
"""Reference values of sup_n sup_{|x|<=R} |U^n - u(., n eta)| for the studies of
compare/kinds/coverage_test.go, by a program that shares nothing with kolmo but NumPy's
linear algebra: gradients and Hessians are written by hand, U^n is advanced by a
dense matrix of barycentric interpolation, u by a dense matrix exponential, and
every value is computed on several grids and boxes.

    python3 benchmarks/reference/gaps.py            # all studies, some minutes
    python3 benchmarks/reference/gaps.py trig1d     # one of them

prints the lines of the table in compare/kinds/coverage_values_test.go: study, observable,
model, 1/eta, the supremum, and by how much, relatively, it changed under
refinement of any one parameter.
"""
import itertools
import math
import sys

import numpy as np

MODELS = ["modified", "second-order", "first-order", "gradient-flow"]


def sigmoid(s):
    return 0.5 * (1 + np.tanh(s / 2))


# --- the studies: samples() yields (weight, gradient, Hessian) at points x of shape
# (d, points); gradients have that shape and Hessians (d, d, points).

def one(weight, g, h):
    return weight, lambda x: np.array([g(x[0])]), lambda x: np.array([[h(x[0])]])


def trig1d():
    return [one(.5, lambda x, s=s: x - 2 * s * np.sin(x), lambda x, s=s: 1 - 2 * s * np.cos(x)) for s in (1, -1)]


def logistic1d():
    def sample(a, y):
        return one(1 / 3, lambda x: -y * a * sigmoid(-y * a * x) + .2 * x,
                   lambda x: a * a * sigmoid(a * x) * sigmoid(-a * x) + .2)
    return [sample(a, y) for a, y in ((1, 1), (2, -1), (.5, 1))]


def quartic():
    return [one(.5, lambda x, s=s: x + x**3 / 5 + s, lambda x: 1 + .6 * x**2) for s in (1, -1)]


def skew():
    return [one(w, lambda x, s=s: x + s * np.cos(x), lambda x, s=s: 1 - s * np.sin(x)) for w, s in ((1 / 3, 1), (2 / 3, -.5))]


def logcosh():
    return [one(.5, lambda x, s=s: np.tanh(x - s) + .5 * x, lambda x, s=s: np.cosh(x - s)**-2. + .5) for s in (1, -1)]


def uniform():
    s, w = np.polynomial.legendre.leggauss(40)
    return [one(v / 2, lambda x, t=t: x + .5 * np.cos(t + x), lambda x, t=t: 1 - .5 * np.sin(t + x)) for t, v in zip(s, w)]


def truncated():
    s, w = np.polynomial.legendre.leggauss(60)
    s = 2 * s
    w = w * np.exp(-s * s / 2)
    w /= w.sum()
    return [one(v, lambda x, t=t: x + .6 * t * np.cos(x), lambda x, t=t: 1 - .6 * t * np.sin(x)) for t, v in zip(s, w)]


def batches():
    pairs = list(itertools.combinations((-1, .2, .5, 1.3), 2))

    def g(x, c):
        return (x - c) / np.sqrt(1 + (x - c)**2) + .4 * x

    def h(x, c):
        return (1 + (x - c)**2)**-1.5 + .4
    return [one(1 / len(pairs), lambda x, p=p: (g(x, p[0]) + g(x, p[1])) / 2, lambda x, p=p: (h(x, p[0]) + h(x, p[1])) / 2) for p in pairs]


def product2d():
    def sample(s, z):
        def g(x):
            c = -.1 * np.sin(x[0] + x[1])
            return np.array([x[0] + .3 * x[1] + c + .6 * s * np.cos(x[0]), x[1] + .3 * x[0] + c - .4 * s * z * np.sin(x[1])])

        def h(x):
            c = -.1 * np.cos(x[0] + x[1])
            return np.array([[1 + c - .6 * s * np.sin(x[0]), .3 + c], [.3 + c, 1 + c - .4 * s * z * np.cos(x[1])]])
        return .25, g, h
    return [sample(s, z) for s in (1, -1) for z in (1, -1)]


def panels(low, high, breaks=(), density=lambda t: 1 + 0 * t, count=40, points=20):
    """Nodes and weights of a law: Gauss points in panels that end where it is not smooth."""
    t, w = np.polynomial.legendre.leggauss(points)
    ends = [low, *breaks, high]
    nodes, weights = [], []
    for a, b in zip(ends, ends[1:]):
        e = np.linspace(a, b, count + 1)
        for c, d in zip(e, e[1:]):
            nodes.append((c + d) / 2 + (d - c) / 2 * t)
            weights.append((d - c) / 2 * w * density(nodes[-1]))
    nodes, weights = np.concatenate(nodes), np.concatenate(weights)
    return nodes, weights / weights.sum()


def wave(k):
    t, v = panels(-1, 1, count=8)
    return lambda: [one(w, lambda x, t=t: x - .3 * np.sin(k * t + 2 * x), lambda x, t=t: 1 - .6 * np.cos(k * t + 2 * x)) for t, w in zip(t, v)]


def scaled(values, weights):
    """x^2/2 + a cos(x) with a random a."""
    return lambda: [one(w, lambda x, a=a: x - a * np.sin(x), lambda x, a=a: 1 - a * np.cos(x)) for a, w in zip(values, weights)]


def corner(at):
    t, w = panels(-1, 1, (at,), count=2)
    return scaled(.5 * np.abs(t - at), w)


def hinge():
    t, w = panels(-1, 1, (.3,), count=2)
    return scaled(.8 * np.maximum(0, t - .3), w)()


def bell():
    t, w = panels(-2, 2, (.5,), lambda t: np.exp(-t * t / 2), count=2)
    return scaled(.4 * np.abs(t - .5), w)()


def beat(k):
    t, v = np.polynomial.legendre.leggauss(32)
    pairs = [(p * q / 4, k * (a + b)) for a, p in zip(t, v) for b, q in zip(t, v)]
    return lambda: [one(w, lambda x, c=c: x - .2 * np.sin(c + x), lambda x, c=c: 1 - .2 * np.cos(c + x)) for w, c in pairs]


def root():
    t, w = panels(-1, 1, count=150, points=4)
    return [one(w, lambda x, t=t: (x - t) / np.sqrt(.003 + (x - t)**2) + .5 * x, lambda x, t=t: .003 / (.003 + (x - t)**2)**1.5 + .5) for t, w in zip(t, w)]


SQUARE = {"square": lambda x: x[0]**2}
BOTH = {"square": lambda x: x[0]**2, "cosine": lambda x: np.cos(x[0] + .5)}

# name: samples, dimension, R, observables, 1/eta, models
STUDIES = {
    "trig1d": (trig1d, 1, 5, {"energy": lambda x: x[0]**2 / 2, "bump": lambda x: np.exp(-x[0]**2 / 2)}, [8, 64], MODELS),
    "logistic1d": (logistic1d, 1, 3, {"square": lambda x: x[0]**2, "cosine": lambda x: np.cos(x[0])}, [4, 16, 64], MODELS),
    "quartic": (quartic, 1, 2, {"square": lambda x: x[0]**2, "cube": lambda x: x[0] + x[0]**3 / 4}, [4, 16, 64], MODELS),
    "skew": (skew, 1, 3, {"square": lambda x: x[0]**2, "sine": lambda x: np.sin(x[0])}, [4, 16, 64], MODELS),
    "logcosh": (logcosh, 1, 3, {"square": lambda x: x[0]**2, "line": lambda x: x[0] + np.sin(2 * x[0]) / 4}, [4, 16, 64], MODELS),
    "uniform": (uniform, 1, 2, {"square": lambda x: x[0]**2, "cosine": lambda x: np.cos(x[0] - .3)}, [4, 16, 64], MODELS),
    "truncated": (truncated, 1, 3, {"square": lambda x: x[0]**2, "cosine": lambda x: np.cos(x[0])}, [4, 32], MODELS),
    "wave178": (wave(17.8), 1, 2, SQUARE, [4], MODELS[1:]),
    "wave179": (wave(17.9), 1, 2, SQUARE, [4], MODELS[1:]),
    "wave23": (wave(23), 1, 2, SQUARE, [4], MODELS[1:]),
    "wave41": (wave(41), 1, 2, SQUARE, [4], MODELS[1:]),
    "wave97": (wave(97), 1, 2, SQUARE, [4], MODELS[1:]),
    "corner": (corner(.1), 1, 2, BOTH, [4, 16], MODELS[1:]),
    "corner left": (corner(-.62), 1, 2, BOTH, [4, 16], MODELS[1:]),
    "hinge": (hinge, 1, 2, BOTH, [4, 16], MODELS[1:]),
    "bell": (bell, 1, 2, BOTH, [4, 16], MODELS[1:]),
    "beat": (beat(9), 1, 2, SQUARE, [4], MODELS[1:]),
    "root": (root, 1, 2, BOTH, [4, 16], ["gradient-flow"]),
    "batches": (batches, 1, 2, {"square": lambda x: x[0]**2, "exponential": lambda x: np.exp(x[0] / 2)}, [4, 16, 64], MODELS),
    "product2d": (product2d, 2, 2, {"square": lambda x: x[0]**2 + x[1]**2, "wave": lambda x: np.cos(x[0] + x[1] / 2)}, [4, 32], MODELS[1:]),
}


# --- numerics

class Axis:
    """Chebyshev nodes of the second kind on [-half, half]."""

    def __init__(self, n, half):
        self.n = n
        theta = np.pi * np.arange(n) / (n - 1)
        self.x = -half * np.cos(theta)
        self.w = (-1.)**np.arange(n)
        self.w[0] /= 2
        self.w[-1] /= 2
        diff = self.x[:, None] - self.x[None, :]
        np.fill_diagonal(diff, 1)
        self.d = self.w[None, :] / self.w[:, None] / diff
        np.fill_diagonal(self.d, 0)
        np.fill_diagonal(self.d, -self.d.sum(axis=1))

    def at(self, y):
        """The matrix that interpolates at the points y, by the barycentric formula."""
        diff = y[:, None] - self.x[None, :]
        hit = np.abs(diff) < 1e-15 * max(1, abs(self.x[0]))
        diff[hit] = 1
        m = self.w / diff
        m /= m.sum(axis=1, keepdims=True)
        rows = hit.any(axis=1)
        m[rows] = hit[rows]
        return m


class Grid:
    def __init__(self, d, n, half):
        self.d, self.axis = d, Axis(n, half)
        self.x = np.array(np.meshgrid(*[self.axis.x] * d, indexing="ij")).reshape(d, -1)

    def at(self, y):
        m = self.axis.at(y[0])
        if self.d == 1:
            return m
        return (m[:, :, None] * self.axis.at(y[1])[:, None, :]).reshape(y.shape[1], -1)

    def derivatives(self):
        one, two = self.axis.d, self.axis.d @ self.axis.d
        if self.d == 1:
            return [one], {(0, 0): two}
        eye = np.eye(self.axis.n)
        return [np.kron(one, eye), np.kron(eye, one)], {(0, 0): np.kron(two, eye), (0, 1): np.kron(one, one), (1, 1): np.kron(eye, two)}


def exponential(a):
    """e^a by scaling, a Taylor polynomial of degree 19 in blocks of four, and squaring."""
    s = max(0, math.ceil(math.log2(max(1e-300, np.abs(a).sum(axis=1).max()))))
    a = a / 2.**s
    powers = [np.eye(len(a)), a, a @ a]
    powers.append(powers[2] @ a)
    fourth = powers[2] @ powers[2]
    out = 0
    for block in range(4, -1, -1):
        if block < 4:
            out = out @ fourth
        out = out + sum(powers[k] / math.factorial(4 * block + k) for k in range(4))
    for _ in range(s):
        out = out @ out
    return out


def chi(r, inner, outer):
    """The C-infinity step of the modified model: 1 up to inner, 0 from outer."""
    s = np.clip((r - inner) / (outer - inner), 1e-12, 1 - 1e-12)
    return 1 / (1 + np.exp(np.clip(1.5 * (1 / (1 - s) - 1 / s), -700, 700)))


def generator(samples, grid, model, eta, taper):
    x, d = grid.x, grid.d
    first, second = grid.derivatives()
    g = [(w, f(x)) for w, f, _ in samples]
    m = sum(w * v for w, v in g)
    b = -m
    if model in ("modified", "second-order"):
        hess = sum(w * h(x) * np.ones((d, d, x.shape[1])) for w, _, h in samples)
        b = b - eta / 2 * np.einsum("ijp,jp->ip", hess, m)
    out = sum(b[i][:, None] * first[i] for i in range(d))
    if model == "gradient-flow":
        return out
    cut = np.ones(x.shape[1])
    if taper is not None:
        cut = chi(np.sqrt((x**2).sum(axis=0)), taper, grid.axis.x[-1])**2
    for (i, j), matrix in second.items():
        sigma = sum(w * (v[i] - m[i]) * (v[j] - m[j]) for w, v in g)
        out = out + ((1 if i != j else .5) * eta * cut * sigma)[:, None] * matrix
    return out


class Search:
    """The supremum over |x| <= R of |U - u|, by samples and zooming."""

    def __init__(self, d, radius, dense, gu, gl):
        self.d, self.radius, self.gu, self.gl = d, radius, gu, gl
        if d == 1:
            self.q = np.linspace(-radius, radius, dense)[None, :]
            self.width = np.array([2 * radius / (dense - 1)])
        else:
            n = max(12, int(math.sqrt(dense / 4)))
            r = radius * (np.arange(n + 1) / n)
            t = 2 * np.pi * np.arange(4 * n) / (4 * n)
            self.q = np.array(np.meshgrid(r, t, indexing="ij")).reshape(2, -1)
            self.width = np.array([radius / n, 2 * np.pi / (4 * n)])
        p = self.points(self.q)
        self.iu, self.il = gu.at(p), gl.at(p)

    def points(self, q):
        return q if self.d == 1 else np.array([q[0] * np.cos(q[1]), q[0] * np.sin(q[1])])

    def sampled(self, big, small):
        return np.abs(self.iu @ big - self.il @ small)

    def value(self, q, big, small):
        p = self.points(q)
        return np.abs(self.gu.at(p) @ big - self.gl.at(p) @ small)

    def polished(self, big, small, v):
        best = 0.
        taken = []
        order = np.argsort(-v)[:400]
        for i in order:
            if v[i] < .97 * v[order[0]] or len(taken) == 6:
                break
            p = self.points(self.q[:, [i]])[:, 0]
            if any(np.linalg.norm(p - q) < self.radius / 12 for q in taken):
                continue
            taken.append(p)
            at, width = self.q[:, i].copy(), self.width.copy()
            for _ in range(14):
                k = 9 if self.d == 2 else 41
                axes = [np.linspace(c - w, c + w, k) for c, w in zip(at, width)]
                if self.d == 1:
                    axes[0] = np.clip(axes[0], -self.radius, self.radius)
                else:
                    axes[0] = np.clip(axes[0], 0, self.radius)
                q = np.array(np.meshgrid(*axes, indexing="ij")).reshape(self.d, -1)
                z = self.value(q, big, small)
                j = int(np.argmax(z))
                best = max(best, z[j])
                at = q[:, j]
                width = width * (2.5 / (k // 2))
        return best


def gaps(samples, d, radius, phis, eta, models, nu, nl, factor, dense, nmod):
    """The suprema, models x observables."""
    names = list(phis)
    # In one dimension the invariant ball is the box of U.
    gu = Grid(d, nu, radius if d == 1 else 1.1 * radius)
    s = sum(w * gu.at(gu.x - eta * f(gu.x)) for w, f, _ in samples)
    out = {}
    horizon = int(60 / eta)
    states = {}
    for m in models:
        taper = None
        if m == "modified":
            gl, taper = Grid(d, nmod, 1.5 * radius), radius
        elif d == 1 and m != "gradient-flow":
            # Far outside the ball the noise ends, or the ends of the box amplify.
            gl, taper = Grid(d, nl, (factor + .7) * radius), factor * radius
        else:
            gl = Grid(d, nl, factor * radius)
        p = exponential(eta * generator(samples, gl, m, eta, taper))
        states[m] = [gl, p, Search(d, radius, dense, gu, gl), np.stack([phis[o](gl.x) for o in names], axis=1)]
    big = np.stack([phis[o](gu.x) for o in names], axis=1)
    best = {(m, o): 0. for m in models for o in names}
    past = {key: [] for key in best}  # the last three steps
    seen = {key: 0. for key in best}  # the largest sampled maximum that was polished

    def settle(key):
        # Polishing raises a sampled maximum by less than this.
        search = states[key[0]][2]
        for values, a, b in past[key]:
            if values.max() > (.999 if d == 1 else .98) * best[key]:
                best[key] = max(best[key], search.polished(a, b, values))

    still = 0
    last = None
    for n in range(1, horizon + 1):
        big = s @ big
        now = []
        for m, state in states.items():
            state[3] = state[1] @ state[3]
            values = state[2].sampled(big, state[3])
            for k, o in enumerate(names):
                key, top = (m, o), values[:, k].max()
                now.append(top)
                peak = past[key] and top < past[key][-1][0].max()
                past[key] = past[key][-2:] + [(values[:, k], big[:, k], state[3][:, k])]
                high = max(v.max() for v, _, _ in past[key])
                if n == 2 or peak and high > seen[key] * (1 + 1e-10):
                    seen[key] = max(seen[key], high)
                    settle(key)
        now = np.array(now)
        if last is not None and np.all(np.abs(now - last) <= 1e-14 * now + 1e-17):
            still += 1
            if still > max(10, 1 / eta):
                break
        else:
            still = 0
        last = now
    for key in best:
        settle(key)
    return best


def main():
    for name in sys.argv[1:] or STUDIES:
        samples, d, radius, phis, inverse, models = STUDIES[name]
        samples = samples()
        if d == 1:
            nu = {"trig1d": 200}.get(name, 100)
            base = dict(nu=nu, nl=180, factor=1.4, dense=801, nmod=200)
            others = [dict(base, nu=nu * 5 // 4), dict(base, nl=220, nmod=240), dict(base, factor=1.6), dict(base, dense=1201)]
        else:
            n = 22
            base = dict(nu=n, nl=n, factor=1.2, dense=2500, nmod=0)
            others = [dict(base, nu=n + 4), dict(base, nl=n + 4), dict(base, factor=1.3), dict(base, dense=5000)]
        for k in inverse:
            first = gaps(samples, d, radius, phis, 1 / k, models, **base)
            change = {key: 0. for key in first}
            for o in others:
                again = gaps(samples, d, radius, phis, 1 / k, models, **o)
                for key in first:
                    change[key] = max(change[key], abs(again[key] / first[key] - 1))
            for (m, o), v in first.items():
                print('\t{"%s", "%s", "%s", %d, %.12e, %.1e},' % (name, o, m, k, v, max(change[m, o], 1e-11)), flush=True)


if __name__ == "__main__":
    main()
