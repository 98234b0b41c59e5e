from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from coe_scaffold.local.files import DiskFiles
from coe_scaffold.scaffold.manifest import kinds
from coe_scaffold.scaffold.project import render_project
from coe_scaffold.scaffold.tree import FileTree
from tests.fakes.workspace import project, settings

TODAY = date(2026, 11, 24)
KINDS = [manifest.id for manifest in kinds()]


@pytest.fixture(scope="session", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Every kind in turn: a test that asks for a rendered repository runs once for each."""
    return str(request.param)


@cache
def rendered(kind: str) -> FileTree:
    return render_project(
        replace(settings(), text="apiVersion: coe-scaffold/v1\n"), project(kind=kind), today=TODAY
    )


@pytest.fixture(scope="session")
def tree(kind: str) -> FileTree:
    return rendered(kind)


@pytest.fixture(scope="session")
def repository(kind: str, tree: FileTree, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rendered repository that no test may change."""
    folder = tmp_path_factory.mktemp(kind) / "claims-chat"
    DiskFiles().write_tree(folder, tree.files, executable=tree.executable)
    return folder
