"""Rows and their schema: what a request looks like, and what is wrong with one that does not."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .settings import SettingsError

Row = Mapping[str, Any]
"""One request: a number or a text for each column."""


@dataclass(frozen=True)
class Column:
    """One column: a number between two limits, or one of some values. ``role`` says what it is for."""

    name: str
    role: str
    values: tuple[str, ...] = ()
    minimum: float = 0.0
    maximum: float = 0.0

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers."""
        return not self.values


@dataclass(frozen=True)
class Schema:
    """All columns by role: ``feature`` is learned from, ``group`` only looked at, ``target`` predicted."""

    version: str
    columns: tuple[Column, ...]

    def named(self, role: str) -> tuple[Column, ...]:
        """Return the columns of a role."""
        return tuple(column for column in self.columns if column.role == role)

    @property
    def target(self) -> str:
        """The name of the column that is predicted."""
        return self.named("target")[0].name


def load_schema(path: Path) -> Schema:
    """Read ``config/columns.yaml``; raise SettingsError unless it has features and one target."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    columns = tuple(
        Column(
            name,
            row["role"],
            tuple(row.get("values", ())),
            float(row.get("minimum", 0)),
            float(row.get("maximum", 0)),
        )
        for name, row in document["columns"].items()
    )
    roles = [column.role for column in columns]
    if roles.count("target") != 1 or "feature" not in roles:
        raise SettingsError(f"{path}: give one column the role target, and others the role feature")
    return Schema(str(document["version"]), columns)


def read(path: Path, schema: Schema) -> tuple[Row, ...]:
    """Read a CSV file of checked rows; raise ValueError that names the first wrong line."""
    rows = []
    for number, raw in enumerate(raw_rows(path), start=2):
        if found := problems(raw, schema, roles=("feature", "group", "target")):
            raise ValueError(f"{path.name}, line {number}: {'; '.join(found)}")
        rows.append(typed(raw, schema))
    return tuple(rows)


def raw_rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV file as it is."""
    with path.open(encoding="utf-8", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def problems(
    row: Mapping[str, Any], schema: Schema, *, roles: Sequence[str] = ("feature",)
) -> list[str]:
    """Return what is wrong with a row; a column the schema does not know is no problem."""
    return [
        text
        for column in schema.columns
        if column.role in roles and (text := _problem(column, row.get(column.name)))
    ]


def typed(row: Mapping[str, Any], schema: Schema) -> Row:
    """Return a checked row with numbers as numbers and nothing the schema does not know."""
    return {
        column.name: float(row[column.name]) if column.is_number else row[column.name]
        for column in schema.columns
        if column.name in row
    }


def targets(rows: Iterable[Row], schema: Schema) -> list[int]:
    """Return what happened to each row: 1 when it was late."""
    return [int(row[schema.target]) for row in rows]


def _problem(column: Column, value: object) -> str:
    if value is None or value == "":
        return f"{column.name} is missing"
    if not column.is_number:
        return (
            "" if value in column.values else f"{column.name} is none of {', '.join(column.values)}"
        )
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return f"{column.name} is no number"
    try:
        number = float(value)
    except ValueError:
        return f"{column.name} is no number"
    limits = f"{column.minimum:g} to {column.maximum:g}"
    return (
        "" if column.minimum <= number <= column.maximum else f"{column.name} is outside {limits}"
    )
