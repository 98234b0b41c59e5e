"""Models leave the workspace as they are and enter a registry with their lineage, once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from {{ cookiecutter.package_name }}.cloud.azure_cli import CommandError
from {{ cookiecutter.package_name }}.cloud.registry import main
from {{ cookiecutter.package_name }}.lineage import Approval, Record, digest, load, save

OUTPUTS = {
    "resourceGroup": {"value": "rg"},
    "machineLearningWorkspace": {"value": "mlw"},
    "modelRegistry": {"value": "mlr-prod"},
}


@dataclass
class Azure:
    """One workspace with one model, and one registry."""

    registered: dict[str, dict[str, str]] = field(default_factory=dict)
    files: tuple[str, ...] = ("model.json", "model.joblib")

    def __call__(self, *given: str) -> Any:
        verb, options = " ".join(given[:3]), list(given[3:])
        if verb == "stack sub show":
            return {"outputs": OUTPUTS}
        if verb == "ml model download":
            assert options[options.index("--workspace-name") + 1] == "mlw"
            target = Path(options[options.index("--download-path") + 1]) / "requests" / "model"
            target.mkdir(parents=True)
            for name in self.files:
                (target / name).write_text(name, "utf-8")
            return None
        assert options[options.index("--registry-name") + 1] == "mlr-prod"
        if verb == "ml model list":
            if not self.registered:
                raise CommandError("az ml model list: Model container with name requests Not Found")
            return [{"version": key, "tags": tags} for key, tags in self.registered.items()]
        assert verb == "ml model create"
        pairs = (text.split("=", 1) for text in options[options.index("--set") + 1 :])
        version = options[options.index("--version") + 1]
        assert Path(options[options.index("--path") + 1]).name == "model"
        self.registered[version] = {name.removeprefix("tags."): value for name, value in pairs}
        return {}


@pytest.fixture
def azure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Azure:
    monkeypatch.chdir(tmp_path)
    return Azure()


def fetch(azure: Azure) -> int:
    given = ["--deployment", "coe-x-dev", "fetch", "--model", "requests", "--version", "7"]
    return main(given, az=azure)


def publish(azure: Azure) -> int:
    return main(["--deployment", "coe-x-prod", "publish"], az=azure)


def record(**changed: Any) -> None:
    approval = Approval("prod", ("grace",), ("mlops",), "run 1")
    given = {"artefact": digest(Path("candidate")), "evaluation": {"metrics": {"auc": 0.9}}}
    facts = {**given, "data": "d", "commit": "c", "requester": "ada", **changed}
    save(Record("requests", "7", **facts, approvals=(approval,)), Path("promotion.json"))


def test_a_model_is_published_with_its_lineage(
    azure: Azure, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch(azure) == 0
    record()
    assert publish(azure) == 0
    name = "azureml://registries/mlr-prod/models/requests/versions/7"
    assert capsys.readouterr().out.strip() == name
    tags = azure.registered["7"]
    assert tags["sha256"] == load(Path("promotion.json")).artefact
    assert (tags["data"], tags["commit"], tags["auc"]) == ("d", "c", "0.9000")
    assert tags["approvers"] == "grace"


def test_the_same_model_is_published_once_and_another_never_in_its_place(azure: Azure) -> None:
    assert fetch(azure) == 0
    record()
    assert publish(azure) == publish(azure) == 0
    azure.registered["7"]["sha256"] = "other"
    assert publish(azure) == 1


def test_a_model_that_changed_after_its_evaluation_is_not_published(
    azure: Azure, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fetch(azure) == 0
    record()
    Path("candidate/model/model.joblib").write_text("else", "utf-8")
    assert publish(azure) == 1
    assert "is not the model of promotion.json" in capsys.readouterr().err
    assert not azure.registered


def test_a_download_without_a_model_is_refused(azure: Azure) -> None:
    azure.files = ("readme.txt",)
    assert fetch(azure) == 1
