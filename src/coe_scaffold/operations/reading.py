"""The template evaluator's world as it can be read: what exists is looked up, what does not is predicted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coe_scaffold.model.json import JsonObject, Unknown, Value
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.ports import Observer
from coe_scaffold.template import OfflineRuntime

_GROUPS_API = "2021-04-01"


class ReadingRuntime(OfflineRuntime):
    """Implements template.Runtime by reading; each resource is asked for once."""

    def __init__(self, observer: Observer) -> None:
        super().__init__()
        self._observer = observer
        self._read: dict[Scope, JsonObject | None] = {}
        self._bodies: dict[Scope, Resource] = {}

    def create(self, resource: Resource) -> None:
        """Remember what would be written."""
        super().create(resource)
        self._bodies[resource.id] = resource

    def reference(self, resource_id: Scope, api_version: str, *, full: bool) -> Value:
        """Return a resource as it would be: as read, with what the template writes laid over it."""
        there = self._found(resource_id, api_version)
        if there is None:
            return super().reference(resource_id, api_version, full=full)
        made = self._bodies.get(resource_id)
        future = _laid_over(there, made.body) if made else there
        if full:
            return {**future, "apiVersion": api_version, "resourceId": resource_id.path}
        return future.get("properties", {})

    def _found(self, resource_id: Scope, api_version: str) -> JsonObject | None:
        if resource_id not in self._read:
            made = self._bodies.get(resource_id)
            group = resource_id.kind is ScopeKind.RESOURCE_GROUP
            version = api_version or (made.api_version if made else _GROUPS_API if group else "")
            answer = self._observer.read({resource_id: version}) if version else {}
            reading = answer.get(resource_id)
            self._read[resource_id] = reading.body if reading and not reading.refusal else None
        return self._read[resource_id]


def _laid_over(there: Any, wanted: Value) -> Any:
    """Return what is there with every known value of what is wanted in its place."""
    if isinstance(there, Mapping) and isinstance(wanted, Mapping):
        return {**there, **{key: _laid_over(there.get(key), value) for key, value in wanted.items()}}
    if isinstance(wanted, Unknown) and there is not None:
        return there
    return wanted
