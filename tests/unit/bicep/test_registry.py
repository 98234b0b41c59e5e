"""Modules of registries, from the local module cache, with aliases of bicepconfig.json."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coe_scaffold.bicep import compile_bicep
from coe_scaffold.bicep.binding.config import Config, nearest, without_comments
from coe_scaffold.bicep.binding.json_path import select
from coe_scaffold.bicep.binding.registry import Artifact, BadReference, resolve
from coe_scaffold.errors import CompileError

CONFIG = Config(
    "bicepconfig.json",
    {
        "moduleAliases": {
            "br": {"mine": {"registry": "contoso.azurecr.io", "modulePath": "bicep/modules"}},
            "ts": {"specs": {"subscription": "s", "resourceGroup": "g"}},
        }
    },
)


@pytest.mark.parametrize(
    ("text", "reference", "cached"),
    [
        (
            "br/public:avm/res/a:1.0.0",
            "br:mcr.microsoft.com/bicep/avm/res/a:1.0.0",
            "/cache/br/mcr.microsoft.com/bicep$avm$res$a/1.0.0$/main.json",
        ),
        ("br:x.io/a/b:2", "br:x.io/a/b:2", "/cache/br/x.io/a$b/2$/main.json"),
        (
            "br/mine:storage:v1",
            "br:contoso.azurecr.io/bicep/modules/storage:v1",
            "/cache/br/contoso.azurecr.io/bicep$modules$storage/v1$/main.json",
        ),
        ("ts/specs:net:v1", "ts:s/g/net:v1", "/cache/ts/s/g/net/v1/main.json"),
        ("ts:a/b/c:1", "ts:a/b/c:1", "/cache/ts/a/b/c/1/main.json"),
    ],
)
def test_a_reference_has_its_place_in_the_cache(text: str, reference: str, cached: str) -> None:
    found = resolve(text, CONFIG, "/cache")
    assert isinstance(found, Artifact)
    assert (found.reference, found.cached) == (reference, cached)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("br/other:a:1", "BCP213"),
        ("ts/other:a:1", "BCP212"),
        ("br:no-tag", "BCP193"),
        ("ts:a/b:1", "BCP241"),
        ("http://x", "BCP189"),
    ],
)
def test_a_bad_reference_has_its_code(text: str, code: str) -> None:
    found = resolve(text, CONFIG, "/cache")
    assert isinstance(found, BadReference)
    assert found.code == code


def compiled(source: str, files: dict[str, str]) -> dict[str, Any]:
    texts = {"main.bicep": source, **files}

    def read(path: str) -> bytes:
        if path not in texts:
            raise FileNotFoundError(path)
        return texts[path].encode()

    template: dict[str, Any] = json.loads(json.dumps(compile_bicep("main.bicep", read, cache="/c").template))
    return template


TEMPLATE = (
    '{"$schema": "x/deploymentTemplate.json#", "parameters": {"p": {"type": "string"}}, "resources": []}'
)


def test_a_cached_module_is_embedded_as_it_is() -> None:
    template = compiled(
        "module m 'br:x.io/a:1' = { name: 'm', params: { p: 'x' } }\n",
        {"/c/br/x.io/a/1$/main.json": TEMPLATE},
    )
    assert template["resources"][0]["properties"]["template"] == json.loads(TEMPLATE)


def test_a_template_spec_is_linked() -> None:
    spec = json.dumps({"properties": {"mainTemplate": json.loads(TEMPLATE)}})
    template = compiled(
        "module m 'ts:s/g/t:v1' = { name: 'm', params: { p: 'x' } }\n", {"/c/ts/s/g/t/v1/main.json": spec}
    )
    assert template["resources"][0]["properties"]["templateLink"] == {
        "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Resources/templateSpecs/t/versions/v1"
    }


def test_parameters_of_a_cached_module_are_checked() -> None:
    with pytest.raises(CompileError) as caught:
        compiled("module m 'br:x.io/a:1' = { name: 'm' }\n", {"/c/br/x.io/a/1$/main.json": TEMPLATE})
    assert [problem.code for problem in caught.value.problems] == ["BCP035"]


def test_imports_from_a_registry_name_it() -> None:
    types = json.dumps(
        {
            "definitions": {"t": {"type": "string", "metadata": {"__bicep_export!": True}}},
            "resources": [],
        }
    )
    template = compiled(
        "import { t } from 'br:x.io/types:1'\nparam a t\n", {"/c/br/x.io/types/1$/main.json": types}
    )
    assert template["definitions"]["t"]["metadata"] == {
        "__bicep_imported_from!": {"sourceTemplate": "br:x.io/types:1"}
    }


def test_the_nearest_configuration_counts() -> None:
    texts = {"/a/bicepconfig.json": '{"x": 1, /* why */ }', "/a/b/c/other.json": "{}"}

    def read(path: str) -> bytes:
        if path not in texts:
            raise FileNotFoundError(path)
        return texts[path].encode()

    assert nearest("/a/b/c/main.bicep", read).document == {"x": 1}
    assert nearest("/z/main.bicep", read) == Config()


def test_symbolic_names_can_be_asked_for() -> None:
    config = '{"experimentalFeaturesEnabled": {"symbolicNameCodegen": true}}'
    assert compiled("", {"bicepconfig.json": config})["languageVersion"] == "2.0"
    assert "languageVersion" not in compiled("", {})


def test_comments_and_trailing_commas_go_but_strings_stay() -> None:
    text = '{"a": "x // y", /* b */ "c": [1, 2,], // d\n}'
    assert json.loads(without_comments(text)) == {"a": "x // y", "c": [1, 2]}


DATA = {"a": [{"n": 1, "t": "x"}, {"n": 2, "t": "y"}], "b": {"c d": True}, "e": None}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", DATA),
        ("a[0].n", 1),
        ("$.a[-1].t", "y"),
        ("['b']['c d']", True),
        ("$.a[*].n", [1, 2]),
        ("$..n", [1, 2]),
        ("$.a[?(@.n > 1)].t", "y"),
        ("$.a[?(@.t == 'x')].n", 1),
        ("$.a[?(@.missing)].n", None),
        ("$.x", None),
        ("$.a[", None),
    ],
)
def test_json_paths(path: str, value: Any) -> None:
    if value is None:
        with pytest.raises(ValueError, match="path"):
            select(DATA, path)
        return
    assert select(DATA, path) == value
