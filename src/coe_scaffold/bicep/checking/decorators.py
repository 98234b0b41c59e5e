"""Decorators that do not exist, that are repeated, or that stand where they mean nothing."""

from __future__ import annotations

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.checking.shapes import Shape, of_type
from coe_scaffold.bicep.syntax import tree

_TYPED = frozenset({"parameter", "output", "type"})
_TARGETS = {
    "description": frozenset({"parameter", "output", "type", "variable", "resource", "module", "function"}),
    "allowed": frozenset({"parameter"}),
    "batchSize": frozenset({"resource", "module"}),
    "export": frozenset({"type", "variable", "function"}),
    **dict.fromkeys(("secure", "minValue", "maxValue", "minLength", "maxLength", "metadata"), _TYPED),
    **dict.fromkeys(("sealed", "discriminator", "validate"), _TYPED),
    **dict.fromkeys(
        ("waitUntil", "retryOn", "onlyIfNotExists", "nullIfNotFound", "patch"), frozenset({"resource"})
    ),
}
"""Every decorator and what it can be attached to."""

_ATTACHABLE = {
    "secure": ("object", "string"),
    "minValue": ("int",),
    "maxValue": ("int",),
    "minLength": ("array", "string"),
    "maxLength": ("array", "string"),
    "sealed": ("object",),
    "discriminator": ("object",),
}
"""The types a decorator can be attached to, as far as they are limited."""

_MISPLACED = {
    "parameter": ("BCP125", "a parameter"),
    "variable": ("BCP126", "a variable"),
    "resource": ("BCP127", "a resource"),
    "module": ("BCP128", "a module"),
    "output": ("BCP129", "an output"),
    "type": ("BCP297", "a type"),
}


def check(model: Model) -> None:
    """Check the decorators of every declaration and type member."""
    for node in model.nodes:
        decorators: tuple[tree.Decorator, ...] = getattr(node, "decorators", ())
        if decorators:
            _check(model, node, decorators)


def _check(model: Model, node: tree.Node, decorators: tuple[tree.Decorator, ...]) -> None:
    target = _target(node)
    seen: dict[str, list[tree.Decorator]] = {}
    for decorator in decorators:
        name = _name(model, decorator)
        if name is None:
            continue
        seen.setdefault(name, []).append(decorator)
        if target is None or target in _TARGETS[name]:
            _attached(model, node, decorator, name)
        elif target in _MISPLACED and isinstance(decorator.call, tree.Call):
            # ``@sys.name`` in the wrong place was let through, without effect, up to 0.46
            code, words = _MISPLACED[target]
            message = f'Function "{name}" cannot be used as {words} decorator.'
            model.diagnostics.error(decorator.call.start, code, message)
    for name, repeated in seen.items():
        if len(repeated) > 1:
            for decorator in repeated:
                model.diagnostics.error(decorator.start, "BCP166", f'Duplicate "{name}" decorator.')


def _target(node: tree.Node) -> str | None:
    match node:
        case tree.ParamDecl():
            return "parameter"
        case tree.VarDecl():
            return "variable"
        case tree.OutputDecl():
            return "output"
        case tree.ResourceDecl():
            return "resource"
        case tree.ModuleDecl():
            return "module"
        case tree.TypeDecl() | tree.TypeMember():
            return "type"
        case tree.FuncDecl():
            return "function"
    return None


def _name(model: Model, decorator: tree.Decorator) -> str | None:
    """Return the name of a decorator there is; record what is wrong with any other."""
    call = decorator.call
    if isinstance(call, tree.Skipped):
        return None
    plain = isinstance(call, tree.Call) or (
        isinstance(call, tree.MethodCall)
        and isinstance(call.base, tree.Name)
        and call.base.name in ("sys", "az")
    )
    if not plain or not isinstance(call, tree.Call | tree.MethodCall):
        message = "The expression cannot be used as a decorator as it is not callable."
        model.diagnostics.error(call.start, "BCP141", message)
        return None
    if call.name in _TARGETS:
        return call.name
    message = f'The name "{call.name}" does not exist in the current context.'
    model.diagnostics.error(call.start, "BCP057", message)
    return None


def _attached(model: Model, node: tree.Node, decorator: tree.Decorator, name: str) -> None:
    wanted = _ATTACHABLE.get(name)
    type_ = node.value if isinstance(node, tree.TypeDecl) else getattr(node, "type", None)
    if wanted is None or not isinstance(type_, tree.Node) or isinstance(node, tree.ResourceDecl):
        return
    given = of_type(model, type_)
    if given.kind not in (*wanted, "any", "null"):
        model.diagnostics.error(
            decorator.start,
            "BCP124",
            f'The decorator "{name}" can only be attached to targets of type "{" | ".join(wanted)}", '
            f'but the target has type "{_shown(given)}".',
        )


def _shown(shape: Shape) -> str:
    if isinstance(shape.node, tree.ArrayType):
        item = _shown(shape.item)
        return f"({item})[]" if " " in item else f"{item}[]"
    return str(Shape(shape.kind, shape.values))
