"""Judge a resource graph by exported policies: what Azure would deny, audit or change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from coe_scaffold.checks.policy.applied import DENY_ACTION, Applied, applied, contains, selected
from coe_scaffold.checks.policy.decision import Decision, decide
from coe_scaffold.checks.policy.expressions import Place
from coe_scaffold.checks.policy.fields import select
from coe_scaffold.checks.policy.model import Exemption, NotSupportedError, PolicyExport
from coe_scaffold.checks.run import located
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.json import Json, Unknown, Value
from coe_scaffold.model.judgement import NotJudged
from coe_scaffold.model.resources import Resource, ResourceGraph

OWNER = "compliance-officer"
"""The function that answers for tenant policies and their exemptions."""

_SEVERITIES = {
    "deny": Severity.HIGH,
    "audit": Severity.MEDIUM,
    "modify": Severity.LOW,
    "append": Severity.LOW,
    "auditifnotexists": Severity.MEDIUM,
    "deployifnotexists": Severity.LOW,
}
_ACTS = {
    "deny": "deny it",
    "audit": "mark it as not compliant",
    "modify": "change it",
    "append": "add to it",
    "auditifnotexists": "mark it as not compliant, for what is missing beside it",
    "deployifnotexists": "deploy what is missing beside it",
}
_AVOIDS = {
    "deny": "what this policy does not deny",
    "audit": "what this policy does not mark",
    "modify": "what this policy leaves as it is",
    "append": "what this policy leaves as it is",
    "auditifnotexists": "what this policy looks for beside it",
    "deployifnotexists": "what this policy would deploy beside it",
}
"""What is expected in place of what a policy acts on."""

_ABOUT_DELETIONS = "its effect denyAction is about deletions, which 'coe undo' and 'coe destroy' ask about"
_WIDTH = 60
"""Characters of a value in a message."""


def judge_policies(
    export: PolicyExport,
    graph: ResourceGraph,
    *,
    now: datetime,
    tenant: str = "",
    locations: Mapping[str, str] | None = None,
) -> tuple[tuple[Finding, ...], tuple[NotJudged, ...]]:
    """Return the findings of every policy that could be judged, and what could not be.

    Policies about deletions are among the latter: see ``deletion``.

    A policy that acts on no resource is one finding that passed, about its assignment. One that could not
    be evaluated on some resource is among the latter, whatever it did with the others.
    """
    place = Place(now, tenant=tenant)
    policies, missed = applied(export, place)
    findings: list[Finding] = []
    refused = list(missed)
    acted: dict[tuple[str, str, str], bool] = {}
    for policy in policies:
        if policy.effect == DENY_ACTION:
            refused.append(NotJudged(policy.title, _ABOUT_DELETIONS))
            continue
        found, reasons = _judged(policy, graph, place, export.exemptions, locations or {})
        refused += [NotJudged(policy.title, reason) for reason in sorted(reasons)]
        findings += found
        acted[policy.key] = acted.get(policy.key, False) or bool(found or reasons)
    quiet = {policy.key: policy for policy in policies if acted.get(policy.key) is False}
    findings += [_passed(policy) for policy in quiet.values()]
    return tuple(findings), tuple(dict.fromkeys(refused))


def _judged(
    policy: Applied,
    graph: ResourceGraph,
    place: Place,
    exemptions: tuple[Exemption, ...],
    locations: Mapping[str, str],
) -> tuple[list[Finding], set[str]]:
    groups = {group.id: group for group in graph.of_type("Microsoft.Resources/resourceGroups")}
    found: list[Finding] = []
    reasons: set[str] = set()
    for resource in graph.resources:
        around = Place(place.now, groups.get(resource.scope), tenant=place.tenant)
        try:
            decision = decide(policy, resource, around, graph.resources)
        except NotSupportedError as error:
            reasons.add(str(error))
            continue
        if decision is not None and decision.outcome is not Outcome.PASS:
            exempt = next(exempting(policy, resource, exemptions, place.now), None)
            found.append(_finding(policy, resource, decision, exempt, locations))
    return found, reasons


def _finding(
    policy: Applied,
    resource: Resource,
    decision: Decision,
    exempt: Exemption | None,
    locations: Mapping[str, str],
) -> Finding:
    acts = _ACTS[decision.effect]
    sure = decision.outcome is Outcome.FAIL
    message = f"Azure Policy would {acts}." if sure else f"Azure Policy may {acts} after apply."
    facts = _facts(policy, resource)
    if facts:
        seen = ", ".join(f"{name} = {_text(value)}" for name, value in facts.items())
        message += f" It looks at {seen} of {resource.name}."
    message += f" Definition '{policy.definition.title}'"
    if policy.assignment is not None:
        message += f", assigned as '{policy.assignment.title}' at {policy.assignment.scope or '/'}"
    message += "."
    if exempt is not None:
        message += f" Exempted as {exempt.category}" + (
            f" until {exempt.expires}." if exempt.expires else "."
        )
    wanted: Json = _AVOIDS[decision.effect]
    if decision.settings:
        wanted = {item.name: None if item.operation == "remove" else item.value for item in decision.settings}
    return Finding(
        rule=_rule(policy),
        title=policy.title,
        severity=_SEVERITIES[decision.effect],
        outcome=Outcome.EXCEPTED if exempt is not None else decision.outcome,
        subject=resource.id.path,
        message=message,
        owner=OWNER,
        fix="Change the resource so that the rule does not match, or have the policy's owner exempt it.",
        actual=facts,
        expected=wanted,
        location=located(resource.source, locations),
    )


def _passed(policy: Applied) -> Finding:
    return Finding(
        rule=_rule(policy),
        title=policy.title,
        severity=_SEVERITIES[policy.effect],
        outcome=Outcome.PASS,
        subject=policy.assignment.scope if policy.assignment else policy.definition.id,
        message="The policy acts on no resource.",
        owner=OWNER,
    )


def _rule(policy: Applied) -> str:
    return f"policy/{policy.definition.id.rpartition('/')[2]}"


def exempting(
    policy: Applied, resource: Resource, exemptions: tuple[Exemption, ...], now: datetime
) -> Iterator[Exemption]:
    """Yield the exemptions in force that take a resource out of what a policy applies to."""
    for exemption in exemptions:
        if policy.assignment is None or exemption.assignment != policy.assignment.id:
            continue
        references = {reference.lower() for reference in exemption.references}
        named = not references or policy.reference.lower() in references
        current = named and contains(exemption.scope, resource) and not _past(exemption.expires, now)
        if current and _chosen(exemption, resource):
            yield exemption


def _chosen(exemption: Exemption, resource: Resource) -> bool:
    """Whether an exemption is for a resource in its scope; one that cannot be made out is for none."""
    try:
        return selected(exemption.selectors, resource)
    except NotSupportedError:
        return False


def _past(expires: str, now: datetime) -> bool:
    """Whether an exemption is over; one whose date cannot be read counts as over."""
    if not expires:
        return False
    try:
        end = datetime.fromisoformat(expires)
    except ValueError:
        return True
    return (end if end.tzinfo else end.replace(tzinfo=now.tzinfo)) < now


def _facts(policy: Applied, resource: Resource) -> dict[str, Value]:
    """Return the fields the rule looks at with their values here, for people to see why."""
    facts: dict[str, Value] = {}
    for name in _fields(policy.definition.rule.get("if")):
        try:
            found = select(name, resource, {})
        except NotSupportedError:
            continue
        facts[name.rpartition("/")[2]] = list(found.values) if found.collection else found.values[0]
    return facts


def _text(value: Value) -> str:
    """Return a value on one line, short."""
    text = str(value) if isinstance(value, Unknown) else json.dumps(value, default=str)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _fields(block: Json) -> Iterator[str]:
    if isinstance(block, list):
        for item in block:
            yield from _fields(item)
    elif isinstance(block, dict):
        for key, value in block.items():
            if key == "field" and isinstance(value, str) and not value.startswith("[") and value != "type":
                yield value
            else:
                yield from _fields(value)
