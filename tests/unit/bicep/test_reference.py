"""The reference page names exactly what the compiler refuses and what the linter warns about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coe_scaffold.bicep import compile_bicep
from coe_scaffold.bicep.checking import lint
from coe_scaffold.bicep.refusals import CODE, Refusal
from coe_scaffold.errors import CompileError

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "bicep.md").read_text("utf-8")
SOURCES = sorted((ROOT / "src" / "coe_scaffold" / "bicep").rglob("*.py"))

REFUSED = {
    Refusal.EXTENSION: "extension kubernetes\n",
    Refusal.TEST: "test t 'x.bicep' = {}\n",
    Refusal.TARGET_SCOPE: "targetScope = 'local'\n",
    Refusal.RESOURCE_TYPED: "param p resource 'Microsoft.Storage/storageAccounts@2023-01-01'\n",
    Refusal.DERIVED_TYPE: "param p resourceInput<'Microsoft.Storage/storageAccounts@2023-01-01'>\n",
    Refusal.DECORATOR: "@validate(x => true)\nparam p string\n",
    Refusal.NESTING: f"var a = {'[' * 95}{']' * 95}\n",
    Refusal.DIRECTORY: "var a = loadDirectoryFileInfo('.')\n",
}


def section(title: str) -> list[str]:
    """Return the first column of the table under a heading."""
    text = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \|", text, re.MULTILINE)
    return rows[1:]


def test_the_page_lists_what_is_refused() -> None:
    assert section("What it refuses") == [refusal.value for refusal in Refusal]


def test_every_refusal_is_used_and_nothing_is_refused_besides() -> None:
    text = "\n".join(path.read_text("utf-8") for path in SOURCES if path.name != "refusals.py")
    assert [one.name for one in Refusal if f"Refusal.{one.name}" not in text] == []
    assert CODE not in text


@pytest.mark.parametrize("refusal", REFUSED, ids=lambda refusal: refusal.name)
def test_a_refused_construct_is_named(refusal: Refusal) -> None:
    def read(path: str) -> bytes:
        if path != "main.bicep":
            raise FileNotFoundError(path)
        return REFUSED[refusal].encode()

    with pytest.raises(CompileError) as caught:
        compile_bicep("main.bicep", read)
    words = re.split(r"\{\}", refusal.value)
    assert [one.message for one in caught.value.problems if one.code == CODE and words[0] in one.message]


def test_an_experimental_feature_that_changes_the_template_is_refused() -> None:
    files = {
        "main.bicep": b"var a = 1\n",
        "bicepconfig.json": b'{"experimentalFeaturesEnabled": {"waitUntil": true, "testFramework": true}}',
    }

    def read(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    with pytest.raises(CompileError) as caught:
        compile_bicep("main.bicep", read)
    assert [one.message for one in caught.value.problems] == [Refusal.EXPERIMENTAL.message("waitUntil")]


def test_the_page_lists_the_lint_rules() -> None:
    code = Path(str(lint.__file__)).read_text("utf-8")
    rules = set(re.findall(r'"((?:[a-z]+-)+[a-z]+)"', code)) - {"disable-next-line", "disable-diagnostics"}
    assert set(section("Lint rules")) == rules
