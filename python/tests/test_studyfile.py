"""A study as text: what a dict becomes, and what an override changes."""
import tempfile
import unittest
from fractions import Fraction
from pathlib import Path

import numpy as np
import yaml

from kolmo import StudyError, studyfile

STUDY = """\
# a comment
name: coin   # the name
ball: {R: 2,   # the radius
  center: [0]}
sample:
  kind: data
  file: data/coin.csv
  columns:
    xi: 'v + 1'   # of the file

# what is compared
observables: {square: x^2}
loss: >
  (x - xi)^2/2
define:
eta:
- 1/4
- 1/8
models: [modified,]
empty: {}
ended: {a: 1,}
solver: {
  space: auto  # chosen
}
"""


def values(text):
    """What YAML's own reader makes of a study."""
    return yaml.load(text, yaml.BaseLoader)


class Override(unittest.TestCase):
    def change(self, **overrides):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "coin.yaml")
            file.write_text(STUDY, encoding="utf-8")
            text = studyfile.from_file(file, overrides)
        want = values(STUDY)
        want["sample"]["file"] = str(file.parent / "data/coin.csv")
        return text, values(text), want

    def test_each_form_of_a_value(self):
        for key, value, stored in [
            ("name", "b", "b"),
            ("ball__R", 3, "3"),
            ("ball__center", [0.5], ["0.5"]),
            ("ball__R2", 4.5, "4.5"),
            ("ball", {"R": 1}, {"R": "1"}),
            ("sample__columns__xi", "min(v, 1)", "min(v, 1)"),
            ("sample__columns", {"xi": "v"}, {"xi": "v"}),
            ("sample__where", "v > 0", "v > 0"),
            ("observables", {"a": "max(x, 0)", "b.c": "x"}, {"a": "max(x, 0)", "b.c": "x"}),
            ("observables__cube", "x^3", "x^3"),
            ("loss", "(x - xi)^4", "(x - xi)^4"),
            ("define", {"c": "2"}, {"c": "2"}),
            ("define__c", "2", {"c": "2"}),
            ("eta", ["1/4", Fraction(1, 8), np.float64(0.125), np.arange(2)], ["1/4", "1/8", "0.125", ["0", "1"]]),
            ("models", ("first-order",), ["first-order"]),
            ("solver__time", "rk4", "rk4"),
            ("output__fields", [], []),
            ("empty__a", 1, "1"),
            ("ended__b", 1, "1"),
            ("seed", 7, "7"),
        ]:
            with self.subTest(key):
                text, got, want = self.change(**{key: value})
                path = ["define"] if key == "define__c" else key.split("__")
                inner = want
                for k in path[:-1]:
                    inner = inner.setdefault(k, {})
                inner[path[-1]] = stored
                self.assertEqual(got, want, text)

    def test_what_follows_keeps_its_line(self):
        for key, value in [("ball", {"R": 1}), ("sample__columns", {"xi": "v"}), ("loss", "x"), ("eta", [1, 2, 3])]:
            with self.subTest(key):
                text, _, _ = self.change(**{key: value})
                before = {line: n for n, line in enumerate(STUDY.splitlines())}
                after = {line: n for n, line in enumerate(text.splitlines())}
                self.assertEqual(after["models: [modified,]"], before["models: [modified,]"])
                self.assertEqual(after["# what is compared"], before["# what is compared"])

    def test_no_keys_inside(self):
        with self.assertRaises(StudyError) as caught:
            self.change(name__x=1)
        self.assertEqual((caught.exception.line, caught.exception.column, caught.exception.key), (2, 7, "name"))

    def test_no_yaml(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "coin.yaml")
            file.write_text("name: coin\neta: [1/4\nball: {R: 2}\n", encoding="utf-8")
            with self.assertRaises(StudyError) as caught:
                studyfile.from_file(file, {"seed": 1})
        self.assertEqual((caught.exception.file, caught.exception.line), (str(file), 3))


class Dict(unittest.TestCase):
    def test_text(self):
        study = {"name": "a", "eta": ["1/4", 1e-5], "sample": {"file": "d.csv", "columns": {"y": "a ? 1 : -1"}},
                 "ball": {"R": 2, "R2": 3}, "output": {"every": np.int64(3), "fields": []}}
        text = studyfile.from_dict(study, {"ball__R": 1, "sample__where": "v"}, Path("/data"))
        self.assertEqual(values(text), {
            "name": "a", "eta": ["1/4", "1e-05"], "sample": {"file": "/data/d.csv", "columns": {"y": "a ? 1 : -1"}, "where": "v"},
            "ball": {"R": "1", "R2": "3"}, "output": {"every": "3", "fields": []}})
        self.assertIn("eta: [1/4, 1e-05]\n", text)  # a fraction in quotes would be a text
        self.assertEqual(study["ball"]["R"], 2)  # the caller's

    def test_no_value_of_a_study(self):
        for value in [float("nan"), float("inf"), None, b"x", {1: 2}, {3}]:
            with self.subTest(repr(value)), self.assertRaises(StudyError):
                studyfile.from_dict({"name": value}, {}, Path())


if __name__ == "__main__":
    unittest.main()
