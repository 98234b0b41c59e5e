"""What was written of a landing zone, kept in it: the side that a later update merges from.

Of templates the SHA-256 is kept, of parameter files the text, because people change those.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coe_scaffold.errors import CorruptStateError
from coe_scaffold.model.json import from_text
from coe_scaffold.scaffold.tree import FileTree

PATH = ".coe/written.json"
"""The record's place in ``landing-zone/``."""

FORMAT = "coe-scaffold/landing-zone/v1"
_PARAMETERS = ".bicepparam"
_RANGE = re.compile(r"\baddressPrefix: '10\.1(\d\d)\.0\.0/20'")
_START = re.compile(r"\bstartDate: '(\d{4}-\d{2}-\d{2})'")


@dataclass(frozen=True)
class Placed:
    """What an environment got when it was written first: the number of its address ranges, and the day.

    ``since`` is yyyy-MM-dd, empty when its budget starts with the first deployment.
    """

    number: int
    since: str = ""


@dataclass(frozen=True)
class Written:
    """Files by path: ``templates`` with their SHA-256, ``parameters`` with their text."""

    version: str
    environments: Mapping[str, Placed] = field(hash=False)
    templates: Mapping[str, str] = field(hash=False)
    parameters: Mapping[str, str] = field(hash=False)


def written(tree: FileTree, environments: Mapping[str, Placed], version: str) -> Written:
    """Return the record of a landing zone as it is rendered."""
    texts = {path: data.decode() for path, data in tree.files.items() if path.endswith(_PARAMETERS)}
    others = {path: digest(data) for path, data in tree.files.items() if path not in texts}
    return Written(version, environments, others, texts)


def written_text(record: Written) -> str:
    """Return the record as JSON, a line of a parameter file on a line of its own."""
    document = {
        "format": FORMAT,
        "note": "What coe wrote last. 'coe new landing-zone --update' merges from here; do not edit it.",
        "version": record.version,
        "environments": {name: vars(placed) for name, placed in record.environments.items()},
        "parameters": {path: text.splitlines() for path, text in sorted(record.parameters.items())},
        "templates": dict(sorted(record.templates.items())),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def read_written(text: str) -> Written:
    """Return the record in a text; raise CorruptStateError when it is none."""
    try:
        data: Any = from_text(text)
        return Written(
            version=str(data["version"]),
            environments={name: Placed(**placed) for name, placed in data["environments"].items()},
            templates={path: str(value) for path, value in data["templates"].items()},
            parameters={path: "\n".join(lines) + "\n" for path, lines in data["parameters"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorruptStateError(
            f"landing-zone/{PATH} cannot be read",
            detail=" ".join(str(error).split()),
            fix="Restore it from version control; updates start from this record.",
        ) from error


def unrecorded(platforms: Mapping[str, str]) -> Written:
    """Return the record of a landing zone that has none: nothing is known but what its environments got.

    ``platforms`` are the texts of the platforms' parameter files by environment.
    """
    found = {name: (_RANGE.search(text), _START.search(text)) for name, text in platforms.items()}
    places = {
        name: Placed(int(number[1]), since[1] if since else "")
        for name, (number, since) in found.items()
        if number
    }
    return Written("", places, {}, {})


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file, the same for both ways of ending lines."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()
