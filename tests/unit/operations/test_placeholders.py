"""Parameter files of the Azure Developer CLI: defaults are read, the rest is unknown, never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from coe_scaffold.model.json import Unknown
from coe_scaffold.operations.placeholders import filled

TEMPLATE = {
    "parameters": {
        "name": {"type": "string"},
        "count": {"type": "int"},
        "open": {"type": "bool", "defaultValue": False},
        "tags": {"type": "object"},
    }
}


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("name", "${NAME}", Unknown("${NAME}")),
        ("name", "${NAME=plain}", "plain"),
        ("name", "${NAME=}", ""),
        ("name", "${NAME=7}", "7"),
        ("name", "rg-${A=one}-${B=two}", "rg-one-two"),
        ("name", "rg-${A=one}-${B}", Unknown("rg-${A=one}-${B}")),
        ("count", "${COUNT=30}", 30),
        ("Count", "${COUNT=30}", 30),
        ("open", "${OPEN=true}", True),
        ("open", "${OPEN=perhaps}", "perhaps"),
        ("tags", {"env": "${ENV}", "app": "a", "list": ["${X=1}"]},
         {"env": Unknown("${ENV}"), "app": "a", "list": ["1"]}),
    ],
)  # fmt: skip
def test_values(name: str, given: Any, expected: Any) -> None:
    assert filled({name: {"value": given}}, TEMPLATE) == {name: {"value": expected}}


def test_what_the_template_does_not_declare_is_left_out_as_azd_does() -> None:
    given = {"name": {"value": "${NAME=a}"}, "other": {"value": 1}}
    assert filled(given, TEMPLATE) == {"name": {"value": "a"}}


def test_an_ordinary_parameter_file_is_left_as_it_is() -> None:
    given = {"name": {"value": "$NAME {x}"}, "other": {"value": 1}, "key": {"reference": {"secretName": "s"}}}
    assert filled(given, TEMPLATE) is given


def test_references_to_key_vaults_stay() -> None:
    reference = {"reference": {"keyVault": {"id": "${VAULT}"}, "secretName": "s"}}
    assert filled({"name": reference}, TEMPLATE) == {"name": reference}
