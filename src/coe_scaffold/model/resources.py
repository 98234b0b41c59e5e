"""Resources, predicted or observed, and the deployments that make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from coe_scaffold.model.json import JsonObject, Value
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.stacks import STACK_TYPE, StackSettings


@dataclass(frozen=True)
class Resource:
    """One resource as a template would create it.

    ``type`` and ``name`` are full (``Microsoft.Storage/storageAccounts/blobServices``, ``acc/default``).
    ``scope`` is what it is deployed into: a resource group, a subscription, or for an extension
    resource (role assignment, lock, diagnostic setting) the resource it extends. ``body`` holds the
    members a PUT would send (``location``, ``tags``, ``sku``, ``kind``, ``identity``, ``properties``,
    ...), any part of which may be Unknown. ``depends_on`` are lower-case ids. ``source`` is the JSON
    pointer of its declaration in the template, such as ``/resources/0/properties/template/resources/3``.
    ``known_id`` is False when the name or scope is known only after apply: a placeholder stands there.
    """

    type: str
    name: str
    api_version: str
    scope: Scope
    body: Mapping[str, Value] = field(hash=False)
    depends_on: tuple[str, ...] = ()
    source: str = ""
    existing: bool = False
    known_id: bool = True

    @cached_property
    def id(self) -> Scope:
        """The resource's own id."""
        if self.type.lower() == "microsoft.resources/resourcegroups":
            return self.scope.group(self.name)
        return self.scope.child(self.type, self.name)

    @property
    def properties(self) -> Value:
        """The ``properties`` member, or an empty mapping."""
        return self.body.get("properties", {})


@dataclass(frozen=True)
class Need:
    """What a resource waits for: declared, or asked for by ``reference`` or ``list*`` (``action``).

    ``api_version`` is the one that a call names.
    """

    target: Scope
    api_version: str = ""
    action: str = ""


@dataclass(frozen=True)
class Declared:
    """A resource or nested deployment as the outermost template declares it, and what it waits for."""

    id: Scope
    type: str
    name: str
    location: Value
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True)
class ResourceGraph:
    """The flat list of resources a template would create, in dependency order, with its outputs.

    ``declared`` is what the template itself declares, nested deployments as one.
    """

    resources: tuple[Resource, ...]
    outputs: Mapping[str, Value] = field(default_factory=dict, hash=False)
    declared: tuple[Declared, ...] = ()

    def of_type(self, resource_type: str) -> tuple[Resource, ...]:
        """Return the resources of a type, compared without case."""
        return self._by_type.get(resource_type.lower(), ())

    @cached_property
    def _by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.type.lower(), []).append(resource)
        return {name: tuple(resources) for name, resources in found.items()}


@dataclass(frozen=True)
class Deployment:
    """One ARM deployment: a compiled template and its parameter values at a scope.

    ``parameters`` has ARM's shape, ``{"name": {"value": ...}}``. ``location`` is where ARM keeps the
    deployment's record; resource group scope has none. ``stack`` makes it a deployment stack of the same
    name, which keeps a list of what it made; None is a deployment alone.
    """

    name: str
    scope: Scope
    template: JsonObject = field(hash=False)
    parameters: JsonObject = field(hash=False)
    location: str = ""
    stack: StackSettings | None = None

    @property
    def stack_id(self) -> Scope:
        """The id of its deployment stack, whether there is one or not."""
        return self.scope.child(STACK_TYPE, self.name)


def deployment_name(what: str, environment: str) -> str:
    """Return the name of the deployment, and of its stack, of the platform or a project."""
    return f"coe-{what}-{environment}"


class ChangeType(StrEnum):
    """What-if change types, as ARM spells them; DETACH: its stack no longer manages it, and it stays."""

    CREATE = "Create"
    DELETE = "Delete"
    DETACH = "Detach"
    MODIFY = "Modify"
    DEPLOY = "Deploy"
    NO_CHANGE = "NoChange"
    IGNORE = "Ignore"
    UNSUPPORTED = "Unsupported"


@dataclass(frozen=True)
class PropertyChange:
    """One property that differs: ``path`` dotted from the resource's root, values as JSON.

    ``noise`` is the id of the rule that knows the difference to be none (``planning/noise.py``), or
    empty for a real one.
    """

    path: str
    before: Value = field(hash=False)
    after: Value = field(hash=False)
    noise: str = ""


@dataclass(frozen=True)
class ResourceChange:
    """What deploying would do to one resource; ``title`` names it for people where its id says nothing."""

    resource: Scope
    change: ChangeType
    delta: tuple[PropertyChange, ...] = ()
    reason: str = ""
    title: str = ""

    @property
    def differences(self) -> tuple[PropertyChange, ...]:
        """The differences that are not noise."""
        return tuple(change for change in self.delta if not change.noise)
