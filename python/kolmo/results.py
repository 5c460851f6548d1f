"""The results of a study: tables as DataFrames, fields as Datasets."""
from __future__ import annotations

import json
import math
import os
from fractions import Fraction
from pathlib import Path
from typing import Any, Dict, List, Union

import pandas as pd
import xarray as xr

from .errors import KolmoError

Rate = Union[str, float, int, Fraction]


def open(folder: Union[str, os.PathLike]) -> Results:
    """Read the results of a finished study.

    Parameters
    ----------
    folder : path
        The folder that ``kolmo run`` wrote, such as ``out/iris``.

    Raises
    ------
    FileNotFoundError
        The folder has no results.
    KolmoError
        What it has are no results of kolmo.
    """
    return Results(folder)


class Results:
    """The results of a study.

    The tables have the columns of ``results.json``; one is empty, without columns, where its
    kind of study was not run. What is null there is NaN or None here.

    Attributes
    ----------
    folder : Path
        Where the results are.
    data : dict
        All of ``results.json``.
    """

    def __init__(self, folder: Union[str, os.PathLike]) -> None:
        self.folder = Path(folder)
        file = self.folder / "results.json"
        try:
            text = file.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError) as e:
            raise FileNotFoundError(f"{self.folder} has no results.json; kolmo run writes it when a study is finished") from e
        try:
            data = json.loads(text)
        except json.JSONDecodeError as e:
            raise KolmoError(f"{file} is no JSON: {e}") from e
        if not isinstance(data, dict) or data.get("schema") != 1 or not isinstance(data.get("gap"), list):
            raise KolmoError(f"{file} is no result of kolmo of schema 1, the one that this package reads")
        self.data: Dict[str, Any] = data

    def table(self, name: str) -> pd.DataFrame:
        """Return a list of ``results.json`` as a DataFrame, a row per entry.

        One of the tables above that older results lack is empty; any other unknown name is a KeyError.
        """
        table = isinstance(getattr(type(self), name, None), property) and name not in ("verdict", "warnings")
        if name not in self.data and not table:
            lists = ", ".join(k for k, v in self.data.items() if isinstance(v, list))
            raise KeyError(f"results.json has no list {name!r}; its lists are {lists}")
        rows = self.data.get(name, [])
        if not isinstance(rows, list):
            raise KeyError(f"{name} of results.json is no list of rows")
        return pd.DataFrame(rows)

    @property
    def gap(self) -> pd.DataFrame:
        """The gaps: a row per observable, model and learning rate."""
        return self.table("gap")

    @property
    def order(self) -> pd.DataFrame:
        """The fitted orders of the gaps in eta, with their 95 % intervals."""
        return self.table("order")

    @property
    def decay(self) -> pd.DataFrame:
        """The decay of the derivatives of u (Proposition 1)."""
        return self.table("decay")

    @property
    def local_error(self) -> pd.DataFrame:
        """The one-step errors and the bounds summed from them (Lemma 3)."""
        return self.table("local_error")

    @property
    def constant(self) -> pd.DataFrame:
        """The constants of the gaps, predicted and measured."""
        return self.table("constant")

    @property
    def horizon(self) -> pd.DataFrame:
        """The gaps over a horizon (Proposition 2)."""
        return self.table("horizon")

    @property
    def stationary(self) -> pd.DataFrame:
        """The limits of U^n and of u (section 4.1)."""
        return self.table("stationary")

    @property
    def spectrum(self) -> pd.DataFrame:
        """The rates of the slowest modes of S and of the models."""
        return self.table("spectrum")

    @property
    def escape(self) -> pd.DataFrame:
        """The rates of leaving each of two wells (section 4.1); in the plane `rest` and `saddle` are lists."""
        return self.table("escape")

    @property
    def crossing(self) -> pd.DataFrame:
        """The times at which means cross a level (section 4.2)."""
        return self.table("crossing")

    @property
    def crossing_slope(self) -> pd.DataFrame:
        """The slopes of the crossing times against ln(1/eta)."""
        return self.table("crossing_slope")

    @property
    def variation(self) -> pd.DataFrame:
        """The decay of the moments of first variations ((2.14) to (2.16))."""
        return self.table("variation")

    @property
    def exit(self) -> pd.DataFrame:
        """The mean times in which an interval or a box is left (section 4.1).

        The column x holds numbers of an interval, and lists of two numbers of a box.
        """
        return self.table("exit")

    @property
    def exit_limit(self) -> pd.DataFrame:
        """What eta ln(T) of mean exit times T tends to."""
        return self.table("exit_limit")

    @property
    def ledger(self) -> pd.DataFrame:
        """The inequalities of the proof of Theorem 1 with their values."""
        return self.table("ledger")

    @property
    def warnings(self) -> List[str]:
        """What the program warned of."""
        return list(self.data.get("warnings", []))

    @property
    def verdict(self) -> str:
        """How many rows of each kind of study are answered, and why the first that is not is none."""
        said = []
        for kind in self.data.get("run", {}).get("studies", ["gap"]):
            rows = self.data.get(kind.replace("-", "_")) or []
            bad = [row for row in rows if not _answered(row)]
            what = "gaps are certified" if kind == "gap" else f"{kind} are answered"
            text = f"{len(rows) - len(bad)} of {len(rows)} rows of {what}"
            if bad:
                name = ", ".join(str(bad[0][key]) for key in ("observable", "model") if key in bad[0])
                text += f"; {name}, eta = {_text(bad[0])} is not: {bad[0]['reason']}"
            said.append(text)
        return "; ".join(said)

    def fields(self, *, model: str, eta: Rate, observable: "str | None" = None) -> xr.Dataset:
        """Return the stored fields of one model at one learning rate.

        Parameters
        ----------
        model : str
            Such as ``"modified"``.
        eta : number, Fraction or str
            The learning rate, ``1/4`` and ``"1/4"`` alike.
        observable : str, optional
            Default: all whose fields are stored on one grid at the same times, along the dimension ``observable``.

        Returns
        -------
        xarray.Dataset
            Fields such as ``u``, ``U`` and ``gap`` over ``t``, ``x3``, ``x2``, ``x1``, series such as
            ``sup_gap`` over ``t``, and the description of the run in ``attrs``. It is in memory.

        Raises
        ------
        KeyError
            No such fields are stored, or several on different grids; the sentence lists those that are.
        """
        rows = [row for row in self.data["gap"]
                if row["model"] == model and _same(row["eta"], eta) and observable in (None, row["observable"])]
        files = [f for f in map(self._file, rows) if f.is_file()]
        several = []
        for file in files:
            with xr.open_dataset(file, engine="h5netcdf") as fields:
                several.append(fields.load())
        if len(several) == 1:
            return several[0]
        names = [row["observable"] for row in rows if self._file(row).is_file()]
        try:
            return xr.concat(several, dim=pd.Index(names, name="observable"), join="exact", combine_attrs="drop_conflicts")
        except ValueError:
            what = "several observables have, on different grids or times," if files else "no"
            stored = sorted(f.name for f in (self.folder / "fields").glob("*.nc"))
            raise KeyError(f"{what} stored fields of model={model!r}, eta={eta!r}, observable={observable!r}; "
                           f"the files are {', '.join(stored) or 'none'}") from None

    def eigenfunctions(self) -> xr.Dataset:
        """Return the eigenfunctions of certified rates, of a spectrum study.

        Returns
        -------
        xarray.Dataset
            Variables such as ``sgd_eta1_16_k1`` over ``x3``, ``x2``, ``x1``, whose ``attrs`` have ``model``, ``eta``, ``k``,
            ``rate``, ``rate_error`` and ``error``, that of the values in the ball. It is in memory.

        Raises
        ------
        KeyError
            None are stored.
        """
        file = self.folder / "eigenfunction.nc"
        if not file.is_file():
            raise KeyError(f"no eigenfunctions are stored in {self.folder}; studies: [spectrum] finds them")
        with xr.open_dataset(file, engine="h5netcdf") as fields:
            return fields.load().isel(t=0, drop=True)

    def _file(self, row: Dict[str, Any]) -> Path:
        return self.folder / "fields" / f"{row['observable']}-{row['model']}-eta{_text(row).replace('/', '_')}.nc"

    def __repr__(self) -> str:
        return f"<kolmo.Results of {self.data['study']} in {self.folder}: {self.verdict}>"


def _answered(row: Dict[str, Any]) -> bool:
    """Return whether a row has what its kind of study asks for."""
    if "certified" in row:
        return row["certified"]
    if isinstance(row.get("t"), list):
        return bool(row["t"])
    if "verdict" in row:
        return row["verdict"] != "not-resolved"
    return row.get("reason") is None


def _text(row: Dict[str, Any]) -> str:
    """Return the learning rate of a row as the study has it."""
    return row.get("eta_text") or repr(row["eta"])


def _same(stored: float, wanted: Rate) -> bool:
    """Report whether two learning rates are the same but for rounding."""
    return math.isclose(stored, float(Fraction(wanted) if isinstance(wanted, str) else wanted), rel_tol=1e-12)
