"""A judgement as Markdown for a pull-request comment: never longer than one comment may be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.model.json import shown
from coe_scaffold.model.judgement import Judgement, Unit
from coe_scaffold.report.findings import place, summary

LIMIT = 65_536
"""Bytes of a comment: GitHub takes 65,536 characters, and no character is more than the bytes it has."""

_COLUMNS = ("severity", "guardrail", "resource", "actual", "expected", "fix", "owner")
_TABLE = f"| {' | '.join(_COLUMNS)} |\n|{'---|' * len(_COLUMNS)}\n"
_CELL = 300
_RESERVE = 200


def markdown(judgement: Judgement, *, limit: int = LIMIT) -> str:
    """Return the comment, at most ``limit`` bytes of UTF-8; rows that find no room are counted.

    The first line is a mark by which a pipeline finds its own earlier comment. The counts of every unit
    come first, so that they are there however long the tables are.
    """
    head = "<!-- coe-scaffold check -->\n### Guardrails\n\n"
    for unit in judgement.units:
        head += f"- {_plain(summary(unit.findings, environment=unit.name))}\n"
    head += "".join(f"- **Not checked:** {_plain(item.file)}\n" for item in judgement.unchecked)
    if judgement.not_judged:
        head += f"- {len(judgement.not_judged)} policies not judged\n"
    parts = [_fitting_head(head, limit)]
    room = limit - len(parts[0].encode())
    for unit in judgement.units:
        block = _block(unit, room)
        room -= len(block.encode())
        parts.append(block)
    for title, lines in _lists(judgement):
        block = _list(title, lines, room)
        room -= len(block.encode())
        parts.append(block)
    return "".join(parts)


def _block(unit: Unit, room: int) -> str:
    found = [finding for finding in unit.findings if finding.outcome is not Outcome.PASS]
    if not found:
        return ""
    start = f"\n#### {_plain(unit.name)}\n\n{_TABLE}"
    return _within(start, [_row(finding) for finding in found], room, "findings")


def _list(title: str, lines: list[str], room: int) -> str:
    return _within(f"\n#### {title}\n\n", [f"- {line}\n" for line in lines], room, "lines") if lines else ""


def _within(start: str, rows: list[str], room: int, noun: str) -> str:
    """Return a heading and as many rows as fit, with the number of those that do not."""
    kept: list[str] = []
    left = room - len(start.encode()) - _RESERVE
    for row in rows:
        left -= len(row.encode())
        if left < 0:
            break
        kept.append(row)
    missing = len(rows) - len(kept)
    note = f"\n{missing} more {noun} left out: run `coe check` for all.\n" if missing else ""
    block = f"{start}{''.join(kept)}{note}" if kept else note
    return block if len(block.encode()) <= room else ""


def _fitting_head(head: str, limit: int) -> str:
    if len(head.encode()) <= limit - _RESERVE:
        return head
    return _within("", head.splitlines(keepends=True), limit, "lines")


def _lists(judgement: Judgement) -> Iterator[tuple[str, list[str]]]:
    problems = [str(problem) for item in judgement.unchecked for problem in item.problems]
    yield "Not checked", [_plain(problem) for problem in problems]
    yield "Policies not judged", [_plain(f"{item.policy}: {item.reason}") for item in judgement.not_judged]


def _row(finding: Finding) -> str:
    name, where = place(finding.subject)
    resource = f"{_code(name)} {_plain(where)}".strip()
    if finding.location:
        resource += f"<br>{_code(finding.location)}"
    note = {Outcome.UNKNOWN: " (unknown)", Outcome.EXCEPTED: " (excepted)"}.get(finding.outcome, "")
    path = f"{_code(finding.path)}: " if finding.path else ""
    granted = finding.message.partition("Excepted until ")
    until = f"<br>{_plain(granted[1] + granted[2])}" if granted[2] else ""
    cells = (
        finding.severity.value + note,
        f"{_code(finding.rule)}<br>{_plain(finding.title)}",
        resource,
        path + _code(shown(finding.actual)),
        _code(shown(finding.expected)),
        _plain(finding.fix) + until,
        _plain(finding.owner),
    )
    return f"| {' | '.join(cells)} |\n"


def _plain(text: str) -> str:
    """Return text that cannot become markup, a link, a mention or the end of a cell."""
    one_line = " ".join(_short(text).split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]|~>])", r"\\\1", one_line).replace("@", "@\u200b").replace("#", "#\u200b")


def _code(text: str) -> str:
    one_line = " ".join(_short(text).split()).replace("`", "'").replace("|", "\\|")
    return f"`{one_line}`" if one_line else ""


def _short(text: str) -> str:
    return text if len(text) <= _CELL else f"{text[:_CELL]}…"
