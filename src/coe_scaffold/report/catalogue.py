"""The catalogue of guardrails, made from the rules themselves: one Markdown page, or one rule."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby

from coe_scaffold.checks import Rule, Where
from coe_scaffold.checks.rule import Demand
from coe_scaffold.checks.words import of_catalogue, operation
from coe_scaffold.model.json import JsonObject


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
    for label, text in _facts(rule):
        safe = text.replace("<", "&lt;").replace("*", "\\*") if "`" not in text else text
        yield f"- {label}: {safe}"
    yield ""


def as_text(rule: Rule) -> str:
    """Return a guardrail for a terminal."""
    lines = [f"  {label}: {text.replace('`', '')}" for label, text in _facts(rule)]
    return "\n".join([f"{rule.id}  {rule.title}", f"  {rule.rationale}", *lines])


def as_json(rule: Rule) -> JsonObject:
    """Return a guardrail with every field; ``operator`` is null where it is judged elsewhere."""
    operator = rule.operator
    return {
        "id": rule.id,
        "title": rule.title,
        "category": rule.category,
        "severity": rule.severity.value,
        "profiles": list(rule.profiles),
        "owner": rule.owner,
        "resourceType": rule.resource_type,
        "path": rule.path,
        "operator": operation(operator) if operator else None,
        "expected": of_catalogue(operator) if operator else None,
        "default": None
        if rule.default is None
        else {"value": rule.default.value, "since": rule.default.since},
        "onlyWhere": [_condition(demand).replace("`", "") for demand in rule.when],
        "judgedBy": rule.where.value,
        "judgedAt": rule.judged_at,
        "azurePolicy": list(rule.azure_policy),
        "alz": list(rule.alz),
        "checkov": list(rule.checkov),
        "psrule": list(rule.psrule),
        "mcsb": list(rule.mcsb),
        "source": list(rule.source),
        "rationale": rule.rationale,
        "fix": rule.fix,
    }


def _facts(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield what is known of a guardrail besides its title and rationale: labels, and Markdown."""
    yield "Severity", f"{rule.severity.value}; applies to: {', '.join(rule.profiles)}; owner: {rule.owner}"
    yield "Resource type", f"`{rule.resource_type}`"
    if rule.operator is None:
        yield f"Judged by {rule.where.value}", rule.judged_at
    else:
        if rule.path:
            yield "Path", f"`{rule.path}`"
        yield "Operator", operation(rule.operator)
        yield "Expected", of_catalogue(rule.operator)
    if rule.default is not None:
        since = f" (from API version {rule.default.since} on)" if rule.default.since else ""
        yield "Where it is left out", f"Azure takes {json.dumps(rule.default.value)}{since}"
    if rule.when:
        yield "Only where", ", ".join(_condition(demand) for demand in rule.when)
    if rule.inline is not None:
        yield "Also judged on", ", ".join(f"`{part}`" for part in vars(rule.inline).values() if part)
    yield "Fix", rule.fix
    for label, items in (
        ("Azure Policy", rule.azure_policy),
        ("Azure landing zones", rule.alz),
        ("checkov", rule.checkov),
        ("PSRule", rule.psrule),
        ("Cloud security benchmark v2", rule.mcsb),
        ("Source", rule.source),
    ):
        if items:
            yield label, ", ".join(items)


def _condition(demand: Demand) -> str:
    wanted = of_catalogue(demand.operator)
    return f"`{demand.path}`: {wanted}" if demand.path else wanted
