"""Questions about access that exists: the directory, deny assignments of a stack, names in the audit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from coe_scaffold.cli.context import open_workspace, seed
from coe_scaffold.model.settings import Group
from coe_scaffold.sandbox import running
from tests.contract.sandbox.place import Client
from tests.contract.sandbox.test_guarded import apply, stack
from tests.e2e.conftest import Ran, coe

DELETE = "Microsoft.ManagedIdentity/userAssignedIdentities/delete"


@contextmanager
def sandbox(folder: Path) -> Iterator[Client]:
    """The sandbox of a workspace, spoken to as somebody else would."""
    place = open_workspace(folder)
    place.sandbox_state.parent.mkdir(exist_ok=True)
    with running(place.sandbox_state, seed(place.settings)) as endpoint:
        yield Client(endpoint, place.settings.environments["dev"].subscription)


def group(folder: Path, function: str) -> Group:
    (found,) = open_workspace(folder).settings.functions[function]
    return found


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("access")
    made = coe("init", "--name", "Contoso", "--prefix", "cto", "--dir", "ws", "--no-input", cwd=home)
    assert made.code == 0, made.err
    return home / "ws"


def test_groups_are_resolved_and_verified_in_the_directory(workspace: Path) -> None:
    ask = ("access", "groups", "--graph", "--format", "json")
    first = coe(*ask, cwd=workspace)
    assert first.document["groups"] == []
    assert "9 groups, 0 missing in the directory, 0 to correct" in first.err
    lost, moved = group(workspace, "data-scientist"), group(workspace, "ai-engineer")
    with sandbox(workspace) as client:
        for one in (lost, moved):
            assert client.call("DELETE", f"/v1.0/groups/{one.id}", version="").status == 204
        again = {
            "displayName": moved.name,
            "mailEnabled": False,
            "mailNickname": "x",
            "securityEnabled": True,
        }
        made = client.call("POST", "/v1.0/groups", again, version="")
    second = coe(*ask, cwd=workspace)
    assert [one["id"] for one in second.document["groups"]] == [lost.id]
    assert f"{moved.name} exists as {made.body['id']}: write that id instead of {moved.id}" in second.err
    assert "9 groups, 1 missing in the directory, 1 to correct" in second.err


def test_without_graph_the_directory_is_not_asked(workspace: Path) -> None:
    ran = coe("access", "groups", cwd=workspace)
    assert ran.code == 0
    assert ran.out.count("az ad group create") == 9
    assert "not known" in ran.err


def test_what_exists_is_asked_with_the_deny_settings_of_a_stack(workspace: Path) -> None:
    engineers = group(workspace, "mlops-engineer")
    with sandbox(workspace) as client:
        place = client.group("rg-live")
        role = f"{client.scope}/providers/Microsoft.Authorization/roleDefinitions/"
        given = {
            "roleDefinitionId": f"{role}b24988ac-6180-42a0-ab88-20f7382dd24c",
            "principalId": engineers.id,
            "principalType": "Group",
        }
        path = f"{place}/providers/Microsoft.Authorization/roleAssignments/{engineers.id}"
        assert client.call("PUT", path, {"properties": given}, version="2022-04-01").status == 201
        identity = {
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
            "apiVersion": "2023-01-31",
            "name": "id-kept",
            "location": "westus",
        }
        wanted = stack({"contentVersion": "1.0.0.0", "resources": [identity]}, mode="denyDelete")
        home = f"{place}/providers/Microsoft.Resources/deploymentStacks/s"
        assert apply(client, home, wanted)["status"] == "succeeded"
    kept = f"{place}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-kept"

    def ask(*more: str) -> Ran:
        return coe("access", "can", "mlops-engineer", DELETE, "--env", "dev", "--live", *more, cwd=workspace)

    somewhere, there = ask(), ask("--on", kept)
    assert (somewhere.code, there.code) == (0, 1)
    assert f"but not on {kept}: Deny assignment" in somewhere.out
    assert "created by Deployment Stack" in there.out
    assert ask("--on", kept, "--output", "json").document["allowed"] is False
    explained = coe("access", "explain", "mlops-engineer", "--env", "dev", "--live", cwd=workspace)
    assert "narrowed by Deny assignment" in explained.out
    who = coe("access", "who-can", DELETE, "--env", "dev", "--live", "--on", kept, cwd=workspace)
    assert who.out.startswith("No function may perform")


def test_the_audit_asks_the_directory_for_names_and_owners(applied: Path) -> None:
    engineers, leads = group(applied, "ai-engineer"), group(applied, "ai-coe-lead")
    role = "providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
    with sandbox(applied) as client:
        for what in ("owners", "members"):
            reference = {"@odata.id": f"/v1.0/directoryObjects/{leads.id}"}
            place = f"/v1.0/groups/{engineers.id}/{what}/$ref"
            assert client.call("POST", place, reference, version="").status == 204
        given = {"roleDefinitionId": f"{client.scope}/{role}", "principalId": leads.id}
        path = f"{client.scope}/providers/Microsoft.Authorization/roleAssignments/{leads.id}"
        assert client.call("PUT", path, {"properties": given}, version="2022-04-01").status == 201
    ran = coe("access", "audit", "--env", "dev", "--graph", "--output", "json", cwd=applied)
    messages = {item["guardrail"]: item["message"] for item in ran.document["findings"]}
    assert messages["SOD-09"] == (
        f"group {engineers.name} ({engineers.id}) (AI Engineer) is owned by its members "
        f"{leads.name} ({leads.id})"
    )
    assert "COE-AUD-03" in messages
    assert "--graph asks the directory" not in ran.err


def test_the_access_plan_tells_what_separation_of_duties_forbids(applied: Path) -> None:
    reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
    row = f"change: add, function: compliance-officer, environment: dev, scope: subscription, role: {reader}"
    with (applied / "coe.yaml").open("a") as file:
        file.write(f"access:\n  matrix:\n    - {{{row}, mode: standing, reason: they asked for it}}\n")
    ran = coe("access", "plan", "--env", "dev", cwd=applied)
    assert "SOD-04" in ran.out
    assert "the same group holds CoE Compliance Reader" in ran.out
    assert "1 finding forbids applying." in ran.out
    assert coe("apply", "--env", "dev", "--yes", cwd=applied).code == 3


def test_without_an_environment_every_one_is_asked(workspace: Path) -> None:
    who = coe("access", "who-can", "Microsoft.Authorization/roleAssignments/read", cwd=workspace)
    assert {line.rpartition(" in ")[2] for line in who.out.splitlines() if line.startswith("yes: ")} == {
        "dev",
        "test",
        "prod",
    }
    told = coe("access", "explain", "ai-strategist", "--output", "json", cwd=workspace).document
    assert {item["environment"] for item in told["assignments"]} == {"dev", "test", "prod"}
