"""What somebody without all rights gets done on the sandbox, and what an administrator does for them."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from coe_scaffold.access.conditions import delegation_to_service_principals
from tests.e2e.conftest import Ran, coe

ME = "70000000-0000-4000-8000-000000000001"
ACTING = {"COE_SANDBOX__PRINCIPAL": ME}
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"  # Role Based Access Control Administrator


def give(folder: Path, role: str, condition: str = "") -> None:
    """Give the principal a role on the subscription of dev, as the sandbox's owner."""
    config = coe("config", "--output", "json", cwd=folder).document["settings"]
    (dev,) = [one["value"] for one in config if one["key"] == "environments.dev.subscription"]
    home = f"/subscriptions/{dev}/providers/Microsoft.Authorization"
    given = {"roleDefinitionId": f"{home}/roleDefinitions/{role}", "principalId": ME}
    limits = {"condition": condition, "conditionVersion": "2.0"} if condition else {}
    path = f"{home}/roleAssignments/{role}?api-version=2022-04-01"
    body = json.dumps({"properties": given | limits})
    made = coe("sandbox", "rest", "put", path, "--body", body, cwd=folder, env=ACTING)
    assert made.code == 0, made.out


def asked_commands(folder: Path) -> list[list[str]]:
    """Return the commands that a request tells an administrator to run."""
    text = (folder / "access-request-dev" / "request.md").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if "An administrator applies them" in line]
    return [command.split()[1:] for command in re.findall(r"coe apply [^&]*", line)]


def told(ran: Ran, *words: str) -> None:
    said = ran.out + ran.err
    assert all(word in said for word in words), said


def test_a_contributor_deploys_and_an_administrator_does_the_rest(workspace: Path) -> None:
    give(workspace, CONTRIBUTOR)
    doctor = coe("doctor", "--env", "dev", cwd=workspace, env=ACTING)
    assert doctor.code == 1
    told(
        doctor, "you may not do 4 actions at /subscriptions/", "Microsoft.Authorization/roleAssignments/write"
    )
    told(doctor, "Ask for the role User Access Administrator there.")
    applied = coe("apply", "--env", "dev", "--yes", cwd=workspace, env=ACTING)
    assert applied.code == 5, "what is left to somebody else is no success: " + applied.err
    told(applied, f"Acting as {ME}", "Microsoft.CognitiveServices/accounts", "are asked for in")
    told(applied, "applied in part, the rest is left to an administrator", "Left to an administrator (")
    pending = coe("apply", "--env", "dev", "--yes", "--output", "json", cwd=workspace, env=ACTING)
    assert pending.code == pending.document["exitCode"] == 5
    assert "AI CoE Lead → Cost Management Reader on mg-ai" in pending.document["leftOut"]
    request = json.loads((workspace / "access-request-dev" / "request.json").read_text(encoding="utf-8"))
    assert {step["kind"] for step in request["steps"]} >= {"roleAssignment", "roleDefinition"}
    commands = asked_commands(workspace)
    assert [command[1] for command in commands] == ["access-request-dev/request.json", "--env"]
    for command in commands:
        done = coe(*command, cwd=workspace)
        assert done.code == 0, done.err
    left = coe("plan", "--env", "dev", "--exit-code", cwd=workspace)
    assert left.code == 0, left.out
    refused = coe("destroy", "--env", "dev", "--yes", cwd=workspace, env=ACTING)
    assert refused.code == 1
    told(refused, "nothing was written", "Microsoft.Authorization/roleAssignments/delete")
    again = coe("apply", "--env", "dev", "--yes", cwd=workspace, env=ACTING)
    assert again.code == 0, "what an administrator gave above is seen from the subscription: " + again.err
    told(again, "Nothing to change in dev.", "you may not read mg-")
    done = coe(*commands[0], cwd=workspace)
    assert done.code == 0, "a request that was followed is no error: " + done.err


def test_a_contributor_takes_back_its_own_run(workspace: Path) -> None:
    give(workspace, CONTRIBUTOR)
    assert coe("apply", "--env", "dev", "--yes", cwd=workspace, env=ACTING).code == 5
    (run,) = coe("runs", "--output", "json", cwd=workspace).document["runs"]
    undone = coe("undo", run["run"], "--yes", cwd=workspace, env=ACTING)
    assert undone.code == 0, undone.err
    plan = coe("plan", "--env", "dev", "--output", "json", cwd=workspace).document
    changes = [change for step in plan["steps"] for change in step["changes"] if change["change"] != "Create"]
    assert all("Microsoft.Security/pricings" in change["resource"] for change in changes), changes


def test_a_reader_plans_and_writes_nothing(workspace: Path) -> None:
    give(workspace, READER)
    plan = coe("plan", "--env", "dev", cwd=workspace, env=ACTING)
    assert plan.code == 0, plan.err
    told(plan, "compared by local evaluation", "what-if did not answer (AuthorizationFailed)")
    before = coe("sandbox", "status", cwd=workspace).out
    refused = coe("apply", "--env", "dev", "--yes", cwd=workspace, env=ACTING)
    assert refused.code == 1
    told(refused, "nothing was written", "actions at /subscriptions/", " more\n", "the role Contributor")
    doctor = coe("doctor", "--env", "dev", cwd=workspace, env=ACTING)
    lines = [line for line in doctor.out.splitlines() if "you may not do" in line]
    assert len(lines) == 3, "one for each role and scope that is asked for"
    told(
        coe("doctor", "--env", "dev", "--verbose", cwd=workspace, env=ACTING),
        "Microsoft.KeyVault/vaults/write",
    )
    assert coe("sandbox", "status", cwd=workspace).out == before
    assert not (workspace / ".coe" / "runs").exists()
    assert not list(workspace.glob("access-request*"))


def test_a_condition_of_a_role_administrator_is_told(workspace: Path) -> None:
    give(workspace, CONTRIBUTOR)
    give(workspace, ADMINISTRATOR, delegation_to_service_principals())
    doctor = coe("doctor", "--env", "dev", cwd=workspace, env=ACTING)
    assert doctor.code == 1
    told(doctor, "giving Storage Blob Data Reader (2a2b9908-6ea1-4ae2-8e65-a410df84e7d1) to a Group on")
    told(doctor, "PrincipalType Group is not ServicePrincipal", "is not among the")
    told(
        doctor, "giving CoE Guardrail Publisher (b591dcbe-4df5-54e6-b111-fa9f5290e23d) to a ServicePrincipal"
    )


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        (ACTING | {"COE_CLOUD": "azure"}, "on the sandbox alone, the cloud is azure"),
        ({"COE_SANDBOX__PRINCIPAL": "me"}, "It must be the object id of whom commands act as"),
    ],
)
def test_acting_as_somebody_else_elsewhere_is_refused(
    workspace: Path, environ: dict[str, str], words: str
) -> None:
    refused = coe("plan", "--env", "dev", cwd=workspace, env=environ)
    assert refused.code == 2
    told(refused, words)


def test_the_identities_of_pipelines_plan_compare_and_audit(applied: Path) -> None:
    with closing(sqlite3.connect(applied / ".coe" / "sandbox.db")) as state:
        found = state.execute("SELECT body FROM documents WHERE key LIKE '%/roleassignments/%'")
        given = [text for (text,) in found if "coe-scaffold: pipelines plan" in text]
    identities = {re.findall(r'"principalId": ?"([0-9a-f-]{36})"', text)[0] for text in given}
    assert len(identities) == 2, "one plans, one deploys"
    for identity in identities:
        environ = {"COE_SANDBOX__PRINCIPAL": identity}
        planned = coe("plan", "--env", "dev", "--exit-code", cwd=applied, env=environ)
        assert planned.code == 0, planned.err
        assert "Nothing to change" in planned.out
    assert coe("drift", "--env", "dev", cwd=applied, env=environ).code == 0
    audited = coe("access", "audit", "--env", "dev", cwd=applied, env=environ)
    assert audited.code == 0
    assert "Nothing is wrong with them." in audited.out
    assert "You may not read" in audited.err
