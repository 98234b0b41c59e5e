"""A plan for people, as text, and for programs, as its JSON document; secrets masked in both."""

from __future__ import annotations

from coe_scaffold.model.json import Json
from coe_scaffold.model.plan import Plan
from coe_scaffold.planning import codec
from coe_scaffold.report.plan_lines import Line, blocked, sections, totals
from coe_scaffold.report.style import paint


def text(plan: Plan, *, colour: bool = False, show_noise: bool = False) -> str:
    """Return a plan for people: a tree by scope, access by CoE function, findings, notes, totals."""
    plan = codec.printable_plan(plan)
    title = f"Plan for {plan.environment} on {plan.cloud}"
    blocks = [paint(title, "heading", colour=colour)]
    for section in sections(plan, show_noise=show_noise):
        heading = paint(section.title, "heading", colour=colour)
        blocks.append("\n".join([heading, *(_line(line, colour=colour) for line in section.lines)]))
    blocks.append("\n".join(filter(None, [totals(plan), blocked(plan)])))
    return "\n\n".join(blocks)


def document(plan: Plan) -> dict[str, Json]:
    """Return the plan document for printing (``coe schema plan`` describes it)."""
    return codec.document(codec.printable_plan(plan))


def _line(line: Line, *, colour: bool) -> str:
    indent = "  " * line.depth
    if not line.symbol.strip():
        return indent + (line.text if line.depth < 3 else f"    {line.text}")
    return indent + paint(f"{line.symbol} {line.text}", line.symbol, colour=colour)
