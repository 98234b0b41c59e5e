"""Packaged cookiecutter templates to trees of files: no hooks, no network, no configuration of the user's."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coe_scaffold.scaffold.tree import FileTree


def render(template: Path, context: Mapping[str, Any]) -> FileTree:
    """Return what one cookiecutter template renders to, without its top folder.

    ``template`` holds ``cookiecutter.json`` and ``{{cookiecutter.repo_name}}/``. Values of the context
    replace the defaults of ``cookiecutter.json``; its private keys (``_copy_without_render``) stay. A
    name the template uses and nobody sets raises cookiecutter's UndefinedVariableInTemplate: a bug of
    the template. While it renders, cookiecutter changes the process's current folder.
    """
    from cookiecutter.generate import generate_files  # type: ignore[import-untyped]

    defaults = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="coe-render-") as temporary:
        top = generate_files(
            repo_dir=template,
            context={"cookiecutter": {**defaults, **context}},
            output_dir=temporary,
            accept_hooks=False,
        )
        return read_tree(Path(top))


def read_tree(folder: Path) -> FileTree:
    """Return every regular file below a folder, without links and without Python's caches.

    Installing a wheel compiles the Python files of packaged templates too.
    """
    files = {}
    executable = set()
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file() or path.parent.name == "__pycache__":
            continue
        name = path.relative_to(folder).as_posix()
        files[name] = path.read_bytes()
        if path.stat().st_mode & 0o100:
            executable.add(name)
    return FileTree(files, frozenset(executable))
