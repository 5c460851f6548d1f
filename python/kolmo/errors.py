"""What can go wrong: exceptions and the warning of `kolmo.run`."""
from __future__ import annotations

import re
from typing import Optional

_PLACE = re.compile(r"(?P<file>[^\n]*?):(?P<line>\d+):(?P<column>\d+): (?P<rest>.*)", re.DOTALL)
_KEY = re.compile(r"(?P<key>[A-Za-z0-9_.\[\]-]+): (?P<message>.*)", re.DOTALL)


class KolmoError(Exception):
    """The program failed, as by a file that cannot be read or written."""


class StudyError(KolmoError, ValueError):
    """The study, or the folder for its results, is wrong.

    Attributes
    ----------
    message : str
        What is wrong and what to do, without the place.
    file : str or None
        The file with the fault: the study's or that of its data. ``study.yaml`` is the
        text that a study given as a dict was written to.
    line, column : int or None
        The place in the file, from 1.
    key : str or None
        The key of the study, such as ``ball.R``, or the column of the data.
    """

    def __init__(self, message: str, file: Optional[str] = None, line: Optional[int] = None,
                 column: Optional[int] = None, key: Optional[str] = None) -> None:
        self.message, self.file, self.line, self.column, self.key = message, file, line, column, key
        place = f"{file}:{line}:{column}: " if line is not None else f"{file}: " if file else ""
        super().__init__(place + (f"{key}: " if key else "") + message)

    @classmethod
    def parse(cls, text: str) -> StudyError:
        """Return the error of a sentence of the program, ``FILE:LINE:COLUMN: KEY: MESSAGE``."""
        place = _PLACE.fullmatch(text)
        if place is None:
            return cls(text)
        rest = _KEY.fullmatch(place["rest"])
        key, message = (rest["key"], rest["message"]) if rest else (None, place["rest"])
        return cls(message, place["file"], int(place["line"]), int(place["column"]), key)


class NotCertified(UserWarning):
    """The study is done, but something that it claims is not certified.

    The column ``reason`` of the results says why.
    """
