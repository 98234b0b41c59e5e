"""Expressions in policies: ARM's template functions, and those that only policies have."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from coe_scaffold.checks.policy.fields import select
from coe_scaffold.checks.policy.model import NotSupportedError
from coe_scaffold.model.json import Json, Unknown, Value, unknowns
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope
from coe_scaffold.template.context import DeploymentContext
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.frame import Frame, Lazy, Stage
from coe_scaffold.template.interpreter import expand
from coe_scaffold.template.syntax import Call, written

_NOWHERE = Scope.tenant()


_NO_EXPRESSION = "[]"
"""A text that built-in initiatives have as a default, though it looks like an expression."""


@dataclass(frozen=True)
class Place:
    """What surrounds a resource: its group as far as known, facts about the policy, and the time."""

    now: datetime
    group: Resource | None = None
    policy: Mapping[str, str] = field(default_factory=dict, hash=False)
    tenant: str = ""


@dataclass(frozen=True)
class Sight:
    """What an expression can see: the resource, and the members that are being counted.

    ``bound`` maps lower-case aliases and names of counts to the current member; the last is the innermost.
    """

    place: Place
    parameters: Mapping[str, Json] = field(hash=False)
    resource: Resource | None = None
    bound: Mapping[str, Value] = field(default_factory=dict, hash=False)

    def value(self, text: Json) -> Value:
        """Return a piece of a policy evaluated; raise NotSupportedError when that fails."""
        try:
            return expand(text, self._frame())
        except TemplateFailure as failure:
            raise NotSupportedError(failure.message) from None

    def answer(self, call: Call, arguments: tuple[Value, ...], frame: Frame) -> Value:
        """Evaluate the functions that look at the request, the policy or the group."""
        if any(isinstance(argument, Unknown) for argument in arguments):
            return Unknown(written(call))
        match call.name, arguments:
            case "field", (str(name),):
                return self._field(name)
            case "current", ():
                return self._current(call, next(reversed(list(self.bound)), ""))
            case "current", (str(name),):
                return self._current(call, name)
            case "policy", ():
                return dict(self.place.policy)
            case "requestcontext", () if self.resource is not None:
                return {"apiVersion": self.resource.api_version, "identity": Unknown(written(call))}
            case "resourcegroup", () if self.resource is not None:
                return self._group(self.resource.scope)
            case "iprangecontains", (str(span), str(target)):
                return _network_of(target).subnet_of(_network_of(span))  # type: ignore[arg-type]
            case "adddays", (str(start), int(days)):
                return (datetime.fromisoformat(start) + timedelta(days=days)).isoformat()
        raise NotSupportedError(f"the function '{call.written}' is not known here")

    def _field(self, name: str) -> Value:
        if self.resource is None:
            raise NotSupportedError("'field' needs a resource")
        found = select(name, self.resource, self.bound)
        if found.collection:
            return list(found.values)
        return "" if found.values[0] is None else found.values[0]

    def _current(self, call: Call, name: str) -> Value:
        key = name.lower()
        if key in self.bound:
            return self.bound[key]
        if self.resource is None or not any(key.startswith(alias) for alias in self.bound):
            raise NotSupportedError(f"'{call.written}' names '{name}', which is not being counted")
        values = select(name, self.resource, self.bound).values
        return values[0] if values else None

    def _group(self, scope: Scope) -> Value:
        name = scope.resource_group
        if not name:
            raise NotSupportedError("'resourceGroup' needs a resource in a group")
        facts: dict[str, Value] = {
            "id": scope.path,
            "name": name,
            "type": "Microsoft.Resources/resourceGroups",
        }
        for key, empty in (("location", None), ("managedBy", ""), ("tags", {})):
            known = self.place.group.body.get(key, empty) if self.place.group else None
            facts[key] = Unknown(f"resourceGroup().{key}") if known is None else known
        return facts

    def _frame(self) -> Frame:
        scope = self.resource.scope if self.resource else _NOWHERE
        context = DeploymentContext("policy", scope, "", self.place.tenant, self.place.now, lambda: "")
        values = Lazy("parameter", self.parameters, lambda name: self.parameters[name])
        return Frame(context, values, None, {}, self, stage=Stage.DEFAULT)


def _network_of(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise NotSupportedError(f"'{text}' is not a range of addresses") from None


def parameter_values(
    declared: Mapping[str, Json], given: Mapping[str, Json], place: Place
) -> dict[str, Json]:
    """Return the value of every declared parameter; raise NotSupportedError for one without a value."""
    lowered = {name.lower(): value for name, value in given.items()}
    values: dict[str, Json] = {}
    missing = []
    for name, declaration in declared.items():
        if name.lower() in lowered:
            values[name] = lowered[name.lower()]
        elif isinstance(declaration, dict) and "defaultValue" in declaration:
            default = declaration["defaultValue"]
            values[name] = default if default == _NO_EXPRESSION else Sight(place, {}).value(default)
        else:
            missing.append(name)
    if missing:
        raise NotSupportedError(f"no value for the parameter{'s'[: len(missing) > 1]} {', '.join(missing)}")
    if any(unknowns(list(values.values()))):
        raise NotSupportedError("a parameter's value is not known")
    return values
