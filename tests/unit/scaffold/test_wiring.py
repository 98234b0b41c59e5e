"""Commands that wire pipelines: complete, from the function table, runnable twice, without a secret."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from coe_scaffold.errors import CoeError
from coe_scaffold.local.programs import run_lines
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Repository
from coe_scaffold.scaffold.federation import service_connections
from coe_scaffold.scaffold.landing_zone import project_infra
from coe_scaffold.scaffold.wiring import Wiring, reviewers, wiring
from tests.fakes.workspace import TENANT, project, settings

ENVIRONMENTS = ("dev", "test", "prod")


def identities() -> dict[str, dict[str, Scope]]:
    found = {}
    for name in ENVIRONMENTS:
        group = settings().environments[name].scope.group(f"rg-ai-claims-chat-id-{name}-sdc")
        kind = "Microsoft.ManagedIdentity/userAssignedIdentities"
        found[name] = {use: group.child(kind, f"id-{use}") for use in ("plan", "deploy", "guardrail")}
    return found


def wired(provider: str) -> Wiring:
    place = replace(settings(), repository=Repository("contoso", provider, project="AI"))
    return wiring(place, project(), identities(), workspace="contoso/ai-workspace")


@pytest.mark.parametrize("provider", ["github", "azure-devops"])
def test_every_environment_gets_its_identity_and_no_secret(provider: str) -> None:
    lines = [line.shell for line in wired(provider).lines]
    for name in ENVIRONMENTS:
        for use in ("plan", "deploy"):
            assert any(str(identities()[name][use]) in line for line in lines)
    assert not [line for line in lines if "secret" in line.lower() or "password" in line.lower()]
    for line in lines:
        assert subprocess.run(["bash", "-n", "-c", line], capture_output=True).returncode == 0, line


def test_reviewers_come_from_the_function_table() -> None:
    assert reviewers(settings(), project(), "dev") == ()
    assert reviewers(settings(), project(), "test") == settings().groups("mlops-engineer")
    last = {group.id for group in reviewers(settings(), project(), "prod")}
    assert last == {
        group.id
        for function in ("mlops-engineer", "compliance-officer", "ai-ethics-officer")
        for group in settings().groups(function)
    }
    (prod,) = (line.shell for line in wired("github").lines if line.purpose == "environment prod")
    assert prod.count("reviewers[][id]=") == 3
    assert "prevent_self_review=true" in prod


def test_the_plan_identity_waits_for_nobody() -> None:
    (line,) = (line.shell for line in wired("github").lines if line.purpose == "environment prod-plan")
    assert "reviewers" not in line


def test_running_stops_at_the_first_failure_and_can_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    for program, answer in (("gh", "main\\nv*"), ("az", "client-id")):
        path = tmp_path / "bin" / program
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'#!/bin/sh\necho {program} "$@" >> {log}\nprintf "{answer}\\n"\n')
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    told: list[str] = []
    found = wired("github")
    run_lines(tmp_path, found.lines, programs=("gh", "az"), tell=told.append)
    once = log.read_text().splitlines()
    assert len(told) == len(found.lines)
    assert "gh variable set AZURE_CLIENT_ID --repo contoso/claims-chat --env prod --body client-id" in once
    assert not [line for line in once if "--method POST" in line]
    run_lines(tmp_path, found.lines, programs=("gh", "az"), tell=told.append)
    assert log.read_text().splitlines() == once * 2
    (tmp_path / "bin" / "az").write_text("#!/bin/sh\necho not signed in >&2\nexit 1\n")
    log.write_text("")
    with pytest.raises(CoeError, match="AZURE_CLIENT_ID") as error:
        run_lines(tmp_path, found.lines, programs=("gh", "az"), tell=told.append)
    assert "not signed in" in error.value.detail
    assert "AZURE_CLIENT_ID" not in log.read_text()
    with pytest.raises(CoeError, match="no-such-program"):
        run_lines(tmp_path, found.lines, programs=("no-such-program",), tell=told.append)


@pytest.mark.parametrize(
    ("owner_id", "repository_id", "owner", "name"),
    [
        ("12", "34", "contoso@12", "claims-chat@34"),
        ("12", "", "contoso", "claims-chat"),
        ("", "", "contoso", "claims-chat"),
    ],
)
def test_subjects_carry_githubs_numbers_when_both_are_known(
    owner_id: str, repository_id: str, owner: str, name: str
) -> None:
    place = replace(settings(), repository=Repository("contoso", owner_id=owner_id))
    files = project_infra(place, replace(project(), repository_id=repository_id))
    text = files.text("project/dev.bicepparam")
    assert f"owner: '{owner}'" in text
    assert f"name: '{name}'" in text


def test_releases_are_tags_and_only_they_and_main_deploy() -> None:
    lines = {line.purpose: line.shell for line in wired("github").lines}
    assert "branch main may deploy to dev" in lines
    assert "tag v* may deploy to dev" not in lines
    assert "-f name='v*' -f type=tag" in lines["tag v* may deploy to prod"]
    assert "tag v* may deploy to prod-guardrail" not in lines
    assert not [purpose for purpose in lines if purpose.endswith("deploy to prod-plan")]


def test_azure_devops_waits_for_the_groups_of_the_function_table() -> None:
    lines = {line.purpose: line.shell for line in wired("azure-devops").lines}
    assert "approval of claims-chat-dev" not in lines
    assert "environment claims-chat-dev" in lines
    assert lines["approval of claims-chat-test"].count("filterValue=") == 1
    prod = lines["approval of claims-chat-prod"]
    assert prod.count("filterValue=") == 3
    assert '"requesterCannotBeApprover": true' in prod


def test_an_approval_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service in one file: it knows an environment, groups by name, and the check once it is posted."""
    az = tmp_path / "az"
    az.write_text(
        "#!/bin/bash\n"
        f"cd {tmp_path}\n"
        'case "$*" in\n'
        '  *"--method post"*) all="$*"; file=${all##*@}; cp "${file%% *}" posted; echo x >> count;;\n'
        "  *checks*) if [ -f posted ]; then echo 9; fi;;\n"
        "  *identities*) echo group-1;;\n"
        "  *) echo 7;;\n"
        "esac\n"
    )
    az.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    (line,) = (line for line in wired("azure-devops").lines if line.purpose == "approval of claims-chat-test")
    for _ in range(2):
        run_lines(tmp_path, [line], programs=("az",), tell=lambda _: None)
    assert (tmp_path / "count").read_text() == "x\n"
    posted = json.loads((tmp_path / "posted").read_text())
    assert posted["settings"]["approvers"] == [{"id": "group-1"}]
    assert posted["resource"]["id"] == "7"


def test_azure_devops_says_what_a_person_must_set() -> None:
    by_hand = "\n".join(wired("azure-devops").by_hand)
    assert "policies.yaml" in by_hand


def test_what_azure_devops_wires_is_what_the_templates_make() -> None:
    """Issuer and subject are read from the connection; the credential has the name the templates give it."""
    lines = {line.purpose: line.shell for line in wired("azure-devops").lines}
    line = lines["federated credential of dev-plan"]
    assert "--name azure-devops-dev-plan " in line
    assert "workloadIdentityFederationIssuer" in line
    assert "workloadIdentityFederationSubject" in line


def test_the_guids_that_templates_need_are_asked_for_until_they_are_known() -> None:
    before = "\n".join(wired("azure-devops").by_hand)
    assert "repository.organisationId" in before
    assert "dev, dev-plan, " in before
    known = {sign: TENANT for name in ENVIRONMENTS for sign in (name, f"{name}-plan", f"{name}-guardrail")}
    place = replace(settings(), repository=Repository("contoso", project="AI", organisation_id=TENANT))
    own = replace(project(), provider="azure-devops", connections=known)
    after = "\n".join(wiring(place, own, identities()).by_hand)
    assert "repository." not in after
    assert all(f"infra/project/{name}.bicepparam" in after for name in ENVIRONMENTS)
    written = {name: frozenset(service_connections(place, own, name).values()) for name in ENVIRONMENTS}
    last = "\n".join(wiring(place, own, identities(), subjects=written).by_hand)
    assert "bicepparam" not in last


@pytest.mark.parametrize("provider", ["github", "azure-devops"])
def test_promotions_of_tuned_models_must_see_where_they_were_tuned(provider: str) -> None:
    place = replace(settings(), repository=Repository("contoso", provider, project="AI"))
    said = {
        kind: "\n".join(wiring(place, replace(project(), kind=kind), identities()).by_hand)
        for kind in ("rag", "finetune")
    }
    assert (
        "Reader on the Foundry account of dev, from which models are copied, for id-deploy, id-deploy."
        in (said["finetune"])
    )
    assert "Reader" not in said["rag"]


def test_a_projects_own_provider_wins() -> None:
    own = replace(project(), provider="azure-devops")
    place = replace(settings(), repository=Repository("contoso", "github"))
    assert wiring(place, own, identities()).program == "az"
    assert "serviceConnections" in project_infra(place, own).text("project/dev.bicepparam")
