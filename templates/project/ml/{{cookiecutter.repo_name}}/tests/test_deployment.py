"""The YAML for Azure Machine Learning: two deployments of one model, pinned, private, with a way back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

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


def test_blue_and_green_differ_only_in_name_and_size() -> None:
    blue, green = read("deploy/online-blue.yml"), read("deploy/online-green.yml")
    assert (blue.pop("name"), green.pop("name")) == ("blue", "green")
    assert blue.pop("instance_count") >= 2
    green.pop("instance_count")
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
