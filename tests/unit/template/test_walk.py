"""Resources in dependency order: forms, loops, conditions, scopes, references."""

from __future__ import annotations

from typing import Any

import pytest

from coe_scaffold.errors import CompileError
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope
from coe_scaffold.template import DeploymentContext
from tests.fakes.template import GROUP, SUBSCRIPTION, context, deploy


def resource(kind: str, name: str, **members: Any) -> dict[str, Any]:
    return {"type": kind, "apiVersion": "2024-01-01", "name": name, **members}


def names(graph: Any) -> list[str]:
    return [item.name for item in graph.resources]


def refused(template: dict[str, Any], **changed: Any) -> Any:
    with pytest.raises(CompileError) as error:
        deploy(template, **changed)
    return error.value.problems[0]


def test_resources_come_after_what_they_depend_on_else_as_written() -> None:
    graph = deploy(
        {
            "resources": [
                resource("A.B/c", "first", dependsOn=["last"]),
                resource("A.B/c", "second"),
                resource("A.B/c", "last"),
            ]
        }
    )
    assert names(graph) == ["last", "first", "second"]
    assert graph.resources[1].depends_on == (f"{GROUP.lower()}/providers/a.b/c/last",)
    assert [item.source for item in graph.resources] == ["/resources/2", "/resources/0", "/resources/1"]


@pytest.mark.parametrize(
    "written",
    ["two", "A.B/c/two", "[resourceId('A.B/c', 'two')]", "a.b/C/TWO", f"{GROUP}//providers/A.B/c/two"],
)
def test_dependencies_are_written_by_name_type_or_id(written: str) -> None:
    graph = deploy({"resources": [resource("A.B/c", "one", dependsOn=[written]), resource("A.B/c", "two")]})
    assert names(graph) == ["two", "one"]


def test_symbolic_names_order_resources_and_their_loops() -> None:
    graph = deploy(
        {
            "languageVersion": "2.0",
            "resources": {
                "one": resource("A.B/c", "one", dependsOn=["many", "many[1]"]),
                "many": resource("A.B/d", "[format('m{0}', copyIndex())]", copy={"name": "many", "count": 2}),
            },
        }
    )
    assert names(graph) == ["m0", "m1", "one"]
    assert graph.resources[2].depends_on == tuple(f"{GROUP}/providers/A.B/d/m{n}".lower() for n in (0, 1))


def test_an_empty_loop_may_be_depended_on() -> None:
    many = resource("A.B/d", "x", copy={"name": "loop", "count": 0})
    graph = deploy({"resources": [resource("A.B/c", "one", dependsOn=["loop"]), many]})
    assert names(graph) == ["one"]
    assert graph.resources[0].depends_on == ()


def test_serial_loops_wait_batch_by_batch() -> None:
    loop = {"name": "l", "count": 5, "mode": "Serial", "batchSize": 2}
    graph = deploy({"resources": [resource("A.B/c", "[concat('n', copyIndex(1))]", copy=loop)]})
    assert names(graph) == ["n1", "n2", "n3", "n4", "n5"]
    assert [len(item.depends_on) for item in graph.resources] == [0, 0, 2, 2, 2]


def test_a_circle_is_refused_and_named() -> None:
    problem = refused(
        {
            "resources": [
                resource("A.B/c", "one", dependsOn=["two"]),
                resource("A.B/c", "two", dependsOn=["one"]),
            ]
        }
    )
    assert problem.code == "InvalidTemplate"
    one, two = f"{GROUP}/providers/A.B/c/one", f"{GROUP}/providers/A.B/c/two"
    assert f"Circular dependency detected on resource: '{one} -> {two} -> {one}'" in problem.message


def test_a_circle_through_reference_is_refused_too() -> None:
    problem = refused(
        {
            "resources": [
                resource("A.B/c", "one", dependsOn=["two"]),
                resource("A.B/c", "two", properties={"x": "[reference('one').y]"}),
            ]
        }
    )
    assert "Circular dependency" in problem.message


def test_an_unknown_dependency_is_refused() -> None:
    problem = refused({"resources": [resource("A.B/c", "one", dependsOn=["nobody"])]})
    assert problem.file == "/resources/0"
    assert "The resource 'nobody' is not defined in the template" in problem.message


def test_the_same_resource_twice_is_refused_unless_a_condition_leaves_one() -> None:
    twice = [resource("A.B/c", "one"), resource("A.B/C", "ONE")]
    assert "defined multiple times" in refused({"resources": twice}).message
    twice[1]["condition"] = "[equals(1, 2)]"
    assert names(deploy({"resources": twice})) == ["one"]


def test_a_false_condition_leaves_the_resource_out_and_its_body_unread() -> None:
    graph = deploy(
        {
            "resources": [
                resource("A.B/c", "[split(null(), '/')[0]]", condition="[false()]", properties="[div(1, 0)]"),
                resource("A.B/c", "kept", dependsOn=[], condition=True),
            ]
        }
    )
    assert names(graph) == ["kept"]


def test_an_unknown_condition_keeps_the_resource_and_says_so() -> None:
    graph = deploy(
        {"resources": [resource("A.B/c", "maybe", condition="[equals(subscription().displayName, 'x')]")]}
    )
    condition = graph.resources[0].body["condition"]
    assert isinstance(condition, Unknown)
    assert condition.expression == "equals(subscription().displayName, 'x')"


def test_a_loop_with_an_unknown_count_is_one_resource_that_may_exist() -> None:
    graph = deploy(
        {
            "resources": [
                resource(
                    "A.B/c",
                    "[format('n{0}', copyIndex())]",
                    copy={"name": "l", "count": "[length(subscription().displayName)]"},
                )
            ]
        }
    )
    [only] = graph.resources
    assert isinstance(only.body["condition"], Unknown)
    assert not only.known_id


def test_names_known_only_later_stay_distinct_and_marked() -> None:
    template = {
        "resources": [
            resource("A.B/c", "[guid(subscription().displayName)]"),
            resource("A.B/c", "[guid(subscription().displayName, 'x')]"),
        ]
    }
    graph = deploy(template)
    assert [item.known_id for item in graph.resources] == [False, False]
    assert names(graph) == ["<known after apply>", "<known after apply 2>"]
    assert len({item.id for item in graph.resources}) == 2


def test_children_written_inside_their_parent() -> None:
    web = resource(
        "config", "web", properties={"index": "[copyIndex()]"}, dependsOn=["[concat('p', copyIndex())]"]
    )
    parent = resource(
        "A.B/sites", "[concat('p', copyIndex())]", copy={"name": "l", "count": 2}, resources=[web]
    )
    graph = deploy({"resources": [parent]})
    assert [(item.type, item.name) for item in graph.resources] == [
        ("A.B/sites", "p0"),
        ("A.B/sites", "p1"),
        ("A.B/sites/config", "p0/web"),
        ("A.B/sites/config", "p1/web"),
    ]
    assert graph.resources[3].properties == {"index": 1}
    assert graph.resources[3].depends_on == (f"{GROUP}/providers/A.B/sites/p1".lower(),)
    assert "resources" not in graph.resources[0].body


def test_extension_resources_in_both_spellings_are_the_same() -> None:
    scoped = resource("Microsoft.Authorization/locks", "l", scope="Microsoft.Storage/storageAccounts/acc")
    absolute = resource(
        "Microsoft.Authorization/locks", "m", scope="[resourceId('Microsoft.Storage/storageAccounts', 'acc')]"
    )
    old = resource("Microsoft.Storage/storageAccounts/providers/locks", "acc/Microsoft.Authorization/n")
    graph = deploy({"resources": [scoped, absolute, old]})
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acc"
    for item, name in zip(graph.resources, "lmn", strict=True):
        assert item.scope == Scope(account)
        assert item.type == "Microsoft.Authorization/locks"
        assert item.id.path == f"{account}/providers/Microsoft.Authorization/locks/{name}"


def test_tenant_scope_and_resource_groups() -> None:
    graph = deploy(
        {
            "resources": [
                resource("Microsoft.Resources/resourceGroups", "made", location="westeurope"),
                resource("Microsoft.Management/managementGroups", "mg", scope="/"),
            ]
        },
        scope=SUBSCRIPTION,
    )
    assert [item.id.path for item in graph.resources] == [
        f"{SUBSCRIPTION}/resourceGroups/made",
        "/providers/Microsoft.Management/managementGroups/mg",
    ]


def test_a_type_may_end_with_a_slash() -> None:
    (made,) = deploy({"resources": [resource("A.B/c/d/", "one/two")]}).resources
    assert (made.type, made.id.path) == ("A.B/c/d", f"{GROUP}/providers/A.B/c/one/d/two")


def test_names_must_have_as_many_parts_as_types() -> None:
    problem = refused({"resources": [resource("A.B/c/d", "one")]})
    assert "has incorrect segment lengths" in problem.message


def test_a_part_that_is_empty_is_not_told_as_one_that_only_azure_knows() -> None:
    problem = refused(
        {
            "parameters": {"name": {"type": "string", "defaultValue": ""}},
            "resources": [resource("A.B/c/d/e", "[format('one/{0}/two', parameters('name'))]")],
        }
    )
    assert "'one//two'" in problem.message


def test_the_body_is_what_a_put_would_send() -> None:
    graph = deploy(
        {
            "resources": [
                resource(
                    "A.B/c",
                    "one",
                    location="westeurope",
                    tags={"[concat('a', 'b')]": "[toUpper('x')]"},
                    properties={
                        "copy": [{"name": "items", "count": 2, "input": {"n": "[copyIndex('items', 5)]"}}],
                        "kept": "[[literal]",
                        "nothing": None,
                    },
                    comments="for people",
                    metadata={"description": "x"},
                    dependsOn=[],
                    condition=True,
                )
            ]
        }
    )
    assert graph.resources[0].body == {
        "location": "westeurope",
        "tags": {"ab": "X"},
        "properties": {"items": [{"n": 5}, {"n": 6}], "kept": "[literal]", "nothing": None},
    }


def test_reference_to_what_the_template_creates_is_predicted_and_open() -> None:
    graph = deploy(
        {
            "resources": [
                resource("A.B/c", "user", properties={"uri": "[reference('used').uri]"}),
                resource("A.B/c", "used", sku={"name": "S1"}, properties={"mode": "m", "uri": "known"}),
            ],
            "outputs": {
                "known": {"type": "string", "value": "[reference(resourceId('A.B/c', 'used')).mode]"},
                "sku": {"type": "string", "value": "[reference('used', '2024-01-01', 'Full').sku.name]"},
                "open": {"type": "string", "value": "[reference('used').endpoint]"},
                "whole": {"type": "object", "value": "[reference('used')]"},
                "maybe": {"type": "string", "value": "[tryGet(reference('used'), 'endpoint')]"},
                "has": {"type": "bool", "value": "[contains(reference('used'), 'endpoint')]"},
                "key": {"type": "string", "value": "[listKeys('used', '2024-01-01').key1]"},
                "counted": {"type": "int", "value": "[length(reference('used'))]"},
            },
        }
    )
    assert names(graph) == ["used", "user"]
    assert graph.resources[1].depends_on == (f"{GROUP}/providers/A.B/c/used".lower(),)
    assert graph.resources[1].properties == {"uri": "known"}
    values = {name: item["value"] for name, item in graph.outputs.items()}
    assert (values.pop("known"), values.pop("sku")) == ("m", "S1")
    assert len(values) == 6
    assert all(isinstance(value, Unknown) for value in values.values())


def test_existing_resources_are_asked_of_the_runtime_and_not_created() -> None:
    graph = deploy(
        {
            "languageVersion": "2.0",
            "resources": {
                "broken": resource("A.B/c", "[split(null(), '/')[0]]", existing=True),
                "there": resource("A.B/c", "x", existing=True, resourceGroup="other"),
                "mine": resource(
                    "A.B/c", "y", properties={"v": "[reference('there').v]"}, dependsOn=["there"]
                ),
            },
        },
        runtime=Recorder({f"{SUBSCRIPTION}/resourceGroups/other/providers/A.B/c/x": {"v": 5}}),
    )
    assert names(graph) == ["y"]
    assert graph.resources[0].properties == {"v": 5}
    assert graph.resources[0].depends_on == ()


def test_reference_is_refused_before_the_deployment_runs() -> None:
    problem = refused(
        {
            "variables": {"v": "[reference('/providers/A.B/c/d', '2020-01-01')]"},
            "resources": [resource("A.B/c", "x", properties="[variables('v')]")],
        }
    )
    assert "'reference' is not expected at this location" in problem.message


def test_a_resource_may_read_its_own_former_state_by_id() -> None:
    body = {"old": "[reference(resourceId('A.B/c', 'x'), '2024-01-01').old]"}
    graph = deploy(
        {"resources": [resource("A.B/c", "x", properties=body)]},
        runtime=Recorder({f"{GROUP}/providers/A.B/c/x": {"old": 1}}),
    )
    assert graph.resources[0].properties == {"old": 1}


def test_references_lists_a_whole_loop() -> None:
    graph = deploy(
        {
            "languageVersion": "2.0",
            "resources": {
                "many": resource(
                    "A.B/c",
                    "[format('m{0}', copyIndex())]",
                    copy={"name": "many", "count": 2},
                    properties={"n": "[copyIndex()]"},
                )
            },
            "outputs": {
                "all": {
                    "type": "array",
                    "value": "[map(references('many'), lambda('r', lambdaVariables('r').n))]",
                },
                "one": {"type": "int", "value": "[reference(format('many[{0}]', 1)).n]"},
            },
        }
    )
    assert graph.outputs == {"all": {"type": "array", "value": [0, 1]}, "one": {"type": "int", "value": 1}}


def test_resource_groups_know_where_they_are_once_created() -> None:
    inner = {
        "resources": [],
        "outputs": {"where": {"type": "string", "value": "[resourceGroup().location]"}},
    }
    module = resource(
        "Microsoft.Resources/deployments",
        "m",
        resourceGroup="made",
        dependsOn=["made"],
        properties={
            "expressionEvaluationOptions": {"scope": "inner"},
            "mode": "Incremental",
            "template": inner,
        },
    )
    group = resource("Microsoft.Resources/resourceGroups", "made", location="swedencentral")
    graph = deploy(
        {
            "resources": [module, group],
            "outputs": {"where": {"type": "string", "value": "[reference('m').outputs.where.value]"}},
        },
        scope=SUBSCRIPTION,
    )
    assert graph.outputs["where"]["value"] == "swedencentral"


class Recorder:
    """A runtime that writes down what it is asked, and answers from a table by id."""

    def __init__(self, state: dict[str, Any] | None = None) -> None:
        self.state = {key.lower(): value for key, value in (state or {}).items()}
        self.calls: list[tuple[str, str]] = []

    def begin(self, context: DeploymentContext, template: Any, parameters: Any) -> None:
        self.calls.append(("begin", context.id.path))
        self.parameters = parameters

    def end(self, context: DeploymentContext, outputs: Any) -> None:
        self.calls.append(("end", context.id.path))
        self.outputs = outputs

    def create(self, resource: Resource) -> None:
        self.calls.append(("create", resource.id.path))
        self.state[resource.id.key] = {**resource.properties, "made": True}

    def reference(self, resource_id: Scope, api_version: str, *, full: bool) -> Any:
        self.calls.append(("reference", resource_id.path))
        return self.state[resource_id.key]

    def invoke(self, function: str, resource_id: Scope, api_version: str, body: Any) -> Any:
        self.calls.append((function, resource_id.path))
        return {"body": body, "version": api_version} if function != "getSecret" else "the secret"


def test_the_runtime_is_called_in_order_and_sees_real_state() -> None:
    runtime = Recorder()
    inner = {
        "parameters": {"given": {"type": "bool"}, "secret": {"type": "securestring"}},
        "resources": [resource("A.B/c", "in", properties={"s": "[parameters('secret')]"})],
        "outputs": {"it": {"type": "bool", "value": "[parameters('given')]"}},
    }
    vault = "/subscriptions/s/resourceGroups/r/providers/Microsoft.KeyVault/vaults/kv"
    parameters = {
        "given": {"value": "[reference('before').made]"},
        "secret": {"reference": {"keyVault": {"id": vault}, "secretName": "n"}},
    }
    options = {"expressionEvaluationOptions": {"scope": "inner"}, "mode": "Incremental"}
    module = resource(
        "Microsoft.Resources/deployments",
        "m",
        properties={**options, "parameters": parameters, "template": inner},
    )
    graph = deploy(
        {
            "resources": [
                module,
                resource("A.B/c", "before"),
                resource("A.B/c", "after", properties={"v": "[reference('m').outputs.it.value]"}),
                resource(
                    "A.B/c", "keyed", properties="[listKeys('after', '2020-01-01', createObject('a', 1))]"
                ),
            ]
        },
        runtime=runtime,
    )
    rooted = f"{GROUP}/providers"
    assert runtime.calls == [
        ("create", f"{rooted}/A.B/c/before"),
        ("reference", f"{rooted}/A.B/c/before"),
        ("getSecret", vault),
        ("begin", f"{rooted}/Microsoft.Resources/deployments/m"),
        ("create", f"{rooted}/A.B/c/in"),
        ("end", f"{rooted}/Microsoft.Resources/deployments/m"),
        ("create", f"{rooted}/A.B/c/after"),
        ("listKeys", f"{rooted}/A.B/c/after"),
        ("create", f"{rooted}/A.B/c/keyed"),
    ]
    assert runtime.outputs == {"it": {"type": "bool", "value": True}}
    assert runtime.parameters == {"given": {"value": True}, "secret": {"value": "the secret"}}
    by_name = {item.name: item for item in graph.resources}
    assert by_name["in"].depends_on == (f"{rooted}/a.b/c/before".lower(),)
    assert by_name["after"].depends_on == (f"{rooted}/a.b/c/in".lower(),)
    assert by_name["in"].source == "/resources/0/properties/template/resources/0"


def test_defaults_may_ask_for_time_and_guids() -> None:
    template = {
        "parameters": {
            "now": {"type": "string", "defaultValue": "[utcNow()]"},
            "day": {"type": "string", "defaultValue": "[utcNow('d')]"},
            "id": {"type": "string", "defaultValue": "[newGuid()]"},
        },
        "outputs": {
            name: {"type": "string", "value": f"[parameters('{name}')]"} for name in ("now", "day", "id")
        },
    }
    outputs = {name: item["value"] for name, item in deploy(template).outputs.items()}
    assert outputs == {
        "now": "20261124T023005Z",
        "day": "11/24/2026",
        "id": "33333333-3333-4333-8333-000000000001",
    }


def test_facts_of_the_context_answer_the_template() -> None:
    template = {
        "outputs": {
            "who": {"type": "string", "value": "[deployer().objectId]"},
            "group": {"type": "string", "value": "[resourceGroup().location]"},
            "name": {"type": "string", "value": "[subscription().displayName]"},
            "cloud": {"type": "string", "value": "[environment().name]"},
        }
    }
    graph = deploy(
        template,
        deployer={"objectId": "me"},
        group_location="northeurope",
        subscription_name="Sample",
        environment={"name": "AzureChinaCloud"},
    )
    assert [item["value"] for item in graph.outputs.values()] == [
        "me",
        "northeurope",
        "Sample",
        "AzureChinaCloud",
    ]
    assert context().id.path == f"{GROUP}/providers/Microsoft.Resources/deployments/main"


def test_what_a_provider_offers_is_known_where_somebody_tells_it() -> None:
    asked = "providers('Microsoft.Storage', 'storageAccounts').apiVersions[0]"
    outputs = {
        "version": {"type": "string", "value": f"[{asked}]"},
        "account": {"type": "object", "value": f"[reference(resourceId('A.B/c', 'd'), {asked})]"},
        "all": {"type": "object", "value": "[providers('Microsoft.Storage')]"},
    }
    unknown = deploy({"outputs": outputs}).outputs
    assert {type(item["value"]) for item in unknown.values()} == {Unknown}
    kind = {"resourceType": "StorageAccounts", "locations": [], "apiVersions": ["2025-01-01"], "zones": []}
    known = deploy({"outputs": outputs}, provider=lambda _: [kind]).outputs
    assert known["version"]["value"] == "2025-01-01"
    assert set(known["all"]["value"]["resourceTypes"][0]) == {"resourceType", "locations", "apiVersions"}
    with pytest.raises(CompileError, match="could not be found"):
        deploy({"outputs": outputs}, provider=lambda _: [])


def test_a_dependency_on_a_name_known_later_is_one_on_its_type() -> None:
    later = "[guid(subscription().displayName)]"
    graph = deploy(
        {
            "resources": [
                resource(
                    "A.B/c", "user", dependsOn=["[resourceId('A.B/d', guid(subscription().displayName))]"]
                ),
                resource("A.B/d", later),
                resource("A.B/d", "other", dependsOn=["[resourceId('A.B/c', 'user')]"]),
            ]
        }
    )
    assert names(graph) == ["<known after apply>", "user", "other"]


def test_ids_without_their_scope_are_found_at_management_group_scope() -> None:
    graph = deploy(
        {
            "resources": [
                resource("A.B/c", "one", dependsOn=["[resourceId('A.B/c', 'two')]"]),
                resource("A.B/c", "two"),
            ]
        },
        scope="/providers/Microsoft.Management/managementGroups/mg",
    )
    assert names(graph) == ["two", "one"]


def test_the_resource_whose_expression_fails_is_named() -> None:
    problem = refused({"resources": [resource("A.B/c", "x", properties={"v": "[div(1, 0)]"})]})
    assert problem.file == "/resources/0"
    assert f"expressions for resource '{GROUP}/providers/A.B/c/x'" in problem.message
    assert "divide by zero" in problem.message


def test_values_that_grow_without_end_are_refused() -> None:
    doubling = {f"v{n}": f"[concat(variables('v{n - 1}'), variables('v{n - 1}'))]" for n in range(1, 40)}
    problem = refused(
        {
            "variables": {"v0": "x", **doubling},
            "outputs": {"o": {"type": "string", "value": "[variables('v39')]"}},
        }
    )
    assert "'concat' exceeds" in problem.message
