"""What all nodes have in common, and walking them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar


@dataclass(eq=False, slots=True)
class Node:
    """Anything in the tree. ``start`` is the offset of its first character."""

    parts: ClassVar[tuple[str, ...]] = ()
    start: int


def children(node: Node) -> list[Node]:
    """Return the direct children of a node in source order."""
    found: list[Node] = []
    for part in node.parts:
        value = getattr(node, part)
        if isinstance(value, Node):
            found.append(value)
        elif value:
            found += value
    return found


def descendants(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, parents before children, without recursion."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        if current.parts:
            stack += children(current)[::-1]
