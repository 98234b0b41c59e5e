"""The shape of the code, kept by numbers: lengths, docstrings, annotations, module names."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "coe_scaffold"
FILES = sorted(SOURCE.rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def public(path: Path) -> Iterator[ast.AST]:
    def walk(body: list[ast.stmt]) -> Iterator[ast.AST]:
        for node in body:
            if isinstance(
                node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
            ) and not node.name.startswith("_"):
                yield node
                if isinstance(node, ast.ClassDef):
                    yield from walk(node.body)

    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield tree
    yield from walk(tree.body)


def test_there_is_code_to_judge() -> None:
    assert len(FILES) > 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_each_file_keeps_the_budgets(path: Path) -> None:
    limit = 400
    if path.parent.name == "commands":
        limit = 80
    elif path.parent.parent.name == "rules":
        limit = 60
    assert lines(path) <= limit, f"{path} has {lines(path)} lines, at most {limit}"
    assert path.stem not in FORBIDDEN_NAMES
    for function in functions(path):
        assert length(function) <= 80, (
            f"{path}:{function.lineno} {function.name} has {length(function)} lines"
        )
        assert function.returns is not None, (
            f"{path}:{function.lineno} {function.name} has no return annotation"
        )
    for node in public(path):
        name = getattr(node, "name", "module")
        assert ast.get_docstring(node) or name.startswith("__"), f"{path}: {name} has no docstring"  # type: ignore[arg-type]


def test_files_are_short_in_the_middle() -> None:
    assert statistics.median(lines(path) for path in FILES if path.name != "__init__.py") <= 120


def test_functions_are_short() -> None:
    lengths = sorted(length(function) for path in FILES for function in functions(path))
    assert lengths[int(len(lengths) * 0.95)] <= 40
