"""Tables as Markdown, CSV and one self-contained HTML page; whatever is in a cell stays text."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable
from dataclasses import dataclass

FORMATS = ("markdown", "csv", "html")
"""What :func:`rendered` can write."""

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem;color:#1b1b1b;
background:#fff}
h1{font-size:1.5rem}caption{text-align:left;font-weight:600;padding:.5rem 0}
table{border-collapse:collapse;width:100%;margin:1rem 0}
th,td{border:1px solid #767676;padding:.35rem .5rem;text-align:left;vertical-align:top}
thead th{background:#eee}p{max-width:60rem}
@media (prefers-color-scheme:dark){body{background:#1b1b1b;color:#eee}thead th{background:#333}}
"""


@dataclass(frozen=True)
class Table:
    """Rows of text under headings; the first cell of a row names it."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def rendered(form: str, title: str, tables: Iterable[Table], *, notes: Iterable[str] = ()) -> str:
    """Return tables in one of :data:`FORMATS`; CSV holds them one after the other, a blank line between."""
    found = tuple(tables)
    match form:
        case "csv":
            return "\n".join(_csv(table) for table in found)
        case "html":
            return _html(title, found, tuple(notes))
        case "markdown":
            blocks = [f"# {title}", *notes, *(_markdown(table) for table in found)]
            return "\n\n".join(blocks) + "\n"
    raise ValueError(f"no format '{form}'")


def _markdown(table: Table) -> str:
    lines = [table.headings, ("---",) * len(table.headings), *table.rows]
    body = "\n".join("| " + " | ".join(_cell(text) for text in line) + " |" for line in lines)
    return f"## {table.title}\n\n{body}"


def _cell(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return " ".join(escaped.split())


def _csv(table: Table) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.headings)
    writer.writerows(tuple(_harmless(text) for text in row) for row in table.rows)
    return buffer.getvalue()


def _harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _html(title: str, tables: tuple[Table, ...], notes: tuple[str, ...]) -> str:
    parts = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>',
        '<meta name="viewport" content="width=device-width"><style>' + _STYLE + "</style></head><body><main>",
        f"<h1>{html.escape(title)}</h1>",
        *(f"<p>{html.escape(note)}</p>" for note in notes),
    ]
    for table in tables:
        heads = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in table.headings)
        parts.append(f"<table><caption>{html.escape(table.title)}</caption><thead><tr>{heads}</tr></thead>")
        parts.append("<tbody>")
        for row in table.rows:
            first = f'<th scope="row">{html.escape(row[0])}</th>' if row else ""
            parts.append(f"<tr>{first}{''.join(f'<td>{html.escape(text)}</td>' for text in row[1:])}</tr>")
        parts.append("</tbody></table>")
    return "\n".join([*parts, "</main></body></html>"]) + "\n"
