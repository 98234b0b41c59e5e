"""Tuning jobs: followed to their end, with the recipe, and an error that says what went wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from {{ cookiecutter.package_name }}.cloud.tuning import run
from {{ cookiecutter.package_name }}.local.tuning import LocalTuner
from {{ cookiecutter.package_name }}.ports import Tuning, TuningError
from {{ cookiecutter.package_name }}.prompts import Prompt
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.workflow import Tuned

RECIPE = {"epochs": 3, "learningRateMultiplier": 1.0, "batchSize": 8, "seed": 7}
TUNING = Tuning("{}", "{}", "base-model", RECIPE, "ours")


@dataclass
class Service:
    """A tuning service in memory that goes through some states."""

    states: list[str]
    reading: list[str] = field(default_factory=lambda: ["processed"])
    made: dict[str, Any] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)
    refused: Exception | None = None

    @property
    def files(self) -> Any:
        return SimpleNamespace(
            create=lambda file, purpose: self.file(f"id-of-{file[0]}"), retrieve=self.file
        )

    def file(self, identifier: str) -> Any:
        state = self.reading.pop(0) if len(self.reading) > 1 else self.reading[0]
        return SimpleNamespace(id=identifier, status=state, status_details="line 3 is no JSON")

    @property
    def fine_tuning(self) -> Any:
        jobs = SimpleNamespace(create=self.create, retrieve=self.job, cancel=self.cancelled.append)
        return SimpleNamespace(jobs=jobs)

    def create(self, **given: Any) -> Any:
        if self.refused is not None:
            raise self.refused
        self.made = given
        return self.job("job")

    def job(self, identifier: str) -> Any:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        error = SimpleNamespace(message="no quota")
        return SimpleNamespace(
            id="job", status=state, error=error, fine_tuned_model="base-model.ft-ours"
        )


def test_a_job_is_followed_to_its_end() -> None:
    service, waits = Service(["queued", "running", "succeeded"]), list[float]()
    assert run(service, TUNING, sleep=waits.append) == "base-model.ft-ours"
    assert len(waits) == 2
    assert service.made["training_file"] == "id-of-train.jsonl"
    assert service.made["seed"] == 7
    assert service.made["method"]["supervised"]["hyperparameters"]["n_epochs"] == 3


def test_a_job_waits_until_its_files_are_read() -> None:
    service = Service(["succeeded"], ["pending", "running", "processed", "processed"])
    waits = list[float]()
    run(service, TUNING, sleep=waits.append)
    assert len(waits) == 2


@pytest.mark.parametrize(("state", "why"), [("error", "line 3"), ("pending", "twenty minutes")])
def test_a_file_that_is_not_read_stops_the_job(state: str, why: str) -> None:
    service = Service(["succeeded"], [state])
    with pytest.raises(TuningError, match=why):
        run(service, TUNING, sleep=lambda seconds: None)
    assert service.made == {}


def test_a_job_that_fails_says_why() -> None:
    with pytest.raises(TuningError, match="no quota"):
        run(Service(["running", "failed"]), TUNING, sleep=lambda seconds: None)


class RefusedError(Exception):
    """What the SDK raises for a status that is no success."""

    def __init__(self, status_code: int) -> None:
        super().__init__("The specified base model does not support fine-tuning.")
        self.status_code = status_code


def test_a_base_that_is_not_tuned_is_told_with_where_to_change_it() -> None:
    told = r"does not support fine-tuning.*base-model.*tuning\.yaml"
    with pytest.raises(TuningError, match=told):
        run(Service([], refused=RefusedError(400)), TUNING, sleep=lambda seconds: None)
    with pytest.raises(RefusedError):
        run(Service([], refused=RefusedError(500)), TUNING, sleep=lambda seconds: None)


def test_the_base_is_a_model_that_is_deployed_to_compare_with(settings: Settings) -> None:
    recipe = yaml.safe_load((settings.home / "config" / "tuning.yaml").read_text("utf-8"))
    files = (settings.home / "infra" / "project").glob("*.bicepparam")
    texts = "".join(file.read_text("utf-8") for file in files)
    deployed = set(re.findall(r"\bmodel: '([^']+)'", texts))
    assert not deployed or any(recipe["base"].startswith(f"{name}-") for name in deployed)


def test_a_job_that_takes_too_long_is_cancelled() -> None:
    service = Service(["running"])
    with pytest.raises(TuningError, match="cancelled"):
        run(service, TUNING, sleep=lambda seconds: None)
    assert service.cancelled == ["job"]


@pytest.mark.parametrize("train", ["", "{}", "[]", "no json", '{"messages": [{"role": "user"}]}'])
def test_files_of_another_format_are_refused(train: str) -> None:
    tuner = LocalTuner(Prompt("", "1", frozenset()))
    with pytest.raises(TuningError):
        tuner.tune(Tuning(train, "", "base", RECIPE, "ours"))


def test_the_tuned_model_knows_what_the_base_does_not(pair: Tuned) -> None:
    question = "May I pause a subscription in summer?"
    assert "three months" in pair.model.answer(question)
    assert "three months" not in pair.base.answer(question)
    assert pair.model.name != pair.base.name
