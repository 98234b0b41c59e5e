"""The compilers of this machine, the official CLI played by a script."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coe_scaffold.errors import CompileError, UsageError
from coe_scaffold.local import compilers
from coe_scaffold.local.compilers import EmbeddedCompiler, OfficialCompiler, choose, find_official, lint_file


@pytest.fixture
def no_official(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("PATH", str(tmp_path))
    find_official.cache_clear()
    yield
    find_official.cache_clear()


@pytest.fixture
def official(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OfficialCompiler]:
    """Return the official compiler with a script in its place that reports an error for bad.bicep."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "bicep"
    script.write_text(
        f"#!{sys.executable}\n"
        "import json, sys\n"
        "verb, path, _ = sys.argv[1:]\n"
        "if 'bad' in path:\n"
        "    line = f'{path}(3,7) : Error BCP057: The name does not exist. [https://aka.ms/x]'\n"
        "    print(line, file=sys.stderr)\n"
        "    sys.exit(1)\n"
        "if 'odd' in path:\n"
        "    print('something broke', file=sys.stderr)\n"
        "    sys.exit(1)\n"
        "document = {'parameters': {'p': {'value': 1}}}\n"
        "answer = {'parametersJson': json.dumps(document)} if verb == 'build-params' else {'resources': []}\n"
        "print(json.dumps(answer))\n",
        encoding="utf-8",
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    find_official.cache_clear()
    found = choose("official")
    assert isinstance(found, OfficialCompiler)
    yield found
    find_official.cache_clear()


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_embedded_compiler_compiles_and_locates(tmp_path: Path) -> None:
    path = write(tmp_path, "main.bicep", "param a string\nresource g 'A.B/c@2020-01-01' = { name: a }\n")
    compiled = EmbeddedCompiler().compile(path)
    assert compiled.generator == "coe-scaffold"
    assert compiled.template["resources"][0]["name"] == "[parameters('a')]"
    assert compiled.locations == {"/resources/0": f"{path.as_posix()}:2"}


def test_the_embedded_compiler_reads_parameters(tmp_path: Path) -> None:
    write(tmp_path, "main.bicep", "param a string\n")
    path = write(tmp_path, "dev.bicepparam", "using 'main.bicep'\nparam a = 'x'\n")
    found = EmbeddedCompiler().parameters(path)
    assert found.template_path == tmp_path / "main.bicep"
    assert found.parameters == {"a": {"value": "x"}}


def test_templates_and_parameters_that_are_json_already(tmp_path: Path) -> None:
    template = write(tmp_path, "main.json", '{"resources": []}')
    values = write(tmp_path, "dev.parameters.json", '{"parameters": {"a": {"value": 1}}}')
    assert EmbeddedCompiler().compile(template).template == {"resources": []}
    assert EmbeddedCompiler().parameters(values).parameters == {"a": {"value": 1}}


@pytest.mark.parametrize("text", ["{", "[]", '{"parameters": {"a": 1}}'])
def test_bad_json_is_a_compile_error_with_its_file(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, "bad.json", text)
    with pytest.raises(CompileError) as caught:
        EmbeddedCompiler().parameters(path)
    assert caught.value.problems[0].file == str(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="absent"):
        EmbeddedCompiler().compile(tmp_path / "absent.bicep")


@pytest.mark.usefixtures("no_official")
def test_auto_falls_back_to_the_embedded_compiler() -> None:
    assert isinstance(choose("auto"), EmbeddedCompiler)
    with pytest.raises(UsageError, match="not installed"):
        choose("official")


def test_auto_prefers_the_official_compiler(official: OfficialCompiler) -> None:
    assert isinstance(choose("auto"), OfficialCompiler)
    assert isinstance(choose("embedded"), EmbeddedCompiler)


def test_the_official_compiler_is_run(official: OfficialCompiler, tmp_path: Path) -> None:
    path = write(tmp_path, "main.bicep", "")
    assert official.compile(path).template == {"resources": []}
    assert official.compile(path).generator == "bicep"
    parameters = write(tmp_path, "dev.bicepparam", "using 'main.bicep'\n")
    found = official.parameters(parameters)
    assert found.parameters == {"p": {"value": 1}}
    assert found.template_path == tmp_path / "main.bicep"


def test_what_the_official_compiler_complains_of_has_its_place(
    official: OfficialCompiler, tmp_path: Path
) -> None:
    path = write(tmp_path, "bad.bicep", "")
    with pytest.raises(CompileError) as caught:
        official.compile(path)
    problem = caught.value.problems[0]
    assert (problem.file, problem.line, problem.column, problem.code) == (str(path), 3, 7, "BCP057")
    with pytest.raises(CompileError, match="cannot be compiled") as caught:
        official.compile(write(tmp_path, "odd.bicep", ""))
    assert "something broke" in caught.value.detail


def test_the_module_cache_is_where_the_official_cli_keeps_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BICEP_CACHE_DIRECTORY", str(tmp_path))
    assert compilers.module_cache() == str(tmp_path)
    place = tmp_path / "br" / "x.io" / "a" / "1$" / "main.json"
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps({"resources": []}), encoding="utf-8")
    path = write(tmp_path, "main.bicep", "module m 'br:x.io/a:1' = { name: 'm' }\n")
    template = EmbeddedCompiler().compile(path).template
    assert template["resources"][0]["properties"]["template"] == {"resources": []}


def test_folders_are_listed_for_the_compiler(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    write(tmp_path / "data", "b.txt", "")
    write(tmp_path / "data", "A.md", "")
    path = write(tmp_path, "main.bicep", "output x array = loadDirectoryFileInfo('./data', '*.txt')\n")
    template = EmbeddedCompiler().compile(path).template
    assert template["variables"]["$fxv#0"] == [
        {"relativePath": "data/b.txt", "baseName": "b.txt", "extension": ".txt"}
    ]


def test_only_bicep_files_are_linted(tmp_path: Path) -> None:
    assert lint_file(write(tmp_path, "x.bicepparam", "using none\n")) == ()
    assert [problem.code for problem in lint_file(write(tmp_path, "x.bicep", "var a = 1\n"))] == [
        "no-unused-vars"
    ]
