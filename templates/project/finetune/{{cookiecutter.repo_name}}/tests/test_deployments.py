"""A tuned model gets the name that applications call only while it works; else the one before keeps it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from {{ cookiecutter.package_name }}.cloud.azure_cli import CommandError
from {{ cookiecutter.package_name }}.cloud.deployments import main, passes

HOME = "/subscriptions/s/resourceGroups/g/providers/Microsoft.CognitiveServices/accounts/prod"
SOURCE = HOME.replace("prod", "dev")


@dataclass
class Azure:
    """One account; ``states`` are what a new deployment goes through."""

    models: dict[str, dict[str, Any]] = field(default_factory=lambda: {"base": {"name": "gpt"}})
    states: list[str] = field(default_factory=lambda: ["Creating", "Succeeded"])
    filters: dict[str, str] = field(default_factory=lambda: {"base": "strict"})
    looks: int = 0
    sick: str = ""

    def __call__(self, *given: str) -> Any:
        if given[0] == "stack":
            return {"outputs": {"foundryAccount": {"value": HOME}}}
        options = dict(zip(given[1::2], given[2::2], strict=True))
        address = options["--url"].removeprefix("https://management.azure.com")
        name = address.removeprefix(f"{HOME}/deployments").partition("?")[0].strip("/")
        if options["--method"] == "put":
            body = json.loads(options["--body"])
            self.models[name] = body["properties"]["model"]
            self.filters[name] = body["properties"]["raiPolicyName"]
            self.looks = 0
        elif options["--method"] == "delete":
            del self.models[name]
        return {"value": [self.shown(name) for name in self.models]}

    def shown(self, name: str) -> dict[str, Any]:
        state = self.states[min(self.looks, len(self.states) - 1)]
        self.looks += 1
        facts = {"provisioningState": state, "raiPolicyName": self.filters[name]}
        return {"name": name, "properties": {**facts, "model": self.models[name]}}

    def works(self, name: str) -> bool:
        if self.models[name]["name"] == "breaks":
            raise CommandError("the service is away")
        return bool(self.models[name]["name"] != self.sick)


def run(azure: Azure, *given: str, base: str = "base") -> int:
    command = [*given, "--deployment", "coe-x-prod", "--base", base]
    return main(command, az=azure, works=azure.works, sleep=lambda seconds: None)


def promote(azure: Azure, model: str) -> int:
    assert run(azure, "place", "--model", model, "--source", SOURCE) == 0
    return run(azure, "switch")


def test_a_model_is_copied_from_the_account_it_was_tuned_in_with_the_filter_of_its_base() -> None:
    azure = Azure()
    assert promote(azure, "one") == 0
    model = {"format": "OpenAI", "name": "one", "version": "1", "source": SOURCE}
    assert azure.models["tuned"] == model
    assert azure.filters["tuned"] == "strict"
    assert "candidate" not in azure.models


def test_in_its_own_account_a_model_has_no_source() -> None:
    azure = Azure()
    assert run(azure, "place", "--model", "one", "--source", HOME) == 0
    assert "source" not in azure.models["candidate"]


def test_a_model_that_fails_its_evaluation_gives_the_name_back() -> None:
    azure = Azure(sick="two")
    assert promote(azure, "one") == 0
    assert promote(azure, "two") == 1
    assert azure.models["tuned"]["name"] == "one"
    assert "candidate" not in azure.models


def test_the_name_goes_back_when_the_test_itself_breaks() -> None:
    azure = Azure()
    assert promote(azure, "one") == 0
    assert promote(azure, "breaks") == 1
    assert azure.models["tuned"]["name"] == "one"


def test_a_first_model_that_fails_leaves_no_name() -> None:
    azure = Azure(sick="one")
    assert promote(azure, "one") == 1
    assert set(azure.models) == {"base"}


@pytest.mark.parametrize("states", [["Creating", "Failed"], ["Creating"]])
def test_a_deployment_that_does_not_come_up_is_an_error(
    states: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(Azure(states=states), "place", "--model", "one") == 1
    assert "the deployment candidate" in capsys.readouterr().err


def test_what_is_in_use_is_evaluated_every_week(capsys: pytest.CaptureFixture[str]) -> None:
    azure = Azure()
    assert run(azure, "evaluate") == 0
    assert "nothing has been promoted here yet" in capsys.readouterr().err
    assert promote(azure, "one") == 0
    assert run(azure, "evaluate") == 0
    azure.sick = "one"
    assert run(azure, "evaluate") == 1
    assert azure.models["tuned"]["name"] == "one"


@pytest.mark.parametrize(
    ("looks", "code", "expected"), [(3, 0, True), (3, 1, False), (99, 0, False)]
)
def test_the_gate_asks_the_deployment_as_soon_as_it_is_known(
    tmp_path: Path, looks: int, code: int, *, expected: bool
) -> None:
    said = tmp_path / "asked"
    script = (
        "import os, sys; "
        f"open({str(said)!r}, 'w').write(os.environ['AZURE_OPENAI_TUNED_DEPLOYMENT']); sys.exit({code})"
    )
    known = iter(range(1, 100))
    waited: list[float] = []
    done = passes(
        "tuned",
        answers=lambda name: next(known) >= looks,
        sleep=waited.append,
        command=(sys.executable, "-c", script),
    )
    assert done is expected
    assert len(waited) < 20
    assert (said.read_text() if said.exists() else "") == ("tuned" if looks < 99 else "")


def test_without_candidate_or_base_nothing_is_switched() -> None:
    assert run(Azure(), "switch") == 1
    assert run(Azure(), "place", "--model", "one", base="nothing") == 1
