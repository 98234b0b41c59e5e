"""The catalogue of guardrails as one Markdown page, made from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from coe_scaffold.checks import Rule, Where


def catalogue(rules: Iterable[Rule]) -> str:
    """Return every guardrail by category: why, what is demanded where, who owns it, where it comes from."""
    chosen = sorted(rules, key=lambda rule: (rule.category, -rule.severity.rank, rule.id))
    here = sum(rule.where is Where.TEMPLATE for rule in chosen)
    lines = [
        "# Guardrails",
        "",
        f"{len(chosen)} guardrails; {here} are judged on evaluated templates by `coe check`, "
        f"{len(chosen) - here} elsewhere.",
        "",
    ]
    for category, members in groupby(chosen, key=lambda rule: rule.category):
        lines += [f"## {category.replace('-', ' ').capitalize()}", ""]
        lines += [line for rule in members for line in _entry(rule)]
    return "\n".join(lines)


def _entry(rule: Rule) -> Iterator[str]:
    yield f"### {rule.id}"
    yield ""
    yield f"{rule.title}. {rule.rationale}"
    yield ""
    yield f"- Severity: {rule.severity.value}; applies to: {', '.join(rule.profiles)}; owner: {rule.owner}"
    if rule.where is Where.TEMPLATE:
        yield f"- Judged on: `{rule.resource_type}`" + (f", `{rule.path}`" if rule.path else "")
    else:
        yield f"- Judged by {rule.where.value}: {rule.judged_at}"
    yield f"- Fix: {rule.fix}"
    for label, items in (
        ("Azure Policy", rule.azure_policy),
        ("Azure landing zones", rule.alz),
        ("checkov", rule.checkov),
        ("PSRule", rule.psrule),
        ("Cloud security benchmark v2", rule.mcsb),
        ("Source", rule.source),
    ):
        if items:
            yield f"- {label}: {', '.join(items)}"
    yield ""
