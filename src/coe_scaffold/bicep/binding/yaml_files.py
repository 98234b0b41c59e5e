"""YAML read as JSON values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any


def load_yaml(text: str) -> object:
    """Return the value of a YAML text; raise ValueError when it is not valid."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return _plain(YAML(typ="safe", pure=True).load(text))
    except YAMLError as problem:
        raise ValueError(f"The file is not valid YAML: {problem}") from problem


def _plain(value: Any) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
