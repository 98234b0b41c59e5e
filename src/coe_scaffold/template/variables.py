"""Variables: computed when first asked for, plain or by the loops of ``variables.copy``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coe_scaffold.model.json import JsonObject, Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.frame import Frame, Lazy, Stage
from coe_scaffold.template.interpreter import expand, unroll


def variable_values(written: JsonObject, frame: Callable[[], Frame]) -> Lazy:
    """Return the variables of a template; ``frame`` gives the deployment's frame once it is complete."""
    loops = _loops(written)
    names: dict[str, Any] = {name: value for name, value in written.items() if name != "copy" or not loops}

    def compute(name: str) -> Value:
        plain = frame().at(Stage.STATIC).changed(loops={}, loop="", locals={})
        try:
            return unroll(loops[name], plain)[1] if name in loops else expand(names[name], plain)
        except TemplateFailure as failure:
            raise failure.at(f"/variables/{name}") from None

    return Lazy("variable", {**names, **loops}, compute)


def _loops(written: JsonObject) -> dict[str, JsonObject]:
    found = written.get("copy")
    if not isinstance(found, list):
        return {}
    return {str(loop.get("name", "")): loop for loop in found if isinstance(loop, dict)}
