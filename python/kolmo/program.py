"""The program kolmo: where it is, and a run of it."""
from __future__ import annotations

import json
import logging
import os
import re
import shutil
import signal
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import Any, List, Mapping, Optional, Union

from . import results, studyfile
from .errors import KolmoError, NotCertified, StudyError

_log = logging.getLogger("kolmo")
_LEVELS = {"WARN": logging.WARNING, "ERROR": logging.ERROR}
_DONE, _WRONG, _NOT_CERTIFIED, _INTERRUPTED = 0, 2, 3, 130  # the program's exit codes

# The program's options, as sentences name them, and what they are here.
_OPTIONS = {"--fresh": "fresh=True", "--out": "out", "--uncertified": "uncertified=True"}
_OPTION = re.compile("|".join(_OPTIONS))


def run(study: Union[str, os.PathLike, Mapping[str, Any]], out: Union[str, os.PathLike, None] = None, *,
        program: Union[str, os.PathLike, None] = None, fresh: bool = False, uncertified: bool = False,
        **overrides: Any) -> results.Results:
    """Compute a study and return its results.

    A study that is finished already in the folder is not computed again, and one that was
    interrupted goes on from what is there.

    Parameters
    ----------
    study : path or mapping
        A study file, or its keys and values as a dict. Fractions may be texts such as
        ``"1/4"`` or `fractions.Fraction`. A data file is relative to the study file, and to
        the current folder if the study is a dict.
    out : path, optional
        The folder for the results. Default: ``out/NAME``, NAME being the study's.
    program : path, optional
        The program kolmo. Default: what the environment variable ``KOLMO`` names, or else
        ``kolmo`` on the search path.
    fresh : bool, optional
        Compute anew, and replace what kolmo wrote to the folder.
    uncertified : bool, optional
        Compute also where no row can be certified, as where steps leave the ball at every eta;
        that is a StudyError otherwise.
    **overrides
        Values that replace those of the study: ``eta=["1/4", "1/8"]`` or
        ``ball={"R": 2}``. Two underscores lead to a key inside another:
        ``ball__R=2`` leaves the other keys of ``ball`` as they are.

    Returns
    -------
    Results

    Raises
    ------
    StudyError
        The study is wrong, with its place, or the folder holds something else.
    KolmoError
        A file could not be read or written, or the program failed.
    FileNotFoundError
        There is no program or no study file.
    KeyboardInterrupt
        The run was interrupted; the same call goes on from what is finished.

    Warns
    -----
    NotCertified
        The results are there, but something that the study claims is not certified.

    Notes
    -----
    The logger ``kolmo`` gets what the program says on the way: finished parts at the level
    INFO, the program's warnings at WARNING.
    """
    command = [_find(program), "run", "--log-format", "json"]
    if fresh:
        command.append("--fresh")
    if uncertified:
        command.append("--uncertified")
    with tempfile.TemporaryDirectory(prefix="kolmo-") as scratch:
        effective, shown = Path(scratch, "study.yaml"), "study.yaml"
        if isinstance(study, Mapping):
            text = studyfile.from_dict(study, overrides, Path())
        else:
            original = Path(study)
            shown = str(original)
            if not original.is_file():
                raise FileNotFoundError(f"there is no study file {shown}")
            text = studyfile.from_file(original, overrides) if overrides else ""
            effective = Path(scratch, original.name) if overrides else original
        if text:
            effective.write_text(text, encoding="utf-8")
        folder = _folder(out, text or studyfile.read(effective))
        code, said = _call(command + ["--out", str(folder), "--", str(effective)])
        said = said.replace(str(effective), shown)
    if code == _INTERRUPTED:
        raise KeyboardInterrupt
    if code == _WRONG:
        raise StudyError.parse(_OPTION.sub(lambda o: _OPTIONS[o[0]], said))
    if code not in (_DONE, _NOT_CERTIFIED):
        raise KolmoError(said or f"kolmo ended with the exit code {code}")
    found = results.open(folder)
    if code == _NOT_CERTIFIED:
        warnings.warn(f"{folder}: {found.verdict}", NotCertified, stacklevel=2)
    return found


def _find(program: Union[str, os.PathLike, None]) -> str:
    """Return the path of the program."""
    wanted = os.fspath(program or os.environ.get("KOLMO") or "kolmo")
    path = shutil.which(wanted)
    if path is None:
        raise FileNotFoundError(f"the program {wanted} was not found; put kolmo on the search path, or name it by "
                                "the environment variable KOLMO or the argument program")
    return os.path.abspath(path)


def _folder(out: Union[str, os.PathLike, None], text: str) -> Path:
    """Return the folder for the results; without a name, which is an error, any will do."""
    return Path(out) if out is not None else Path("out", studyfile.name_of(text) or "unnamed")


def _call(command: List[str]) -> "tuple[int, str]":
    """Run the program and return its exit code and what it says of an error.

    The program has a session of its own, so that Ctrl-C reaches it once and not twice,
    which would end it at once: it keeps what is finished, and is waited for.
    """
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          encoding="utf-8", errors="replace", start_new_session=True) as child:
        said: List[str] = []
        try:
            for line in child.stderr:
                _listen(line, said)
        except BaseException:
            child.send_signal(signal.SIGINT)
            child.stderr.close()
            child.wait()
            raise
        return child.wait(), "\n".join(said)


def _listen(line: str, said: List[str]) -> None:
    """Log a line of the program's; errors, and lines that are no records, go to said."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError:
        said.append(line.strip().removeprefix("kolmo: "))
        return
    message = record.pop("msg", "")
    if message == "end" and "error" in record:
        said.append(record["error"])
    # How it ended is an exception or a warning of Python's.
    level = _LEVELS.get(record.get("level"), logging.INFO) if message != "end" else logging.INFO
    _log.log(level, "%s", message, extra={"kolmo": record})
