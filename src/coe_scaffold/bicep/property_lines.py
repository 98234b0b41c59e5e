"""Where in a Bicep file a property of a resource is written: for messages, found only when one needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from coe_scaffold.bicep.diagnostics import Diagnostics, SourceText
from coe_scaffold.bicep.syntax import tree
from coe_scaffold.bicep.syntax.parser import parse

Lines = Callable[[int, Iterable[str]], int]


def property_lines(text: str) -> Lines:
    """Return a function from the line of a resource and a path into it to the line of what is written there.

    The path is names and, for elements of lists, numbers; names compare without case. A part that comes
    from elsewhere (a variable, a parameter, a spread) stands for all below it. Lines that declare no
    resource are returned as they are.
    """
    source = SourceText("", text)
    declared = {
        source.place(node.start)[0]: node.body
        for node in tree.descendants(parse(Diagnostics(source)))
        if isinstance(node, tree.ResourceDecl)
    }

    def find(line: int, path: Iterable[str]) -> int:
        node: tree.Node | None = tree.body_object(declared[line]) if line in declared else None
        for name in path:
            found = _inside(node, name)
            if found is None:
                break
            line = source.place(found.start)[0]
            node = found.value if isinstance(found, tree.ObjectProperty) else found
        return line

    return find


def _inside(node: tree.Node | None, name: str) -> tree.Node | None:
    """Return what is written for a member or an element; None when that comes from elsewhere."""
    match node:
        case tree.Object():
            return next((item for item in node.items if _is(item, name)), None)
        case tree.Array() if name.isdecimal() and int(name) < len(node.items):
            before = node.items[: int(name) + 1]
            return None if any(isinstance(item, tree.Spread) for item in before) else before[-1]
        case tree.For() if name.isdecimal():
            return node.body
        case _:
            return None


def _is(item: tree.Node, name: str) -> bool:
    return isinstance(item, tree.ObjectProperty) and (item.name or "").casefold() == name.casefold()
