"""Which deletions Azure Policy denies: Microsoft Learn, "Azure Policy definitions denyAction effect"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from coe_scaffold.checks.policy.applied import DENY_ACTION, Applied, applied
from coe_scaffold.checks.policy.decision import decide
from coe_scaffold.checks.policy.expressions import Place
from coe_scaffold.checks.policy.judge import exempting
from coe_scaffold.checks.policy.model import NotSupportedError, PolicyExport
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.resources import Resource


@dataclass(frozen=True)
class Deletion:
    """A resource that is to go; ``cascading`` when its resource group takes it along."""

    resource: Resource
    cascading: bool = False


@dataclass(frozen=True)
class Denial:
    """A policy that forbids a deletion; not ``sure`` when what it looks at is not known."""

    policy: Applied
    deletion: Deletion
    sure: bool


def denied_deletions(
    export: PolicyExport, deletions: Iterable[Deletion], *, now: datetime, tenant: str = ""
) -> tuple[Denial, ...]:
    """Return what the policies of an export deny, or may deny, of what is to be deleted."""
    place = Place(now, tenant=tenant)
    wanted = tuple(deletions)
    policies = (policy for policy in applied(export, place)[0] if policy.effect == DENY_ACTION)
    return tuple(denial for policy in policies for denial in _denied(policy, wanted, export, place))


def _denied(
    policy: Applied, deletions: tuple[Deletion, ...], export: PolicyExport, place: Place
) -> Iterator[Denial]:
    then = policy.definition.rule.get("then")
    details = then.get("details") if isinstance(then, dict) else None
    details = details if isinstance(details, dict) else {}
    if "delete" not in (str(name).lower() for name in details.get("actionNames") or ()):
        return
    cascade = details.get("cascadeBehaviors") or {}
    passes_with_group = str(cascade.get("resourceGroup", "")).lower() == "allow"
    for deletion in deletions:
        if deletion.cascading and passes_with_group:
            continue
        try:
            decision = decide(policy, deletion.resource, place)
            outcome = decision.outcome if decision else Outcome.PASS
        except NotSupportedError:
            outcome = Outcome.UNKNOWN
        exempt = next(exempting(policy, deletion.resource, export.exemptions, place.now), None)
        if outcome is not Outcome.PASS and exempt is None:
            yield Denial(policy, deletion, outcome is Outcome.FAIL)
