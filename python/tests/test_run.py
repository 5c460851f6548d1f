"""Studies computed by the program that the environment variable KOLMO names."""
import json
import logging
import os
import shutil
import signal
import tempfile
import unittest
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np

import kolmo
from kolmo import studyfile

COIN = {
    "name": "coin",
    "parameters": ["x"],
    "loss": "(x - xi)^2/2",
    "sample": {"kind": "discrete", "variables": ["xi"], "values": [[-1], [1]]},
    "ball": {"R": 2},
    "observables": {"square": "x^2", "cosine": "cos(x)"},
    "eta": ["1/4", Fraction(1, 8), 0.0625],
    "models": ["modified", "first-order"],
    "accuracy": 0.1,
}
TABLES = ["gap", "order", "decay", "local_error", "constant", "horizon", "stationary", "spectrum", "escape", "crossing", "crossing_slope", "variation", "exit", "exit_limit", "ledger"]


class InFolder(unittest.TestCase):
    """A test in an empty current folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)
        warnings.simplefilter("error")
        self.addCleanup(warnings.resetwarnings)
        logging.getLogger("kolmo").setLevel(logging.ERROR)


class Run(InFolder):
    def test_tables(self):
        found = kolmo.run(COIN, studies=["gap", "stationary"])
        self.assertEqual(found.folder, Path("out/coin"))
        stored = json.loads(Path("out/coin/results.json").read_text())
        for name in TABLES:
            with self.subTest(name):
                table, rows = getattr(found, name), stored.get(name, [])
                self.assertEqual(len(table), len(rows))
                self.assertEqual(list(table.columns), list(rows[0]) if rows else [])
                for got, want in zip(table.to_dict("records"), rows):
                    for key, value in want.items():
                        if value is None:
                            self.assertTrue(got[key] is None or np.isnan(got[key]))
                        else:
                            self.assertEqual(got[key], value)
        self.assertEqual(len(found.gap), 2 * 2 * 3)
        self.assertEqual(len(found.stationary), 2 * 2 * 3)
        self.assertTrue(found.decay.empty)
        # The closed form of the first-order model's gap of x^2 at eta = 1/4 (doc/dev/closed-forms.md).
        row = found.gap.query("observable == 'square' and model == 'first-order' and eta == 0.25").iloc[0]
        n = np.arange(1, 200)
        a, b = (1 - 0.25) ** (2 * n), np.exp(-2 * 0.25 * n)
        gap = max(np.abs(r * (a - b) + 0.25 / (2 - 0.25) * (1 - a) - 0.25 / 2 * (1 - b)).max() for r in (0, 4))
        self.assertLess(abs(row.gap - gap), row.error)

    def test_file_with_overrides(self):
        Path("data").mkdir()
        Path("data/coin.csv").write_text("v\n-1\n1\n")
        Path("coin.yaml").write_text(
            "name: coin\nparameters: [x]\nloss: (x - xi)^2/2\nsample: {kind: data, file: data/coin.csv, columns: {xi: v}}\n"
            "ball: {R: 2, R2: 2.5}\nobservables: {square: x^2}\neta: [1/4, 1/8, 1/16]\nmodels: [modified]\n")
        os.mkdir("elsewhere")
        os.chdir("elsewhere")
        found = kolmo.run("../coin.yaml", "here", eta=["1/2", "1/4"], ball__R=1, accuracy=0.1)
        self.assertEqual(found.folder, Path("here"))
        self.assertEqual(list(found.gap.eta_text), ["1/2", "1/4"])
        fields = found.fields(model="modified", eta=0.5)
        self.assertEqual((fields.attrs["R"], fields.attrs["R2"]), (1, 2.5))

    def test_again_and_open(self):
        first = kolmo.run(COIN)
        written = Path("out/coin/results.json").stat().st_mtime_ns
        again = kolmo.run(COIN)
        self.assertEqual(Path("out/coin/results.json").stat().st_mtime_ns, written)
        for found in (again, kolmo.open("out/coin")):
            self.assertTrue(found.gap.equals(first.gap))
        with self.assertRaisesRegex(kolmo.StudyError, "out/coin .* another with out, or fresh=True"):
            kolmo.run(COIN, ball__R=1)
        self.assertEqual(set(kolmo.run(COIN, fresh=True, ball__R=1).gap.certified), {True})

    def test_verdict(self):
        found = kolmo.run(COIN, studies=["horizon", "decay"], horizon=1, out="out/kinds")
        self.assertRegex(repr(found), "12 of 12 rows of horizon are answered")
        self.assertRegex(repr(found), "24 of 24 rows of decay are answered")
        self.assertNotRegex(repr(found), "gaps")

    def test_fields(self):
        found = kolmo.run(COIN)
        for rate in (0.25, "1/4", "0.25", Fraction(1, 4)):
            fields = found.fields(model="modified", eta=rate, observable="square")
            self.assertEqual(fields.attrs["eta_text"], "1/4")
        np.testing.assert_array_equal(fields.U - fields.u, fields.gap)
        np.testing.assert_allclose(fields.u.isel(t=0), fields.x1**2, atol=1e-14)
        self.assertEqual(found.fields(model="first-order", eta=0.0625, observable="cosine").attrs["observable"], "cosine")
        both = found.fields(model="modified", eta=0.25)
        self.assertEqual((list(both.observable), both.attrs["model"], "observable" in both.attrs), (["square", "cosine"], "modified", False))
        np.testing.assert_array_equal(both.u.sel(observable="square"), found.fields(model="modified", eta=0.25, observable="square").u)
        kolmo.run(COIN, ball__R=1.5, out="out/other")
        shutil.copy("out/other/fields/cosine-modified-eta1_4.nc", "out/coin/fields/cosine-modified-eta1_4.nc")
        with self.assertRaisesRegex(KeyError, "several observables.*cosine-modified-eta1_4.nc"):
            found.fields(model="modified", eta=0.25)
        with self.assertRaisesRegex(KeyError, "no stored fields"):
            found.fields(model="modified", eta="1/8", observable="square")  # neither largest nor smallest

    def test_eigenfunctions(self):
        found = kolmo.run(COIN, studies=["spectrum"], eta=["1/4", "1/8"])
        functions = found.eigenfunctions()
        slowest = functions["sgd_eta1_8_k1"]
        row = found.spectrum.query("model == 'sgd' and eta == 0.125 and k == 1").iloc[0]
        self.assertEqual((slowest.attrs["model"], slowest.attrs["eta"], slowest.attrs["k"]), ("sgd", 0.125, 1))
        self.assertEqual((slowest.attrs["rate"], slowest.attrs["rate_error"]), (row.rate, row.error))
        self.assertEqual(slowest.dims, ("x1",))
        # S x = (1 - eta) x: the eigenfunction is x over the radius.
        np.testing.assert_allclose(slowest, slowest.x1 / 2, atol=slowest.attrs["error"] + 1e-10)
        with self.assertRaisesRegex(KeyError, "no eigenfunctions are stored in out/coin"):
            kolmo.run(COIN, fresh=True).eigenfunctions()

    def test_not_certified(self):
        with self.assertWarnsRegex(kolmo.NotCertified, "out/coin: 0 of 1 rows.*first-order, eta = 1/4 is not: "):
            found = kolmo.run(COIN, eta=["1/4"], models=["first-order"], observables={"kink": "abs(x - 0.3)"},
                              accuracy=1e-6, solver__nodes=[12])
        self.assertFalse(found.gap.certified[0])

    def test_uncertified(self):
        plane = {"parameters": ["x", "y"], "loss": "(x - xi)^2/2 + (y - xi)^2/2", "ball__R": 0.5, "eta": ["1/8"],
                 "models": ["first-order"]}
        with self.assertRaisesRegex(kolmo.StudyError, "no row can be certified.*uncertified=True computes all the same"):
            kolmo.run(COIN, **plane)
        with self.assertWarnsRegex(kolmo.NotCertified, "0 of 2 rows"):
            kolmo.run(COIN, uncertified=True, **plane)

    def test_log(self):
        with self.assertLogs("kolmo", "INFO") as log:
            kolmo.run(COIN, loss="1e-6*(x - xi)^2", horizon=1)
        self.assertIn("WARNING", [record.levelname for record in log.records])  # suprema are over t <= horizon
        units = [record.kolmo["name"] for record in log.records if record.getMessage() == "unit"]
        self.assertIn("gap/1_4/modified", units)


class Wrong(InFolder):
    def wrong(self, study, **overrides):
        with self.assertRaises(kolmo.StudyError) as caught:
            kolmo.run(study, **overrides)
        e = caught.exception
        return e.file, e.line, e.column, e.key, e.message

    def test_place_in_a_file(self):
        Path("bad.yaml").write_text("ball: {R: -2}\n" + studyfile.from_dict({**COIN, "ball": {}}, {}, Path()).replace("ball: {}\n", ""))
        self.assertEqual(self.wrong("bad.yaml")[:4], ("bad.yaml", 1, 11, "ball.R"))
        self.assertEqual(self.wrong("bad.yaml", ball__R=0)[:4], ("bad.yaml", 1, 11, "ball.R"))
        self.assertFalse(Path("out").exists())

    def test_place_in_a_dict(self):
        file, _, _, key, message = self.wrong(COIN, ball__R="wide")
        self.assertEqual((file, key, message), ("study.yaml", "ball.R", 'expected a number, found the text "wide"'))
        self.assertEqual(self.wrong(COIN, loss="(x - xi")[3], "loss")
        self.assertEqual(self.wrong(COIN, models=["none"])[3], "models[1]")
        self.assertIn("unknown key", self.wrong(COIN, bal={"R": 2})[4])

    def test_place_in_data(self):
        Path("d.csv").write_text("v\n-1\nq\n")
        place = self.wrong(COIN, sample={"kind": "data", "file": "d.csv", "columns": {"xi": "v"}})
        self.assertEqual(place[:4], (str(Path("d.csv").absolute()), 3, 1, "v"))

    def test_no_file(self):
        with self.assertRaisesRegex(FileNotFoundError, "missing.yaml"):
            kolmo.run("missing.yaml")
        with self.assertRaisesRegex(FileNotFoundError, "argument program"):
            kolmo.run(COIN, program="./no-such-program")
        with self.assertRaisesRegex(FileNotFoundError, "results.json"):
            kolmo.open(".")
        Path("results.json").write_text('{"schema": 1, "gap": []}')
        with self.assertRaisesRegex(KeyError, "has no list 'gaps'; its lists are gap"):
            kolmo.open(".").table("gaps")
        for name in ("fields", "verdict", "table"):
            with self.assertRaises(KeyError):
                kolmo.open(".").table(name)
        self.assertTrue(kolmo.open(".").ledger.empty)
        Path("results.json").write_text('{"schema": 2}')
        with self.assertRaisesRegex(kolmo.KolmoError, "schema 1"):
            kolmo.open(".")

    def test_io(self):
        Path("file").write_text("")
        with self.assertRaises(kolmo.KolmoError) as caught:
            kolmo.run(COIN, "file/folder")
        self.assertIn("file", str(caught.exception))


class Interrupt(InFolder):
    def interrupted(self):
        """Interrupt a long study at its first finished part, and return that part's record."""
        log = logging.getLogger("kolmo")
        log.setLevel(logging.INFO)
        seen = []

        class AtFirstUnit(logging.Handler):
            def emit(self, record):
                if record.getMessage() == "unit" and not seen:
                    seen.append(record.kolmo)
                    os.kill(os.getpid(), signal.SIGINT)

        handler = AtFirstUnit()
        log.addHandler(handler)
        self.addCleanup(log.removeHandler, handler)
        with self.assertRaises(KeyboardInterrupt):
            kolmo.run(COIN, studies=["gap", "decay"], eta=[f"1/{2**k}" for k in range(2, 9)])
        return seen[0]

    def test_goes_on(self):
        first = self.interrupted()
        self.assertFalse(first["stored"])
        self.assertEqual(os.listdir("out"), [".coin.part"])  # the program kept it, and has ended
        again = self.interrupted()
        self.assertEqual((again["name"], again["stored"]), (first["name"], True))


if __name__ == "__main__":
    unittest.main()
