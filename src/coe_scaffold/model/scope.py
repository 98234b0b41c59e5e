"""Scope: where in the Azure hierarchy something is. A value, never a bare string, never widened."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from coe_scaffold.errors import UsageError

_MANAGEMENT_GROUP = "/providers/Microsoft.Management/managementGroups/"


class ScopeKind(StrEnum):
    """Level of a scope in the Azure hierarchy."""

    TENANT = "tenant"
    MANAGEMENT_GROUP = "managementGroup"
    SUBSCRIPTION = "subscription"
    RESOURCE_GROUP = "resourceGroup"
    RESOURCE = "resource"


@dataclass(frozen=True, eq=False)
class Scope:
    """An Azure scope such as ``/subscriptions/<guid>/resourceGroups/<name>``; ``/`` is the tenant.

    Compares, sorts and hashes without regard to case, as Azure Resource Manager does.
    """

    path: str

    @classmethod
    def parse(cls, text: str) -> Scope:
        """Return the scope a resource id names; raise UsageError when it is none."""
        path = "/" + re.sub(r"/{2,}", "/", text).strip("/")
        if path != "/" and not re.match(r"(?i)^/(subscriptions|providers)/[^/]+", path):
            raise UsageError(
                f"'{text}' is not a scope", fix="Use /subscriptions/<id>[/resourceGroups/<name>[/...]]."
            )
        return cls(path)

    @classmethod
    def tenant(cls) -> Scope:
        """Return the tenant root scope."""
        return cls("/")

    @classmethod
    def management_group(cls, name: str) -> Scope:
        """Return the scope of a management group by its id (not its display name)."""
        return cls(_MANAGEMENT_GROUP + name)

    @classmethod
    def subscription_of(cls, subscription_id: str) -> Scope:
        """Return the scope of a subscription by its GUID."""
        return cls(f"/subscriptions/{subscription_id}")

    def group(self, name: str) -> Scope:
        """Return the resource group ``name`` in this subscription."""
        return Scope(f"/subscriptions/{self.subscription}/resourceGroups/{name}")

    def child(self, resource_type: str, name: str) -> Scope:
        """Return the resource of a type (``Ns/a/b``) and full name (``x/y``) directly below this scope."""
        namespace, *types = resource_type.split("/")
        pairs = zip(types, name.split("/"), strict=True)
        base = "" if self.path == "/" else self.path
        return Scope(f"{base}/providers/{namespace}" + "".join(f"/{kind}/{part}" for kind, part in pairs))

    @cached_property
    def key(self) -> str:
        """The path in lower case: what equality, sorting and file names use."""
        return self.path.lower()

    @property
    def kind(self) -> ScopeKind:
        """The level of this scope."""
        parts = self.key.strip("/").split("/")
        if parts == [""]:
            return ScopeKind.TENANT
        if self.key.startswith(_MANAGEMENT_GROUP.lower()) and len(parts) == 4:
            return ScopeKind.MANAGEMENT_GROUP
        if parts[0] == "subscriptions" and len(parts) == 2:
            return ScopeKind.SUBSCRIPTION
        if parts[0] == "subscriptions" and len(parts) == 4 and parts[2] == "resourcegroups":
            return ScopeKind.RESOURCE_GROUP
        return ScopeKind.RESOURCE

    @property
    def subscription(self) -> str:
        """The subscription id, or an empty string outside subscriptions."""
        match = re.match(r"(?i)^/subscriptions/([^/]+)", self.path)
        return match.group(1) if match else ""

    @property
    def resource_group(self) -> str:
        """The resource group's name, or an empty string outside resource groups."""
        match = re.match(r"(?i)^/subscriptions/[^/]+/resourceGroups/([^/]+)", self.path)
        return match.group(1) if match else ""

    @property
    def resource_type(self) -> str:
        """The full resource type of the last provider segment, such as ``Microsoft.KeyVault/vaults``."""
        if self.kind is ScopeKind.RESOURCE_GROUP:
            return "Microsoft.Resources/resourceGroups"
        if self.kind is ScopeKind.SUBSCRIPTION:
            return "Microsoft.Resources/subscriptions"
        tail = re.split(r"(?i)(?:^|/)providers/", self.path)
        parts = tail[-1].split("/") if len(tail) > 1 else []
        return "/".join([parts[0], *parts[1::2]]) if parts else ""

    @property
    def name(self) -> str:
        """The last segment: the name of the resource, group or subscription."""
        return self.path.rsplit("/", 1)[-1]

    def contains(self, other: Scope) -> bool:
        """Return whether ``other`` is this scope or lies below it by path.

        Management groups contain subscriptions by placement, which a path does not show: they contain
        only themselves here, and the tenant contains everything.
        """
        return self.key == "/" or other.key == self.key or other.key.startswith(self.key + "/")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scope) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __lt__(self, other: Scope) -> bool:
        return self.key < other.key

    def __str__(self) -> str:
        return self.path
