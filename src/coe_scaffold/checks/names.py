"""Judge a resource's name by the naming rules."""

from __future__ import annotations

from collections.abc import Iterator

from coe_scaffold.catalog import naming
from coe_scaffold.catalog.names import NamingRule
from coe_scaffold.checks.operators import Subject, Verdict
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Unknown, Value

_NAME_IS_GIVEN = (
    "microsoft.network/privatednszones",
    "microsoft.consumption/budgets",
    "microsoft.security/pricings",
)


def named(subject: Subject, name: Value) -> Iterator[Verdict]:
    """Yield whether a top-level resource's name is valid and starts with the abbreviation of its type.

    Child resources, types without a rule and types whose names are given are not judged.
    """
    resource = subject.resource
    kind = resource.type.lower()
    rule = naming().rule(kind)
    if kind.count("/") > 1 or kind in _NAME_IS_GIVEN or rule is None:
        return
    if isinstance(name, Unknown):
        yield Verdict(Outcome.UNKNOWN, "name", name, "a valid name")
        return
    problems = [*naming().problems(kind, name)]
    usual = _abbreviations(rule, str(resource.body.get("kind", "")))
    if usual and not name.lower().startswith(usual):
        problems.append(f"a name that starts with {' or '.join(usual)}")
    outcome = Outcome.FAIL if problems else Outcome.PASS
    yield Verdict(outcome, "name", name, "; ".join(problems) or name)


def _abbreviations(rule: NamingRule, kind: str) -> tuple[str, ...]:
    """Return the abbreviation of a kind; of every kind when this one is not listed."""
    own = naming().abbreviation(rule.type, kind)
    found = {own} if kind in rule.kinds else {own, *rule.kinds.values()}
    return tuple(sorted(item for item in found if item))
