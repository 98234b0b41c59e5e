"""Every wrong program gives exactly its messages, and never anything but a CompileError."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from coe_scaffold.bicep import compile_bicep
from coe_scaffold.bicep.diagnostics import official_format
from coe_scaffold.errors import CompileError
from tests.unit.bicep.samples import FOLDER

CASES: list[dict[str, Any]] = YAML(typ="safe").load((FOLDER / "wrong.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_wrong_program_gives_its_messages(case: dict[str, Any]) -> None:
    source = (FOLDER / "wrong.bicep").as_posix()

    def read(path: str) -> bytes:
        return case["source"].encode() if path == source else Path(path).read_bytes()

    with pytest.raises(CompileError) as caught:
        compile_bicep(source, read)
    folder = FOLDER.as_posix() + "/"
    messages = [
        official_format(problem).removeprefix(source).replace(folder, "") for problem in caught.value.problems
    ]
    assert messages == case["messages"]


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 70
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_problems_in_a_module_name_its_file() -> None:
    files = {
        "main.bicep": b"module m 'sub/bad.bicep' = { name: 'm' }\nvar a = nothing\n",
        "sub/bad.bicep": b"output x string = missing\n",
    }

    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    with pytest.raises(CompileError) as caught:
        compile_bicep("main.bicep", read)
    assert [(problem.file, problem.line, problem.column) for problem in caught.value.problems] == [
        ("main.bicep", 2, 9),
        ("sub/bad.bicep", 1, 19),
    ]


def test_files_that_include_each_other() -> None:
    files = {
        "a.bicep": b"module b 'b.bicep' = { name: 'b' }\n",
        "b.bicep": b"module a 'a.bicep' = { name: 'a' }\n",
        "c.bicep": b"module c 'c.bicep' = { name: 'c' }\n",
    }

    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    with pytest.raises(CompileError) as caught:
        compile_bicep("a.bicep", read)
    assert [problem.code for problem in caught.value.problems] == ["BCP095"]
    with pytest.raises(CompileError) as caught:
        compile_bicep("c.bicep", read)
    assert [problem.code for problem in caught.value.problems] == ["BCP094"]


def test_a_second_compilation_tells_the_same() -> None:
    def problems() -> list[str]:
        with pytest.raises(CompileError) as caught:
            compile_bicep(
                "x.bicep", lambda path: b"var = 1\nvar a = b\n" if path == "x.bicep" else absent(path)
            )
        return [official_format(problem) for problem in caught.value.problems]

    first = problems()
    assert len(first) == 2
    assert problems() == first


def absent(path: str) -> bytes:
    raise FileNotFoundError(path)
