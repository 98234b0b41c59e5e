"""The parts of a template, checked for their shape before anything reads them."""

from __future__ import annotations

from typing import Any

from coe_scaffold.model.json import JsonObject
from coe_scaffold.template.failure import TemplateFailure


def section(template: JsonObject, name: str) -> JsonObject:
    """Return a section that is an object; an absent one is empty. Raises TemplateFailure."""
    found: Any = template.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise TemplateFailure(f"The template's '{name}' must be an object.", pointer=f"/{name}")
    return found


def user_functions(template: JsonObject) -> dict[str, JsonObject]:
    """Return the user-defined functions by lower-case ``namespace.name``; raise TemplateFailure."""
    groups: Any = template.get("functions") or []
    if not isinstance(groups, list):
        raise TemplateFailure("The template's 'functions' must be an array.", pointer="/functions")
    result: dict[str, JsonObject] = {}
    for number, group in enumerate(groups):
        pointer = f"/functions/{number}"
        if not isinstance(group, dict) or not isinstance(group.get("members"), dict):
            raise TemplateFailure("A function namespace needs 'members'.", pointer=pointer)
        for name, member in group["members"].items():
            _check(name, member, f"{pointer}/members/{name}")
            result[f"{group.get('namespace', '')}.{name}".lower()] = member
    return result


def _check(name: str, member: Any, pointer: str) -> None:
    if not isinstance(member, dict):
        raise TemplateFailure(f"The function '{name}' must be an object.", pointer=pointer)
    output = member.get("output")
    if not isinstance(output, dict) or "value" not in output:
        raise TemplateFailure(f"The function '{name}' has no output value.", pointer=pointer)
    parameters = member.get("parameters") or []
    named = isinstance(parameters, list) and all(
        isinstance(parameter, dict) and isinstance(parameter.get("name"), str) for parameter in parameters
    )
    if not named:
        raise TemplateFailure(f"The parameters of the function '{name}' need names.", pointer=pointer)
