"""Deployment stacks: what a cloud's own list of managed resources looks like, and how it is to treat them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coe_scaffold.model.json import Json, JsonObject
from coe_scaffold.model.scope import Scope

STACK_TYPE = "Microsoft.Resources/deploymentStacks"
STACK_WHAT_IF_TYPE = "Microsoft.Resources/deploymentStacksWhatIfResults"


@dataclass(frozen=True)
class DenySettings:
    """What a stack forbids everybody else on the resources it manages.

    ``mode`` is ``none``, ``denyDelete`` or ``denyWriteAndDelete``; ``excluded_principals`` are object ids.
    """

    mode: str = "none"
    excluded_principals: tuple[str, ...] = ()
    excluded_actions: tuple[str, ...] = ()
    apply_to_child_scopes: bool = False

    @property
    def forbids(self) -> bool:
        """Whether anything is forbidden."""
        return self.mode.lower() != "none"


@dataclass(frozen=True)
class StackSettings:
    """How a stack is made. ``resources`` and ``resource_groups`` are ``detach`` or ``delete``: what becomes
    of those that its template no longer declares. ``tags`` are the stack's own. ``accept_out_of_sync``
    deploys although ARM warns that its list of managed resources may be wrong.
    """

    resources: str = "detach"
    resource_groups: str = "detach"
    deny: DenySettings = DenySettings()
    tags: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)
    accept_out_of_sync: bool = False

    @property
    def deletes(self) -> bool:
        """Whether anything is deleted when its template no longer declares it."""
        return "delete" in (self.resources.lower(), self.resource_groups.lower())

    def action_on_unmanage(self) -> dict[str, Json]:
        """Return ARM's ``actionOnUnmanage``; management groups are never deleted."""
        return {
            "resources": self.resources.lower(),
            "resourceGroups": self.resource_groups.lower(),
            "managementGroups": "detach",
        }

    def deny_settings(self) -> dict[str, Json]:
        """Return ARM's ``denySettings``."""
        return {
            "mode": self.deny.mode,
            "excludedPrincipals": list(self.deny.excluded_principals),
            "excludedActions": list(self.deny.excluded_actions),
            "applyToChildScopes": self.deny.apply_to_child_scopes,
        }


@dataclass(frozen=True)
class ObservedStack:
    """A stack as the cloud has it. ``state`` is its provisioningState; ``managed`` the ids it manages.

    ``action`` and ``deny`` are ARM's ``actionOnUnmanage`` and ``denySettings``, as they are there.
    ``deployment`` is the deployment that last wrote its resources.
    """

    id: Scope
    state: str
    action: JsonObject = field(default_factory=dict, hash=False)
    deny: JsonObject = field(default_factory=dict, hash=False)
    managed: tuple[Scope, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)
    deployment: Scope | None = None

    @property
    def forbids(self) -> bool:
        """Whether its deny settings forbid anything."""
        return str(self.deny.get("mode", "none")).lower() != "none"


def stack_to_json(settings: StackSettings) -> dict[str, Json]:
    """Return settings as JSON, lossless."""
    return {
        "actionOnUnmanage": settings.action_on_unmanage(),
        "denySettings": settings.deny_settings(),
        "tags": dict(settings.tags),
        "acceptOutOfSync": settings.accept_out_of_sync,
    }


def stack_from_json(data: JsonObject) -> StackSettings:
    """Return what :func:`stack_to_json` wrote; raise KeyError or TypeError for anything else."""
    action, deny = data["actionOnUnmanage"], data["denySettings"]
    return StackSettings(
        resources=action["resources"],
        resource_groups=action["resourceGroups"],
        deny=DenySettings(
            deny["mode"],
            tuple(deny["excludedPrincipals"]),
            tuple(deny["excludedActions"]),
            deny["applyToChildScopes"],
        ),
        tags=dict(data["tags"]),
        accept_out_of_sync=data["acceptOutOfSync"],
    )
