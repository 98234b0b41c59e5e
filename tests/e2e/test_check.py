"""``coe check`` as a user runs it: environments, brought files, formats, exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.e2e.conftest import coe

OPEN = """resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: 'stexample'
  location: 'swedencentral'
  sku: { name: 'Standard_ZRS' }
  kind: 'StorageV2'
  properties: { allowBlobPublicAccess: true }
}
"""


def test_all_environments_in_one_run(fresh: Path) -> None:
    ran = coe("check", "--env", "all", "--format", "json", cwd=fresh)
    assert ran.code == 0
    assert [unit["name"] for unit in ran.document["units"]] == ["dev", "test", "prod"]
    assert all(unit["resources"] > 50 for unit in ran.document["units"])


def test_without_an_environment_each_is_judged(fresh: Path) -> None:
    ran = coe("check", "--format", "json", cwd=fresh)
    assert ran.code == 0, ran.err
    assert [unit["name"] for unit in ran.document["units"]] == ["dev", "test", "prod"]


def test_a_profile_makes_development_as_strict_as_production(fresh: Path) -> None:
    usual = coe("check", "--env", "dev", "--format", "json", cwd=fresh).document
    strict = coe("check", "--env", "dev", "--profile", "strict", "--format", "json", cwd=fresh).document
    judged = [{item["guardrail"] for item in document["findings"]} for document in (usual, strict)]
    assert "search-replicas" in judged[1] - judged[0]


@pytest.mark.parametrize("output", ["text", "json", "sarif", "junit", "markdown"])
def test_a_brought_file_outside_a_workspace(tmp_path: Path, output: str) -> None:
    (tmp_path / "main.bicep").write_text(OPEN, encoding="utf-8")
    ran = coe("check", "main.bicep", "--format", output, cwd=tmp_path)
    assert ran.code == 3
    for words in ("storage-blob-anonymous-off", "main.bicep", "stexample", "compliance-officer"):
        assert words in ran.out
    if output in ("json", "sarif"):
        json.loads(ran.out)
    if output == "junit":
        ElementTree.fromstring(ran.out)


def test_a_file_that_cannot_be_checked_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "main.bicep").write_text("param name string\noutput same string = name\n", encoding="utf-8")
    ran = coe("check", ".", cwd=tmp_path)
    assert ran.code == 1
    assert "main.bicep: no value for the parameter name" in ran.out


def test_a_template_without_its_parameters_is_judged_as_far_as_possible(tmp_path: Path) -> None:
    (tmp_path / "main.bicep").write_text("param name string\n" + OPEN, encoding="utf-8")
    ran = coe("check", ".", cwd=tmp_path)
    assert ran.code == 3
    assert "storage-blob-anonymous-off" in ran.out
    assert "main.bicep: no value for the parameter name" in ran.out


def test_a_folder_with_nothing_to_judge_is_a_failure(tmp_path: Path) -> None:
    ran = coe("check", ".", cwd=tmp_path)
    assert ran.code == 2
    assert "nothing to judge" in ran.err


def test_a_landing_zone_without_projects_is_judged_without_their_template(workspace: Path) -> None:
    shutil.rmtree(workspace / "claims-chat")
    whole = coe("check", "landing-zone", "--format", "json", cwd=workspace)
    assert whole.code == 0, whole.out
    assert {Path(unit["name"]).parts[1] for unit in whole.document["units"]} == {"governance", "platform"}
    named = coe("check", "landing-zone/project/main.bicep", cwd=workspace)
    assert named.code == 3
    assert "no value for the parameters" in named.out


def test_exported_policies_are_judged_too(tmp_path: Path) -> None:
    (tmp_path / "main.bicep").write_text(OPEN.replace("true", "false"), encoding="utf-8")
    rule = {"if": {"field": "location", "notEquals": "westeurope"}, "then": {"effect": "deny"}}
    policies = [
        {"name": "only-west", "displayName": "Only west Europe", "mode": "Indexed", "policyRule": rule},
        {"name": "later", "displayName": "Deploys", "policyRule": {**rule, "then": {"effect": "manual"}}},
    ]
    (tmp_path / "policies.json").write_text(json.dumps(policies), encoding="utf-8")
    ran = coe("check", "main.bicep", "--policies", "policies.json", "--format", "json", cwd=tmp_path)
    assert ran.code == 3
    (found,) = [item for item in ran.document["findings"] if item["guardrail"] == "policy/only-west"]
    assert found["outcome"] == "fail"
    assert found["location"] == "main.bicep:1"
    assert [item["policy"] for item in ran.document["notJudged"]] == ["Deploys"]
    broken = coe("check", "main.bicep", "--policies", "main.bicep", cwd=tmp_path)
    assert broken.code == 2
    assert "not JSON" in broken.err


def test_the_parameter_file_of_an_azd_template(tmp_path: Path) -> None:
    infra = tmp_path / "infra"
    infra.mkdir()
    (infra / "main.bicep").write_text(
        "param location string\nparam open bool\n"
        + OPEN.replace("'swedencentral'", "location").replace("true", "open")
    )
    parameters = {
        "location": {"value": "${AZURE_LOCATION}"},
        "open": {"value": "${ALLOW_BLOBS=true}"},
        "other": {"value": "${X=1}"},
    }
    document = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        "parameters": parameters,
    }
    (infra / "main.parameters.json").write_text(json.dumps(document))
    ran = coe("check", "infra", "--format", "json", cwd=tmp_path)
    assert ran.code == 3
    found = {item["guardrail"]: item["outcome"] for item in ran.document["findings"]}
    assert found["storage-blob-anonymous-off"] == "fail"
    assert found["allowed-locations"] == "unknown"


def test_where_a_brought_subscription_deployment_runs_is_unknown_not_an_error(tmp_path: Path) -> None:
    (tmp_path / "main.bicep").write_text(
        "targetScope = 'subscription'\nresource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {\n"
        "  name: 'rg-x'\n  location: deployment().location\n  tags: { owner: 'me' }\n}\n"
    )
    ran = coe("check", "main.bicep", "--format", "json", cwd=tmp_path)
    found = {item["guardrail"]: item["outcome"] for item in ran.document["findings"]}
    assert found["allowed-locations"] == "unknown"


def test_parameter_files_in_a_folder_of_their_own_find_their_template(tmp_path: Path) -> None:
    (tmp_path / "store.bicep").write_text("param open bool\n" + OPEN.replace("true", "open"))
    (tmp_path / "parameters").mkdir()
    document = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        "parameters": {"open": {"value": True}},
    }
    (tmp_path / "parameters" / "store.parameters.all.json").write_text(json.dumps(document))
    ran = coe("check", ".", "--format", "json", cwd=tmp_path)
    assert ran.code == 3
    (unit,) = ran.document["units"]
    assert unit["name"].endswith("store.parameters.all.json")
