"""Reads the data files that ship inside the package."""

from __future__ import annotations

import json
from pathlib import Path

from coe_scaffold.model.json import JsonObject

_DATA = Path(__file__).parent / "data"


def read(name: str) -> JsonObject:
    """Return ``data/<name>.json`` as an object."""
    document: JsonObject = json.loads((_DATA / f"{name}.json").read_bytes())
    return document
