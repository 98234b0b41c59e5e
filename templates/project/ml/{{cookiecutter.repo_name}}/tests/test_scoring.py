"""Scoring: online, in batches and on Azure the same rows get the same scores."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from {{ cookiecutter.package_name }} import endpoint
from {{ cookiecutter.package_name }}.batch import main as batch
from {{ cookiecutter.package_name }}.batch import score_file
from {{ cookiecutter.package_name }}.drift import drift, index
from {{ cookiecutter.package_name }}.drift import main as drift_main
from {{ cookiecutter.package_name }}.model import Model, save
from {{ cookiecutter.package_name }}.scoring import MOST, RequestError, Scorer
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.table import raw_rows, read, typed
from {{ cookiecutter.package_name }}.web import create_app

ROOT = Path(__file__).parents[1]
SAMPLE = json.loads((ROOT / "deploy" / "sample-request.json").read_text("utf-8"))


def test_the_sample_is_scored(scorer: Scorer) -> None:
    answer = scorer.answer(SAMPLE)
    low, high = answer["scores"]
    assert 0 <= low < high <= 1
    assert answer["late"] == [False, True]
    assert answer["model"]["data version"]


def test_all_problems_of_a_request_are_named(scorer: Scorer) -> None:
    rows = [{**SAMPLE["rows"][0], "channel": "fax", "priority": 9}, {}]
    with pytest.raises(RequestError) as error:
        scorer.answer({"rows": rows})
    for text in (
        "row 0: channel is none of",
        "row 0: priority is outside 1 to 4",
        "row 1: team is missing",
    ):
        assert text in str(error.value)
    with pytest.raises(RequestError):
        scorer.answer({"rows": [SAMPLE["rows"][0]] * (MOST + 1)})


def test_the_server_answers_and_refuses(scorer: Scorer) -> None:
    with TestClient(create_app(scorer)) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert (
            client.post("/score", json=SAMPLE).json()["scores"] == scorer.answer(SAMPLE)["scores"]
        )
        assert client.post("/score", json={"rows": []}).status_code == 422
        assert client.post("/score", content=b"{").status_code == 400
        assert client.post("/score", content=b"x" * 1_048_577).status_code == 413


def test_the_endpoint_on_azure_scores_the_same(
    scorer: Scorer, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(model, tmp_path / "model")
    monkeypatch.setenv("AZUREML_MODEL_DIR", str(tmp_path))
    monkeypatch.setenv("AZUREML_BI_OUTPUT_PATH", str(tmp_path / "out"))
    monkeypatch.setenv("APP_HOME", str(ROOT))
    endpoint.init()
    assert endpoint.run(json.dumps(SAMPLE))["scores"] == scorer.answer(SAMPLE)["scores"]
    assert "rows" in endpoint.run("{}")["error"]
    assert "error" in endpoint.run("{")
    (line,) = endpoint.run_batch([str(ROOT / "data" / "incoming" / "requests.csv")])
    assert json.loads(line) == {"file": "requests.csv", "scored": 120, "rejected": 0}


def test_a_batch_lists_what_it_rejects(scorer: Scorer, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    rows = raw_rows(ROOT / "data" / "incoming" / "requests.csv")[:3]
    rows[1]["channel"] = "fax"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert score_file(scorer, source, tmp_path / "out") == (2, 1)
    assert [row["line"] for row in raw_rows(tmp_path / "out" / "scores.csv")] == ["2", "4"]
    (rejected,) = raw_rows(tmp_path / "out" / "rejected.csv")
    assert rejected["line"] == "3"
    assert "channel is none of" in rejected["problems"]


def test_the_batch_command_works_on_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_HOME", str(ROOT))
    source = str(ROOT / "data" / "incoming" / "requests.csv")
    assert batch(["--input", source, "--output", str(tmp_path)]) == 0
    assert len(raw_rows(tmp_path / "scores.csv")) == 120


def test_calm_data_is_calm_and_other_data_is_not(settings: Settings, model: Model) -> None:
    reference = read(settings.home / "data" / "training" / "requests.csv", model.schema)
    incoming = raw_rows(settings.home / "data" / "incoming" / "requests.csv")
    recent = [typed(row, model.schema) for row in incoming]
    assert max(drift(model.schema, reference, recent).values()) < settings.number("driftLimit")
    busier = [{**row, "open_requests": row["open_requests"] * 2, "team": "east"} for row in recent]
    found = drift(model.schema, reference, busier)
    assert set(list(found)[:2]) == {"open_requests", "team"}
    assert min(list(found.values())[:2]) > settings.number("driftLimit")
    hour = next(column for column in model.schema.columns if column.name == "hour")
    assert index(hour, reference, reference) == 0


def test_the_drift_command_reports_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_HOME", str(ROOT))
    source = ROOT / "data" / "incoming" / "requests.csv"
    given = ["--reports", str(tmp_path), "--input"]
    assert drift_main([*given, str(source)]) == 0
    other = tmp_path / "other.csv"
    other.write_text(source.read_text("utf-8").replace(",north,", ",east,"), "utf-8")
    assert drift_main([*given, str(other)]) == 1
    assert "| team | " in (tmp_path / "drift.md").read_text("utf-8")
    other.write_text("channel\nfax\n", "utf-8")
    assert drift_main([*given, str(other)]) == 2
