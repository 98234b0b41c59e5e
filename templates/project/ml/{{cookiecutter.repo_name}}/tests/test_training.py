"""Training: the same data gives the same model, and a stored model is only used as it was recorded."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from statistics import fmean, pstdev
from types import SimpleNamespace

import pytest
import yaml

from {{ cookiecutter.package_name }} import training
from {{ cookiecutter.package_name }}.cloud.tracking import champion_of
from {{ cookiecutter.package_name }}.local.tracking import FileTracker
from {{ cookiecutter.package_name }}.model import ArtefactError, Model, load, save
from {{ cookiecutter.package_name }}.promotion import decide
from {{ cookiecutter.package_name }}.settings import Settings, SettingsError
from {{ cookiecutter.package_name }}.settings import load as load_settings
from {{ cookiecutter.package_name }}.table import read

GOOD = {"auc": 0.85, "brier": 0.15, "calibration_error": 0.04, "fairness_gap": 0.10}


@pytest.fixture
def checkout(settings: Settings, tmp_path: Path) -> Settings:
    for folder in ("config", "data", "evals"):
        shutil.copytree(settings.home / folder, tmp_path / folder)
    return load_settings({"APP_HOME": str(tmp_path)})


def test_training_twice_gives_the_same_model(settings: Settings, model: Model) -> None:
    rows = training.held_out(settings, model.schema)[:20]
    assert training.fit(settings).scores(rows) == model.scores(rows)


def test_nothing_held_out_was_trained_on(settings: Settings, model: Model) -> None:
    def key(row: object) -> str:
        return json.dumps(row, sort_keys=True)

    trained = read(settings.home / "data" / "training" / "requests.csv", model.schema)
    held = training.held_out(settings, model.schema)
    typed = {key({**row}) for row in trained}
    assert not [
        row
        for row in held
        if key({k: float(v) if isinstance(v, int) else v for k, v in row.items()}) in typed
    ]


def test_no_column_counts_more_for_being_measured_in_larger_numbers(
    settings: Settings, model: Model
) -> None:
    rows = training.past(settings, model.schema)
    seen = model.prepared(rows)
    learned = model.recipe.features
    numbers = sum(c.is_number and c.name in learned for c in model.schema.named("feature"))
    for place in range(numbers):
        column = [float(row[place]) for row in seen]
        assert abs(fmean(column)) < 1e-6
        assert abs(pstdev(column) - 1) < 1e-6


def test_a_schema_without_its_target_is_refused(checkout: Settings) -> None:
    columns = checkout.home / "config" / "columns.yaml"
    columns.write_text(columns.read_text("utf-8").replace("role: target", "role: feature"), "utf-8")
    with pytest.raises(SettingsError, match="role target"):
        training.fit(checkout)


def test_the_model_does_not_learn_from_groups(model: Model) -> None:
    groups = {column.name for column in model.schema.named("group")}
    assert groups
    assert groups.isdisjoint(model.recipe.features)


def test_a_group_cannot_become_a_feature_by_configuration(checkout: Settings) -> None:
    recipe = checkout.home / "config" / "training.yaml"
    recipe.write_text(recipe.read_text("utf-8").replace("hour]", "hour, age_band]"), "utf-8")
    with pytest.raises(SettingsError, match="age_band"):
        training.fit(checkout)


def test_changed_data_is_not_trained_on(checkout: Settings) -> None:
    data = checkout.home / "data" / "training" / "requests.csv"
    data.write_text(data.read_text("utf-8").replace("north", "south", 1), "utf-8")
    with pytest.raises(SettingsError, match=r"requests\.csv has changed"):
        training.fit(checkout)


def test_a_wrong_line_is_named(checkout: Settings, model: Model) -> None:
    data = checkout.home / "data" / "training" / "requests.csv"
    lines = data.read_text("utf-8").splitlines()
    data.write_text("\n".join([*lines[:3], lines[3].replace(",", ";"), *lines[4:]]), "utf-8")
    with pytest.raises(ValueError, match=r"requests\.csv, line 4"):
        read(data, model.schema)


def test_a_stored_model_scores_as_before(model: Model, settings: Settings, tmp_path: Path) -> None:
    save(model, tmp_path)
    rows = training.held_out(settings, model.schema)[:5]
    assert load(tmp_path, model.schema).scores(rows) == model.scores(rows)


def test_a_changed_model_file_is_refused(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path)
    stored = tmp_path / "model.joblib"
    stored.write_bytes(stored.read_bytes() + b"x")
    with pytest.raises(ArtefactError, match="not the one"):
        load(tmp_path, model.schema)


def test_a_model_of_another_schema_is_refused(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path)
    record = json.loads((tmp_path / "model.json").read_text("utf-8"))
    (tmp_path / "model.json").write_text(json.dumps({**record, "schema version": "0"}), "utf-8")
    with pytest.raises(ArtefactError, match="another schema"):
        load(tmp_path, model.schema)


@pytest.mark.parametrize(
    ("name", "value", "promoted"),
    [
        ("auc", 0.86, True),
        ("auc", 0.846, True),
        ("auc", 0.84, False),
        ("brier", 0.16, False),
        ("calibration_error", 0.06, False),
        ("fairness_gap", 0.13, False),
        ("fairness_gap", 0.05, True),
    ],
)
def test_a_challenger_is_promoted_only_when_nothing_gets_worse(
    name: str, value: float, promoted: bool
) -> None:
    decision = decide({**GOOD, name: value}, GOOD)
    assert decision.promote is promoted
    assert bool(decision.reasons) is not promoted


def test_what_was_not_measured_is_not_promoted() -> None:
    assert decide({"auc": 0.99}, GOOD).promote is False
    assert decide(GOOD, None).promote is True


def test_runs_are_kept_and_the_champion_can_be_replaced(model: Model, tmp_path: Path) -> None:
    save(model, tmp_path / "model")
    runs = FileTracker(tmp_path / "runs")
    assert runs.champion() is None
    with pytest.raises(LookupError):
        runs.model()
    first = runs.record(model.facts, GOOD, tmp_path / "model")
    assert runs.record(model.facts, GOOD, tmp_path / "model") == first
    runs.promote(first)
    second = runs.record(model.facts, {**GOOD, "auc": 0.9}, tmp_path / "model")
    runs.promote(second)
    champion = runs.champion()
    assert champion is not None
    assert champion["auc"] == 0.9
    assert (runs.model() / "model.joblib").is_file()
    with pytest.raises(LookupError):
        runs.promote("nothing")


class Registry:
    """MLflow's registry with versions of a model, each of a run with its number as AUC."""

    def __init__(self, *versions: str) -> None:
        self.versions = versions

    def search_model_versions(self, _: str) -> list[SimpleNamespace]:
        if "away" in self.versions:
            raise ConnectionError("503")
        return [SimpleNamespace(version=number, run_id=number) for number in self.versions]

    def get_run(self, run: str) -> SimpleNamespace:
        return SimpleNamespace(data=SimpleNamespace(metrics={"auc": float(run)}))


def test_the_newest_version_is_the_champion_and_a_service_that_is_away_promotes_nothing() -> None:
    assert champion_of(Registry("9", "10", "2"), "ours") == {"auc": 10.0}
    assert champion_of(Registry(), "ours") is None
    with pytest.raises(ConnectionError):
        champion_of(Registry("away"), "ours")


def test_training_on_azure_has_the_settings_it_asks_for(settings: Settings) -> None:
    job = yaml.safe_load((settings.home / "pipelines" / "train.yml").read_text("utf-8"))
    given = dict(re.findall(r"\b([A-Z_]+)=(\S+)", job["jobs"]["train"]["command"]))
    environ = {**given, "APP_HOME": str(settings.home), "MLFLOW_TRACKING_URI": "set by the service"}
    assert load_settings(environ).provider == "azure"


def test_the_command_trains_promotes_and_keeps_the_champion(
    checkout: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APP_HOME", str(checkout.home))
    assert training.main(["--promote"]) == 0
    assert "is the champion now" in capsys.readouterr().out
    recipe = checkout.home / "config" / "training.yaml"
    recipe.write_text(recipe.read_text("utf-8").replace("open_requests, ", ""), "utf-8")
    assert training.main(["--promote"]) == 1
    assert "the champion stays: auc goes from" in capsys.readouterr().out
