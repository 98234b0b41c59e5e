"""The linter: code that compiles but should be written in another way. Rule names are the official ones."""

from __future__ import annotations

import re
from collections.abc import Callable

from coe_scaffold.bicep.binding.functions import is_list_function
from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import Module, Param, Resource, Var
from coe_scaffold.bicep.diagnostics import Diagnostics
from coe_scaffold.bicep.syntax import tree
from coe_scaffold.errors import Problem

Rule = Callable[[Model, Diagnostics], None]

_PRAGMA = re.compile(r"^[ \t]*#(disable-next-line|disable-diagnostics|restore-diagnostics)[ \t]+(.*)$")
_SECRET_NAME = re.compile(r"password|pwd\b|secret|accountkey|acctkey", re.IGNORECASE)
_NO_SECRET_NAME = re.compile(r"secret(name|uri|url|id|version)|allow|enable|name$|length", re.IGNORECASE)


def lint(model: Model) -> tuple[Problem, ...]:
    """Return the warnings about one file, those its ``#disable`` directives silence left out."""
    found = Diagnostics(model.diagnostics.source)
    for rule in RULES:
        rule(model, found)
    silenced = _silenced(model.diagnostics.source.text)
    return tuple(
        problem for problem in sorted(found.problems) if (problem.line, problem.code) not in silenced
    )


def _silenced(text: str) -> set[tuple[int, str]]:
    """Return the (line, rule) pairs that directives in a text silence."""
    found: set[tuple[int, str]] = set()
    active: set[str] = set()
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        pragma = _PRAGMA.match(line)
        codes = set(pragma[2].split("//")[0].split()) if pragma else set()
        if pragma and pragma[1] == "disable-next-line":
            found.update((number + 1, code) for code in codes)
        elif pragma and pragma[1] == "disable-diagnostics":
            active |= codes
        elif pragma:
            active -= codes
        found.update((number, code) for code in active)
    return found


def _unused(model: Model, found: Diagnostics) -> None:
    """Report ``no-unused-params`` and ``no-unused-vars``."""
    used = {symbol for node, symbol in model.refs.items() if isinstance(node, tree.Name | tree.Call)}
    for param in model.params:
        if param not in used:
            message = f'Parameter "{param.name}" is declared but never used.'
            found.warning(param.node.name_start, "no-unused-params", message)
    for variable in model.variables:
        if variable not in used and not model.decorator(variable.node, "export"):
            message = f'Variable "{variable.name}" is declared but never used.'
            found.warning(variable.node.name_start, "no-unused-vars", message)


def _secrets_in_outputs(model: Model, found: Diagnostics) -> None:
    """Report ``outputs-should-not-contain-secrets``."""
    for output in model.outputs:
        if model.decorator(output.node, "secure"):
            continue
        if re.search(r"password", output.name, re.IGNORECASE):
            _secret(found, output.node, f"output name '{output.name}' suggests a secret")
        for node in tree.descendants(output.node.value):
            symbol = model.refs.get(node)
            if isinstance(symbol, Param) and model.decorator(symbol.node, "secure"):
                _secret(found, node, f"secure parameter '{symbol.name}'")
            elif isinstance(node, tree.Call | tree.MethodCall) and is_list_function(node.name):
                _secret(found, node, f"function '{node.name}'")


def _secret(found: Diagnostics, node: tree.Node, what: str) -> None:
    message = f"Outputs should not contain secrets. Found possible secret: {what}"
    found.warning(node.start, "outputs-should-not-contain-secrets", message)


def _secure_defaults(model: Model, found: Diagnostics) -> None:
    """Report ``secure-parameter-default`` and ``secure-secrets-in-params``."""
    for param in model.params:
        node = param.node
        if not model.decorator(node, "secure"):
            plain = isinstance(node.type, tree.Name) and node.type.name in ("string", "object")
            if plain and _SECRET_NAME.search(param.name) and not _NO_SECRET_NAME.search(param.name):
                message = (
                    f"Parameter '{param.name}' may represent a secret (according to its name) "
                    "and must be declared with the '@secure()' attribute."
                )
                found.warning(node.start, "secure-secrets-in-params", message)
            continue
        default = node.default
        if default is None or _is_harmless(default):
            continue
        found.warning(
            default.start,
            "secure-parameter-default",
            "Secure parameters should not have hardcoded values (except for empty or newGuid()).",
        )


def _is_harmless(default: tree.Node) -> bool:
    if isinstance(default, tree.Str) and default.literal == "":
        return True
    if isinstance(default, tree.Object) and not default.items:
        return True
    return any(isinstance(node, tree.Call) and node.name == "newGuid" for node in tree.descendants(default))


def _hard_coded_locations(model: Model, found: Diagnostics) -> None:
    """Report ``no-hardcoded-location``."""
    for resource in model.resources:
        value = resource.value("location")
        if value is None:
            continue
        place = value
        symbol = model.refs.get(value)
        if isinstance(symbol, Var):
            value = symbol.node.value
        if isinstance(value, tree.Str) and value.literal is not None and value.literal.lower() != "global":
            found.warning(
                place.start,
                "no-hardcoded-location",
                "A resource location should not use a hard-coded string or variable value. "
                "Please use a parameter value, an expression, or the string 'global'. "
                f"Found: '{value.literal}'",
            )


def _concat(model: Model, found: Diagnostics) -> None:
    """Report ``prefer-interpolation``."""
    for node in model.nodes:
        if isinstance(node, tree.Call) and node.name == "concat" and node not in model.refs:
            texts = [isinstance(argument, tree.Str) for argument in node.args]
            if any(texts):
                message = "Use string interpolation instead of the concat function."
                found.warning(node.start, "prefer-interpolation", message)


def _parents(model: Model, found: Diagnostics) -> None:
    """Report ``use-parent-property``."""
    by_type: dict[str, list[Resource]] = {}
    for resource in model.resources:
        by_type.setdefault(resource.type.lower(), []).append(resource)
    for resource in model.resources:
        name = resource.value("name")
        if resource.parent is not None or not isinstance(name, tree.Str):
            continue
        if len(name.segments) < 2 or name.segments[0] or not name.segments[1].startswith("/"):
            continue
        for parent in by_type.get(resource.type.lower().rpartition("/")[0], []):
            if _names(model, name.holes[0], parent):
                found.warning(
                    name.start,
                    "use-parent-property",
                    f'Resource "{resource.name}" has its name formatted as a child of resource '
                    f'"{parent.name}". The syntax can be simplified by using the parent property.',
                )
                break


def _names(model: Model, hole: tree.Node, parent: Resource) -> bool:
    """Whether a hole is the parent's name: ``parent.name``, or what the parent's name is made of."""
    if isinstance(hole, tree.Property) and hole.name == "name":
        return model.refs.get(hole.base) is parent
    name = parent.value("name")
    symbol = model.refs.get(hole)
    return symbol is not None and name is not None and model.refs.get(name) is symbol


def _empty_dependencies(model: Model, found: Diagnostics) -> None:
    """Report ``no-unnecessary-dependson``: entries that a reference already implies."""
    deployed: list[Resource | Module] = [*model.resources, *model.modules]
    for symbol in deployed:
        entries = symbol.value("dependsOn")
        if not isinstance(entries, tree.Array):
            continue
        implied = {
            model.refs.get(node)
            for item in symbol.body.items
            if not (isinstance(item, tree.ObjectProperty) and item.name == "dependsOn")
            for node in tree.descendants(item)
        }
        for entry in entries.items:
            target = model.refs.get(entry)
            if isinstance(target, Resource | Module) and target in implied and not target.is_collection:
                kind = "module" if isinstance(target, Module) else "resource"
                found.warning(
                    entry.start,
                    "no-unnecessary-dependson",
                    f"Remove unnecessary dependsOn entry '{target.name}': "
                    f"the body refers to that {kind} already.",
                )


RULES: tuple[Rule, ...] = (
    _unused,
    _secrets_in_outputs,
    _secure_defaults,
    _hard_coded_locations,
    _concat,
    _parents,
    _empty_dependencies,
)
