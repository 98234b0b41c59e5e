"""Plan to JSON text and back: lossless, the same bytes for the same plan, format version checked.

A plan file holds everything execution needs, so also the values of secure parameters: keep it as you
would keep those. What is printed goes through :func:`printable_plan` first, which masks them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coe_scaffold.errors import ConfigError, Problem
from coe_scaffold.model.deployment_json import MASK, masked, masked_finding, secret_values, secure_parameters
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.json import Json, JsonObject, Unknown, Value, from_text
from coe_scaffold.model.plan import PLAN_FORMAT, Action, Plan, Step, StepKind
from coe_scaffold.model.resources import ChangeType, PropertyChange, ResourceChange
from coe_scaffold.model.scope import Scope
from coe_scaffold.planning.combine import ordered
from coe_scaffold.planning.schema import problems, schema

_UNKNOWN = "$unknown"
_LITERAL = "$literal"


def dumps(plan: Plan) -> str:
    """Return a plan as JSON text that ends with a newline; secrets included."""
    return json.dumps(document(plan), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def loads(text: str, *, file: str = "plan.json") -> Plan:
    """Return the plan that :func:`dumps` wrote.

    ``file`` is named in messages. Raises ConfigError with every problem: no JSON, another format
    version, members that are missing, unknown or of the wrong type.
    """
    try:
        data = from_text(text)
    except json.JSONDecodeError as error:
        fix = "Write the plan again with 'coe plan --out'."
        raise ConfigError(
            [Problem(file, error.lineno, error.colno, f"this is not JSON: {error.msg}", fix)]
        ) from None
    found = data.get("format") if isinstance(data, dict) else None
    if found != PLAN_FORMAT:
        message = f"the plan format is {json.dumps(found)}, and this version reads {PLAN_FORMAT}"
        fix = "Write the plan again with 'coe plan --out', using this version of coe."
        raise ConfigError([Problem(file, 0, 0, message, fix, "COE-PLN-001")])
    wrong = [
        Problem(file, 0, 0, message, "Write the plan again.", "COE-PLN-002") for message in problems(data)
    ]
    if wrong:
        raise ConfigError(wrong)
    plan = _plan(data)
    try:
        ordered(plan.steps)
    except ValueError as error:
        fix = "Write the plan again."
        raise ConfigError([Problem(file, 0, 0, str(error), fix, "COE-PLN-002")]) from None
    return plan


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the plan document."""
    return schema()


def document(plan: Plan) -> dict[str, Json]:
    """Return a plan as a JSON document, members in a fixed order, payloads sorted by key."""
    return {
        "format": plan.format,
        "environment": plan.environment,
        "cloud": plan.cloud,
        "workspace": plan.workspace,
        "inputs": plan.inputs,
        "observed": plan.observed,
        "counts": dict(plan.counts()),
        "notes": list(plan.notes),
        "findings": [_finding_json(finding) for finding in plan.findings],
        "steps": [_step_json(step) for step in plan.steps],
    }


def printable_plan(plan: Plan) -> Plan:
    """Return the plan with the values of secure parameters masked wherever they appear.

    The result is for reading: execution refuses it.
    """
    deployments = _deployments(plan)
    if not holds_secrets(plan):
        return plan
    secrets = {value for after in deployments for value in secret_values(after)}
    steps = tuple(_masked_step(step, secrets) for step in plan.steps)
    findings = tuple(masked_finding(finding, secrets) for finding in plan.findings)
    return replace(plan, steps=steps, findings=findings)


def holds_secrets(plan: Plan) -> bool:
    """Return whether a plan carries secure parameters: its file is for its owner's eyes only."""
    return any(
        secure_parameters(after["template"]) or next(secret_values(after), None) is not None
        for after in _deployments(plan)
    )


def encode(value: Value) -> Json:
    """Return a value as JSON with sorted keys; an Unknown as ``{"$unknown": expression}``."""
    match value:
        case Unknown():
            return {_UNKNOWN: value.expression}
        case Mapping():
            plain = {key: encode(value[key]) for key in sorted(value)}
            return {_LITERAL: plain} if set(plain) in ({_UNKNOWN}, {_LITERAL}) else plain
        case list() | tuple():
            return [encode(item) for item in value]
        case _:
            return value


def decode(value: Json) -> Value:
    """Return what :func:`encode` was given."""
    match value:
        case dict() if set(value) == {_UNKNOWN}:
            return Unknown(value[_UNKNOWN])
        case dict() if set(value) == {_LITERAL}:
            return {key: decode(item) for key, item in value[_LITERAL].items()}
        case dict():
            return {key: decode(item) for key, item in value.items()}
        case list():
            return [decode(item) for item in value]
        case _:
            return value


def _deployments(plan: Plan) -> list[JsonObject]:
    return [step.after for step in plan.steps if step.kind is StepKind.DEPLOYMENT and step.after]


def _step_json(step: Step) -> dict[str, Json]:
    return {
        "id": step.id,
        "kind": step.kind.value,
        "action": step.action.value,
        "scope": step.scope.path,
        "title": step.title,
        "reason": step.reason,
        "needs": step.needs,
        "function": step.function,
        "dependsOn": list(step.depends_on),
        "changes": [_change_json(change) for change in step.changes],
        "before": encode(step.before),
        "after": encode(step.after),
    }


def _change_json(change: ResourceChange) -> dict[str, Json]:
    return {
        "resource": change.resource.path,
        "change": change.change.value,
        "reason": change.reason,
        "title": change.title,
        "delta": [
            {
                "path": one.path,
                "before": encode(one.before),
                "after": encode(one.after),
                "noise": one.noise,
            }
            for one in change.delta
        ],
    }


def _finding_json(finding: Finding) -> dict[str, Json]:
    return {
        "rule": finding.rule,
        "title": finding.title,
        "severity": finding.severity.value,
        "outcome": finding.outcome.value,
        "subject": finding.subject,
        "message": finding.message,
        "owner": finding.owner,
        "fix": finding.fix,
        "path": finding.path,
        "actual": encode(finding.actual),
        "expected": encode(finding.expected),
        "location": finding.location,
    }


def _plan(data: JsonObject) -> Plan:
    return Plan(
        environment=data["environment"],
        cloud=data["cloud"],
        inputs=data["inputs"],
        observed=data["observed"],
        steps=tuple(_step(item) for item in data["steps"]),
        findings=tuple(_finding(item) for item in data["findings"]),
        notes=tuple(data["notes"]),
        workspace=data["workspace"],
    )


def _step(data: JsonObject) -> Step:
    return Step(
        id=data["id"],
        kind=StepKind(data["kind"]),
        action=Action(data["action"]),
        scope=Scope(data["scope"]),
        title=data["title"],
        reason=data["reason"],
        needs=data["needs"],
        before=decode(data["before"]),
        after=decode(data["after"]),
        depends_on=tuple(data["dependsOn"]),
        changes=tuple(_change(item) for item in data["changes"]),
        function=data["function"],
    )


def _change(data: JsonObject) -> ResourceChange:
    delta = tuple(
        PropertyChange(one["path"], decode(one["before"]), decode(one["after"]), one["noise"])
        for one in data["delta"]
    )
    kind = ChangeType(data["change"])
    return ResourceChange(Scope(data["resource"]), kind, delta, data["reason"], data["title"])


def _finding(data: JsonObject) -> Finding:
    plain = {key: data[key] for key in ("rule", "title", "subject", "message", "owner")}
    more = {key: data[key] for key in ("fix", "path", "location")}
    return Finding(
        **plain,
        **more,
        severity=Severity(data["severity"]),
        outcome=Outcome(data["outcome"]),
        actual=decode(data["actual"]),
        expected=decode(data["expected"]),
    )


def _masked_step(step: Step, secrets: set[str]) -> Step:
    changes = tuple(
        replace(
            change,
            delta=tuple(
                replace(one, before=masked(one.before, secrets), after=masked(one.after, secrets))
                for one in change.delta
            ),
        )
        for change in step.changes
    )
    after = masked(step.after, secrets)
    if step.kind is StepKind.DEPLOYMENT and step.after:
        secure = [name for name in secure_parameters(step.after["template"]) if name in after["parameters"]]
        hidden = {
            name: {"value": MASK} if "value" in after["parameters"][name] else after["parameters"][name]
            for name in secure
        }
        after = {**after, "parameters": {**after["parameters"], **hidden}}
    return replace(step, changes=changes, after=after, before=masked(step.before, secrets))
