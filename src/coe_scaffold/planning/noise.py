"""Differences that what-if reports and that are none: rules by (type, path), each with its source.

A rule marks a difference with its id and removes nothing: reports count what they leave out and show it
on request.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from coe_scaffold.model.json import Unknown, Value, unknowns
from coe_scaffold.model.plan import Step
from coe_scaffold.model.resources import ChangeType, PropertyChange, ResourceChange


class When(StrEnum):
    """Which differences at a rule's path are noise."""

    ALWAYS = "always"
    REPORTED_DELETED = "reported as deleted"
    REPORTED_ADDED_BY_DEFAULT = "Disabled to Enabled"
    UNRESOLVED = "known after apply"


@dataclass(frozen=True)
class NoiseRule:
    """One rule.

    ``type`` is a resource type or ``*``; in ``path`` a ``*`` is any one segment and ``**`` any rest.
    ``source`` says where the behaviour is known from.
    """

    id: str
    type: str
    path: str
    when: When
    source: str

    def knows(self, resource_type: str, change: PropertyChange) -> bool:
        """Return whether the rule explains a difference of a resource of this type."""
        return (
            self.type.lower() in ("*", resource_type.lower())
            and _path_matches(_segments(self.path), _segments(change.path))
            and _applies(self.when, change)
        )


_DNS_GROUP = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"
_DNS_SOURCE = "Azure/arm-template-whatif issues 177, 363, 381: reported at every run"
_SUBNET_SOURCE = "Azure/arm-template-whatif issues 284, 394: subnet defaults reported at every run"
_READ_ONLY = "Azure resource provider contract: read-only, set by the service"

RULES: tuple[NoiseRule, ...] = (
    NoiseRule("read-only-etag", "*", "etag", When.ALWAYS, _READ_ONLY),
    NoiseRule("read-only-system-data", "*", "systemData", When.ALWAYS, _READ_ONLY),
    NoiseRule("read-only-state", "*", "properties.provisioningState", When.ALWAYS, _READ_ONLY),
    NoiseRule("dns-zone-group-etag", _DNS_GROUP, "properties.*.*.etag", When.ALWAYS, _DNS_SOURCE),
    NoiseRule("dns-zone-group-id", _DNS_GROUP, "properties.*.*.id", When.ALWAYS, _DNS_SOURCE),
    NoiseRule(
        "dns-zone-group-state",
        _DNS_GROUP,
        "properties.*.*.properties.provisioningState",
        When.ALWAYS,
        _DNS_SOURCE,
    ),
    NoiseRule(
        "dns-zone-group-records", _DNS_GROUP, "properties.*.*.properties.recordSets", When.ALWAYS, _DNS_SOURCE
    ),
    NoiseRule(
        "subnet-endpoint-policies",
        "Microsoft.Network/virtualNetworks",
        "properties.subnets.*.properties.privateEndpointNetworkPolicies",
        When.REPORTED_ADDED_BY_DEFAULT,
        _SUBNET_SOURCE,
    ),
    NoiseRule(
        "subnet-nsg-reference",
        "Microsoft.Network/virtualNetworks",
        "properties.subnets.*.properties.networkSecurityGroup.**",
        When.REPORTED_DELETED,
        _SUBNET_SOURCE,
    ),
    NoiseRule(
        "unresolved-reference",
        "*",
        "**",
        When.UNRESOLVED,
        "Microsoft Learn, deploy-what-if: what-if cannot resolve reference() and always reports a change",
    ),
)


def mark(change: ResourceChange) -> ResourceChange:
    """Return a change with each difference that a rule explains marked; only noise left means NoChange."""
    delta = tuple(sorted((_marked(change, one) for one in change.delta), key=lambda one: one.path))
    marked = replace(change, delta=delta)
    if change.change is ChangeType.MODIFY and delta and not marked.differences:
        return replace(marked, change=ChangeType.NO_CHANGE)
    return marked


def hidden(steps: Iterable[Step]) -> Mapping[str, int]:
    """Return how many differences each rule explains in these steps, by rule id, sorted."""
    counts = Counter(
        one.noise for step in steps for change in step.changes for one in change.delta if one.noise
    )
    return dict(sorted(counts.items()))


def _marked(change: ResourceChange, difference: PropertyChange) -> PropertyChange:
    resource_type = change.resource.resource_type
    rule = next((rule for rule in RULES if rule.knows(resource_type, difference)), None)
    return replace(difference, noise=rule.id if rule else "")


def _applies(when: When, change: PropertyChange) -> bool:
    match when:
        case When.ALWAYS:
            return True
        case When.REPORTED_DELETED:
            return change.after is None
        case When.REPORTED_ADDED_BY_DEFAULT:
            return (change.before, change.after) == ("Disabled", "Enabled")
        case When.UNRESOLVED:
            return change.before is not None and _unresolved(change.after)


def _unresolved(value: Value) -> bool:
    if isinstance(value, str):
        return re.match(r"\[(?!\[).*\b(reference|list\w*)\(", value) is not None
    return isinstance(value, Unknown) or any(unknowns(value))


def _segments(path: str) -> list[str]:
    return [part for part in re.split(r"[.\[\]]+", path) if part]


def _path_matches(pattern: list[str], path: list[str]) -> bool:
    if pattern[:1] == ["**"]:
        return True
    if not pattern or not path:
        return not pattern and not path
    return pattern[0].lower() in ("*", path[0].lower()) and _path_matches(pattern[1:], path[1:])
