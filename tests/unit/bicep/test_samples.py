"""Every sample compiles to the JSON beside it, whatever the line endings and the working directory."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

import pytest

from coe_scaffold.bicep import compile_bicep
from tests.unit.bicep.samples import FOLDER, compiled, sources, without_generator


def name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


@pytest.mark.parametrize("path", sources(), ids=name)
def test_a_sample_compiles_to_its_json(path: Path) -> None:
    assert compiled(path) == json.loads(path.with_suffix(".json").read_text("utf-8"))


@pytest.mark.parametrize("path", sources(), ids=name)
def test_the_path_a_file_is_read_by_does_not_matter(path: Path) -> None:
    def read(wanted: str) -> bytes:
        if not wanted.startswith("/elsewhere/"):
            return absent(wanted)
        return (FOLDER / PurePosixPath(wanted).relative_to("/elsewhere")).read_bytes()

    elsewhere = compile_bicep(f"/elsewhere/{name(path)}", read).template
    assert without_generator(json.loads(json.dumps(elsewhere))) == compiled(path)


@pytest.mark.parametrize("path", sources(), ids=name)
def test_line_endings_change_nothing_but_multi_line_strings(path: Path) -> None:
    def read(wanted: str) -> bytes:
        content = Path(wanted).read_bytes()
        return content.replace(b"\n", b"\r\n") if wanted.endswith(".bicep") else content

    text = json.dumps(compile_bicep(path.as_posix(), read).template).replace("\\r\\n", "\\n")
    assert without_generator(json.loads(text)) == compiled(path)


def test_there_are_samples_for_every_area() -> None:
    assert len(sources()) >= 150
    assert {path.parent.name for path in sources()} >= {
        "types",
        "modules",
        "imports",
        "symbolic",
        "resources",
    }


def test_the_generator_is_named_and_no_hash_is_made_up() -> None:
    template = compile_bicep("x.bicep", lambda path: b"var a = 1\n" if path == "x.bicep" else absent(path))
    generator = template.template["metadata"]["_generator"]
    assert generator["name"] == "coe-scaffold"
    assert set(generator) == {"name", "version"}


def absent(path: str) -> bytes:
    raise FileNotFoundError(path)


def test_locations_point_into_nested_templates() -> None:
    path = (FOLDER / "modules" / "from_subscription.bicep").as_posix()
    found = compile_bicep(path, lambda wanted: Path(wanted).read_bytes()).locations
    assert found["/resources/0"] == f"{path}:2"
    assert found["/resources/1"] == f"{path}:3"
    symbolic = (FOLDER / "symbolic" / "nested.bicep").as_posix()
    found = compile_bicep(symbolic, lambda wanted: Path(wanted).read_bytes()).locations
    assert found["/resources/s::b"] == f"{symbolic}:4"


def test_a_file_changed_between_two_compilations_is_read_again() -> None:
    def outputs(text: bytes) -> list[str]:
        template = compile_bicep("x.bicep", lambda path: text if path == "x.bicep" else absent(path)).template
        return list(template["outputs"])

    assert [
        outputs(b"output a int = 1\n"),
        outputs(b"output b int = 1\n"),
        outputs(b"output a int = 1\n"),
    ] == [
        ["a"],
        ["b"],
        ["a"],
    ]
