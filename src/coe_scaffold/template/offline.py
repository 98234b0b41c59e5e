"""The prediction without a cloud: what the template itself creates is known, all else is Unknown."""

from __future__ import annotations

from coe_scaffold.model.json import JsonObject, Unknown, Value
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope
from coe_scaffold.template.context import DeploymentContext
from coe_scaffold.template.values import partial


class OfflineRuntime:
    """A Runtime that remembers created bodies and never invents a value."""

    def __init__(self) -> None:
        self._created: dict[Scope, Resource] = {}

    def begin(self, context: DeploymentContext, template: JsonObject, parameters: JsonObject) -> None:
        """Nothing to prepare."""

    def end(self, context: DeploymentContext, outputs: JsonObject) -> None:
        """Nothing to finish."""

    def create(self, resource: Resource) -> None:
        """Remember a resource, unless whether it exists at all is unknown."""
        if not isinstance(resource.body.get("condition"), Unknown):
            self._created[resource.id] = resource

    def reference(self, resource_id: Scope, api_version: str, *, full: bool) -> Value:
        """Return the predicted body, open for what Azure adds; Unknown for anything not created here."""
        expression = f"reference('{resource_id}'{', ' + repr(api_version) if api_version else ''})"
        resource = self._created.get(resource_id)
        if resource is None:
            return Unknown(expression)
        if not full:
            return partial(resource.properties, expression)
        facts = {
            "id": resource_id.path,
            "name": resource.name,
            "type": resource.type,
            "resourceId": resource_id.path,
            "apiVersion": api_version or resource.api_version,
        }
        return partial({"properties": {}, **facts, **resource.body}, expression)

    def invoke(self, function: str, resource_id: Scope, api_version: str, body: Value) -> Value:
        """Always Unknown: keys and secrets exist only in Azure."""
        return Unknown(f"{function}('{resource_id}', '{api_version}')")
