"""Batch scoring: a CSV file in, scores out, and rows that do not fit the schema in a file of their own."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .scoring import Scorer
from .serving import scorer
from .settings import load as load_settings
from .table import raw_rows


def score_file(using: Scorer, source: Path, target: Path) -> tuple[int, int]:
    """Write ``scores.csv`` and ``rejected.csv`` into a folder; return how many rows went where."""
    rows = raw_rows(source)
    verdicts = [(number, row, using.wrong(row)) for number, row in enumerate(rows, start=2)]
    good = [(number, row) for number, row, found in verdicts if not found]
    scores = using.scores([row for _, row in good])
    target.mkdir(parents=True, exist_ok=True)
    _write(
        target / "scores.csv",
        ["line", "score", "late"],
        [
            {"line": number, "score": f"{score:.4f}", "late": int(score >= using.threshold)}
            for (number, _), score in zip(good, scores, strict=True)
        ],
    )
    bad = [{"line": number, "problems": "; ".join(found)} for number, _, found in verdicts if found]
    _write(target / "rejected.csv", ["line", "problems"], bad)
    return len(good), len(bad)


def main(arguments: Sequence[str] | None = None) -> int:
    """Score a file; exit code 1 when more than one row in twenty was rejected."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, default=Path("data/incoming/requests.csv"))
    parser.add_argument("--output", type=Path, default=Path("reports/batch"))
    given = parser.parse_args(arguments)
    good, bad = score_file(scorer(load_settings()), given.input, given.output)
    sys.stdout.write(f"{good} rows scored, {bad} rejected: {given.output}\n")
    return 1 if bad > (good + bad) * 0.05 else 0


def _write(path: Path, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
