"""Answers to the functions that look at resources: ``reference``, ``references``, ``list*`` and secrets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from coe_scaffold.errors import UsageError
from coe_scaffold.model.json import JsonObject, Unknown, Value
from coe_scaffold.model.resources import Need
from coe_scaffold.model.scope import Scope
from coe_scaffold.template.context import DEPLOYMENT_TYPE, DeploymentContext
from coe_scaffold.template.declarations import Instance
from coe_scaffold.template.dependencies import Index
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.frame import Frame, Stage
from coe_scaffold.template.functions.registry import text
from coe_scaffold.template.runtime import Runtime
from coe_scaffold.template.syntax import Call, written
from coe_scaffold.template.values import Partial

_FUNCTIONS = "Please see https://aka.ms/arm-functions for usage details."


@dataclass(frozen=True)
class DeploymentRecord:
    """A nested deployment that is through, with its outputs as evaluated (open parts still open)."""

    context: DeploymentContext
    parameters: JsonObject = field(hash=False)
    outputs: JsonObject = field(hash=False)

    def properties(self) -> Value:
        """What ``reference()`` to the deployment returns."""
        members = {
            "provisioningState": "Succeeded",
            "mode": "Incremental",
            "parameters": self.parameters,
            "outputs": {name: _readable(item) for name, item in self.outputs.items()},
        }
        return Partial(members, f"reference('{self.context.id}')")

    def whole(self) -> Value:
        """What ``reference(..., 'full')`` to the deployment returns."""
        members = {
            "id": self.context.id.path,
            "name": self.context.name,
            "type": DEPLOYMENT_TYPE,
            "properties": self.properties(),
        }
        return Partial(members, f"reference('{self.context.id}', 'full')")


class Ensure(Protocol):
    """Processes an instance that a reference needs first; False when ``soft`` and it is in the making."""

    def __call__(self, instance: Instance, *, soft: bool) -> bool:
        """Return whether the instance is processed."""


class Answers:
    """The Services of one deployment.

    ``used`` holds, per resource in the making, the instances its expressions looked at; ``asked`` what they
    asked for, instances or not.
    """

    def __init__(
        self,
        runtime: Runtime,
        records: dict[Scope, DeploymentRecord],
        context: DeploymentContext,
        ensure: Ensure,
    ) -> None:
        self.runtime = runtime
        self.records = records
        self.context = context
        self.ensure = ensure
        self.index = Index([], [])
        self.used: list[list[Instance]] = []
        self.asked: list[list[Need]] = []
        self._group: JsonObject | None = None

    def answer(self, call: Call, arguments: tuple[Value, ...], frame: Frame) -> Value:
        """Evaluate a call; raise TemplateFailure for an unknown function or one at a wrong place."""
        name = call.name
        if name == "resourcegroup":
            return self._group_facts(frame)
        if name not in ("reference", "references") and not name.startswith("list"):
            raise TemplateFailure(f"The template function '{call.written}' is not valid. {_FUNCTIONS}")
        if frame.stage is not Stage.RUNTIME:
            raise TemplateFailure(
                f"The template function '{call.written}' is not expected at this location. {_FUNCTIONS}"
            )
        if not arguments:
            raise TemplateFailure(f"The template function '{call.written}' needs an argument. {_FUNCTIONS}")
        if isinstance(arguments[0], Unknown):
            return Unknown(written(call))
        if name == "references":
            return self._references(call, arguments)
        if name == "reference":
            return self._reference(call, arguments)
        return self._list(call, arguments)

    def _group_facts(self, frame: Frame) -> JsonObject:
        """Location and tags of the resource group, as far as anybody knows."""
        if self._group is None:
            whole = self.runtime.reference(frame.context.scope, "", full=True)
            found = whole if isinstance(whole, dict) else Partial({}, "resourceGroup()")
            facts = {key: found[key] for key in ("location", "tags", "managedBy") if key in found}
            if frame.context.group_location:
                facts["location"] = frame.context.group_location
            self._group = Partial(facts, found.expression) if isinstance(found, Partial) else facts
        return self._group

    def _reference(self, call: Call, arguments: tuple[Value, ...]) -> Value:
        target, api_version, full = self._target(call, arguments)
        if isinstance(target, list):
            raise TemplateFailure(
                f"The template function 'reference' can't refer to the whole loop '{arguments[0]}'."
            )
        return self._state(target, api_version, full=full, by_id=_by_id(arguments))

    def _references(self, call: Call, arguments: tuple[Value, ...]) -> Value:
        target, api_version, full = self._target(call, arguments)
        items = target if isinstance(target, list) else [target]
        return [self._state(item, api_version, full=full) for item in items]

    def _target(
        self, call: Call, arguments: tuple[Value, ...]
    ) -> tuple[Instance | list[Instance] | Scope, str, bool]:
        """Return what a call refers to, the API version it names, and whether it wants the whole."""
        told = (item for item in arguments if not isinstance(item, Unknown))  # an API version may be unknown
        name, *rest = (text(call.written, item) for item in told)
        full = bool(rest) and rest[-1].lower() == "full"
        versions = [item for item in rest if item.lower() not in ("full", "properties")]
        found = self.index.find(name)
        version = versions[0] if versions else ""
        if found is None:
            return _id(call, name), version, full
        single = len(found) == 1 and name.lower() != found[0].loop.lower()
        if single and name.lower() != found[0].declaration.symbol.lower():
            return found[0], version, full
        if single and found[0].index < 0:
            return found[0], version, full
        if len(found) > 1 and found[0].index < 0:
            deployed = [item for item in found if item.deployed]
            return (deployed or found)[0], version, full
        return found, version, full

    def _state(self, target: Instance | Scope, api_version: str, *, full: bool, by_id: bool = False) -> Value:
        identifier = self._ready(target, soft=by_id)
        if isinstance(identifier, Unknown):
            return identifier
        if self.asked:
            self.asked[-1].append(Need(identifier, api_version))
        record = self.records.get(identifier)
        if record is not None:
            return record.whole() if full else record.properties()
        if isinstance(target, Instance):
            api_version = api_version or target.api_version
        return self.runtime.reference(identifier, api_version, full=full)

    def _ready(self, target: Instance | Scope, *, soft: bool) -> Scope | Unknown:
        """Return the id of a target, processed first when this template declares it.

        ``soft`` is for a reference by id, which ARM takes for no dependency: it never makes a circle.
        """
        if isinstance(target, Scope):
            return target
        if target.failure is not None:
            raise target.failure
        if self.ensure(target, soft=soft) and self.used:
            self.used[-1].append(target)
        return target.id if target.known_id else Unknown(f"reference('{target.id}')")

    def _list(self, call: Call, arguments: tuple[Value, ...]) -> Value:
        name = text(call.written, arguments[0])
        if any(isinstance(item, Unknown) for item in arguments[1:2]):
            return Unknown(written(call))
        api_version = text(call.written, arguments[1]) if len(arguments) > 1 else ""
        found = self.index.find(name)
        target = next((item for item in found if item.deployed), found[0]) if found else _id(call, name)
        identifier = self._ready(target, soft=_by_id(arguments))
        if isinstance(identifier, Unknown):
            return Unknown(written(call))
        if self.asked:
            self.asked[-1].append(Need(identifier, api_version, call.written))
        record = self.records.get(identifier)
        if record is not None and call.name == "listoutputswithsecurevalues":
            return {key: item["value"] for key, item in record.outputs.items()}
        return self.runtime.invoke(
            call.written, identifier, api_version, arguments[2] if len(arguments) > 2 else None
        )

    def secret(self, reference: JsonObject) -> Value:
        """Return a parameter's value from a Key Vault reference."""
        vault = reference.get("keyVault")
        identifier = vault.get("id") if isinstance(vault, dict) else None
        if isinstance(identifier, Unknown):
            return Unknown("a Key Vault secret")
        if not isinstance(identifier, str) or not isinstance(reference.get("secretName"), str):
            raise TemplateFailure("A parameter reference needs 'keyVault.id' and 'secretName'.")
        body = {key: reference[key] for key in ("secretName", "secretVersion") if key in reference}
        try:
            return self.runtime.invoke("getSecret", Scope.parse(identifier), "", body)
        except UsageError:
            raise TemplateFailure(f"The Key Vault id '{identifier}' is not valid.") from None


def _readable(output: JsonObject) -> JsonObject:
    """An output as ``reference()`` shows it: secure values only ``listOutputsWithSecureValues`` gives."""
    secure = str(output["type"]).lower().startswith("secure")
    return {"type": output["type"]} if secure else output


def _by_id(arguments: tuple[Value, ...]) -> bool:
    return len(arguments) > 1 and isinstance(arguments[0], str) and arguments[0].startswith("/")


def _id(call: Call, name: str) -> Scope:
    if name.startswith("/"):
        try:
            return Scope.parse(name)
        except UsageError:
            pass
    raise TemplateFailure(
        f"Unable to evaluate template language function '{call.written}': the resource '{name}' is not "
        f"defined in the template. {_FUNCTIONS}"
    )
