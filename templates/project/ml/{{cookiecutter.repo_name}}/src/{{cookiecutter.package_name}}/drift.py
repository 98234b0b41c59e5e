"""Data drift: how far new rows are from those the model learned from. Exit code 1 when too far."""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from .settings import load as load_settings
from .table import Column, Row, Schema, load_schema, raw_rows, typed
from .table import problems as row_problems

_LEAST = 1e-4
"""A share of zero would make the index infinite."""


def index(column: Column, reference: Sequence[Row], recent: Sequence[Row]) -> float:
    """Return the population stability index: under 0.1 is calm, over 0.25 is another population."""
    edges = _edges(column, reference)
    before, after = _shares(column, reference, edges), _shares(column, recent, edges)
    keys = before.keys() | after.keys()
    pairs = [(max(before.get(k, 0), _LEAST), max(after.get(k, 0), _LEAST)) for k in keys]
    return sum((new - old) * math.log(new / old) for old, new in pairs)


def drift(schema: Schema, reference: Sequence[Row], recent: Sequence[Row]) -> dict[str, float]:
    """Return the index of every feature, the largest first."""
    found = {c.name: index(c, reference, recent) for c in schema.named("feature")}
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def markdown(found: Mapping[str, float], limit: float, rejected: int) -> str:
    """Return the drift report."""
    rows = [f"| {n} | {v:.3f} | {'drifted' if v > limit else 'calm'} |" for n, v in found.items()]
    head = ["# Data drift", "", f"Limit {limit:g}; {rejected} rows do not fit the schema.", ""]
    return "\n".join([*head, "| Feature | Index | Verdict |", "|---|---|---|", *rows, ""])


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare a CSV file with the training data and write ``reports/drift.md``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, default=Path("data/incoming/requests.csv"))
    parser.add_argument("--reports", type=Path, default=Path("reports"))
    given = parser.parse_args(arguments)
    settings = load_settings()
    schema = load_schema(settings.home / "config" / "columns.yaml")
    reference = [
        typed(r, schema) for r in raw_rows(settings.home / "data" / "training" / "requests.csv")
    ]
    raw = raw_rows(given.input)
    fitting = [typed(row, schema) for row in raw if not row_problems(row, schema)]
    if not fitting:
        sys.stderr.write("error: no row fits the schema\n")
        return 2
    found = drift(schema, reference, fitting)
    limit = settings.number("driftLimit")
    report = markdown(found, limit, len(raw) - len(fitting))
    given.reports.mkdir(parents=True, exist_ok=True)
    (given.reports / "drift.md").write_text(report, encoding="utf-8")
    sys.stdout.write(report)
    return 1 if max(found.values()) > limit else 0


def _edges(column: Column, rows: Sequence[Row]) -> list[float]:
    if not column.is_number:
        return []
    values = sorted(float(row[column.name]) for row in rows)
    return sorted({values[len(values) * part // 10] for part in range(1, 10)})


def _shares(column: Column, rows: Sequence[Row], edges: Sequence[float]) -> dict[object, float]:
    if column.is_number:
        keys: list[object] = [sum(float(row[column.name]) >= e for e in edges) for row in rows]
    else:
        keys = [row[column.name] for row in rows]
    return {key: count / len(rows) for key, count in Counter(keys).items()}


if __name__ == "__main__":
    sys.exit(main())
