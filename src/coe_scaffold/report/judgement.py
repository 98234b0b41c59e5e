"""A judgement as text for people and as one versioned JSON document."""

from __future__ import annotations

from collections.abc import Iterator

from coe_scaffold.checks import open_findings
from coe_scaffold.model.json import Json
from coe_scaffold.model.judgement import Judgement, Unchecked
from coe_scaffold.report import findings as view


def text(judgement: Judgement) -> str:
    """Return the judgement for people: each unit, what could not be judged, the policies left out."""
    blocks = []
    for unit in judgement.units:
        told = view.text if open_findings(unit.findings) else view.summary
        count = f"Judged {unit.resources} resource{'s' if unit.resources != 1 else ''}"
        blocks.append(f"{count} that {unit.name} would have.\n{told(unit.findings, environment=unit.name)}")
    if judgement.unchecked:
        blocks.append("\n".join(_unchecked(judgement.unchecked)))
    if judgement.not_judged:
        lines = [f"  {item.policy}: {item.reason}" for item in judgement.not_judged]
        blocks.append("\n".join([f"POLICIES NOT JUDGED ({len(lines)})", *lines]))
    return "\n\n".join(blocks)


def document(judgement: Judgement) -> dict[str, Json]:
    """Return the judgement as a JSON document of format ``coe-scaffold/findings/v1``.

    ``units`` counts per environment or file; each finding names its ``unit``.
    """
    whole = view.document(judgement.findings, environment=judgement.name)
    named = [
        {**item, "unit": name} for (name, _), item in zip(judgement.by_unit(), whole["findings"], strict=True)
    ]
    return {
        **whole,
        "units": [
            {"name": unit.name, "resources": unit.resources, "counts": view.counts(unit.findings)}
            for unit in judgement.units
        ],
        "findings": named,
        "unchecked": [_as_json(item) for item in judgement.unchecked],
        "notJudged": [{"policy": item.policy, "reason": item.reason} for item in judgement.not_judged],
    }


def _unchecked(items: tuple[Unchecked, ...]) -> Iterator[str]:
    yield f"NOT CHECKED ({len(items)})"
    for item in items:
        yield f"  {item.file}"
        yield from (f"    {problem}" for problem in item.problems)


def _as_json(item: Unchecked) -> dict[str, Json]:
    problems = [
        {
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            "message": problem.message,
            "fix": problem.fix,
            "code": problem.code,
        }
        for problem in item.problems
    ]
    return {"file": item.file, "problems": problems}
