"""Parsing expressions: operators by precedence, members, calls, literals, loops and lambdas."""

from __future__ import annotations

from coe_scaffold.bicep.syntax import tree
from coe_scaffold.bicep.syntax.reader import DECLARATION_WORDS, ENDS, Expected, TokenReader
from coe_scaffold.bicep.syntax.tokens import (
    END,
    IDENTIFIER,
    INTEGER,
    NEWLINE,
    STRING,
    STRING_LEFT,
    STRING_MIDDLE,
    STRING_RIGHT,
)

_PRECEDENCE = {
    operator: level
    for level, operators in (
        (100, "% * /"),
        (90, "+ -"),
        (80, "> >= < <="),
        (70, "== != =~ !~"),
        (50, "&&"),
        (40, "||"),
        (30, "??"),
    )
    for operator in operators.split()
}
_NAME_EXPECTED = ("BCP020", "Expected a function or property name at this location.")


class ExpressionParser(TokenReader):
    """Parses expressions at the current position."""

    complex_literals = True
    """Whether ``{ }`` and ``[ ]`` are allowed here; not inside ``${ }``."""

    def expression(self) -> tree.Node:
        """Parse one expression."""
        self.descend()
        start = self.current.start
        node = self._binary(0)
        if self.after_newline().kind == "?":
            self.skip_newlines()
            self.take()
            yes = self.recover(self.expression, ":", *ENDS)
            if not isinstance(yes, tree.Skipped) and self.after_newline().kind == ":":
                self.skip_newlines()
            if self.kind == ":" or not isinstance(yes, tree.Skipped):
                self.expect(":")
            node = tree.Ternary(start, node, yes, self.recover(self.expression, *ENDS))
        self.depth -= 1
        return node

    def _binary(self, floor: int) -> tree.Node:
        start = self.current.start
        node = self._unary()
        while (level := _PRECEDENCE.get(self.kind, -1)) > floor:
            operator = self.take().kind
            right = self.recover(lambda level=level: self._binary(level), *ENDS)  # type: ignore[misc]
            node = tree.Binary(start, operator, node, right)
        return node

    def _unary(self) -> tree.Node:
        if self.kind in ("!", "-", "+"):
            operator = self.take()
            operand = self.recover(self._member, *ENDS)
            return tree.Unary(operator.start, operator.kind, operand)
        return self._member()

    def _member(self) -> tree.Node:
        node = self._primary()
        while True:
            kind = self.kind
            if kind == ".":
                node = self._dot(node)
            elif kind == "[":
                node = self._index(node)
            elif kind == "::":
                self.take()
                node = tree.NestedAccess(node.start, node, self.identifier(*_NAME_EXPECTED).value)
            elif kind == "!":
                self.take()
                node = tree.NonNull(node.start, node)
            else:
                return node

    def _dot(self, base: tree.Node) -> tree.Node:
        self.take()
        marker = self.current
        safe = marker.kind == "?"
        if safe:
            self.take()
        name = self.identifier(*_NAME_EXPECTED)
        if self.kind != "(":
            return tree.Property(base.start, base, name.value, safe)
        if safe:
            self.diagnostics.error(
                marker.start,
                "BCP322",
                "The `.?` (safe dereference) operator may not be used on instance function invocations.",
            )
        self.take()
        return tree.MethodCall(name.start, base, name.value, self.arguments(")", self.expression))

    def _index(self, base: tree.Node) -> tree.Node:
        self.take()
        safe = self.kind == "?"
        if safe:
            self.take()
        from_end = self.kind == "^"
        if from_end:
            self.take()
        if self.kind == "]":
            raise Expected(
                self.current,
                "BCP117",
                "An empty indexer is not allowed. Specify a valid expression.",
            )
        index = self.expression()
        self.expect("]")
        return tree.Index(base.start, base, index, safe, from_end)

    def _primary(self) -> tree.Node:
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
            case "{" | "[" if not self.complex_literals:
                raise Expected(token, "BCP087", "Array and object literals are not allowed here.")
            case "{":
                return self.object()
            case "[":
                if (ahead := self.ahead(skip_newline=True)).kind == IDENTIFIER and ahead.value == "for":
                    return self.for_loop(resource=False)
                return self._array()
            case "(":
                return self._parenthesised()
            case "identifier":
                return self._name()
        raise Expected(
            token,
            "BCP009",
            "Expected a literal value, an array, an object, a parenthesized expression, "
            "or a function call at this location.",
        )

    def integer(self) -> tree.Int:
        """Parse a number; it must fit 64 bits with a sign."""
        token = self.current
        if token.kind != INTEGER:
            raise Expected(token, "BCP021", "Expected a numeric literal at this location.")
        self.take()
        if len(token.value) > 19 or int(token.value) > 2**63:
            self.diagnostics.error(token.start, "BCP010", "Expected a valid 64-bit signed integer.")
            return tree.Int(token.start, 0)
        return tree.Int(token.start, int(token.value))

    def string(self) -> tree.Str:
        """Parse a string with its holes."""
        token = self.take()
        if token.kind == STRING:
            return tree.Str(token.start, (token.value,))
        segments, holes = [token.value], []
        allowed, self.complex_literals = self.complex_literals, False
        while True:
            hole = self.recover(self.expression, STRING_MIDDLE, STRING_RIGHT, NEWLINE)
            if self.kind not in (STRING_MIDDLE, STRING_RIGHT):
                self.complex_literals = allowed
                raise Expected(self.current, "BCP064", "Found unexpected tokens in interpolated expression.")
            holes.append(hole)
            piece = self.take()
            segments.append(piece.value)
            if piece.kind == STRING_RIGHT:
                self.complex_literals = allowed
                return tree.Str(token.start, tuple(segments), tuple(holes))

    def object(self, *, resources: bool = False) -> tree.Object:
        """Parse ``{ }``; with ``resources`` nested resource declarations are allowed in it."""
        start = self.expect("{").start
        parse = self._resource_element if resources else self._object_element
        allowed, self.complex_literals = self.complex_literals, True
        items = self.elements("}", parse)
        self.complex_literals = allowed
        self.expect("}")
        return tree.Object(start, tuple(items))

    def _resource_element(self) -> tree.Node:
        if self.kind == "@" or (self.at_word("resource") and self.ahead().kind == IDENTIFIER):
            return self.nested_resource()
        return self._object_element()

    def nested_resource(self) -> tree.Node:
        """Parse a resource declaration inside a resource body; given by the statement parser."""
        raise NotImplementedError

    def _object_element(self) -> tree.Node:
        token = self.current
        if token.kind == "...":
            self.take()
            return tree.Spread(token.start, self.expression())
        if token.kind == IDENTIFIER:
            self.take()
            key, quoted = tree.Str(token.start, (token.value,)), False
        elif token.kind in (STRING, STRING_LEFT):
            key, quoted = self.string(), True
        else:
            raise Expected(token, "BCP022", "Expected a property name at this location.")
        self.expect(":")
        return tree.ObjectProperty(token.start, key, self.expression(), quoted)

    def _array(self) -> tree.Node:
        start = self.expect("[").start
        allowed, self.complex_literals = self.complex_literals, True
        items = self.elements("]", self._array_element)
        self.complex_literals = allowed
        self.expect("]")
        return tree.Array(start, tuple(items))

    def _array_element(self) -> tree.Node:
        if self.kind == "...":
            start = self.take().start
            return tree.Spread(start, self.expression())
        return self.expression()

    def for_loop(self, *, resource: bool) -> tree.Node:
        """Parse ``[for ... ]``; in a resource or module its body is an object or an ``if``."""
        start = self.expect("[").start
        self.skip_newlines()
        self.expect_word("for")
        item, index = self._loop_variables()
        self.expect_word("in")
        allowed, self.complex_literals = self.complex_literals, True
        source = self.recover(self.expression, ":", "]", NEWLINE)
        self.expect(":")
        body = self.recover(self.resource_body if resource else self.expression, "]", NEWLINE)
        self.complex_literals = allowed
        self.skip_newlines()
        self.expect("]")
        return tree.For(start, item, index, source, body)

    def resource_body(self, *, loop: bool = False) -> tree.Node:
        """Parse the body of a resource or module; given by the statement parser."""
        raise NotImplementedError

    def _loop_variables(self) -> tuple[tree.Local, tree.Local | None]:
        if self.kind == IDENTIFIER:
            token = self.take()
            return tree.Local(token.start, token.value), None
        if self.kind != "(":
            raise Expected(
                self.current,
                "BCP136",
                "Expected a loop item variable identifier at this location.",
            )
        opening = self.take()
        names = self._locals()
        if len(names) != 2:
            raise Expected(
                opening,
                "BCP249",
                "Expected loop variable block to consist of exactly 2 elements "
                f"(item variable and index variable), but found {len(names)}.",
            )
        return names[0], names[1]

    def _locals(self) -> list[tree.Local]:
        names = []
        while self.kind != ")":
            token = self.identifier("BCP015", "Expected a variable identifier at this location.")
            names.append(tree.Local(token.start, token.value))
            if self.kind == ",":
                self.take()
            elif self.kind != ")":
                break
        self.expect(")")
        return names

    def _parenthesised(self) -> tree.Node:
        """Parse ``(x)`` or the parameters of a lambda."""
        start = self.expect("(").start
        items: list[tree.Node] = []
        self.skip_newlines()
        while self.kind not in (")", END):
            items.append(self.recover(self.expression, ",", *ENDS))
            self.skip_newlines()
            if self.kind != ",":
                break
            self.take()
            self.skip_newlines()
        self.expect(")")
        if self.kind == "=>":
            return self._lambda(start, items)
        if len(items) != 1:
            raise Expected(
                self.tokens[self.position - 1], "BCP243", "Parentheses must contain exactly one expression."
            )
        return tree.Paren(start, items[0])

    def _lambda(self, start: int, items: list[tree.Node]) -> tree.Node:
        params = []
        for item in items:
            if isinstance(item, tree.Name):
                params.append(tree.Local(item.start, item.name))
            elif not isinstance(item, tree.Skipped):
                self.diagnostics.error(
                    item.start, "BCP015", "Expected a variable identifier at this location."
                )
        return tree.Lambda(start, tuple(params), self.lambda_body())

    def lambda_body(self) -> tree.Node:
        """Parse ``=> body``."""
        self.expect("=>")
        if self.after_newline().value not in DECLARATION_WORDS:
            self.skip_newlines()
        allowed, self.complex_literals = self.complex_literals, True
        body = self.recover(self.expression, NEWLINE, ")")
        self.complex_literals = allowed
        return body

    def _name(self) -> tree.Node:
        token = self.take()
        if self.kind == "(":
            self.take()
            return tree.Call(token.start, token.value, self.arguments(")", self.expression))
        if self.kind == "=>":
            return tree.Lambda(token.start, (tree.Local(token.start, token.value),), self.lambda_body())
        return tree.Name(token.start, token.value)
