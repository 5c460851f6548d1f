"""Studies as text: a dict written as YAML, and a file with some of its values replaced."""
from __future__ import annotations

import json
import math
import os
import re
from fractions import Fraction
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import yaml

from .errors import StudyError

KeyPath = Tuple[str, ...]
_FRACTION = re.compile(r"\s*[-+]?[0-9.]+(e[-+]?\d+)?\s*/\s*[0-9.]+(e[-+]?\d+)?\s*", re.IGNORECASE)


def from_dict(study: Mapping[str, Any], overrides: Mapping[str, Any], base: Path) -> str:
    """Return the YAML text of a study given as a dict.

    Parameters
    ----------
    study : mapping
        The keys and values of a study file.
    overrides : mapping
        Values that replace some of these; two underscores part the keys of a path.
    base : Path
        The folder that ``sample.file`` is relative to.
    """
    merged = {key: value for key, value in study.items()}
    for path, value in _paths(overrides):
        _set(merged, path, value)
    sample = merged.get("sample")
    if isinstance(sample, Mapping) and isinstance(sample.get("file"), (str, os.PathLike)):
        merged["sample"] = {**sample, "file": os.path.join(base.absolute(), sample["file"])}
    return "".join(_block(key, value, 0) for key, value in merged.items()) or "{}\n"


def from_file(file: Path, overrides: Mapping[str, Any]) -> str:
    """Return the text of a study file in which values are replaced or added.

    What is not replaced stays as it is, on its line. ``sample.file``, relative to the study,
    becomes absolute, since the text is going to stand elsewhere.
    """
    text = read(file)
    for path, value in _paths(overrides):
        text = _replace(text, path, value, file)
    data = _find(_compose(text, file), ("sample", "file"))
    if isinstance(data, yaml.ScalarNode) and not os.path.isabs(data.value):
        text = _replace(text, ("sample", "file"), os.path.join(file.parent.absolute(), data.value), file)
    return text


def name_of(text: str) -> Optional[str]:
    """Return the name of a study, or None if its text has none."""
    try:
        node = _find(yaml.compose(text), ("name",))
    except yaml.YAMLError:
        return None
    return node.value if isinstance(node, yaml.ScalarNode) and node.value else None


def read(file: Path) -> str:
    """Return the text of a study file."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as e:
        raise StudyError("the study is no UTF-8 text", str(file)) from e


def _compose(text: str, file: Path) -> Optional[yaml.Node]:
    try:
        return yaml.compose(text)
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise StudyError(e.problem or "the study is no YAML", str(file), line, column) from e
    except yaml.YAMLError as e:
        raise StudyError(f"the study is no YAML: {e}", str(file)) from e


def _paths(overrides: Mapping[str, Any]) -> List[Tuple[KeyPath, Any]]:
    return [(tuple(key.split("__")), value) for key, value in overrides.items()]


def _set(study: Dict[str, Any], path: KeyPath, value: Any) -> None:
    """Set a value in nested dicts; those on the way are copied."""
    for i, key in enumerate(path[:-1]):
        inner = study.get(key, {})
        if not isinstance(inner, Mapping):
            raise StudyError("this value has no keys of its own", key=".".join(path[:i + 1]))
        study[key] = dict(inner)
        study = study[key]
    study[path[-1]] = value


def _find(node: Optional[yaml.Node], path: KeyPath) -> Optional[yaml.Node]:
    """Return the node of a value, or None."""
    for key in path:
        if not isinstance(node, yaml.MappingNode):
            return None
        node = next((v for k, v in node.value if k.value == key), None)
    return node


def _replace(text: str, path: KeyPath, value: Any, file: Path) -> str:
    """Replace a value in the text, or add it to the innermost mapping that is there."""
    root = _compose(text, file)
    node = _find(root, path)
    if node is not None:
        start, end = node.start_mark.index, _end(node)
        new = _flow(value)
        if start == end or isinstance(node, yaml.SequenceNode) and not node.flow_style:
            new = " " + new  # a list may stand as far left as its key, a value in brackets may not
        elif isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            new += "\n"
        kept = "\n" * max(0, text.count("\n", start, end) - new.count("\n"))  # later lines keep their numbers
        return text[:start] + new + kept + text[end:]
    depth = len(path) - 1
    while depth > 0 and _find(root, path[:depth]) is None:
        depth -= 1
    parent = _find(root, path[:depth])
    if isinstance(parent, yaml.ScalarNode) and not parent.value:  # a key without a value
        return _replace(text, path[:depth], _nested(path[depth:], value), file)
    value = _nested(path[depth + 1:], value)
    if parent is None:
        return text + _block(path[depth], value, 0)
    if not isinstance(parent, yaml.MappingNode):
        raise StudyError("this value has no keys of its own", str(file), parent.start_mark.line + 1,
                         parent.start_mark.column + 1, ".".join(path[:depth]))
    entry = f"{_scalar_key(path[depth])}: {_flow(value)}"
    if parent.flow_style:
        last = text[:parent.end_mark.index - 1].rstrip()
        comma = "" if not parent.value or last.endswith(",") else ", "
        at = len(last) if not _comment_between(text, len(last), parent) else parent.end_mark.index - 1
        return text[:at] + comma + entry + text[at:]
    indent = " " * parent.value[0][0].start_mark.column
    end = text.find("\n", _end(parent))  # after a comment on the last line
    end = len(text) if end < 0 else end
    return text[:end] + "\n" + indent + entry + text[end:]


def _nested(path: KeyPath, value: Any) -> Any:
    for key in reversed(path):
        value = {key: value}
    return value


def _comment_between(text: str, at: int, parent: yaml.Node) -> bool:
    """Report whether the last words before the closing brace are a comment."""
    line = text.rfind("\n", 0, at) + 1
    return "\n" in text[at:parent.end_mark.index] and "#" in text[line:at]


def _end(node: yaml.Node) -> int:
    """Return where the text of a node ends; YAML's own mark may lie behind later comments."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return node.end_mark.index


def _block(key: str, value: Any, indent: int) -> str:
    """Return an entry of a mapping as lines, nested mappings indented below their keys."""
    head = " " * indent + _scalar_key(key) + ":"
    if isinstance(value, Mapping) and value:
        return head + "\n" + "".join(_block(k, v, indent + 2) for k, v in value.items())
    return f"{head} {_flow(value)}\n"


def _scalar_key(key: Any) -> str:
    if not isinstance(key, str):
        raise StudyError(f"the keys of a study are text, found {key!r}")
    return key if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key) else json.dumps(key, ensure_ascii=False)


def _flow(value: Any) -> str:
    """Return a value as YAML on one line: texts in quotes, fractions without."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise StudyError(f"a study has no number {value!r}")
        return repr(value)
    if isinstance(value, str):
        return value.strip() if _FRACTION.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, os.PathLike):
        return json.dumps(os.fspath(value), ensure_ascii=False)
    if isinstance(value, np.ndarray):
        return _flow(value.tolist())
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar_key(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    raise StudyError(f"a study holds numbers, texts, lists and dicts, found {value!r}")
