"""Releases in Container Apps: against a Container Apps in memory that takes the Azure CLI's commands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from {{ cookiecutter.package_name }}.cloud.azure_cli import CommandError
from {{ cookiecutter.package_name }}.cloud.revisions import main

DOMAIN = "happy.example.net"


@dataclass
class Azure:
    """One application, or none yet. ``sick`` are images that do not answer from a share of traffic on."""

    images: dict[str, str] = field(default_factory=dict)
    rules: list[dict[str, Any]] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    sick: dict[str, int] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    fails: str = ""

    def __call__(self, *given: str) -> Any:
        flags = [number for number, text in enumerate(given) if text.startswith("--")]
        verb = " ".join(given[: flags[0]])
        options = {given[number]: given[number + 1] for number in flags if number + 1 < len(given)}
        if verb == self.fails:
            raise CommandError(f"az {verb}: the service is away")
        answer: Any = getattr(self, verb.replace(" ", "_").replace("-", "_"))(options)
        return answer

    def stack_sub_show(self, options: dict[str, str]) -> Any:
        assert options["--name"].startswith("coe-")
        return {
            "outputs": {"containerApp": {"value": "ca-demo"}, "resourceGroup": {"value": "rg-demo"}}
        }

    def deployment_sub_show(self, options: dict[str, str]) -> Any:
        raise CommandError("az deployment sub show: there is none")

    def bicep_build_params(self, options: dict[str, str]) -> Any:
        given = {
            "parameters": {"prefix": {"value": "cto"}, "application": {"value": {"port": 8000}}}
        }
        return {"templateJson": "{}", "parametersJson": json.dumps(given)}

    def stack_sub_create(self, options: dict[str, str]) -> None:
        given = json.loads(Path(options["--parameters"].removeprefix("@")).read_text("utf-8"))
        assert given["parameters"]["prefix"] == {"value": "cto"}
        assert given["parameters"]["application"]["value"]["port"] == 8000
        self.start(given["parameters"]["application"]["value"]["image"])
        self.rules = [{"latestRevision": True, "weight": 100}]

    def provider_show(self, options: dict[str, str]) -> Any:
        return ["deploymentStacks"]

    def containerapp_list(self, options: dict[str, str]) -> Any:
        return [{"name": "ca-demo"}] if self.images else []

    def containerapp_show(self, options: dict[str, str]) -> Any:
        latest = list(self.images)[-1]
        ingress = {"fqdn": f"ca-demo.{DOMAIN}", "traffic": self.rules}
        properties = {"latestRevisionName": latest, "latestReadyRevisionName": latest}
        return {"id": "/app", "properties": {**properties, "configuration": {"ingress": ingress}}}

    def containerapp_update(self, options: dict[str, str]) -> Any:
        if list(self.images.values())[-1] != options["--image"]:
            assert not [rule for rule in self.rules if "latestRevision" in rule], (
                "would move at once"
            )
            self.start(options["--image"])
        return self.containerapp_show(options)

    def resource_patch(self, options: dict[str, str]) -> None:
        self.rules = json.loads(options["--properties"])["configuration"]["ingress"]["traffic"]
        assert sum(rule["weight"] for rule in self.rules) == 100
        assert not [rule for rule in self.rules if rule["revisionName"] in self.stopped]
        labels = [rule["label"] for rule in self.rules if "label" in rule]
        assert len(set(labels)) == len(labels)
        newest = self.rules[-1]
        self.log.append(f"{self.images[newest['revisionName']]} {newest['weight']}")

    def containerapp_revision_list(self, options: dict[str, str]) -> Any:
        return [{"name": n, "properties": {"active": n not in self.stopped}} for n in self.images]

    def containerapp_revision_deactivate(self, options: dict[str, str]) -> None:
        assert options["--revision"] not in self.shares()
        self.stopped.append(options["--revision"])

    def start(self, image: str) -> None:
        self.images[f"ca-demo--{len(self.images) + 1}"] = image

    def shares(self) -> dict[str, int]:
        latest = list(self.images)[-1]
        return {rule.get("revisionName", latest): rule["weight"] for rule in self.rules}

    def ask(self, address: str) -> list[str]:
        host, _, domain = address.removeprefix("https://").partition(".")
        assert domain == DOMAIN
        _, _, label = host.partition("---")
        (revision,) = (
            [rule["revisionName"] for rule in self.rules if rule.get("label") == label]
            if label
            else [max(self.shares(), key=lambda name: self.shares()[name])]
        )
        self.log.append(f"ask {label}")
        works = self.shares()[revision] < self.sick.get(self.images[revision], 101)
        return [] if works else ["question: refused (no-source)"]


FIRST = "{{ cookiecutter.environment_names[0] }}"


def release(azure: Azure, image: str, *more: str) -> int:
    options: Sequence[str] = (
        *("--image", image, "--environment", FIRST, "--location", "swedencentral"),
        *("--pause", "0", *more),
    )
    return main(options, az=azure, ask=azure.ask, sleep=lambda seconds: None)


@pytest.fixture(autouse=True)
def infrastructure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pipeline makes what is not there yet."""
    monkeypatch.setenv("DEPLOY_INFRASTRUCTURE", "true")


@pytest.fixture
def azure() -> Azure:
    """An application whose first release is done."""
    made = Azure()
    assert release(made, "one") == 0
    made.log.clear()
    return made


def test_the_first_release_makes_the_application(azure: Azure) -> None:
    assert azure.images == {"ca-demo--1": "one"}
    assert azure.shares() == {"ca-demo--1": 100}


def test_the_next_release_is_tested_by_its_label_and_gets_traffic_in_steps(azure: Azure) -> None:
    assert release(azure, "two") == 0
    assert azure.log == [
        *("one 100", "two 0", "ask candidate", "two 10", "ask candidate"),
        *("two 50", "ask candidate", "two 100", "ask current"),
    ]
    assert azure.shares() == {"ca-demo--1": 0, "ca-demo--2": 100}
    assert [rule["label"] for rule in azure.rules] == ["previous", "current"]
    assert azure.stopped == []


def test_only_the_way_back_is_kept_running(azure: Azure) -> None:
    assert release(azure, "two") == release(azure, "three") == 0
    assert azure.stopped == ["ca-demo--1"]
    assert azure.shares() == {"ca-demo--2": 0, "ca-demo--3": 100}


@pytest.mark.parametrize("share", [0, 10, 50, 100])
def test_a_sick_release_leaves_everything_as_it_was(azure: Azure, share: int) -> None:
    azure.sick["two"] = share
    assert release(azure, "two") == 1
    assert azure.shares() == {"ca-demo--1": 100}
    assert azure.stopped == ["ca-demo--2"]
    assert not [line for line in azure.log if line.startswith("two") and int(line[4:]) > share]
    assert release(azure, "three") == 0
    assert azure.shares() == {"ca-demo--1": 0, "ca-demo--3": 100}


def test_a_first_release_makes_nothing_that_is_left_to_coe_apply(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DEPLOY_INFRASTRUCTURE")
    never = Azure()
    for more in ((), ("--ask",)):
        assert release(never, "r.example/app:1", *more) == 1
        assert not never.images
        said = capsys.readouterr().err
        assert f"infra/project/{FIRST}.bicepparam" in said
        assert "param application = { image: 'r.example/app:1' }" in said
        assert f"coe apply --env {FIRST}" in said


def test_asking_changes_nothing_and_agrees_where_a_release_may_go_on(azure: Azure) -> None:
    assert release(Azure(), "one", "--ask") == 0
    assert release(azure, "two", "--ask") == 0
    assert azure.images == {"ca-demo--1": "one"}
    assert azure.log == []


def test_a_first_release_that_is_sick_fails_and_says_why(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert release(Azure(sick={"one": 0}), "one") == 1
    assert "ca-demo--1: question: refused (no-source)" in capsys.readouterr().err


def test_the_same_image_again_changes_nothing(azure: Azure) -> None:
    assert release(azure, "two") == release(azure, "two") == 0
    assert azure.shares() == {"ca-demo--1": 0, "ca-demo--2": 100}
    assert azure.stopped == []


@pytest.mark.parametrize("command", ["containerapp update", "containerapp list", "stack sub show"])
def test_an_error_is_said_and_moves_no_traffic(
    azure: Azure, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    azure.fails = command
    assert release(azure, "two") == 1
    assert "the service is away" in capsys.readouterr().err
    assert azure.shares() == {"ca-demo--1": 100}
