"""Settings: every problem at once, and every variable by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.settings import SettingsError, load

ROOT = Path(__file__).parents[1]
AZURE = {"APP_HOME": str(ROOT), "PROVIDER": "azure"}


def missing() -> list[str]:
    with pytest.raises(SettingsError) as error:
        load(AZURE)
    return [part.removesuffix(" is not set") for part in str(error.value).split("; ")]


def test_all_missing_settings_are_named_at_once() -> None:
    assert len(missing()) > 1


def test_an_unknown_provider_and_a_wrong_place_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"PROVIDER is 'aws'.*app\.yaml is missing"):
        load({"APP_HOME": str(tmp_path), "PROVIDER": "aws"})


def test_all_settings_of_azure_are_taken_from_variables() -> None:
    chosen = {name: f"value-of-{name.lower()}" for name in missing()}
    assert load({**AZURE, **chosen}).azure == chosen
    for name in chosen:
        with pytest.raises(SettingsError, match=f"^{name} is not set$"):
            load({**AZURE, **chosen, name: ""})


def test_the_example_names_every_setting() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {line.partition("=")[0] for line in example if not line.startswith("#")}
    assert named >= set(missing())
