"""Parsing type expressions."""

from __future__ import annotations

from coe_scaffold.bicep.syntax import tree
from coe_scaffold.bicep.syntax.expressions import ExpressionParser
from coe_scaffold.bicep.syntax.reader import ENDS, Expected
from coe_scaffold.bicep.syntax.tokens import IDENTIFIER, NEWLINE, STRING, STRING_LEFT

_NAME_EXPECTED = ("BCP020", "Expected a function or property name at this location.")


class TypeParser(ExpressionParser):
    """Parses types at the current position."""

    def type(self, *, optional_resource: bool = False) -> tree.Node:
        """Parse the type of a parameter, variable, function or output."""
        if self.at_word("resource") and self.ahead().kind != "<":
            start = self.take().start
            if self.kind in (STRING, STRING_LEFT):
                return tree.ResourceType(start, self.string())
            if optional_resource:
                return tree.ResourceType(start, None)
            raise Expected(
                self.current,
                "BCP068",
                "Expected a resource type string. "
                'Specify a valid resource type of format "<type-name>@<apiVersion>".',
            )
        return self.type_expression()

    def type_expression(self) -> tree.Node:
        """Parse a type with unions; each ``|`` may start a new line."""
        self.descend()
        start = self.current.start
        leading = self._at_union()
        if leading:
            self.skip_newlines()
            self.take()
        node = self._postfix()
        if leading or self._at_union():
            members = [node]
            while self._at_union():
                self.skip_newlines()
                self.take()
                members.append(self.recover(self._postfix, *ENDS))
            node = tree.UnionType(start, tuple(members))
        self.depth -= 1
        return node

    def _at_union(self) -> bool:
        return self.kind == "|" or (self.kind == NEWLINE and self.ahead().kind == "|")

    def _postfix(self) -> tree.Node:
        node = self._type_unary()
        while self.kind in ("?", "!"):
            wrap = tree.Nullable if self.take().kind == "?" else tree.NonNull
            node = wrap(node.start, node)
        return node

    def _type_unary(self) -> tree.Node:
        if self.kind in ("!", "-", "+"):
            operator = self.take()
            return tree.Unary(operator.start, operator.kind, self._type_member())
        return self._type_member()

    def _type_member(self) -> tree.Node:
        node = self._type_primary()
        while True:
            if self.kind == "[":
                self.take()
                node = self._type_index(node)
            elif self.kind == ".":
                self.take()
                node = self._type_dot(node)
            else:
                return node

    def _type_index(self, base: tree.Node) -> tree.Node:
        if self.kind == "]":
            self.take()
            return tree.ArrayType(base.start, base)
        if self.kind == "*":
            self.take()
            self.expect("]")
            return tree.ItemsAccess(base.start, base)
        index = self.expression()
        self.expect("]")
        return tree.Index(base.start, base, index)

    def _type_dot(self, base: tree.Node) -> tree.Node:
        if self.kind == "*":
            self.take()
            return tree.AdditionalAccess(base.start, base)
        name = self.identifier(*_NAME_EXPECTED)
        if self.kind == "<":
            return self._generic(name.start, name.value)
        return tree.Property(base.start, base, name.value)

    def _type_primary(self) -> tree.Node:
        token = self.current
        match token.kind:
            case "true" | "false":
                return tree.Bool(self.take().start, token.kind == "true")
            case "null":
                return tree.Null(self.take().start)
            case "integer":
                return self.integer()
            case "string" | "string-left":
                return self.string()
            case "{":
                return self._object_type()
            case "[":
                self.take()
                items = self.elements("]", self._tuple_item)
                self.expect("]")
                return tree.TupleType(token.start, tuple(_members(items)))
            case "(":
                self.take()
                inner = self.type_expression()
                self.expect(")")
                return tree.Paren(token.start, inner)
            case "identifier":
                self.take()
                if self.kind == "<":
                    return self._generic(token.start, token.value)
                return tree.Name(token.start, token.value)
        raise Expected(token, "BCP302", "The type expression at this location is not recognized.")

    def _generic(self, start: int, name: str) -> tree.Node:
        self.expect("<")
        return tree.GenericType(start, name, self.arguments(">", self.type_expression))

    def _object_type(self) -> tree.Node:
        start = self.expect("{").start
        members = _members(self.elements("}", self._type_property))
        self.expect("}")
        named = tuple(member for member in members if member.name is not None)
        others = [member for member in members if member.name is None]
        for extra in others[1:]:
            self.diagnostics.error(
                extra.start,
                "BCP344",
                "Expected an object type with a single additional properties matcher.",
            )
        return tree.ObjectType(start, named, others[0] if others else None)

    def _type_property(self) -> tree.Node:
        decorators = self.decorators()
        token = self.current
        name: str | None
        if token.kind == "*":
            self.take()
            name = None
        elif token.kind == IDENTIFIER:
            name = self.take().value
        elif token.kind in (STRING, STRING_LEFT):
            name = self.string().literal
            if name is None:
                raise Expected(token, "BCP032", "The value must be a compile-time constant.")
        else:
            raise Expected(token, "BCP022", "Expected a property name at this location.")
        self.expect(":")
        return tree.TypeMember(token.start, decorators, name, self.type_expression())

    def _tuple_item(self) -> tree.Node:
        start = self.current.start
        decorators = self.decorators()
        return tree.TypeMember(start, decorators, None, self.type_expression())

    def decorators(self) -> tuple[tree.Decorator, ...]:
        """Parse the decorators before a declaration, each on its own line."""
        found = []
        while self.kind == "@":
            start = self.take().start
            call = self.recover(self._decorator_call, NEWLINE)
            found.append(tree.Decorator(start, call))
            if self.kind != NEWLINE:
                raise Expected(self.current, "BCP019", "Expected a new line character at this location.")
            self.take()
        return tuple(found)

    def _decorator_call(self) -> tree.Node:
        token = self.identifier("BCP123", "Expected a namespace or decorator name at this location.")
        node: tree.Node
        if self.kind == "(":
            self.take()
            node = tree.Call(token.start, token.value, self.arguments(")", self.expression))
        else:
            node = tree.Name(token.start, token.value)
        while self.kind == ".":
            node = self._dot(node)
        return node


def _members(items: list[tree.Node]) -> list[tree.TypeMember]:
    return [item for item in items if isinstance(item, tree.TypeMember)]
