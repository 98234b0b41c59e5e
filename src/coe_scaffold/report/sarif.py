"""Findings as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

from collections.abc import Iterable

from coe_scaffold.checks import Rule, all_rules
from coe_scaffold.errors import Problem
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.json import Json
from coe_scaffold.model.judgement import Unchecked
from coe_scaffold.report.findings import place

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""``security-severity``, in the middle of the bands GitHub code scanning documents."""


def sarif(
    findings: Iterable[Finding], *, version: str, unchecked: Iterable[Unchecked] = ()
) -> dict[str, Json]:
    """Return findings as a SARIF 2.1.0 log; ``version`` is this tool's.

    Failures are results of kind ``fail``, unknown ones ``open``; excepted ones carry an accepted
    suppression. Passes are left out. Files that could not be judged are notifications of an invocation
    that did not succeed.
    """
    notices = [_notice(problem) for item in unchecked for problem in item.problems]
    found = [finding for finding in findings if finding.outcome is not Outcome.PASS]
    known = {rule.id: rule for rule in all_rules()}
    ids = sorted({finding.rule for finding in found})
    titles = {finding.rule: finding for finding in found}
    rules = [_rule(rule, titles[rule], known.get(rule)) for rule in ids]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "coe-scaffold", "version": version, "rules": rules}},
                "invocations": [{"executionSuccessful": not notices, "toolExecutionNotifications": notices}],
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, ids.index(finding.rule)) for finding in found],
            }
        ],
    }


def _notice(problem: Problem) -> dict[str, Json]:
    region = {"region": {"startLine": problem.line}} if problem.line else {}
    location = {"artifactLocation": {"uri": problem.file.replace("\\", "/")}, **region}
    return {
        "level": "error",
        "message": {"text": f"{problem.message} {problem.fix}".strip()},
        "locations": [{"physicalLocation": location}],
    }


def _rule(identifier: str, finding: Finding, rule: Rule | None) -> dict[str, Json]:
    body: dict[str, Json] = {
        "id": identifier,
        "shortDescription": {"text": rule.title if rule else finding.title},
        "help": {"text": finding.fix or finding.title},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "properties": {
            "security-severity": _SCORES[finding.severity],
            "tags": [tag for tag in ("guardrail", rule.category if rule else "", finding.owner) if tag],
        },
    }
    if rule:
        body["fullDescription"] = {"text": rule.rationale}
    return body


def _result(finding: Finding, index: int) -> dict[str, Json]:
    name, where = place(finding.subject)
    result: dict[str, Json] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "kind": "open" if finding.outcome is Outcome.UNKNOWN else "fail",
        "level": "none" if finding.outcome is Outcome.UNKNOWN else _LEVELS[finding.severity],
        "message": {"text": f"{name}: {finding.message} {finding.fix}".strip()},
        "locations": [_location(finding, name, where)],
        "partialFingerprints": {
            "guardrail/v1": f"{finding.rule}|{finding.subject.lower()}|{finding.path.lower()}"
        },
    }
    if finding.outcome is Outcome.EXCEPTED:
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": finding.message}
        ]
    return result


def _location(finding: Finding, name: str, where: str) -> dict[str, Json]:
    location: dict[str, Json] = {
        "logicalLocations": [{"name": name, "fullyQualifiedName": finding.subject, "kind": "resource"}]
    }
    file, _, line = finding.location.rpartition(":")
    if line.isdigit():
        region: dict[str, Json] = {"region": {"startLine": int(line)}}
    else:
        file, region = finding.location, {}
    if file:
        location["physicalLocation"] = {"artifactLocation": {"uri": file.replace("\\", "/")}, **region}
    if where:
        location["message"] = {"text": where}
    return location
