"""Reads the cloud: what-if, stacks, role assignments and definitions, resource groups, resources."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from coe_scaffold.cloud import raw, stacks
from coe_scaffold.cloud.activation import read_rules
from coe_scaffold.cloud.clients import Clients
from coe_scaffold.cloud.errors import from_response, translated
from coe_scaffold.cloud.schedules import list_schedules
from coe_scaffold.cloud.scoped import what_if
from coe_scaffold.cloud.whatif import changes, stack_changes
from coe_scaffold.model.access import (
    CustomRole,
    DenyAssignment,
    ObservedAssignment,
    ObservedRole,
    PermissionBlock,
    RoleRef,
)
from coe_scaffold.model.resources import Deployment, ResourceChange
from coe_scaffold.model.schedules import ActivationRules, ObservedSchedule
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.model.stacks import ObservedStack
from coe_scaffold.ports import Reading

_PROVIDERS_API = "2021-04-01"
_READERS = 16
"""Resources that are read at a time."""


class ArmObserver:
    """Implements ports.Observer with the Azure SDK."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._offered: dict[str, frozenset[str]] = {}

    def what_if(self, deployment: Deployment) -> tuple[ResourceChange, ...]:
        """Return what deploying would change, one entry per resource."""
        with translated(f"what-if of {deployment.name}"):
            result = what_if(self._clients, deployment)
        return changes(result.as_dict(), deployment.name)

    def stack_what_if(self, deployment: Deployment) -> tuple[ResourceChange, ...]:
        """Return what deploying as a stack would change: ARM's deployment-stack what-if."""
        if deployment.stack is None:
            raise ValueError(f"{deployment.name} is no stack")
        with translated(f"what-if of {deployment.name}"):
            result = stacks.what_if(self._clients, deployment, deployment.stack)
        return stack_changes(result, deployment.name)

    def offered(self, scope: Scope) -> frozenset[str]:
        """Return the types of Microsoft.Resources that the cloud has, in lower case; asked for once."""
        home = f"/subscriptions/{scope.subscription}" if scope.subscription else ""
        if home not in self._offered:
            with translated("resource provider Microsoft.Resources"):
                found = raw.get(self._clients, f"{home}/providers/Microsoft.Resources", _PROVIDERS_API)
            types = found.get("resourceTypes") or []
            self._offered[home] = frozenset(str(item.get("resourceType", "")).lower() for item in types)
        return self._offered[home]

    def stack(self, stack: Scope) -> ObservedStack | None:
        """Return a deployment stack by its id, or None when it is not there."""
        with translated(f"deployment stack {stack.name}"):
            return stacks.get(self._clients, stack)

    def stacks(self, scope: Scope) -> tuple[ObservedStack, ...]:
        """Return the deployment stacks of a scope."""
        with translated(f"deployment stacks of {scope}"):
            return tuple(sorted(stacks.list_at(self._clients, scope), key=lambda stack: stack.id))

    def read(self, wanted: Mapping[Scope, str]) -> Mapping[Scope, Reading]:
        """Return the resources that exist of those asked for, some at a time."""
        with ThreadPoolExecutor(max_workers=_READERS) as pool:
            answers = pool.map(self._read, wanted, wanted.values())
            return {scope: found for scope, found in zip(wanted, answers, strict=True) if found is not None}

    def _read(self, resource: Scope, api_version: str) -> Reading | None:
        from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

        with translated(f"reading {resource.name}"):
            try:
                return Reading(raw.get(self._clients, resource.path, api_version))
            except ResourceNotFoundError:
                return None
            except HttpResponseError as error:
                if error.status_code in (400, 403, 405):
                    return Reading(refusal=from_response(error).summary)
                raise

    def role_assignments(self, scope: Scope, *, inherited: bool = False) -> tuple[ObservedAssignment, ...]:
        """Return the assignments made at a scope and, below a subscription, under it; or those above it."""
        at_scope = inherited or scope.kind in (ScopeKind.MANAGEMENT_GROUP, ScopeKind.TENANT)
        with translated(f"role assignments at {scope}"):
            operations = self._clients.role_assignments(scope.subscription)
            found = list(operations.list_for_scope(scope.path, filter="atScope()" if at_scope else None))
        seen = [observed(item) for item in found]
        if inherited:
            return tuple(item for item in seen if item.scope != scope)
        return tuple(
            item for item in seen if (item.scope == scope if at_scope else scope.contains(item.scope))
        )

    def deny_assignments(self, scope: Scope) -> tuple[DenyAssignment, ...]:
        """Return the deny assignments at a scope, above it, and below a subscription, each once."""
        with translated(f"deny assignments at {scope}"):
            operations = self._clients.deny_assignments(scope.subscription)
            found = list(operations.list_for_scope(scope.path))
        return tuple({one.id: one for one in map(_denial, found)}.values())

    def custom_roles(self, scope: Scope) -> tuple[CustomRole, ...]:
        """Return the custom role definitions assignable at a scope."""
        with translated(f"role definitions at {scope}"):
            operations = self._clients.role_definitions(scope.subscription)
            found = list(operations.list(scope.path, filter="type eq 'CustomRole'"))
        return tuple(_custom_role(item) for item in found)

    def built_in_roles(self) -> tuple[ObservedRole, ...]:
        """Return the tenant's built-in role definitions as they are now, with their blocks' conditions."""
        with translated("built-in role definitions"):
            operations = self._clients.role_definitions_with_conditions()
            found = list(operations.list("/", filter="type eq 'BuiltInRole'"))
        return tuple(_built_in(item) for item in found)

    def schedules(self, scope: Scope, *, inherited: bool = False) -> tuple[ObservedSchedule, ...]:
        """Return who is eligible or holds a role for a while: at a scope and below, or above it."""
        return list_schedules(self._clients, scope, inherited=inherited)

    def activation_rules(self, scope: Scope, role: str) -> ActivationRules | None:
        """Return what activating a role (a GUID) at a scope takes; None while the scope does not exist."""
        return read_rules(self._clients, scope, role)

    def resource_groups(self, subscription: Scope) -> Mapping[str, Mapping[str, str]]:
        """Return the tags of every resource group in a subscription, by group name."""
        with translated(f"resource groups of {subscription}"):
            groups = list(self._clients.resource_groups(subscription.subscription).list())
        return {str(group.name): dict(group.tags or {}) for group in groups}

    def resources(self, scope: Scope) -> tuple[Scope, ...]:
        """Return the ids of the resources in a resource group, or in all groups of a subscription."""
        with translated(f"resources of {scope}"):
            operations = self._clients.resources(scope.subscription)
            group = scope.resource_group
            found = list(operations.list_by_resource_group(group) if group else operations.list())
        return tuple(sorted(Scope.parse(str(item.id)) for item in found))


def observed(item: Any) -> ObservedAssignment:
    """Return an SDK role assignment as ours; the role is the last part of its definition's id."""
    return ObservedAssignment(
        id=Scope.parse(item.id),
        scope=Scope.parse(item.scope or "/"),
        principal=str(item.principal_id or ""),
        principal_type=str(item.principal_type or ""),
        role=str(item.role_definition_id or "").rsplit("/", 1)[-1].lower(),
        condition=item.condition or "",
        description=item.description or "",
        changed=item.updated_on.date().isoformat() if item.updated_on else "",
    )


def _denial(item: Any) -> DenyAssignment:
    return DenyAssignment(
        id=Scope.parse(item.id),
        name=item.deny_assignment_name or str(item.name),
        scope=Scope.parse(item.scope or "/"),
        blocks=_blocks(item.permissions),
        principals=_ids(item.principals),
        excluded=_ids(item.exclude_principals),
        inherited=not item.do_not_apply_to_child_scopes,
    )


def _ids(principals: Any) -> frozenset[str]:
    return frozenset(str(one.id).lower() for one in principals or [])


def _blocks(permissions: Any) -> tuple[PermissionBlock, ...]:
    return tuple(
        PermissionBlock(
            tuple(block.actions or ()),
            tuple(block.not_actions or ()),
            tuple(block.data_actions or ()),
            tuple(block.not_data_actions or ()),
            getattr(block, "condition", None) or "",
        )
        for block in permissions or []
    )


def _built_in(item: Any) -> ObservedRole:
    updated = item.updated_on
    return ObservedRole(
        guid=str(item.name).lower(),
        name=item.role_name or "",
        blocks=_blocks(item.permissions),
        updated=updated.date().isoformat() if updated else "",
    )


def _custom_role(item: Any) -> CustomRole:
    blocks = item.permissions or []

    def joined(name: str) -> tuple[str, ...]:
        return tuple(text for block in blocks for text in getattr(block, name) or [])

    scopes = item.assignable_scopes or ["/"]
    return CustomRole(
        role=RoleRef(str(item.name).lower(), item.role_name or ""),
        scope=Scope.parse(scopes[0]),
        description=item.description or "",
        actions=joined("actions"),
        not_actions=joined("not_actions"),
        data_actions=joined("data_actions"),
        not_data_actions=joined("not_data_actions"),
    )
