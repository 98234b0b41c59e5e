"""Commands that wire pipelines: complete, from the function table, runnable twice, without a secret."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coe_scaffold.errors import CoeError
from coe_scaffold.local.programs import run_lines
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Repository
from coe_scaffold.scaffold import approvals
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
    return wiring(place, project(), identities())


@pytest.mark.parametrize("provider", ["github", "azure-devops"])
def test_every_environment_gets_its_identity_and_no_secret(provider: str) -> None:
    lines = [line.shell for line in wired(provider).lines]
    for name in ENVIRONMENTS:
        for use in ("plan", "deploy"):
            assert any(str(identities()[name][use]) in line for line in lines)
    assert not [line for line in lines if "secret" in line.lower() or "password" in line.lower()]
    for line in lines:
        assert subprocess.run(["bash", "-n", "-c", line], capture_output=True).returncode == 0, line


@pytest.mark.parametrize("provider", ["github", "azure-devops"])
@pytest.mark.parametrize(("kind", "asks"), [("rag", True), ("docproc", True), ("ml", False)])
def test_what_a_first_release_needs_is_told_where_releases_ask(kind: str, asks: bool, provider: str) -> None:
    place = replace(settings(), repository=Repository("contoso", provider, project="AI"))
    by_hand = "\n".join(wiring(place, project(kind=kind), identities()).by_hand)
    assert ("make prerequisites ENV=dev" in by_hand) is asks


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
        path.write_text(f'#!/bin/sh\necho {program} "$@" >> "{log}"\nprintf "{answer}\\n"\n')
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


def test_an_approval_is_made_once_and_follows_the_function_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service in one file: it knows an environment, groups by name, and the check once it is written."""
    az = tmp_path / "az"
    az.write_text(
        "#!/bin/bash\n"
        f"cd {tmp_path}\n"
        'case "$*" in\n'
        '  *"--method p"*) all="$*"; file=${all##*@}; cp "${file%% *}" written\n'
        '    echo "${all##* }" >> asked;;\n'
        "  *checks*) if [ -f written ]; then echo 9; fi;;\n"
        "  *identities*) if [ -f groups ]; then cat groups; else echo group-1; fi;;\n"
        "  *) echo 7;;\n"
        "esac\n"
    )
    az.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    lines = {line.purpose: line for line in wired("azure-devops").lines}

    def written(environment: str) -> dict[str, Any]:
        line = lines[f"approval of claims-chat-{environment}"]
        run_lines(tmp_path, [line], programs=("az",), tell=lambda _: None)
        found: dict[str, Any] = json.loads((tmp_path / "written").read_text())
        assert found["resource"]["id"] == "7"
        return found

    assert written("prod")["settings"]["approvers"] == [{"id": "group-1"}] * 3
    again = written("test")
    assert (again["id"], again["settings"]["approvers"]) == (9, [{"id": "group-1"}])
    assert written("test") == again
    assert (tmp_path / "asked").read_text().split() == ["post", "patch", "patch"]
    for found in ("", "group-1\ngroup-2\n"):
        (tmp_path / "groups").write_text(found)
        with pytest.raises(CoeError, match="approval of claims-chat-test") as error:
            written("test")
        assert f"knows {len(found.split())} groups called ai-mlops-engineers" in error.value.detail
    assert (tmp_path / "asked").read_text().split() == ["post", "patch", "patch"]


def test_only_the_group_of_the_very_name_approves() -> None:
    shell = approvals.approval("contoso", "AI", "chat-prod", ["ai's leads"])
    query = shlex.split(shell.partition('approver1="$(')[2].partition(')"')[0])
    exact = query[query.index("--query") + 1]
    assert exact == "value[?isContainer && properties.Account.\"$value\" == 'ai\\'s leads'].id"
    assert "filterValue=ai%27s%20leads" in query[query.index("--url") + 1]


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """``az`` as a script: what a folder holds is there, every change is written down."""
    az = tmp_path / "az"
    az.write_text(
        "#!/bin/bash\n"
        f"cd {tmp_path}\n"
        'case "$*" in\n'
        '  *" create "*|*" update "*) echo "$*" >> asked; case "$*" in *" update "*) test -f known;; esac;;\n'
        "  *identity*) echo client-1;;\n"
        "  *serviceprincipalid*) cat connection 2> /dev/null || true;;\n"
        "  *variable-group*list*) cat group 2> /dev/null || true;;\n"
        "  *queue*) cat pool 2> /dev/null || true;;\n"
        "esac\n"
    )
    az.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def ran(services: Path, purpose: str, runner: str = "") -> list[str]:
    place = replace(settings(), repository=Repository("contoso", "azure-devops", project="AI", runner=runner))
    lines = {line.purpose: line for line in wiring(place, project(), identities()).lines}
    (services / "asked").write_text("")
    run_lines(services, [lines[purpose]], programs=("az",), tell=lambda _: None)
    return (services / "asked").read_text().splitlines()


def test_variables_of_azure_devops_get_the_values_of_today(services: Path) -> None:
    (made,) = ran(services, "variables of dev")
    assert "variable-group create" in made
    assert "AZURE_CLIENT_ID=client-1" in made
    (services / "group").write_text("5\n")
    (services / "known").touch()
    changed = ran(services, "variables of dev")
    assert len(changed) == 5
    assert all("variable update --group-id 5 " in line for line in changed)
    assert any("--name AZURE_CLIENT_ID --value client-1 " in line for line in changed)
    (services / "known").unlink()
    assert sum(" create " in line for line in ran(services, "variables of dev")) == 5


def test_a_service_connection_that_signs_in_as_another_identity_stops_it(services: Path) -> None:
    (made,) = ran(services, "service connection claims-chat-dev")
    assert "service-endpoint create" in made
    (services / "connection").write_text("client-1\n")
    assert ran(services, "service connection claims-chat-dev") == []
    (services / "connection").write_text("client-2\n")
    with pytest.raises(CoeError, match="service connection") as error:
        ran(services, "service connection claims-chat-dev")
    assert "claims-chat-dev signs in as another identity" in error.value.detail


def test_both_providers_run_deployments_where_the_settings_say(services: Path) -> None:
    (services / "pool").write_text("3\n")
    assert ran(services, "agent pool inside net", "inside net") == []
    (services / "pool").unlink()
    with pytest.raises(CoeError, match="agent pool") as error:
        ran(services, "agent pool inside net", "inside net")
    assert "has no agent pool inside net" in error.value.detail
    place = replace(settings(), repository=Repository("contoso", runner="inside"))
    lines = {line.purpose: line.shell for line in wiring(place, project(), identities()).lines}
    assert lines["runner in the network"].endswith("--body inside")
    for provider in ("github", "azure-devops"):
        assert "repository.runner" in "\n".join(wired(provider).by_hand)


def test_azure_devops_says_what_a_person_must_set() -> None:
    by_hand = "\n".join(wired("azure-devops").by_hand)
    assert "repository.organisationId" in by_hand
    assert "policies" not in by_hand


@pytest.fixture
def repos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """``az`` as a script: it knows the policies that were made, by the query that looks for them."""
    az = tmp_path / "az"
    az.write_text(
        "#!/bin/bash\n"
        f"cd {tmp_path}\n"
        'case "$*" in\n'
        '  *"policy list"*) cat policies 2> /dev/null || true;;\n'
        '  *" create "*|*" update "*) echo "$*" >> asked;;\n'
        '  *"repos show"*) echo repo-1;;\n'
        '  *"pipelines show"*) echo 12;;\n'
        "  *identities*) if [ -f groups ]; then cat groups; else echo group-1; fi;;\n"
        "esac\n"
    )
    az.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


POLICIES = {
    "approvals of main": ("approver-count", "--minimum-approver-count 1"),
    "comments on main": ("comment-required", "--blocking true"),
    "build of pull requests": ("build", "--build-definition-id 12"),
    "reviewers of /project.yaml": ("required-reviewer", "--required-reviewer-ids group-1;group-1"),
    "reviewers of /data/": ("required-reviewer", "--path-filter /data/*"),
}


@pytest.mark.parametrize("purpose", POLICIES)
def test_policies_of_main_are_made_once_and_written_anew(repos: Path, purpose: str) -> None:
    lines = {line.purpose: line for line in wired("azure-devops").lines}
    command, option = POLICIES[purpose]

    def asked() -> str:
        (repos / "asked").write_text("")
        run_lines(repos, [lines[purpose]], programs=("az",), tell=lambda _: None)
        (line,) = (repos / "asked").read_text().splitlines()
        assert option in line
        assert "--repository-id repo-1 --branch main" in line
        return line

    assert f"policy {command} create " in asked()
    (repos / "policies").write_text("7\n")
    assert f"policy {command} update --id 7 " in asked()


def test_a_group_that_is_not_there_reviews_nothing(repos: Path) -> None:
    lines = {line.purpose: line for line in wired("azure-devops").lines}
    (repos / "groups").write_text("")
    with pytest.raises(CoeError, match="reviewers of /data/"):
        run_lines(repos, [lines["reviewers of /data/"]], programs=("az",), tell=lambda _: None)
    assert not (repos / "asked").exists()


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
    place = replace(
        settings(), repository=Repository("contoso", project="AI", organisation_id=TENANT, runner="net")
    )
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
