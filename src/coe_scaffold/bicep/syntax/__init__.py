"""Text to syntax tree: tokens, expressions, types, statements."""

from coe_scaffold.bicep.syntax.parser import parse

__all__ = ["parse"]
