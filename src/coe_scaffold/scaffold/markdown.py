"""The tables of a Markdown document."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Row:
    """One row of a table, and the number of its line, from 1."""

    line: int
    cells: tuple[str, ...]


def tables_of(text: str) -> list[tuple[Row, ...]]:
    """Return each table's rows: the heading, the line of dashes, then what it lists."""
    lines = enumerate(text.splitlines(), 1)
    return [
        tuple(
            Row(number, tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            for number, line in group
        )
        for inside, group in groupby(lines, lambda item: item[1].lstrip().startswith("|"))
        if inside
    ]
