"""Where things stand in ARM JSON, and in Bicep that a compiler without places compiled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.bicep import compile_bicep
from coe_scaffold.errors import CompileError
from coe_scaffold.local.compilers import EmbeddedCompiler
from coe_scaffold.operations.places import lines, with_places
from coe_scaffold.operations.remembered import Remembered
from coe_scaffold.ports import CompiledTemplate

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
BICEP = """param name string = 'a'

resource nsg 'Microsoft.Network/networkSecurityGroups@2024-01-01' = {
  name: name
  location: 'westeurope'
}
"""


def pointers(value: Any, at: str = "") -> list[str]:
    members = (
        [(key.replace("~", "~0").replace("/", "~1"), item) for key, item in value.items()]
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    return [found for key, item in members for found in (f"{at}/{key}", *pointers(item, f"{at}/{key}"))]


@given(VALUES, st.sampled_from([None, 0, 2]))
def test_every_member_and_element_is_found(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert [pointer for pointer, _ in lines(text)] == pointers(value)


def test_lines_are_counted_from_one() -> None:
    text = '{\n  "a": [\n    1, {"b": "}\\""}\n  ],\n\n  "c": null}'
    assert dict(lines(text)) == {"/a": 2, "/a/0": 3, "/a/1": 3, "/a/1/b": 3, "/c": 6}


def test_an_arm_template_gets_the_lines_of_its_own_text(tmp_path: Path) -> None:
    file = tmp_path / "azuredeploy.json"
    file.write_text('{\n"resources": [\n{"type": "A/a",\n"properties": {\n"open": true}}]}')
    found = with_places(EmbeddedCompiler().compile(file)).locations
    assert found["/resources/0"] == f"{file.as_posix()}:3"
    assert found["/resources/0/properties/open"] == f"{file.as_posix()}:5"


def test_what_another_compiler_made_gets_the_lines_of_the_source(tmp_path: Path) -> None:
    file = tmp_path / "main.bicep"
    file.write_text(BICEP)
    template = compile_bicep(file.as_posix(), lambda name: Path(name).read_bytes()).template
    found = with_places(CompiledTemplate(file, template, "bicep"))
    assert set(found.locations.values()) == {f"{file.as_posix()}:3"}
    file.write_text("resource {")
    assert not with_places(CompiledTemplate(file, template, "bicep")).locations


COMMENTED = """{
  // what it is for: "quoted" \\
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  /* two
     lines */ "resources": [
    {"type": "A/a", "apiVersion": "2024-01-01", "name": "a", // open
     "tags": {"url": "http://x", "text": "one
two"}}
  ]
}
"""


def test_comments_and_long_strings_are_read_as_azure_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "azuredeploy.json"
    file.write_text(COMMENTED, "utf-8")
    found = Remembered(EmbeddedCompiler()).compile(file)
    assert found.template["resources"][0]["tags"] == {"url": "http://x", "text": "one\ntwo"}
    assert found.locations["/resources/0/tags/url"] == f"{file.as_posix()}:7"


def test_parameter_files_with_comments_are_read_too(tmp_path: Path) -> None:
    file = tmp_path / "main.parameters.json"
    file.write_text('{"parameters": {"size": {"value": 2}} /* two */}', "utf-8")
    assert EmbeddedCompiler().parameters(file).parameters == {"size": {"value": 2}}


@pytest.mark.parametrize(("text", "line"), [('{\n// x\n"a": }', 3), ('{\n"a": }', 2)])
def test_what_is_wrong_besides_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    file = tmp_path / "main.json"
    file.write_text(text, "utf-8")
    with pytest.raises(CompileError) as refused:
        Remembered(EmbeddedCompiler()).compile(file)
    assert [problem.line for problem in refused.value.problems] == [line]
