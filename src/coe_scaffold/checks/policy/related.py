"""The effects that look beside a resource: auditIfNotExists and deployIfNotExists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from coe_scaffold.checks.policy.expressions import Sight
from coe_scaffold.checks.policy.fields import ONLY_AZURE
from coe_scaffold.checks.policy.model import NotSupportedError
from coe_scaffold.checks.policy.rule import matches
from coe_scaffold.model.json import Json, Unknown
from coe_scaffold.model.resources import Resource

EFFECTS = ("auditifnotexists", "deployifnotexists")


def lacking(then: Json, sight: Sight, around: Iterable[Resource]) -> bool | None:
    """Return whether what a policy wants beside a resource is missing; None when that is not known.

    ``around`` are the resources that would be deployed; what exists already is not among them, so True
    means that the deployment itself does not bring it. Raises NotSupportedError for details that are not
    known to this evaluator.
    """
    details = then.get("details") if isinstance(then, dict) else None
    if not isinstance(details, dict) or sight.resource is None:
        raise NotSupportedError("the effect has no details")
    kind = str(sight.value(details.get("type", "")))
    if not kind:
        raise NotSupportedError("the details name no type")
    undecided = (
        kind.lower().rpartition("/")[2] in ONLY_AZURE
    )  # Azure makes these, a template does not show them
    for candidate in _candidates(kind, details, sight, around):
        found = _is_it(details, replace(sight, resource=candidate))
        if found:
            return False
        undecided = undecided or found is None
    return None if undecided else True


def _is_it(details: Mapping[str, Any], sight: Sight) -> bool | None:
    condition = details.get("existenceCondition")
    return True if condition is None else matches(condition, sight)


def _candidates(
    kind: str, details: Mapping[str, Any], sight: Sight, around: Iterable[Resource]
) -> Iterator[Resource]:
    subject = sight.resource
    if subject is None:
        return
    if subject.type.lower() == kind.lower():
        yield subject
        return
    name = sight.value(details.get("name", ""))
    group = str(sight.value(details.get("resourceGroupName", "")) or subject.id.resource_group)
    everywhere = str(details.get("existenceScope", "")).lower() == "subscription"
    beside = kind.lower().startswith(subject.type.lower() + "/") or any(
        one.type.lower() == kind.lower() and subject.id.contains(one.id) for one in around
    )
    for one in around:
        if one.type.lower() != kind.lower():
            continue
        names = (one.name.lower(), one.name.lower().rpartition("/")[2])
        if name and not isinstance(name, Unknown) and str(name).lower() not in names:
            continue
        if beside:
            if subject.id.contains(one.id):
                yield one
        elif everywhere or one.id.resource_group.lower() == group.lower():
            yield one
