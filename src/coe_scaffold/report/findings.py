"""Findings as text for people, and as one versioned JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from coe_scaffold.checks import Where, all_rules
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.json import Json, printable, shown, unknowns
from coe_scaffold.model.scope import Scope

FORMAT = "coe-scaffold/findings/v1"
_SEVERITIES = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)
_HEADINGS = {
    Outcome.FAIL: "",
    Outcome.UNKNOWN: "known only after apply",
    Outcome.EXCEPTED: "excepted",
}
_WORDS = {
    Outcome.FAIL: "failed",
    Outcome.UNKNOWN: "unknown before apply",
    Outcome.EXCEPTED: "excepted",
    Outcome.PASS: "passed",
}


def text(findings: Iterable[Finding], *, environment: str = "", what: str = "Guardrails") -> str:
    """Return findings for people: failures by severity, guardrail and resource, then counts of ``what``."""
    found = tuple(findings)
    blocks = [
        _group(severity, outcome, members)
        for outcome in _HEADINGS
        for severity in _SEVERITIES
        if (members := [f for f in found if f.outcome is outcome and f.severity is severity])
    ]
    return "\n\n".join([*blocks, summary(found, environment=environment, what=what)])


def summary(findings: Iterable[Finding], *, environment: str = "", what: str = "Guardrails") -> str:
    """Return one line: how many findings there are of each outcome, failures by severity."""
    found = tuple(findings)
    where = f"{what} for {environment}" if environment else what
    numbers = counts(found)
    parts = [f"{numbers[outcome.value]} {words}" for outcome, words in _WORDS.items()]
    failed = numbers["failed"]
    detail = ", ".join(f"{failed[s.value]} {s.value}" for s in _SEVERITIES if failed[s.value])
    if detail:
        parts[0] += f" ({detail})"
    return f"{where}: {', '.join(parts)}."


def counts(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return how many findings there are of each outcome, and how many failed of each severity."""
    found = tuple(findings)
    failed = [finding for finding in found if finding.outcome is Outcome.FAIL]
    return {
        **{outcome.value: sum(f.outcome is outcome for f in found) for outcome in Outcome},
        "failed": {s.value: sum(f.severity is s for f in failed) for s in _SEVERITIES},
        "blocking": sum(finding.blocks for finding in found),
    }


def document(findings: Iterable[Finding], *, environment: str = "") -> dict[str, Json]:
    """Return findings as a JSON document of format ``coe-scaffold/findings/v1``.

    ``judgedElsewhere`` names the guardrails that no template can be judged by.
    """
    found = tuple(findings)
    return {
        "format": FORMAT,
        "environment": environment,
        "counts": counts(found),
        "findings": [_as_json(finding) for finding in found],
        "judgedElsewhere": [
            {"guardrail": rule.id, "title": rule.title, "where": rule.where.value, "how": rule.judged_at}
            for rule in all_rules()
            if rule.where is not Where.TEMPLATE
        ],
    }


def place(subject: str) -> tuple[str, str]:
    """Return what a finding is about as (name, what it is and where), from a resource id or other text."""
    if not subject.startswith("/"):
        return subject, ""
    scope = Scope(subject)
    group = f"in {scope.resource_group}" if scope.resource_group else "at subscription scope"
    kind = scope.resource_type
    if kind.lower() == "microsoft.resources/resourcegroups":
        group = "resource group"
        kind = ""
    return _full_name(scope), " ".join(part for part in (kind, group) if part)


def _full_name(scope: Scope) -> str:
    tail = scope.path.rpartition("/providers/")[2].split("/")
    return "/".join(tail[2::2]) if len(tail) > 2 and "/providers/" in scope.path else scope.name


def _group(severity: Severity, outcome: Outcome, members: list[Finding]) -> str:
    note = _HEADINGS[outcome]
    heading = severity.value.upper() + (f", {note}" if note else "")
    ordered = sorted(members, key=lambda f: (f.rule, f.title, f.subject, f.path))
    rules = groupby(ordered, key=lambda f: (f.rule, f.title))
    return "\n".join([heading, *(line for _, same in rules for line in _rule(list(same)))])


def _rule(findings: list[Finding]) -> Iterator[str]:
    first = findings[0]
    yield f"  {first.rule}  {first.title}"
    for subject, about in groupby(findings, key=lambda f: f.subject):
        name, where = place(subject)
        yield f"    {name}  {where}".rstrip()
        for location, same in groupby(about, key=lambda f: f.location):
            if location:
                yield f"      {location}"
            for finding in same:
                yield from (f"      {line}" for line in _difference(finding))
    for fix in dict.fromkeys(finding.fix for finding in findings):
        yield f"    Fix: {fix}"
    yield f"    Owner: {first.owner}"


def _difference(finding: Finding) -> Iterator[str]:
    path = f"{finding.path}: " if finding.path else ""
    match finding.outcome:
        case Outcome.UNKNOWN:
            known = finding.actual is not None and not any(unknowns(finding.actual))
            what = f"{shown(finding.actual)}, not judged" if known else "known after apply"
            yield f"{path or 'value: '}{what}, must be {shown(finding.expected)}"
        case Outcome.EXCEPTED:
            yield finding.message
        case _ if not finding.path and finding.actual is None and finding.expected is None:
            yield finding.message
        case _:
            yield f"{path}{shown(finding.actual)} → {shown(finding.expected)}"
            _, mark, problem = finding.message.partition("Its exception does not count: ")
            if mark:
                yield f"exception does not count: {problem}"


def _as_json(finding: Finding) -> dict[str, Json]:
    return {
        "guardrail": finding.rule,
        "title": finding.title,
        "severity": finding.severity.value,
        "outcome": finding.outcome.value,
        "blocks": finding.blocks,
        "subject": finding.subject,
        "path": finding.path,
        "actual": printable(finding.actual),
        "expected": printable(finding.expected),
        "message": finding.message,
        "fix": finding.fix,
        "owner": finding.owner,
        "location": finding.location,
    }
