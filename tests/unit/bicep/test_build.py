"""``coe build`` as it is called: what it prints, writes and returns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coe_scaffold.cli.main import run
from coe_scaffold.operations.build import Difference, compare


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_stdout_holds_the_json_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "main.bicep", "output x string = 'é'\n")
    monkeypatch.chdir(tmp_path)
    assert run(["build", "main.bicep", "--stdout", "--compiler", "embedded"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["outputs"] == {"x": {"type": "string", "value": "é"}}
    assert err == ""


def test_diagnostics_are_on_stderr_and_nothing_on_stdout(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, "main.bicep", "var a = b\nextension x\n")
    assert run(["build", str(path), "--stdout", "--compiler", "embedded"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{path.as_posix()}(2,1): Error COE-BICEP: An extension is not supported" in err
    assert "Traceback" not in err


def test_the_json_goes_beside_its_source_or_into_a_folder(tmp_path: Path) -> None:
    write(tmp_path, "a/main.bicep", "param p string\n")
    write(tmp_path, "a/dev.bicepparam", "using 'main.bicep'\nparam p = 'x'\n")
    assert run(["build", str(tmp_path / "a"), "--compiler", "embedded"]) == 0
    parameters = json.loads((tmp_path / "a" / "dev.parameters.json").read_text("utf-8"))
    assert parameters["parameters"] == {"p": {"value": "x"}}
    assert (tmp_path / "a" / "main.json").exists()
    target = tmp_path / "out"
    assert run(["build", str(tmp_path), "--outdir", str(target), "--compiler", "embedded"]) == 0
    assert {path.relative_to(target).as_posix() for path in target.rglob("*.json")} == {
        "a/main.json",
        "a/dev.parameters.json",
    }


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "bad.bicep", "var a = b\n")
    write(tmp_path, "good.bicep", "var a = 1\n")
    assert run(["build", str(tmp_path), "--compiler", "embedded"]) == 1
    assert (tmp_path / "good.json").exists()
    assert not (tmp_path / "bad.json").exists()
    assert "BCP057" in capsys.readouterr().err


def test_lint_warnings_do_not_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "main.bicep", "var a = 1\n")
    assert run(["build", str(path), "--stdout", "--lint", "--compiler", "embedded"]) == 0
    assert "(1,5): Warning no-unused-vars:" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["absent.bicep"], [".", "--stdout"], ["x.txt"]])
def test_wrong_use_is_exit_code_two(
    tmp_path: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.bicep", "")
    write(tmp_path, "b.bicep", "")
    write(tmp_path, "x.txt", "")
    monkeypatch.chdir(tmp_path)
    assert run(["build", *arguments]) == 2


def test_comparing_ignores_what_means_nothing() -> None:
    left = {
        "metadata": {"_generator": {"name": "a"}},
        "resources": [{"type": "A.B/c", "dependsOn": ["x", "y"]}],
    }
    right = {"resources": [{"type": "a.b/C", "dependsOn": ["y", "x"]}]}
    assert compare(left, right) == ()
    assert compare({"a": {"b": [1]}}, {"a": {"b": [2]}}) == (Difference("/a/b/0", 1, 2),)
    assert compare({"a": True}, {"a": 1}) == (Difference("/a", True, 1),)
    assert compare({"a": 1}, {}) == (Difference("/a", 1, None),)
