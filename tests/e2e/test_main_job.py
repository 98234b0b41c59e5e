"""The main job: from an empty folder to a provisioned, access-controlled AI project."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from coe_scaffold.model.coe import FUNCTION_IDS
from tests.e2e.conftest import Ran, coe


def assignments(place: Path) -> list[dict[str, object]]:
    config = (place / "coe.yaml").read_text(encoding="utf-8")
    subscription = re.search(r"dev:.*?subscription: *\"?([0-9a-f-]{36})", config, re.DOTALL)
    assert subscription
    path = (
        f"/subscriptions/{subscription[1]}/providers/Microsoft.Authorization/roleAssignments"
        "?api-version=2022-04-01"
    )
    ran = coe("sandbox", "rest", "get", path, cwd=place)
    assert ran.code == 0, ran.err
    values: list[dict[str, object]] = json.loads(ran.out)["value"]
    return values


def test_quickstart_writes_a_workspace_a_landing_zone_and_a_repository(quickstart: tuple[Path, Ran]) -> None:
    place, ran = quickstart
    for path in (
        "coe.yaml",
        "landing-zone/platform/main.bicep",
        "landing-zone/platform/dev.bicepparam",
        "landing-zone/platform/test.bicepparam",
        "landing-zone/platform/prod.bicepparam",
        "claims-chat/project.yaml",
        "claims-chat/pyproject.toml",
        "claims-chat/infra/project/main.bicep",
        "claims-chat/infra/project/dev.bicepparam",
        "report.html",
    ):
        assert (place / path).is_file(), path
    shown = ran.out + ran.err
    for word in (
        "resource groups",
        "role assignments",
        "Data Scientist",
        "report.html",
        "coe drift --env dev",
    ):
        assert word in shown


def test_quickstart_again_changes_nothing(applied: Path) -> None:
    before = {
        path: path.read_bytes()
        for path in applied.rglob("*")
        if path.is_file() and ".coe/" not in path.as_posix() and path.name != "report.html"
    }
    ran = coe("quickstart", "--dir", str(applied), "--no-input", cwd=applied.parent)
    assert ran.code == 0, ran.err
    assert "othing to change" in ran.out + ran.err
    assert {path: path.read_bytes() for path in before} == before


def test_after_apply_there_is_nothing_left_to_do(applied: Path) -> None:
    assert coe("plan", "--env", "dev", "--exit-code", cwd=applied).code == 0
    again = coe("apply", "--env", "dev", "--yes", cwd=applied)
    assert again.code == 0
    assert "othing to change" in again.out + again.err
    assert coe("drift", "--env", "dev", cwd=applied).code == 0


def test_an_assignment_deleted_behind_its_back_is_drift(applied: Path) -> None:
    victim = next(
        item
        for item in assignments(applied)
        if "data-scientist" in str(item["properties"]["description"])  # type: ignore[index]
    )
    deleted = coe("sandbox", "rest", "delete", f"{victim['id']}?api-version=2022-04-01", cwd=applied)
    assert deleted.code == 0, deleted.err
    drift = coe("drift", "--env", "dev", cwd=applied)
    assert drift.code == 4
    assert "Data Scientist" in drift.out
    assert coe("plan", "--env", "dev", "--exit-code", cwd=applied).code == 4
    document = coe("drift", "--output", "json", cwd=applied).document
    assert document["format"] == "coe-scaffold/drift-all/v1"
    assert [one["environment"] for one in document["environments"]] == ["dev", "test", "prod"]
    assert document["environments"][0]["counts"] == {"missing": 1, "changed": 0, "extra": 0}
    assert coe("apply", "--env", "dev", "--yes", cwd=applied).code == 0
    assert coe("drift", "--env", "dev", cwd=applied).code == 0


def test_a_role_given_by_hand_to_a_group_of_the_table_is_drift(applied: Path) -> None:
    known = next(item for item in assignments(applied) if "data-scientist" in str(item["properties"]))
    told: Any = known["properties"]
    subscription = "/".join(told["scope"].split("/")[:3])
    roles = f"{subscription}/providers/Microsoft.Authorization/roleDefinitions"
    given = {
        "roleDefinitionId": f"{roles}/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",  # Owner
        "principalId": told["principalId"],
        "principalType": "Group",
    }
    name = "99999999-0000-4000-8000-000000000001"
    path = f"{subscription}/providers/Microsoft.Authorization/roleAssignments/{name}?api-version=2022-04-01"
    body = json.dumps({"properties": given})
    assert coe("sandbox", "rest", "put", path, "--body", body, cwd=applied).code == 0
    drift = coe("drift", "--env", "dev", cwd=applied)
    assert drift.code == 4
    assert "Data Scientist → Owner on" in drift.out


def test_a_resource_deleted_behind_its_back_is_drift(applied: Path) -> None:
    plan = coe("plan", "--env", "dev", "--output", "json", cwd=applied).document
    vault = next(
        change["resource"]
        for step in plan["steps"]
        for change in step["changes"]
        if "/Microsoft.KeyVault/vaults/" in change["resource"]
        and change["resource"].count("/providers/") == 1
        and change["resource"].count("/") == 8
    )
    assert coe("sandbox", "rest", "delete", f"{vault}?api-version=2024-11-01", cwd=applied).code == 0
    drift = coe("drift", "--env", "dev", cwd=applied)
    assert drift.code == 4
    assert vault.rsplit("/", 1)[1] in drift.out


def test_every_environment_keeps_its_guardrails(fresh: Path) -> None:
    for environment in ("dev", "test", "prod"):
        ran = coe("check", "--env", environment, cwd=fresh)
        assert ran.code == 0, ran.out + ran.err
        document = coe("check", "--env", environment, "--output", "json", cwd=fresh).document
        assert document["format"] == "coe-scaffold/findings/v1"
        assert not [item for item in document["findings"] if item["outcome"] == "fail"]


def test_a_weakened_module_is_found_with_its_line(workspace: Path, edit: object) -> None:
    storage = workspace / "claims-chat/infra/modules/storage/main.bicep"
    edit(storage, "allowBlobPublicAccess: false", "allowBlobPublicAccess: true")  # type: ignore[operator]
    line = 1 + storage.read_text(encoding="utf-8").split("allowBlobPublicAccess: true")[0].count("\n")
    ran = coe("check", "--env", "dev", cwd=workspace)
    assert ran.code == 3
    assert "storage-blob-anonymous-off" in ran.out
    found = re.search(r"storage/main\.bicep:(\d+)", ran.out)
    assert found
    assert int(found[1]) <= line
    assert coe("apply", "--env", "dev", "--yes", cwd=workspace).code == 3


def test_the_matrix_names_all_nine_functions(fresh: Path) -> None:
    document = coe("access", "matrix", "--output", "json", cwd=fresh).document
    assert {row["function"] for row in document["rows"]} == set(FUNCTION_IDS)


def test_a_plan_file_can_be_reviewed_and_applied_once(workspace: Path) -> None:
    plan = coe("plan", "--env", "dev", "--out", "plan.json", cwd=workspace)
    assert plan.code == 0, plan.err
    assert coe("apply", "plan.json", "--yes", cwd=workspace).code == 0
    stale = coe("apply", "plan.json", "--yes", cwd=workspace)
    assert stale.code == 1
    assert "plan" in stale.err


def test_destroy_removes_what_was_made_and_nothing_else(applied: Path) -> None:
    before = len(assignments(applied))
    assert before > 20
    ran = coe("destroy", "--env", "dev", "--yes", cwd=applied)
    assert ran.code == 0, ran.err
    assert ran.err.startswith("Plan for dev on sandbox\n")
    assert not [item for item in assignments(applied) if "/resourceGroups/" in str(item["id"])]
    refused = coe("apply", "--env", "dev", "--yes", cwd=applied)
    assert refused.code == 1
    assert refused.err.count("a deleted Microsoft.") == 2
    assert "purge protection forbids" in refused.err
    assert coe("plan", "--env", "dev", "--recover-deleted", "--out", "plan.json", cwd=applied).code == 0
    assert coe("apply", "plan.json", "--yes", cwd=applied).code == 0
    assert coe("plan", "--env", "dev", "--exit-code", cwd=applied).code == 0


def test_the_architecture_is_drawn(quickstart: tuple[Path, Ran], tmp_path: Path) -> None:
    workspace = quickstart[0]
    told = coe("diagram", "--env", "dev", cwd=workspace)
    assert told.code == 0, told.err
    assert told.out.startswith("flowchart LR\n")
    written = coe("diagram", "--env", "prod", "--format", "svg", "--out", f"{tmp_path}/p.svg", cwd=workspace)
    assert written.code == 0, written.err
    assert (tmp_path / "p.svg").read_text(encoding="utf-8").startswith("<svg ")
    refused = coe("diagram", "--env", "nowhere", cwd=workspace)
    assert (refused.code, refused.out) == (2, "")
    assert "Known: dev, test, prod." in refused.err


def test_the_report_is_one_page_without_network(quickstart: tuple[Path, Ran]) -> None:
    page = (quickstart[0] / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"""(src|href)=["']https?://[^"']+\.(js|css|png|woff2?)""", page)
    for word in ("Contoso", "Compliance Officer", "rg-cto-platform-dev", "Architecture of prod"):
        assert word in page


def test_json_goes_to_stdout_alone(applied: Path) -> None:
    for arguments in (
        ("plan", "--env", "dev"),
        ("apply", "--env", "dev", "--yes"),
        ("drift", "--env", "dev"),
        ("access", "plan", "--env", "dev"),
        ("config",),
    ):
        document = coe(*arguments, "--output", "json", cwd=applied).document
        assert document["format"].startswith("coe-scaffold/")
