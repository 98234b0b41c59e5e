"""How a nested deployment starts: its scope, its parameters, and whose expressions it sees."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from coe_scaffold.model.json import JsonObject, Unknown, Value
from coe_scaffold.template.context import DeploymentContext
from coe_scaffold.template.declarations import Instance
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.frame import Frame
from coe_scaffold.template.functions.formatting import in_words
from coe_scaffold.template.interpreter import expand, expand_object
from coe_scaffold.template.values import settled


@dataclass(frozen=True)
class Start:
    """A nested deployment before its walk. ``outer`` is the parent's frame when it evaluates in that."""

    context: DeploymentContext
    template: JsonObject = field(hash=False)
    parameters: JsonObject = field(hash=False)
    outer: Frame | None


def begun(instance: Instance, frame: Frame, parent: DeploymentContext) -> Start:
    """Return how a nested deployment starts; raise TemplateFailure when its properties are not valid."""
    properties = instance.declaration.body["properties"]
    options = expand(properties.get("expressionEvaluationOptions") or {}, frame)
    inner = isinstance(options, dict) and in_words(options.get("scope", "outer")).lower() == "inner"
    location = settled(expand(instance.declaration.body.get("location", ""), frame))
    context = replace(
        parent,
        name=instance.name.rsplit("/", 1)[-1],
        scope=instance.scope,
        location=location if isinstance(location, str | Unknown) else "",
        group_location=parent.group_location if instance.scope == parent.scope else "",
        subscription_name=parent.subscription_name
        if instance.scope.subscription == parent.scope.subscription
        else "",
        source=f"{parent.source}{instance.declaration.pointer}/properties/template",
        depth=parent.depth + 1,
    )
    given = _given(properties.get("parameters") or {}, frame) if inner else {}
    return Start(context, properties["template"], given, None if inner else frame)


def _given(written: Any, frame: Frame) -> dict[str, Value]:
    """The parameters, each ``{"value": ...}`` or ``{"reference": ...}``; one Unknown as a whole stays so."""
    if not isinstance(written, dict):
        raise TemplateFailure("The nested deployment's 'parameters' must be an object.")
    result: dict[str, Value] = {}
    for name, item in written.items():
        value = expand_object(item, frame) if isinstance(item, dict) else expand(item, frame)
        result[name] = {"value": value} if isinstance(value, Unknown) else value
    return result
