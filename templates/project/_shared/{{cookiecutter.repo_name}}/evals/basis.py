"""What a baseline rests on: every case and every rule of the prompt, by a fingerprint of what it says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

Basis = Mapping[str, Mapping[str, str]]
"""Fingerprints by group (``golden``, ``redteam``, ..., ``prompt``) and by the id of a case or rule."""


class CaseError(ValueError):
    """A case that cannot be read or told from others; the message names file and place."""


_RULE = re.compile(r"^- \[([a-z-]+)\] (.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_NAMED = 5
"""So many are named in a message, the others counted."""


def read(home: Path) -> Basis:
    """Return the fingerprints of this checkout; raise CaseError for a case without an id of its own."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted((home / "evals" / "data").glob("*.*")):
        _add(found.setdefault(file.stem, {}), file, _cases(file))
    for file in sorted((home / "evals" / "redteam").rglob("*.*")):
        _add(found.setdefault("redteam", {}), file, _cases(file))
    for file in sorted((home / "prompts").glob("*.md")):
        rules = _RULE.findall(file.read_text(encoding="utf-8"))
        _add(found.setdefault("prompt", {}), file, ((name, text.split()) for name, text in rules))
    return found


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


def _rows(file: Path, text: str) -> Iterator[tuple[str, Any]]:
    try:
        if file.suffix == ".jsonl":
            for number, line in enumerate(text.splitlines(), start=1):
                if line.strip():
                    yield f"line {number}", json.loads(line)
            return
        document = yaml.safe_load(text)
    except json.JSONDecodeError as error:
        raise CaseError(f"{file}, line {number}: {error}") from error
    except yaml.YAMLError as error:
        raise CaseError(f"{file}: {error}") from error
    for key, rows in document.items() if isinstance(document, dict) else ():
        for number, row in enumerate(rows if isinstance(rows, list) else (), start=1):
            yield f"{key}, number {number}", row
