"""The extraction schema: which fields are read, what they look like, how sure is sure enough."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from .settings import SettingsError

KINDS = ("text", "date", "amount", "currency", "iban")


@dataclass(frozen=True)
class Field:
    """One field. Below ``threshold`` a person looks at it; ``personal`` values are masked in copies."""

    name: str
    kind: str
    labels: tuple[str, ...]
    required: bool
    threshold: float
    personal: bool


@dataclass(frozen=True)
class Schema:
    """All fields, and the version that every result names."""

    version: str
    fields: tuple[Field, ...]


def load(path: Path, threshold: float) -> Schema:
    """Read the schema; fields without a threshold of their own take ``threshold``."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    fields = tuple(
        Field(
            name=name,
            kind=row["kind"],
            labels=tuple(row["labels"]),
            required=row.get("required", True),
            threshold=row.get("threshold", threshold),
            personal=row.get("personal", False),
        )
        for name, row in document["fields"].items()
    )
    if unknown := [field.name for field in fields if field.kind not in KINDS]:
        raise SettingsError(f"{path.name}: {', '.join(unknown)} must be of kind {', '.join(KINDS)}")
    return Schema(str(document["version"]), fields)
