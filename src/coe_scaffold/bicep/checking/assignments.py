"""Values that do not fit the types they are assigned to."""

from __future__ import annotations

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.checking import operators
from coe_scaffold.bicep.checking.kinds import kind_of, shown
from coe_scaffold.bicep.checking.shapes import ANY, Shape, of_type
from coe_scaffold.bicep.syntax import tree


def check(model: Model) -> None:
    """Check defaults of parameters, typed variables, outputs, conditions, loops and objects."""
    for param in model.params:
        if param.node.default is not None and param.node.type is not None:
            shape = _declared(model, param.node, param.node.type)
            assign(model, param.node.default, shape)
    for variable in model.variables:
        if variable.node.type is not None:
            assign(model, variable.node.value, _declared(model, variable.node, variable.node.type))
    for output in model.outputs:
        assign(model, output.node.value, _declared(model, output.node, output.node.type))
    for statement in model.asserts:
        given = kind_of(model, statement.value)
        if given.kind not in ("any", "bool"):
            model.diagnostics.error(
                statement.value.start,
                "BCP350",
                f'Value of type "{shown(model, statement.value)}" cannot be assigned to an assert. '
                "Asserts can take values of type 'bool' only.",
            )
    for node in model.nodes:
        _inside(model, node)


def _declared(model: Model, owner: tree.Node, type_: tree.Node) -> Shape:
    return ANY if model.decorator(owner, "discriminator") else of_type(model, type_)


def _inside(model: Model, node: tree.Node) -> None:
    match node:
        case tree.If():
            _wants(model, node.condition, "bool")
        case tree.Ternary():
            _wants(model, node.condition, "bool")
        case tree.For():
            kind = kind_of(model, node.source)
            if kind.kind not in ("any", "array") and not kind.nullable:
                model.diagnostics.error(
                    node.source.start,
                    "BCP137",
                    f'Loop expected an expression of type "array" but the provided value is of type '
                    f'"{shown(model, node.source)}".',
                )
        case tree.Object():
            _repeated(model, node)
        case tree.Unary() | tree.Binary():
            operators.check(model, node)


def _wants(model: Model, node: tree.Node, kind: str) -> None:
    given = kind_of(model, node)
    if given.kind not in ("any", kind):
        model.diagnostics.error(node.start, "BCP046", f'Expected a value of type "{kind}".')


def _mismatch(model: Model, node: tree.Node, expected: str) -> None:
    model.diagnostics.error(
        node.start,
        "BCP033",
        f'Expected a value of type "{expected}" but the provided value is of type "{shown(model, node)}".',
    )


def _repeated(model: Model, node: tree.Object) -> None:
    seen: dict[str, list[tree.ObjectProperty]] = {}
    for item in node.items:
        if isinstance(item, tree.ObjectProperty) and item.name is not None:
            seen.setdefault(item.name.lower(), []).append(item)
    for items in seen.values():
        if len(items) > 1:
            for item in items:
                model.diagnostics.error(
                    item.start,
                    "BCP025",
                    f'The property "{item.name}" is declared multiple times in this object. '
                    "Remove or rename the duplicate properties.",
                )


def assign(model: Model, node: tree.Node, shape: Shape, item: tree.ObjectProperty | None = None) -> None:
    """Report where an expression does not fit a type; ``item`` is the property it is the value of."""
    while isinstance(node, tree.Paren):
        node = node.inner
    if shape.kind == "any":
        return
    if isinstance(node, tree.Ternary):
        for branch in (node.yes, node.no):
            if _worth_checking(branch):
                assign(model, branch, shape, item)
        return
    given = kind_of(model, node)
    if given.kind == "any" or (given.kind == "null" and shape.nullable):
        return
    if not _fits(given, shape):
        _report(model, node, shape, item)
    elif isinstance(node, tree.Object):
        _object(model, node, shape, item)
    elif isinstance(node, tree.Array):
        for inner in node.items:
            if not isinstance(inner, tree.Spread):
                _array_item(model, inner, shape.item)
    elif isinstance(node, tree.For):
        assign(model, node.body, shape.item)


def _worth_checking(branch: tree.Node) -> bool:
    """Whether a branch of a choice says something by itself; null and empty objects stand for absence."""
    while isinstance(branch, tree.Paren):
        branch = branch.inner
    return not isinstance(branch, tree.Null) and not (isinstance(branch, tree.Object) and not branch.items)


def _fits(given: Shape, wanted: Shape) -> bool:
    if given.kind != wanted.kind:
        return False
    if wanted.values is None or given.values is None:
        return True
    return all(value in wanted.values for value in given.values)


def _report(model: Model, node: tree.Node, shape: Shape, item: tree.ObjectProperty | None) -> None:
    if item is None:
        _mismatch(model, node, str(shape))
        return
    model.diagnostics.error(
        item.start,
        "BCP036",
        f'The property "{item.name}" expected a value of type "{shape}" '
        f'but the provided value is of type "{shown(model, node)}".',
    )


def _array_item(model: Model, node: tree.Node, shape: Shape) -> None:
    given = kind_of(model, node)
    if "any" in (given.kind, shape.kind) or (given.kind == "null" and shape.nullable):
        return
    if _fits(given, shape):
        assign(model, node, shape)
        return
    model.diagnostics.error(
        node.start,
        "BCP034",
        f'The enclosing array expected an item of type "{shape}", '
        f'but the provided item was of type "{shown(model, node)}".',
    )


def _object(model: Model, node: tree.Object, shape: Shape, owner: tree.ObjectProperty | None) -> None:
    declared = shape.properties
    if declared is None:
        return
    spread = any(isinstance(item, tree.Spread) for item in node.items)
    given: dict[str, tree.ObjectProperty] = {}
    for item in node.items:
        if isinstance(item, tree.ObjectProperty):
            if item.name is None:
                spread = True
            else:
                given[item.name] = item
    missing = [
        name
        for name, inner in declared.items()
        if name not in given and not inner.nullable and not _has_default(inner)
    ]
    if missing and not spread:
        names = ", ".join(f'"{name}"' for name in sorted(missing))
        model.diagnostics.error(
            (owner or node).start,
            "BCP035",
            f'The specified "object" declaration is missing the following required properties: {names}.',
        )
    for name, item in given.items():
        if name in declared:
            assign(model, item.value, declared[name], item)
        elif not shape.open:
            names = ", ".join(f'"{one}"' for one in sorted(declared) if one not in given)
            permissible = (
                f" Permissible properties include {names}." if names else " No other properties are allowed."
            )
            model.diagnostics.error(
                item.start,
                "BCP037",
                f'The property "{name}" is not allowed on objects of type "object".{permissible}',
            )


def _has_default(shape: Shape) -> bool:
    return shape.schema is not None and "defaultValue" in shape.schema
