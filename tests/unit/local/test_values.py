"""Values of a parameter file are kept between runs, and used only while they can be no others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from coe_scaffold.bicep import compile_bicep, compile_parameters
from coe_scaffold.errors import CompileError
from coe_scaffold.local.kept import Kept
from coe_scaffold.local.values import ParameterFiles
from tests.unit.local.test_alike import Disk

DEV = "infra/dev.bicepparam"
FILES = {
    DEV: "using 'main.bicep'\nimport { first } from 'shared.bicep'\n"
    "param names = [first, loadTextContent('second.txt')]\n",
    "infra/main.bicep": "param names string[]\nparam size int = 1\noutput all array = names\n",
    "infra/shared.bicep": "@export()\nvar first = 'one'\n",
    "infra/second.txt": "two",
}


def disk() -> Disk:
    return Disk(FILES)


def run(
    there: Disk, folder: Path, environment: Mapping[str, str] | None = None, path: str = DEV
) -> tuple[str, object, bool]:
    """Work a file out as a process of its own would: nothing is in memory."""

    def template(name: str) -> dict[str, object]:
        return dict(compile_bicep(name, there.read).template)

    return ParameterFiles(there.read, Kept(folder)).compile(path, "", environment or {}, template)


def test_the_next_run_works_nothing_out_and_gets_the_same(tmp_path: Path, worked_out: list[str]) -> None:
    first = run(disk(), tmp_path)
    assert first == ("infra/main.bicep", {"names": {"value": ["one", "two"]}}, True)
    assert run(disk(), tmp_path) == first
    assert worked_out == [DEV]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (DEV, FILES[DEV] + "param size = 2\n"),
        ("infra/shared.bicep", FILES["infra/shared.bicep"].replace("one", "uno")),
        ("infra/second.txt", "dos"),
        ("infra/bicepconfig.json", "{}"),
    ],
)
def test_a_change_is_worked_out(path: str, text: str, tmp_path: Path, worked_out: list[str]) -> None:
    there = disk()
    run(there, tmp_path)
    there.files[path] = text
    fresh = compile_parameters(DEV, there.read, {})
    assert run(there, tmp_path) == (fresh.template_path, fresh.parameters, True)
    assert len(worked_out) == 2


def test_values_that_no_longer_fit_the_template_are_refused(tmp_path: Path) -> None:
    there = disk()
    run(there, tmp_path)
    there.files["infra/main.bicep"] = "param names int[]\noutput all array = names\n"
    with pytest.raises(CompileError) as refused:
        run(there, tmp_path)
    assert [problem.file for problem in refused.value.problems] == [DEV]


def test_what_the_template_makes_of_the_values_may_change(tmp_path: Path, worked_out: list[str]) -> None:
    there = disk()
    first = run(there, tmp_path)
    there.files["infra/main.bicep"] += "output size int = size\n"
    assert run(there, tmp_path) == first
    assert worked_out == [DEV]


def test_what_the_environment_says_is_never_kept(tmp_path: Path) -> None:
    there = disk()
    there.files[DEV] = "using 'main.bicep'\nparam names = [readEnvironmentVariable('NAME', 'none')]\n"
    for environment, name in (({}, "none"), ({"NAME": "Ada"}, "Ada"), ({"NAME": "Eve"}, "Eve")):
        expected = ("infra/main.bicep", {"names": {"value": [name]}}, False)
        assert run(there, tmp_path, environment) == expected
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "declared", ["@secure()\nparam word string", "param word kind\n@secure()\ntype kind = string"]
)
def test_a_value_that_may_be_secret_is_never_kept(declared: str, tmp_path: Path) -> None:
    there = disk()
    there.files["infra/main.bicep"] = f"{declared}\n"
    there.files[DEV] = "using 'main.bicep'\nparam word = 'hunter2'\n"
    assert run(there, tmp_path) == ("infra/main.bicep", {"word": {"value": "hunter2"}}, False)
    assert not list(tmp_path.iterdir())


def test_a_file_for_no_template_is_worked_out_each_time(tmp_path: Path, worked_out: list[str]) -> None:
    there = disk()
    there.files[DEV] = "using none\nparam names = ['one']\n"
    assert run(there, tmp_path) == run(there, tmp_path) == ("", {"names": {"value": ["one"]}}, False)
    assert len(worked_out) == 2
