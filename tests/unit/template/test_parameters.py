"""Parameters: what is wrong with them, all at once, in ARM's words."""

from __future__ import annotations

from typing import Any

import pytest

from coe_scaffold.errors import CompileError
from coe_scaffold.model.json import Unknown
from coe_scaffold.template import evaluate
from tests.fakes.template import cases, context, deploy

DEFINITIONS = {
    "size": {"type": "string", "allowedValues": ["small", "large"]},
    "alias": {"$ref": "#/definitions/size"},
    "loop": {"$ref": "#/definitions/loop"},
    "box": {
        "type": "object",
        "properties": {"size": {"$ref": "#/definitions/size"}, "note": {"type": "string", "nullable": True}},
    },
    "sealed": {"type": "object", "properties": {}, "additionalProperties": False},
    "map": {"type": "object", "additionalProperties": {"type": "int"}},
    "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "int"}], "items": False},
    "shape": {
        "type": "object",
        "discriminator": {
            "propertyName": "kind",
            "mapping": {
                "circle": {"$ref": "#/definitions/circle"},
                "line": {"type": "object", "properties": {"kind": {"type": "string"}}},
            },
        },
    },
    "circle": {"type": "object", "properties": {"kind": {"type": "string"}, "radius": {"type": "int"}}},
    "tree": {
        "type": "object",
        "properties": {
            "children": {"type": "array", "items": {"$ref": "#/definitions/tree"}, "nullable": True}
        },
    },
}


@pytest.mark.parametrize("case", cases("types"), ids=lambda case: str(case)[:110])
def test_a_value_against_a_type(case: dict[str, Any]) -> None:
    template = {"definitions": DEFINITIONS, "parameters": {"p": case["declared"]}}
    given = {"p": case["given"]} if "given" in case else {}
    if not case["wrong"]:
        assert deploy(template, given).resources == ()
        return
    with pytest.raises(CompileError) as refused:
        deploy(template, given)
    messages = [problem.message for problem in refused.value.problems]
    assert len(messages) == len(case["wrong"])
    assert all(any(part in message for message in messages) for part in case["wrong"])
    assert {problem.file for problem in refused.value.problems} == {"/parameters/p"}
    assert {problem.code for problem in refused.value.problems} == {"InvalidTemplate"}


def test_everything_wrong_is_said_at_once() -> None:
    declared = {name: {"type": "string"} for name in ("one", "two", "three")}
    with pytest.raises(CompileError) as refused:
        deploy({"parameters": declared}, {"three": 3, "four": "x"})
    messages = [problem.message for problem in refused.value.problems]
    assert [message[:60] for message in messages if "is not provided" in message] == [
        "The value for the template parameter 'one' is not provided. ",
        "The value for the template parameter 'two' is not provided. ",
    ]
    assert any(
        "The template parameters 'four' in the parameters file are not valid" in text for text in messages
    )
    assert any("Actual 'Integer'" in text for text in messages)
    assert len(messages) == 4


def test_a_refused_value_is_shown_unless_it_is_secret() -> None:
    for kind, shown in {"string": True, "secureString": False}.items():
        with pytest.raises(CompileError) as refused:
            deploy({"parameters": {"p": {"type": kind, "allowedValues": ["a"]}}}, {"p": "hush-hush"})
        assert ("hush-hush" in str(refused.value.detail)) is shown


def test_names_of_parameters_have_no_case() -> None:
    template = {
        "parameters": {"Name": {"type": "string"}},
        "outputs": {"it": {"type": "string", "value": "[parameters('NAME')]"}},
    }
    assert deploy(template, {"name": "x"}).outputs["it"]["value"] == "x"


def test_defaults_may_build_on_each_other_but_not_in_a_circle() -> None:
    template = {
        "parameters": {
            "a": {"type": "string", "defaultValue": "[concat(parameters('b'), '!')]"},
            "b": {"type": "string", "defaultValue": "b"},
        },
        "outputs": {"it": {"type": "string", "value": "[parameters('a')]"}},
    }
    assert deploy(template).outputs["it"]["value"] == "b!"
    template["parameters"]["b"]["defaultValue"] = "[parameters('a')]"
    with pytest.raises(
        CompileError, match=r"Circular dependency between template parameters: 'a -> b -> a'|2 prob"
    ):
        deploy(template)


def test_a_default_may_not_use_variables() -> None:
    template = {
        "parameters": {"a": {"type": "string", "defaultValue": "[variables('v')]"}},
        "variables": {"v": 1},
    }
    with pytest.raises(CompileError, match="'variables' is not expected at this location"):
        deploy(template)


def test_a_value_that_is_not_wrapped_is_refused() -> None:
    with pytest.raises(CompileError, match="must be given as an object with 'value'"):
        evaluate({"parameters": {"p": {"type": "string"}}, "resources": []}, {"p": "bare"}, context())


def test_a_secret_is_unknown_without_a_vault_to_ask() -> None:
    vault = "/subscriptions/s/resourceGroups/r/providers/Microsoft.KeyVault/vaults/kv"
    template = {
        "parameters": {"p": {"type": "securestring", "minLength": 10}},
        "resources": [],
        "outputs": {"it": {"type": "securestring", "value": "[parameters('p')]"}},
    }
    given = {"p": {"reference": {"keyVault": {"id": vault}, "secretName": "s"}}}
    assert isinstance(evaluate(template, given, context()).outputs["it"]["value"], Unknown)


def test_variables_loop_and_refuse_circles() -> None:
    template = {
        "variables": {
            "copy": [{"name": "many", "count": 3, "input": {"n": "[copyIndex('many', 1)]"}}],
            "nested": {"copy": [{"name": "inner", "count": 2, "input": "[copyIndex('inner')]"}], "x": 1},
            "a": "[variables('b')]",
            "b": "[variables('a')]",
        },
        "outputs": {
            "many": {"type": "array", "value": "[variables('many')]"},
            "nested": {"type": "object", "value": "[variables('nested')]"},
        },
    }
    outputs = deploy(template).outputs
    assert outputs["many"]["value"] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert outputs["nested"]["value"] == {"inner": [0, 1], "x": 1}
    template["outputs"] = {"bad": {"type": "string", "value": "[variables('a')]"}}
    with pytest.raises(CompileError, match="Circular dependency between template variables: 'a -> b -> a'"):
        deploy(template)


def test_user_functions_see_only_their_arguments() -> None:
    members = {
        "twice": {
            "parameters": [{"name": "x", "type": "int"}],
            "output": {"type": "int", "value": "[mul(parameters('x'), 2)]"},
        },
        "four": {
            "parameters": [{"name": "x", "type": "int"}],
            "output": {"type": "int", "value": "[my.twice(my.Twice(parameters('x')))]"},
        },
        "bad": {"parameters": [], "output": {"type": "int", "value": "[variables('v')]"}},
    }
    template: dict[str, Any] = {
        "functions": [{"namespace": "my", "members": members}],
        "variables": {"v": 1},
        "outputs": {"it": {"type": "int", "value": "[my.four(3)]"}},
    }
    assert deploy(template).outputs["it"]["value"] == 12
    for call, reason in {
        "[my.four()]": r"takes 1 argument\(s\), 0 given",
        "[my.bad()]": "'variables' is not expected",
        "[my.none()]": "'my.none' is not valid",
    }.items():
        template["outputs"]["it"]["value"] = call
        with pytest.raises(CompileError, match=reason):
            deploy(template)


def test_outputs_loop_have_conditions_and_types() -> None:
    template: dict[str, Any] = {
        "outputs": {
            "loop": {"type": "array", "copy": {"count": 2, "input": "[concat('n', copyIndex())]"}},
            "off": {"type": "string", "condition": "[false()]", "value": "[div(1, 0)]"},
            "typed": {"type": "string", "value": "x"},
        }
    }
    assert deploy(template).outputs == {
        "loop": {"type": "array", "value": ["n0", "n1"]},
        "typed": {"type": "string", "value": "x"},
    }
    template["outputs"]["typed"]["value"] = 5
    with pytest.raises(CompileError, match="The template output 'typed' is not valid") as refused:
        deploy(template)
    assert refused.value.code == "DeploymentOutputEvaluationFailed"
    assert refused.value.problems[0].file == "/outputs/typed"
