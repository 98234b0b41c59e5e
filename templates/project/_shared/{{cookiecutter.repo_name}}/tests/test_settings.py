"""Settings: every problem at once, and what the infrastructure hands over is understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.settings import SettingsError, load

ROOT = Path(__file__).parents[1]
AZURE = {"APP_HOME": str(ROOT), "PROVIDER": "azure"}
HANDED_OVER = {
    "PROJECT_ENDPOINT": "https://acc.services.ai.azure.com/api/projects/proj-x",
    "SEARCH_ENDPOINT": "https://srch.search.windows.net",
    "DOCUMENTS_ENDPOINT": "https://docs.cognitiveservices.azure.com/",
}
UNDERSTOOD = {
    "AZURE_AI_PROJECT_ENDPOINT": HANDED_OVER["PROJECT_ENDPOINT"],
    "AZURE_CONTENT_SAFETY_ENDPOINT": "https://acc.cognitiveservices.azure.com",
    "AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT": HANDED_OVER["DOCUMENTS_ENDPOINT"],
    "AZURE_OPENAI_ENDPOINT": "https://acc.openai.azure.com",
    "AZURE_SEARCH_ENDPOINT": HANDED_OVER["SEARCH_ENDPOINT"],
}


def missing() -> list[str]:
    with pytest.raises(SettingsError) as error:
        load(AZURE)
    return [part.removesuffix(" is not set") for part in str(error.value).split("; ")]


def test_all_missing_settings_are_named_at_once() -> None:
    assert len(missing()) > 1


def test_an_unknown_provider_and_a_wrong_place_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"PROVIDER is 'aws'.*app\.yaml is missing"):
        load({"APP_HOME": str(tmp_path), "PROVIDER": "aws"})


def test_what_the_infrastructure_hands_over_is_understood() -> None:
    rest = {name: "x" for name in missing() if name not in UNDERSTOOD}
    azure = load({**AZURE, **HANDED_OVER, **rest}).azure
    assert {name: azure[name] for name in UNDERSTOOD if name in azure}.items() <= UNDERSTOOD.items()
    assert all(azure.values())


def test_what_is_set_here_wins() -> None:
    chosen = {name: f"https://{name.lower()}" for name in missing()}
    assert load({**AZURE, **HANDED_OVER, **chosen}).azure == chosen
