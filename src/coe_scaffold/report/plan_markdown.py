"""A plan as Markdown for a pull-request comment: never longer than one comment may be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coe_scaffold.model.plan import Plan
from coe_scaffold.planning.codec import printable_plan
from coe_scaffold.report.plan_lines import Line, Section, blocked, sections, totals

LIMIT = 65_536
"""Bytes of a comment: GitHub takes 65,536 characters, and no character is more than the bytes it has."""

_RESERVE = 512


def markdown(plan: Plan, *, limit: int = LIMIT, show_noise: bool = False) -> str:
    """Return the comment, at most ``limit`` bytes of UTF-8; what is left out is counted, per section.

    The first line is a comment mark by which a pipeline finds its own earlier comment. Everything that
    comes from files or the cloud is inside code fences, so that it cannot become markup.
    """
    plan = printable_plan(plan)
    head = (
        f"<!-- coe-scaffold plan {_plain(plan.environment)} -->\n"
        f"### Plan for {_plain(plan.environment)} on {_plain(plan.cloud)}\n\n{totals(plan)}\n"
    )
    if plan.blocking:
        head += f"\n**{blocked(plan)}**\n"
    tail = f"\n<sub>inputs `{plan.inputs[:12]}`, observed `{plan.observed[:12]}`</sub>\n"
    rest = limit - len((head + tail).encode())
    parts = []
    for section in sections(plan, show_noise=show_noise):
        block = _block(section, rest)
        rest -= len(block.encode())
        parts.append(block)
    return head + "".join(parts) + tail


def _block(section: Section, room: int) -> str:
    """Return a section within ``room`` bytes, or a single line with its count when there is none."""
    rows = [_row(line) for line in section.lines]
    fence = "`" * max(3, 1 + max((len(run) for row in rows for run in re.findall("`+", row)), default=0))
    summary = f"{section.title} ({len(rows)} line{'s' if len(rows) != 1 else ''})"
    start = f"\n<details open><summary>{summary}</summary>\n\n{fence}diff\n"
    end = f"{fence}\n\n</details>\n"
    kept = _fitting(rows, room - len((start + end).encode()) - _RESERVE)
    if not kept:
        short = f"\n{summary}: left out, see the plan file.\n"
        return short if len(short.encode()) <= room else ""
    left = len(rows) - len(kept)
    more = f"# {left} more lines, see the plan file\n" if left else ""
    return start + "".join(f"{row}\n" for row in kept) + more + end


def _fitting(rows: Sequence[str], room: int) -> list[str]:
    kept: list[str] = []
    for row in rows:
        room -= len(row.encode()) + 1
        if room < 0:
            break
        kept.append(row)
    return kept


def _row(line: Line) -> str:
    """Return a line as GitHub's diff highlighting reads it: the symbol first, ``!`` for changes."""
    symbol = "!" if line.symbol == "~" else line.symbol or " "
    return f"{symbol} {'  ' * (line.depth - 1)}{line.text}".rstrip()


def _plain(text: str) -> str:
    return re.sub(r"[^\w .-]", "", text)
