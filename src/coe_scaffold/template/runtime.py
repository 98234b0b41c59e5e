"""What the evaluator asks of the world it deploys into; the sandbox and the offline prediction answer."""

from __future__ import annotations

from typing import Protocol

from coe_scaffold.model.json import JsonObject, Value
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope
from coe_scaffold.template.context import DeploymentContext


class Runtime(Protocol):
    """Called in dependency order, so that each answer may use everything created before."""

    def begin(self, context: DeploymentContext, template: JsonObject, parameters: JsonObject) -> None:
        """A nested deployment starts; ``parameters`` has ARM's shape, values evaluated."""

    def end(self, context: DeploymentContext, outputs: JsonObject) -> None:
        """A nested deployment is through; ``outputs`` has ARM's shape ``{"name": {"type", "value"}}``."""

    def create(self, resource: Resource) -> None:
        """A resource's body is fully evaluated: create or update it."""

    def reference(self, resource_id: Scope, api_version: str, *, full: bool) -> Value:
        """Return a resource's properties, or with ``full`` the whole resource; Unknown when not knowable.

        Also asked for a resource group's location and tags. Raises CompileError when there is none.
        """

    def invoke(self, function: str, resource_id: Scope, api_version: str, body: Value) -> Value:
        """Return what POST ``<id>/<function>`` answers, such as ``listKeys``; Unknown when not knowable.

        A Key Vault parameter asks for ``getSecret`` with the secret's ``secretName`` and
        ``secretVersion`` as body.
        """
