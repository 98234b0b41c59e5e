"""Azure CLI and Terraform against the sandbox over HTTPS: when COE_AZ and COE_TERRAFORM name them."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coe_scaffold.assets import templates
from coe_scaffold.model.resources import ChangeType, Deployment
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Stacks, StackUse
from coe_scaffold.model.stacks import DenySettings, ObservedStack, StackSettings
from coe_scaffold.planning.stacks import stack_change
from coe_scaffold.sandbox import Endpoint, running, tokens
from coe_scaffold.scaffold.pipeline_deployments import pipeline_deployments
from tests.contract.sandbox.place import SEED, SUBSCRIPTIONS, TENANT, inner_template, outer_template
from tests.fakes.workspace import project, settings

SUBSCRIPTION = f"/subscriptions/{SUBSCRIPTIONS[0]}"
Az = Callable[..., Any]


def tool(variable: str) -> str:
    place = os.environ.get(variable, "")
    if not place:
        pytest.skip(f"{variable} names no program; see docs/how-to/other-tools.md")
    return place


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    with running(None, SEED, certificates=tmp_path_factory.mktemp("tls")) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def az(served: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Az:
    """Azure CLI with a configuration of its own, logged in; returns what a command prints as JSON."""
    program = tool("COE_AZ")
    env = {
        **os.environ,
        "AZURE_CONFIG_DIR": str(tmp_path_factory.mktemp("az")),
        "AZURE_CORE_INSTANCE_DISCOVERY": "false",
        "AZURE_CORE_COLLECT_TELEMETRY": "false",
        "REQUESTS_CA_BUNDLE": served.issuer,
        "NO_PROXY": "127.0.0.1",
    }

    def run(*words: str, fails: bool = False) -> Any:
        command = [program, *words, "--output", "json"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
        assert (done.returncode != 0) is fails, f"az {' '.join(words)}: {done.stderr}"
        return done.stderr if fails else json.loads(done.stdout or "null")

    run("cloud", "register", "--name", "CoeSandbox", "--endpoint-resource-manager", served.url)
    run("cloud", "set", "--name", "CoeSandbox")
    secret = ["--username", tokens.OWNER_CLIENT, "--password", served.token, "--tenant", TENANT]
    accounts = run("login", "--service-principal", *secret)
    assert len(accounts) == len(SUBSCRIPTIONS)
    run("account", "set", "--subscription", SUBSCRIPTIONS[0])
    return run


def test_groups_resources_and_locks(az: Az) -> None:
    assert "swedencentral" in [item["name"] for item in az("account", "list-locations")]
    made = az("group", "create", "--name", "rg-az", "--location", "swedencentral", "--tags", "a=b")
    assert (made["tags"], made["properties"]["provisioningState"]) == ({"a": "b"}, "Succeeded")
    kind = ["--resource-type", "Microsoft.KeyVault/vaults", "--resource-group", "rg-az", "--name", "kv-az"]
    properties = {"tenantId": TENANT, "sku": {"family": "A", "name": "standard"}, "accessPolicies": []}
    az("resource", "create", *kind, "--location", "swedencentral", "--properties", json.dumps(properties))
    found = az("resource", "list", "--resource-group", "rg-az")
    assert [item["name"] for item in found] == ["kv-az"]
    where = ["--resource-group", "rg-az", "--name", "keep"]
    assert az("lock", "create", *where, "--lock-type", "CanNotDelete")["level"] == "CanNotDelete"
    refused = az("group", "delete", "--name", "rg-az", "--yes", fails=True)
    assert "ScopeLocked" in refused
    az("lock", "delete", *where)
    exported = az("group", "export", "--name", "rg-az")
    assert [item["type"] for item in exported["resources"]] == ["Microsoft.KeyVault/vaults"]
    az("group", "delete", "--name", "rg-az", "--yes")
    assert az("group", "exists", "--name", "rg-az") is False


def test_roles_of_an_identity_found_in_the_directory(az: Az) -> None:
    az("group", "create", "--name", "rg-roles", "--location", "swedencentral")
    made = az("identity", "create", "--name", "id-az", "--resource-group", "rg-roles")
    scope = ["--scope", f"{SUBSCRIPTION}/resourceGroups/rg-roles"]
    given = ["--assignee", made["clientId"], "--role", "Reader", *scope]
    assert az("role", "assignment", "create", *given)["principalId"] == made["principalId"]
    listed = az("role", "assignment", "list", "--assignee", made["principalId"], "--all")
    assert [item["roleDefinitionName"] for item in listed] == ["Reader"]
    az("role", "assignment", "delete", *given)
    assert az("role", "assignment", "list", "--assignee", made["principalId"], "--all") == []


def test_deployments_and_stacks(az: Az, tmp_path: Path) -> None:
    (tmp_path / "main.json").write_text(json.dumps(outer_template()))
    (tmp_path / "group.json").write_text(json.dumps(inner_template()))
    main = ["--template-file", str(tmp_path / "main.json"), "--parameters", "name=azx"]
    place = ["--location", "swedencentral", "--name", "main"]
    changes = az("deployment", "sub", "what-if", *place, *main, "--no-pretty-print")["changes"]
    assert {item["changeType"] for item in changes} == {"Create"}
    made = az("deployment", "sub", "create", *place, *main)
    assert made["properties"]["outputs"]["blob"]["value"].startswith("https://stazx.blob.")
    operations = az("deployment", "operation", "sub", "list", "--name", "main")
    assert {item["properties"]["provisioningState"] for item in operations} == {"Succeeded"}
    stack = ["--name", "s", "--action-on-unmanage", "deleteAll", "--yes"]
    content = ["--template-file", str(tmp_path / "group.json"), "--parameters", "name=azs"]
    group = ["--resource-group", "rg-a"]
    made = az("stack", "group", "create", *stack, *group, *content, "--deny-settings-mode", "none")
    assert made["provisioningState"] == "succeeded"
    assert len(made["resources"]) == 4
    az("stack", "group", "delete", *stack, *group)
    kinds = {item["name"] for item in az("resource", "list", *group)}
    assert kinds == {"azx", "stazx"}


DENY = DenySettings(
    "denyDelete", ("30000000-0000-4000-8000-000000000001",), ("Microsoft.KeyVault/vaults/delete",)
)
TAGS = {"managed-by": "coe-scaffold", "coe-environment": "dev"}


@pytest.mark.parametrize(
    "own",
    [StackSettings(tags=TAGS), StackSettings("delete", "delete", DENY, TAGS)],
    ids=["defaults", "denying"],
)
def test_a_pipeline_leaves_the_stack_that_a_plan_expects(
    az: Az, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: StackSettings
) -> None:
    """The module that every generated repository has, with the settings that its workspace gives it."""
    workspace = settings(project())
    dev = replace(workspace.environments["dev"], stacks=Stacks(StackUse.AUTO, own))
    workspace = replace(workspace, environments={**workspace.environments, "dev": dev})
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "deployments.json").write_text(pipeline_deployments(workspace, project()))
    (source,) = templates().glob("project/_shared/*/src/*/cloud")
    package = f"piped_{len(own.deny.excluded_actions)}"
    shutil.copytree(source, tmp_path / package)
    (tmp_path / package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    deploy = importlib.import_module(f"{package}.infrastructure").deploy
    group = {"type": "Microsoft.Resources/resourceGroups", "apiVersion": "2025-04-01", "name": "rg-piped"}
    template = {
        "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"components": {"type": "object"}},
        "resources": [{**group, "location": "swedencentral"}],
        "outputs": {"resourceGroup": {"type": "string", "value": "rg-piped"}},
    }
    given = {"parameters": {"components": {"value": {"app": False}}}}
    built = {"templateJson": json.dumps(template), "parametersJson": json.dumps(given)}

    def signed_in(*words: str) -> Any:
        return built if words[0] == "bicep" else az(*words)

    assert deploy(signed_in, tmp_path, "dev", "swedencentral") == {"resourceGroup": "rg-piped"}
    made = az("stack", "sub", "show", "--name", "coe-claims-chat-dev")
    deployment = Deployment("coe-claims-chat-dev", Scope.parse(SUBSCRIPTION), {}, {}, "swedencentral")
    there = ObservedStack(
        deployment.stack_id, made["provisioningState"], made["actionOnUnmanage"], made["denySettings"]
    )
    assert made["tags"] == TAGS
    assert stack_change(deployment, own, [], there).change is ChangeType.NO_CHANGE


def test_policies_tags_providers_and_management_groups(az: Az) -> None:
    rule = {"if": {"field": "location", "notIn": ["swedencentral"]}, "then": {"effect": "deny"}}
    az("policy", "definition", "create", "--name", "near", "--rules", json.dumps(rule), "--mode", "Indexed")
    az("policy", "assignment", "create", "--name", "near", "--policy", "near")
    az("group", "create", "--name", "rg-policy", "--location", "swedencentral")
    far = ["--name", "id-far", "--resource-group", "rg-policy", "--location", "westus"]
    assert "RequestDisallowedByPolicy" in az("identity", "create", *far, fails=True)
    az("policy", "assignment", "delete", "--name", "near")
    scope = f"{SUBSCRIPTION}/resourceGroups/rg-policy"
    az("tag", "update", "--resource-id", scope, "--operation", "Merge", "--tags", "team=ml")
    assert "team" in [item["tagName"] for item in az("tag", "list")]
    assert az("provider", "show", "--namespace", "Microsoft.Search")["registrationState"] == "Registered"
    az("account", "management-group", "create", "--name", "mg-az")
    pair = ["--name", "mg-az", "--subscription", SUBSCRIPTIONS[0]]
    az("account", "management-group", "subscription", "add", *pair)
    shown = az("account", "management-group", "show", "--name", "mg-az", "--expand")
    assert [item["name"] for item in shown["children"]] == [SUBSCRIPTIONS[0]]
    az("account", "management-group", "subscription", "remove", *pair)
    az("account", "management-group", "delete", "--name", "mg-az")


def test_terraform_finds_the_cloud_logs_in_and_asks_for_a_resource(served: Endpoint, tmp_path: Path) -> None:
    """Terraform's own azurerm backend: the same client of Azure that its providers use."""
    program = tool("COE_TERRAFORM")
    settings = {
        "metadata_host": served.url.removeprefix("https://"),
        "environment": "CoeSandbox",
        "subscription_id": SUBSCRIPTIONS[0],
        "tenant_id": TENANT,
        "client_id": tokens.OWNER_CLIENT,
        "client_secret": served.token,
        "resource_group_name": "rg-nowhere",
        "storage_account_name": "stnowhere",
        "container_name": "tf",
        "key": "state",
    }
    document = {"terraform": {"backend": {"azurerm": settings}}}
    (tmp_path / "main.tf.json").write_text(json.dumps(document))
    env = {**os.environ, "SSL_CERT_FILE": served.issuer, "CHECKPOINT_DISABLE": "1", "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(
        [program, "init", "-no-color", "-input=false"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1
    assert "ResourceGroupNotFound: Resource group 'rg-nowhere' could not be found." in done.stderr
