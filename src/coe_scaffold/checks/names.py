"""Judge a resource's name by the naming rules."""

from __future__ import annotations

from collections.abc import Iterator

from coe_scaffold.catalog import naming
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
    if kind.count("/") > 1 or kind in _NAME_IS_GIVEN or naming().rule(kind) is None:
        return
    if isinstance(name, Unknown):
        yield Verdict(Outcome.UNKNOWN, "name", name, "a valid name")
        return
    problems = [*naming().problems(kind, name)]
    prefix = naming().abbreviation(kind, str(resource.body.get("kind", "")))
    if prefix and not name.lower().startswith(prefix):
        problems.append(f"a name that starts with {prefix}")
    outcome = Outcome.FAIL if problems else Outcome.PASS
    yield Verdict(outcome, "name", name, "; ".join(problems) or name)
