"""The YAML for Azure Machine Learning: two deployments of one model, pinned, private, with a way back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from {{ cookiecutter.package_name }}.cloud.azure_cli import CommandError
from {{ cookiecutter.package_name }}.cloud.endpoints import Workspace, watch
from {{ cookiecutter.package_name }}.lineage import model_name
from {{ cookiecutter.package_name }}.release import SLOTS, idle, monitoring, release

ROOT = Path(__file__).parents[1]


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


FILES = sorted(
    p.relative_to(ROOT).as_posix()
    for f in ("deploy", "pipelines")
    for p in (ROOT / f).glob("*.yml")
)


@pytest.mark.parametrize("path", [path for path in FILES if path != "deploy/environment.yml"])
def test_every_file_names_its_schema(path: str) -> None:
    assert read(path)["$schema"].startswith("https://azuremlschemas.azureedge.net/latest/")


def test_blue_and_green_differ_only_in_name() -> None:
    blue, green = read("deploy/online-blue.yml"), read("deploy/online-green.yml")
    assert (blue.pop("name"), green.pop("name")) == SLOTS
    assert blue["instance_count"] >= 2
    assert blue == green


def test_the_endpoint_takes_no_keys_and_no_public_requests() -> None:
    endpoint = read("deploy/online-endpoint.yml")
    assert endpoint["auth_mode"] == "aad_token"
    assert endpoint["public_network_access"] == "disabled"
    assert read("deploy/online-blue.yml")["endpoint_name"] == endpoint["name"]


def test_requests_are_collected_for_drift() -> None:
    collections = read("deploy/online-blue.yml")["data_collector"]["collections"]
    assert set(collections) == {"model_inputs", "model_outputs"}
    assert read("deploy/drift-monitor.yml")["create_monitor"]["alert_notification"]["emails"]


def test_the_drift_monitor_watches_the_slot_that_serves() -> None:
    written = read("deploy/drift-monitor.yml")
    moved = monitoring(written, "other-endpoint", "green")
    target = moved["create_monitor"]["monitoring_target"]
    assert target["endpoint_deployment_id"] == "azureml:other-endpoint:green"
    assert moved["name"] == "other-endpoint-drift"
    name = read("deploy/online-endpoint.yml")["name"]
    assert monitoring(moved, name, SLOTS[0]) == written


def test_a_release_that_cannot_point_the_monitor_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[Any] = []
    workspace = Workspace("sub", "rg", "mlw")

    def works(*given: str) -> None:
        asked.extend([given[:3], yaml.safe_load(Path(given[4]).read_text("utf-8")), given[5:]])

    def refuses(*given: str) -> None:
        raise CommandError("403")

    assert watch(workspace, "demo", "green", ROOT / "deploy", az=works)
    verb, monitor, where = asked
    assert verb == ("ml", "schedule", "create")
    assert monitor == monitoring(read("deploy/drift-monitor.yml"), "demo", "green")
    assert where == ("--workspace-name", "mlw", "--resource-group", "rg")
    assert not watch(workspace, "demo", "green", ROOT / "deploy", az=refuses)
    assert "the drift monitor does not watch green: 403" in capsys.readouterr().err


def test_one_setting_names_the_model_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_HOME", str(ROOT))
    name = read("config/app.yaml")["modelName"]
    assert model_name() == name
    for slot in SLOTS:
        assert read(f"deploy/online-{slot}.yml")["model"] == f"azureml:{name}@latest"
    assert read("deploy/batch-deployment.yml")["model"] == f"azureml:{name}@latest"


@pytest.mark.parametrize("path", ["deploy/online-blue.yml", "deploy/batch-deployment.yml"])
def test_scripts_and_environment_exist(path: str) -> None:
    deployment = read(path)
    assert (ROOT / deployment["code_configuration"]["scoring_script"]).is_file()
    assert (ROOT / "deploy" / deployment["environment"]["conda_file"]).is_file()
    assert not deployment["environment"]["image"].endswith(("latest", ":"))


def test_the_training_pipeline_asks_the_gate_first() -> None:
    jobs = read("pipelines/train.yml")["jobs"]
    assert "python -m evals" in jobs["gate"]["command"]
    assert jobs["train"]["inputs"]["reports"].endswith("parent.jobs.gate.outputs.reports}}")
    assert "--promote" in jobs["train"]["command"]


def test_the_scorecard_has_constructor_tools_and_gather() -> None:
    components = [job["component"] for job in read("pipelines/rai.yml")["jobs"].values()]
    for part in ("insight_constructor", "erroranalysis", "insight_gather", "score_card"):
        assert [name for name in components if part in name], part


class Endpoint:
    """An endpoint in memory; a slot answers unless its model is called sick."""

    def __init__(self) -> None:
        self.models: dict[str, str] = {}
        self.now: dict[str, int] = {}

    def shares(self) -> Mapping[str, int]:
        return self.now

    def route(self, shares: Mapping[str, int]) -> None:
        assert set(shares) <= set(self.models)
        self.now = dict(shares)

    def healthy(self, version: str) -> bool:
        return self.models[version] != "sick"

    def deploy(self, slot: str, model: str) -> None:
        assert not self.now.get(slot), "somebody is served from there"
        self.models[slot] = model

    def release(self, model: str) -> bool:
        return release(self, model, pause=lambda: None).done


def test_each_release_goes_to_the_slot_that_serves_nobody() -> None:
    endpoint = Endpoint()
    assert endpoint.release("one")
    assert endpoint.now == {"blue": 100}
    assert endpoint.release("two")
    assert endpoint.now == {"blue": 0, "green": 100}
    assert endpoint.release("three")
    assert endpoint.now == {"green": 0, "blue": 100}
    assert endpoint.models == {"blue": "three", "green": "two"}


def test_a_sick_model_serves_nobody_and_its_slot_is_used_again() -> None:
    endpoint = Endpoint()
    assert endpoint.release("one")
    assert not endpoint.release("sick")
    assert endpoint.now == {"blue": 100, "green": 0}
    assert endpoint.release("two")
    assert endpoint.now["green"] == 100


def test_the_idle_slot_is_the_one_with_fewer_requests() -> None:
    assert idle({}) == "blue"
    assert idle({"blue": 90, "green": 10}) == "green"
    assert idle({"green": 100, "blue": 0}) == "blue"
