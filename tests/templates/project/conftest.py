from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from coe_scaffold.local.files import DiskFiles
from coe_scaffold.scaffold import FileTree, render_project
from tests.fakes.workspace import project, settings

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def tree() -> FileTree:
    return render_project(settings(), project(), today=TODAY)


@pytest.fixture(scope="session")
def repository(tree: FileTree, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rendered repository that no test may change."""
    folder = tmp_path_factory.mktemp("rendered") / "claims-chat"
    DiskFiles().write_tree(folder, tree.files, executable=tree.executable)
    return folder
