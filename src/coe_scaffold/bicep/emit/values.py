"""Bicep expressions to JSON values: literals stay JSON, everything else becomes ``[expression]``."""

from __future__ import annotations

from coe_scaffold.bicep.binding.symbols import Var
from coe_scaffold.bicep.emit import arm
from coe_scaffold.bicep.emit.arm import call
from coe_scaffold.bicep.emit.context import View
from coe_scaffold.bicep.emit.expressions import Expressions
from coe_scaffold.bicep.syntax import tree

JsonValue = object


class Values:
    """Writes JSON for the expressions of one file."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.context = expressions.context
        self.model = expressions.model

    def value(self, node: tree.Node, view: View) -> JsonValue:
        """Return the JSON value of an expression."""
        node = self.bare(node)
        match node:
            case tree.Bool():
                return node.value
            case tree.Int():
                return node.value
            case tree.Null():
                return None
            case tree.Unary(operator="-", operand=tree.Int() as number):
                return -number.value
            case tree.Object() if not _spreads(node):
                return self.object(node, view)
            case tree.Array() if not _spreads(node):
                return [self.value(item, view) for item in node.items]
            case tree.Call() | tree.MethodCall() if self._is_pasted_file(node):
                return arm.json_literal(self.model.files[node])
            case tree.Call() | tree.MethodCall() if self.expressions.is_scope_call(node):
                return {}
            case tree.For():
                raise self.model.diagnostics.stop(
                    node.start, "BCP138", "For-expressions are not supported in this context."
                )
        return arm.json_value(self.expressions.convert(node, view))

    def _is_pasted_file(self, node: tree.Node) -> bool:
        return node in self.model.files and node not in self.context.file_variables

    def bare(self, node: tree.Node) -> tree.Node:
        """Return an expression without what leaves no trace: ``( )``, ``!``, ``any()``, inlined variables."""
        while True:
            if isinstance(node, tree.Paren):
                node = node.inner
            elif isinstance(node, tree.NonNull):
                node = node.base
            elif isinstance(node, tree.Name):
                symbol = self.expressions.symbol(node)
                if not isinstance(symbol, Var) or symbol not in self.context.inlined_variables:
                    return node
                node = symbol.node.value
            else:
                argument = self.expressions.any_argument(node)
                if argument is None:
                    return node
                node = argument

    def object(
        self, node: tree.Object, view: View, *, omit: frozenset[str] = frozenset()
    ) -> dict[str, JsonValue]:
        """Return an object; loops among its properties become its ``copy``."""
        copies: list[JsonValue] = []
        found: dict[str, JsonValue] = {}
        for item in node.items:
            if not isinstance(item, tree.ObjectProperty) or item.name in omit:
                continue
            if isinstance(item.value, tree.For):
                if item.name is None:
                    raise self.model.diagnostics.stop(
                        item.start,
                        "BCP260",
                        "Loops are not allowed as values of properties whose names are expressions.",
                    )
                copies.append(self.copy(item.value, view, name=item.name))
            else:
                found[self.key(item, view)] = self.value(item.value, view)
        return {"copy": copies, **found} if copies else found

    def key(self, item: tree.ObjectProperty, view: View) -> str:
        """Return the name of a property, maybe an expression."""
        if item.name is not None:
            return arm.key_text(item.name)
        return str(arm.json_value(self.expressions.convert(item.key, view)))

    def copy(
        self,
        loop: tree.For,
        view: View,
        *,
        name: str | None = None,
        as_expression: bool = False,
    ) -> dict[str, JsonValue]:
        """Return ``{name, count, input}`` of a loop; ``as_expression`` for parameters of modules."""
        body = self.bare(loop.body)
        found: dict[str, JsonValue] = {} if name is None else {"name": name}
        found["count"] = self.count(loop, view)
        if isinstance(body, tree.Object) and not _spreads(body):
            if as_expression:
                found["input"] = arm.json_value(self.expressions.convert(body, view))
            else:
                found["input"] = self.object(body, view)
        elif isinstance(body, tree.Str) and not body.holes:
            found["input"] = arm.escape(body.segments[0])
        elif self._is_pasted_file(body) and isinstance(self.model.files[body], str | dict):
            found["input"] = arm.json_literal(self.model.files[body])
        else:
            found["input"] = arm.json_value(arm.as_call(self.expressions.convert(body, view)))
        return found

    def count(self, loop: tree.For, view: View) -> JsonValue:
        """Return how often a loop runs."""
        return arm.json_value(call("length", self.expressions.convert(loop.source, view)))


def _spreads(node: tree.Object | tree.Array) -> bool:
    return any(isinstance(item, tree.Spread) for item in node.items)
