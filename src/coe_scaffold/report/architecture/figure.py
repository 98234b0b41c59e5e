"""What the report and ``coe diagram`` show of one environment: the picture, and the modules behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coe_scaffold.model.report import EnvironmentReport
from coe_scaffold.report.architecture.draw import draw
from coe_scaffold.report.architecture.drawing import Drawing
from coe_scaffold.report.architecture.mermaid import mermaid
from coe_scaffold.report.architecture.modules import ModuleRow, modules
from coe_scaffold.report.architecture.svg import svg


class Markup(str):
    """Text that is HTML already, in the way template engines recognise it."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


@dataclass(frozen=True)
class Figure:
    """An environment's picture as SVG, what kind of network it has, and its modules."""

    title: str
    topology: str
    svg: Markup
    modules: tuple[ModuleRow, ...]


def drawing(report: EnvironmentReport) -> Drawing:
    """Return the drawing of one environment of a report."""
    environment = report.environment
    return draw(environment.name, environment.scope, report.graph, report.findings)


def figure(report: EnvironmentReport) -> Figure:
    """Return what the report's page shows of one environment."""
    made = drawing(report)
    picture = Markup(svg(made, prefix=f"architecture-{made.title}"))
    return Figure(made.title, made.topology, picture, modules(report.findings))


def markdown(report: EnvironmentReport) -> str:
    """Return a Markdown page of one environment: the Mermaid diagram, modules and their guardrails."""
    made = drawing(report)
    lines = [f"# Architecture of {made.title}", "", f"{made.topology[:1].upper()}{made.topology[1:]}.", ""]
    lines += ["```mermaid", mermaid(made).rstrip(), "```", "", *_table(modules(report.findings))]
    return "\n".join(lines).rstrip() + "\n"


def _table(rows: Iterable[ModuleRow]) -> Iterator[str]:
    yield "| Module | Resources judged | Guardrails that hold | Guardrails that do not, or are not known |"
    yield "| --- | --- | --- | --- |"
    for row in rows:
        held, rest = (", ".join(f"`{rule}`" for rule in rules) for rules in (row.held, row.open))
        yield f"| {row.name} | {row.resources} | {held} | {rest or 'none'} |"
