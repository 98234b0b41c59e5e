"""Nested deployments: inner and outer expressions, all four scopes, outputs, conditions."""

from __future__ import annotations

from typing import Any

import pytest

from coe_scaffold.errors import CompileError
from coe_scaffold.model.json import Unknown
from tests.fakes.template import GROUP, SUBSCRIPTION, deploy

INNER = {"expressionEvaluationOptions": {"scope": "inner"}, "mode": "Incremental"}


def thing(name: str, **members: Any) -> dict[str, Any]:
    return {"type": "A.B/c", "apiVersion": "2024-01-01", "name": name, **members}


def module(name: str, template: Any, *, parameters: Any = None, inner: bool = True, **members: Any) -> Any:
    properties: dict[str, Any] = {"mode": "Incremental", "template": {"resources": [], **template}}
    if inner:
        properties |= INNER
    if parameters is not None:
        properties["parameters"] = parameters
    return {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2025-04-01",
        "name": name,
        "properties": properties,
        **members,
    }


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, f"{SUBSCRIPTION}/providers/A.B/c/x"),
        ({"resourceGroup": "g"}, f"{SUBSCRIPTION}/resourceGroups/g/providers/A.B/c/x"),
        ({"subscriptionId": "other"}, "/subscriptions/other/providers/A.B/c/x"),
        (
            {"subscriptionId": "other", "resourceGroup": "g"},
            "/subscriptions/other/resourceGroups/g/providers/A.B/c/x",
        ),
        ({"scope": "/"}, "/providers/A.B/c/x"),
        (
            {"scope": "[format('Microsoft.Management/managementGroups/{0}', 'mg')]"},
            "/providers/Microsoft.Management/managementGroups/mg/providers/A.B/c/x",
        ),
    ],
)
def test_modules_deploy_into_every_scope(members: dict[str, Any], expected: str) -> None:
    graph = deploy({"resources": [module("m", {"resources": [thing("x")]}, **members)]}, scope=SUBSCRIPTION)
    assert [item.id.path for item in graph.resources] == [expected]


def test_inner_expressions_see_their_own_parameters_and_scope() -> None:
    inner = {
        "parameters": {"p": {"type": "string"}},
        "variables": {"v": "[concat(parameters('p'), '-', resourceGroup().name)]"},
        "resources": [thing("[variables('v')]")],
        "outputs": {"id": {"type": "string", "value": "[resourceId('A.B/c', variables('v'))]"}},
    }
    graph = deploy(
        {
            "parameters": {"p": {"type": "string", "defaultValue": "outer"}},
            "resources": [module("m", inner, parameters={"p": {"value": "inner"}}, resourceGroup="g")],
            "outputs": {"id": {"type": "string", "value": "[reference('m').outputs.id.value]"}},
        },
        scope=SUBSCRIPTION,
    )
    assert graph.outputs["id"]["value"] == f"{SUBSCRIPTION}/resourceGroups/g/providers/A.B/c/inner-g"


def test_outer_expressions_see_the_parent() -> None:
    inner = {
        "resources": [thing("[concat(parameters('p'), copyIndex())]", tags={"g": "[resourceGroup().name]"})],
        "outputs": {"p": {"type": "string", "value": "[parameters('p')]"}},
    }
    loop = {"name": "l", "count": 2}
    graph = deploy(
        {
            "parameters": {"p": {"type": "string", "defaultValue": "outer"}},
            "resources": [
                module("[concat('m', copyIndex())]", inner, inner=False, copy=loop, resourceGroup="g")
            ],
            "outputs": {"p": {"type": "string", "value": "[reference('m1').outputs.p.value]"}},
        }
    )
    assert [item.id.path for item in graph.resources] == [
        f"{SUBSCRIPTION}/resourceGroups/g/providers/A.B/c/outer{n}" for n in (0, 1)
    ]
    assert graph.resources[0].body["tags"] == {"g": "rg"}
    assert graph.outputs["p"]["value"] == "outer"


def test_a_module_loop_passes_each_index_on() -> None:
    inner = {"parameters": {"n": {"type": "int"}}, "resources": [thing("[string(parameters('n'))]")]}
    graph = deploy(
        {
            "languageVersion": "2.0",
            "resources": {
                "m": module(
                    "[format('m-{0}', copyIndex())]",
                    inner,
                    parameters={"n": {"value": "[copyIndex()]"}},
                    copy={"name": "m", "count": 2},
                )
            },
        }
    )
    assert [item.name for item in graph.resources] == ["0", "1"]


def test_a_parameter_may_be_one_expression_or_a_loop() -> None:
    inner = {
        "parameters": {"a": {"type": "string"}, "b": {"type": "array"}},
        "resources": [thing("x", properties={"a": "[parameters('a')]", "b": "[parameters('b')]"})],
    }
    graph = deploy(
        {
            "resources": [
                module(
                    "m",
                    inner,
                    parameters={
                        "a": "[if(true(), createObject('value', 'yes'), createObject('value', 'no'))]",
                        "b": {"copy": [{"name": "value", "count": 2, "input": "[copyIndex('value')]"}]},
                    },
                )
            ]
        }
    )
    assert graph.resources[0].properties == {"a": "yes", "b": [0, 1]}


def test_a_condition_on_a_module_holds_for_all_in_it() -> None:
    inner = {"resources": [thing("x")]}
    graph = deploy(
        {
            "resources": [
                module("off", inner, condition="[false()]"),
                module("maybe", inner, condition="[empty(subscription().displayName)]"),
            ]
        }
    )
    [only] = graph.resources
    assert isinstance(only.body["condition"], Unknown)


def test_dependencies_on_a_module_are_dependencies_on_what_ends_it() -> None:
    inner = {"resources": [thing("a"), thing("b", dependsOn=["a"])]}
    graph = deploy(
        {
            "resources": [
                module("m", inner, dependsOn=["before"]),
                thing("before"),
                thing("after", dependsOn=["m"]),
            ]
        }
    )
    waits = {item.name: [key.rsplit("/", 1)[-1] for key in item.depends_on] for item in graph.resources}
    assert waits == {"before": [], "a": ["before"], "b": ["a"], "after": ["b"]}


def test_open_outputs_stay_open_through_modules() -> None:
    inner = {
        "resources": [thing("x", properties={"known": 1})],
        "outputs": {"all": {"type": "object", "value": "[reference('x')]"}},
    }
    graph = deploy(
        {
            "resources": [module("m", inner)],
            "outputs": {
                "known": {"type": "int", "value": "[reference('m').outputs.all.value.known]"},
                "open": {"type": "int", "value": "[reference('m').outputs.all.value.open]"},
            },
        }
    )
    assert graph.outputs["known"]["value"] == 1
    assert isinstance(graph.outputs["open"]["value"], Unknown)


def test_secure_outputs_are_read_by_their_own_function() -> None:
    inner = {"outputs": {"s": {"type": "securestring", "value": "hush"}}}
    template: dict[str, Any] = {
        "languageVersion": "2.0",
        "resources": {
            "m": module("m", inner),
            "x": thing("x", properties={"s": "[listOutputsWithSecureValues('m', '2025-04-01').s]"}),
        },
    }
    assert deploy(template).resources[0].properties == {"s": "hush"}
    template["resources"]["x"]["properties"] = "[reference('m').outputs.s.value]"
    with pytest.raises(CompileError, match="property 'value' doesn't exist"):
        deploy(template)


def test_a_module_that_lacks_a_parameter_is_refused_with_its_place() -> None:
    inner = {"parameters": {"p": {"type": "string"}, "q": {"type": "int"}}}
    with pytest.raises(CompileError) as refused:
        deploy({"resources": [module("m", inner, parameters={})]})
    assert [problem.file for problem in refused.value.problems] == [
        "/resources/0/properties/template/parameters/p",
        "/resources/0/properties/template/parameters/q",
    ]
    assert refused.value.code == "InvalidTemplate"


def test_a_linked_template_is_kept_as_a_resource() -> None:
    link = module("m", {})
    link["properties"] = {"mode": "Incremental", "templateLink": {"uri": "https://example.org/x.json"}}
    graph = deploy(
        {
            "resources": [link],
            "outputs": {"o": {"type": "string", "value": "[reference('m').outputs.a.value]"}},
        }
    )
    assert graph.resources[0].id.path == f"{GROUP}/providers/Microsoft.Resources/deployments/m"
    assert isinstance(graph.outputs["o"]["value"], Unknown)


def test_nesting_too_deep_is_refused() -> None:
    template: dict[str, Any] = {"resources": [thing("x")]}
    for _ in range(6):
        template = {"resources": [module("m", template)]}
    with pytest.raises(CompileError, match="nested deeper than 5 levels"):
        deploy(template)
