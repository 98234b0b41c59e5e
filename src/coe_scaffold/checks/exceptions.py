"""Dated exceptions to guardrails: which are valid, and what they excuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from coe_scaffold.checks.context import CheckContext
from coe_scaffold.checks.rule import Rule
from coe_scaffold.errors import UsageError
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import GuardrailException

LONGEST = timedelta(days=180)
"""How far ahead an exception may expire (PSRule Azure.Policy.WaiverExpiry allows 366 days; we allow half)."""


PATH = "exceptions"
"""Path of findings that are about an exception itself, not about a resource."""


@dataclass(frozen=True)
class Grant:
    """An exception as given, and why it is not valid (empty when it is)."""

    exception: GuardrailException
    problem: str = ""

    def covers(self, finding: Finding, environment: str) -> bool:
        """Return whether this exception is about a finding's guardrail and subject."""
        given = self.exception
        if given.guardrail != finding.rule:
            return False
        if given.scope == environment:
            return bool(environment)
        try:
            return Scope.parse(given.scope).contains(Scope.parse(finding.subject))
        except UsageError:
            return False


def grants(context: CheckContext, rules: Mapping[str, Rule]) -> tuple[Grant, ...]:
    """Return the context's exceptions, each with what is wrong with it."""
    return tuple(Grant(given, _problem(given, rules, context)) for given in context.exceptions)


def applied(
    findings: Iterable[Finding], given: tuple[Grant, ...], rules: Mapping[str, Rule], context: CheckContext
) -> tuple[Finding, ...]:
    """Return the findings with valid exceptions used, and one more for every exception that is not valid.

    An exception for a scope outside ``context.environment`` and outside every subscription of the
    findings is another environment's business and is left alone.
    """
    judged = tuple(findings)
    settled = [_settled(finding, given, context.environment) for finding in judged]
    near = {Scope.parse(finding.subject).subscription for finding in judged if _is_scope(finding.subject)}
    invalid = [
        _invalid(grant, rules)
        for grant in given
        if grant.problem and _concerns(grant.exception.scope, context.environment, near)
    ]
    return (*settled, *invalid)


def _settled(finding: Finding, given: tuple[Grant, ...], environment: str) -> Finding:
    if finding.outcome not in (Outcome.FAIL, Outcome.UNKNOWN):
        return finding
    covering = [grant for grant in given if grant.covers(finding, environment)]
    valid = next((grant.exception for grant in covering if not grant.problem), None)
    if valid is not None:
        note = f"Excepted until {valid.expires} by {valid.approver}: {valid.reason}"
        return replace(finding, outcome=Outcome.EXCEPTED, message=f"{finding.message} {note}")
    if covering:
        return replace(
            finding, message=f"{finding.message} Its exception does not count: {covering[0].problem}."
        )
    return finding


def _problem(given: GuardrailException, rules: Mapping[str, Rule], context: CheckContext) -> str:
    rule = rules.get(given.guardrail)
    if rule is None:
        return f"there is no guardrail '{given.guardrail}'"
    if given.approver != rule.owner:
        return f"{given.approver} may not grant it, {rule.owner} owns this guardrail"
    if not given.reason.strip():
        return "it gives no reason"
    if not _is_scope(given.scope) and not _is_environment(given.scope):
        return f"'{given.scope}' is neither a scope nor an environment"
    try:
        expires = date.fromisoformat(given.expires)
    except ValueError:
        return f"'{given.expires}' is not a date (YYYY-MM-DD)"
    if expires < context.today:
        return f"it expired on {given.expires}"
    if expires > context.today + LONGEST:
        return f"it runs until {given.expires}, more than {LONGEST.days} days from now"
    return ""


def _invalid(grant: Grant, rules: Mapping[str, Rule]) -> Finding:
    """Return the failure of an exception that does not count: never below high, whatever it was to excuse."""
    given = grant.exception
    rule = rules.get(given.guardrail)
    return Finding(
        rule=given.guardrail,
        title="An exception in coe.yaml is valid",
        severity=max(rule.severity if rule else Severity.HIGH, Severity.HIGH, key=lambda one: one.rank),
        outcome=Outcome.FAIL,
        subject=given.scope,
        message=f"The exception does not count: {grant.problem}.",
        owner=rule.owner if rule else given.approver,
        fix="Remove the exception, or have the owner of the guardrail grant it anew in coe.yaml.",
        path=PATH,
        actual=grant.problem,
        expected="a valid exception",
        location="coe.yaml",
    )


def _concerns(scope: str, environment: str, subscriptions: set[str]) -> bool:
    if _is_environment(scope):
        return scope == environment or not environment
    if not _is_scope(scope):
        return True
    subscription = Scope.parse(scope).subscription
    return not subscription or not subscriptions or subscription in subscriptions


def _is_environment(text: str) -> bool:
    return bool(text) and "/" not in text


def _is_scope(text: str) -> bool:
    try:
        Scope.parse(text)
    except UsageError:
        return False
    return "/" in text
