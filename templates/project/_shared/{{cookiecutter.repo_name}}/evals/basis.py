"""What a baseline rests on: every case and every rule of the prompt, by a fingerprint of what it says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar

import yaml

Basis = Mapping[str, Mapping[str, str]]
"""Fingerprints by group (``golden``, ``redteam``, ..., ``prompt``) and by the id of a case or rule."""


_READ = ("config/*.yaml", "agents/*.yaml", "data/*.yaml", "evals/*.yaml", "evals/*.json")
"""Files that an evaluation rests on, beside its cases."""
T = TypeVar("T")


class CaseError(ValueError):
    """A case that cannot be read or told from others; the message names file and place."""


_RULE = re.compile(r"^- \[([a-z-]+)\] (.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_NAMED = 5
"""So many are named in a message, the others counted."""


def read(home: Path) -> Basis:
    """Return the fingerprints of this checkout.

    Raises CaseError for a case without an id of its own, and for a file that is no YAML or JSON.
    """
    for file in sorted(path for pattern in _READ for path in home.glob(pattern)):
        _document(file, file.read_text(encoding="utf-8"))
    found: dict[str, dict[str, str]] = {}
    for file in sorted((home / "evals" / "data").glob("*.*")):
        _add(found.setdefault(file.stem, {}), file, _cases(file))
    for file in sorted((home / "evals" / "redteam").rglob("*.*")):
        _add(found.setdefault("redteam", {}), file, _cases(file))
    for file in sorted((home / "prompts").glob("*.md")):
        rules = _RULE.findall(file.read_text(encoding="utf-8"))
        _add(found.setdefault("prompt", {}), file, ((name, text.split()) for name, text in rules))
    return found


def fitting(kind: type[T], row: Mapping[str, Any]) -> T:
    """Return a row as a case of its dataclass; raise CaseError that names what is missing or not known."""
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    missing = [
        name
        for name, item in known.items()
        if name not in row and item.default is MISSING and item.default_factory is MISSING
    ]
    unknown = [name for name in row if name not in known]
    said = [f"lacks {', '.join(missing)}"] * bool(missing)
    said += [f"has {', '.join(unknown)}, which no case has"] * bool(unknown)
    if said:
        raise CaseError(f"the case {row.get('id', 'without an id')} {' and '.join(said)}")
    return kind(**row)


def changes(now: Mapping[str, str], accepted: Mapping[str, str]) -> str:
    """Return what is no longer as it was accepted, in words; empty when nothing is. More cases are welcome."""
    gone = [name for name in accepted if name not in now]
    other = [name for name in accepted if now.get(name, accepted[name]) != accepted[name]]
    said = [f"{_some(gone)} gone"] * bool(gone) + [f"{_some(other)} changed"] * bool(other)
    return "; ".join(said)


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _add(group: dict[str, str], file: Path, items: Iterator[tuple[str, object]]) -> None:
    for name, content in items:
        if name in group:
            raise CaseError(f"{file}: {name} is there twice")
        text = json.dumps(content, sort_keys=True, default=str)
        group[name] = hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


def _cases(file: Path) -> Iterator[tuple[str, object]]:
    """Yield the cases of a file by id; what is no list of cases, such as a document, is one by its name."""
    text = file.read_text(encoding="utf-8")
    if file.suffix not in (".jsonl", ".yaml"):
        yield file.name, text
        return
    for place, row in _rows(file, text):
        name = row.get("id") if isinstance(row, dict) else None
        if not isinstance(name, str) or not name:
            raise CaseError(f"{file}, {place}: a case needs an id")
        yield name, row


def _document(file: Path, text: str, line: int = 0) -> Any:
    """Return what a text of YAML or JSON holds; ``line`` is where it stands in the file, 0 for all of it."""
    try:
        return yaml.safe_load(text) if file.suffix == ".yaml" else json.loads(text)
    except json.JSONDecodeError as error:
        raise CaseError(f"{file}, line {line or error.lineno}: {error.msg}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise CaseError(f"{file}{place}: {getattr(error, 'problem', error)}") from error


def _rows(file: Path, text: str) -> Iterator[tuple[str, Any]]:
    if file.suffix == ".jsonl":
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield f"line {number}", _document(file, line, number)
        return
    document = _document(file, text)
    for key, rows in document.items() if isinstance(document, dict) else ():
        for number, row in enumerate(rows if isinstance(rows, list) else (), start=1):
            yield f"{key}, number {number}", row
