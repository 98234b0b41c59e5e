"""The outputs of a deployment: conditions, loops, values checked against their types."""

from __future__ import annotations

from typing import Any

from coe_scaffold.model.json import JsonObject, Unknown, Value
from coe_scaffold.template.failure import OUTPUT_FAILED, TemplateFailure
from coe_scaffold.template.frame import Frame
from coe_scaffold.template.interpreter import expand, unroll
from coe_scaffold.template.schema import misfits, resolved


def output_values(
    declared: JsonObject, definitions: JsonObject, frame: Frame, *, typed: bool = True
) -> dict[str, Value]:
    """Return ``{"name": {"type", "value"}}``; an output whose condition is false is left out.

    With ``typed`` each must fit its type.
    """
    result: dict[str, Value] = {}
    for name, declaration in declared.items():
        pointer = f"/outputs/{name}"
        try:
            if not isinstance(declaration, dict):
                raise TemplateFailure(f"The template output '{name}' must be an object.", pointer=pointer)
            item = _output(name, declaration, definitions, frame, typed=typed)
        except TemplateFailure as failure:
            message = f"The template output '{name}' is not valid: {failure.message}"
            raise TemplateFailure(message, code=OUTPUT_FAILED, pointer=failure.pointer or pointer) from None
        if item is not None:
            result[name] = item
    return result


def _output(
    name: str, declaration: JsonObject, definitions: JsonObject, frame: Frame, *, typed: bool
) -> Value:
    condition = expand(declaration.get("condition", True), frame)
    if condition is False:
        return None
    value = condition if isinstance(condition, Unknown) else _value(name, declaration, frame)
    schema = resolved(declaration, definitions)
    reasons = list(misfits(value, schema, definitions, name)) if typed and value is not None else []
    if reasons:
        raise TemplateFailure(reasons[0])
    return {"type": str(schema.get("type", "object")), "value": value}


def _value(name: str, declaration: JsonObject, frame: Frame) -> Value:
    loop: Any = declaration.get("copy")
    if isinstance(loop, dict):
        looped = loop if "name" in loop else {**loop, "name": name}
        return _unrolled(looped, frame)
    if "value" not in declaration:
        raise TemplateFailure("it has no value.")
    return expand(declaration["value"], frame)


def _unrolled(loop: JsonObject, frame: Frame) -> Value:
    """``copyIndex()`` without a name means the output's own loop."""
    return unroll(loop, frame.changed(loop=str(loop["name"]).lower()))[1]
