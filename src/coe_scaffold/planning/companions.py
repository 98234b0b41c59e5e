"""Resources Azure makes beside those of a template: they are neither foreign nor extra."""

from __future__ import annotations

from collections.abc import Iterable

from coe_scaffold.model.scope import Scope

_INSIGHTS = "microsoft.insights/components"


def belongs(resource: Scope, known: Iterable[Scope]) -> bool:
    """Return whether a resource is one of ``known``, lies below one, or was made by Azure for one.

    Azure makes the network interface of a private endpoint (``<endpoint>.nic.<guid>``, or
    ``nic-<endpoint>`` as the landing zone asks), and for an Application Insights component the rule
    ``Failure Anomalies - <component>`` with its action group.
    """
    return any(
        (one.kind == resource.kind and one.contains(resource)) or _made_for(one, resource) for one in known
    )


def _made_for(owner: Scope, resource: Scope) -> bool:
    if owner.subscription.lower() != resource.subscription.lower():
        return False
    kind, name = resource.resource_type.lower(), resource.name.lower()
    match owner.resource_type.lower(), kind:
        case "microsoft.network/privateendpoints", "microsoft.network/networkinterfaces":
            endpoint = owner.name.lower()
            named = name == f"nic-{endpoint}" or name.startswith(f"{endpoint}.nic.")
            return _together(owner, resource) and named
        case component, "microsoft.alertsmanagement/smartdetectoralertrules" if component == _INSIGHTS:
            return _together(owner, resource) and name == f"failure anomalies - {owner.name.lower()}"
        case component, "microsoft.insights/actiongroups" if component == _INSIGHTS:
            return _together(owner, resource) and name == "application insights smart detection"
    return False


def _together(one: Scope, other: Scope) -> bool:
    return one.resource_group.lower() == other.resource_group.lower()
