"""The pipeline's deployment of ``infra/``: the stack that ``coe apply`` keeps, with its settings."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from {{ cookiecutter.package_name }}.cloud.azure_cli import CommandError
from {{ cookiecutter.package_name }}.cloud.infrastructure import deploy, main, stack_options

ROOT = Path(__file__).parents[1]
ENVIRONMENT = "{{ cookiecutter.environment_names[0] }}"
HOW = json.loads((ROOT / "infra" / "deployments.json").read_text("utf-8"))
TAGS = {"coe-project": "{{ cookiecutter.repo_name }}", "coe-environment": ENVIRONMENT}


class Azure:
    """Takes commands of the Azure CLI; ``parameters`` are what the last deployment was given."""

    def __init__(
        self, *, app: bool = False, runs: bool = False, offers: Any = ("deploymentStacks",)
    ) -> None:
        self.app, self.runs, self.offers = app, runs, offers
        self.created: tuple[str, ...] = ()
        self.parameters: dict[str, Any] = {}
        self.outputs = {"containerRegistry": "cr"}

    def __call__(self, *given: str) -> Any:
        verb = " ".join(given[:3])
        options = dict(pairwise(given))
        if verb.startswith("bicep build-params"):
            known = {"components": {"app": self.app}, "tags": TAGS}
            values = {name: {"value": value} for name, value in known.items()}
            return {"templateJson": "{}", "parametersJson": json.dumps({"parameters": values})}
        if verb.startswith("provider show"):
            if self.offers is None:
                raise CommandError("you may not ask")
            return self.offers
        if verb.startswith("containerapp list"):
            return [{"name": "ca"}] if self.runs else []
        if verb.startswith("resource list"):
            return [{"name": "ca", "tags": {**TAGS, "owner": "x"}}] if self.runs else []
        if verb.endswith("sub create"):
            self.created = given
            file = Path(options["--parameters"].removeprefix("@"))
            self.parameters = json.loads(file.read_text("utf-8"))["parameters"]
            return None
        assert options["--name"] == HOW[ENVIRONMENT]["name"]
        return {"outputs": {name: {"value": value} for name, value in self.outputs.items()}}


def test_the_stack_has_the_name_and_settings_of_the_workspace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DEPLOY_INFRASTRUCTURE", "true")
    azure = Azure()
    assert main([ENVIRONMENT, "--location", "swedencentral"], az=azure) == 0
    assert json.loads(capsys.readouterr().out) == {"containerRegistry": "cr"}
    kind = "deployment" if HOW[ENVIRONMENT]["use"] == "never" else "stack"
    assert azure.created[:3] == (kind, "sub", "create")
    name = azure.created[azure.created.index("--name") + 1]
    assert name == f"coe-{TAGS['coe-project']}-{ENVIRONMENT}"
    assert "application" not in azure.parameters


@pytest.mark.parametrize("value", [None, "", "false"])
def test_it_is_left_to_coe_apply_unless_it_is_asked_for(
    value: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("DEPLOY_INFRASTRUCTURE", raising=False)
    if value is not None:
        monkeypatch.setenv("DEPLOY_INFRASTRUCTURE", value)
    azure = Azure()
    assert main([ENVIRONMENT, "--location", "swedencentral"], az=azure) == 0
    assert azure.created == ()
    assert json.loads(capsys.readouterr().out) == {"containerRegistry": "cr"}


@pytest.mark.parametrize("runs", [False, True])
def test_a_first_release_is_told_before_anything_is_built(
    runs: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("DEPLOY_INFRASTRUCTURE", raising=False)
    azure = Azure(app=True, runs=runs)
    azure.outputs.update(containerApp="ca", resourceGroup="rg")
    assert main([ENVIRONMENT, "--location", "swedencentral"], az=azure) == 0
    assert ("there is no ca yet" in capsys.readouterr().err) is not runs


@pytest.mark.parametrize(
    ("use", "offers", "kind"),
    [
        ("auto", ("deployments",), "deployment"),
        ("auto", ("deploymentStacks",), "stack"),
        ("auto", None, "stack"),
        ("always", (), "stack"),
        ("never", ("deploymentStacks",), "deployment"),
    ],
)
def test_where_there_are_no_stacks_it_is_deployed_plainly(
    tmp_path: Path, use: str, offers: Any, kind: str
) -> None:
    (tmp_path / "infra").mkdir()
    how = {ENVIRONMENT: {**HOW[ENVIRONMENT], "use": use}}
    (tmp_path / "infra" / "deployments.json").write_text(json.dumps(how), "utf-8")
    azure = Azure(offers=offers)
    deploy(azure, tmp_path, ENVIRONMENT, "swedencentral")
    assert azure.created[0] == kind


@pytest.mark.parametrize(
    ("app", "runs", "image", "expected"),
    [
        (False, True, "", None),
        (True, False, "", None),
        (True, True, "", {}),
        (True, False, "r.example/a:1", {"image": "r.example/a:1"}),
    ],
)
def test_no_deployment_drops_an_application_that_runs(
    app: bool, runs: bool, image: str, expected: Any
) -> None:
    azure = Azure(app=app, runs=runs)
    deploy(azure, ROOT, ENVIRONMENT, "swedencentral", image=image)
    assert azure.parameters.get("application", {}).get("value") == expected


def test_deletions_and_denials_are_asked_for_as_they_are_written() -> None:
    deny = {"mode": "denyDelete", "excludedPrincipals": ["a", "b"], "excludedActions": ["x/write"]}
    how = {
        "actionOnUnmanage": "deleteResources",
        "denySettings": {**deny, "applyToChildScopes": True},
        "tags": {"a": "1", "b": "2"},
    }
    text = " ".join(stack_options(how))
    for part in (
        "--action-on-unmanage deleteResources",
        "--resources-without-delete-support detach",
        "--bypass-stack-out-of-sync-error false",
        "--deny-settings-mode denyDelete",
        "--deny-settings-excluded-principals a b",
        "--deny-settings-excluded-actions x/write",
        "--deny-settings-apply-to-child-scopes",
        "--tags a=1 b=2",
    ):
        assert part in text
    assert "a b" in stack_options(how)


def test_what_azure_refuses_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*given: str) -> Any:
        raise CommandError("AuthorizationFailed")

    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DEPLOY_INFRASTRUCTURE", "true")
    assert main([ENVIRONMENT, "--location", "swedencentral"], az=refuse) == 1
    assert capsys.readouterr().err == "error: AuthorizationFailed\n"
    assert main(["nowhere", "--location", "swedencentral"], az=Azure()) == 1
