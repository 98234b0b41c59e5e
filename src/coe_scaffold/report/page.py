"""The HTML report: one self-contained page, readable without scripts, network or colour."""

from __future__ import annotations

from importlib.resources import files

from coe_scaffold.checks import Where, all_rules
from coe_scaffold.model.report import ReportData
from coe_scaffold.report import view
from coe_scaffold.report.architecture import figure, style

_TEMPLATE = "page.html.jinja"


def page(data: ReportData) -> str:
    """Return the report as HTML, everything from data escaped; the same data gives the same text."""
    from jinja2 import Environment, StrictUndefined

    source = files(__package__ or "").joinpath(_TEMPLATE).read_text(encoding="utf-8")
    engine = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return engine.from_string(source).render(
        organisation=data.settings.organisation,
        cloud=data.settings.cloud.value,
        made_at=data.made_at.strftime("%d %B %Y, %H:%M UTC").lstrip("0"),
        made_at_iso=data.made_at.isoformat(timespec="seconds"),
        version=data.version,
        titles={function.id: function.title for function in data.functions},
        verdict=view.verdict(data),
        tiles=view.tiles(data),
        environments=[view.environment_row(report) for report in data.environments],
        projects=data.settings.projects,
        guardrails=view.guardrails(data),
        elsewhere=[rule for rule in all_rules() if rule.where is not Where.TEMPLATE],
        exceptions=view.exceptions(data),
        matrix=view.matrix(data),
        figures=[figure(report) for report in data.environments],
        figure_style=style(),
        trees=[view.tree(report) for report in data.environments],
        evidence=view.evidence(data),
    )
