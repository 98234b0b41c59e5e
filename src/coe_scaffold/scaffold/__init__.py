"""Answers and packaged templates to trees of files; nothing here writes into a user's folder."""

from coe_scaffold.scaffold.project import new_project, render_project
from coe_scaffold.scaffold.tree import FileTree
from coe_scaffold.scaffold.workspace import WorkspaceAnswers, render_workspace

__all__ = ["FileTree", "WorkspaceAnswers", "new_project", "render_project", "render_workspace"]
