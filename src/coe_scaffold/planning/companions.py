"""Resources Azure makes beside those of a template: they are neither foreign nor extra."""

from __future__ import annotations

from collections.abc import Iterable

from coe_scaffold.model.scope import Scope, ScopeKind

_INSIGHTS = "microsoft.insights/components"


class Kin:
    """Known resources, indexed so that many others can be asked about."""

    def __init__(self, known: Iterable[Scope]) -> None:
        self._kinds: dict[str, ScopeKind] = {}
        self._owners: dict[tuple[str, str], list[Scope]] = {}
        for one in known:
            self._kinds[one.key] = one.kind
            if one.resource_type.lower() in _OWNERS:
                self._owners.setdefault(_group(one), []).append(one)

    def includes(self, resource: Scope) -> bool:
        """Return whether a resource is known, lies below a known one, or was made by Azure for one.

        Azure makes the network interface of a private endpoint (``<endpoint>.nic.<guid>``, or
        ``nic-<endpoint>`` as the landing zone asks), and for an Application Insights component the rule
        ``Failure Anomalies - <component>`` with its action group.
        """
        path, kind = resource.key, resource.kind
        while path:
            if self._kinds.get(path) is kind:
                return True
            path = path.rpartition("/")[0]
        return any(_made_for(owner, resource) for owner in self._owners.get(_group(resource), ()))


_OWNERS = ("microsoft.network/privateendpoints", _INSIGHTS)


def _group(scope: Scope) -> tuple[str, str]:
    return scope.subscription.lower(), scope.resource_group.lower()


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
