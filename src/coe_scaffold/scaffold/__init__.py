"""Answers and packaged templates to trees of files; nothing here writes into a user's folder."""

from coe_scaffold.scaffold.tree import FileTree

__all__ = ["FileTree"]
