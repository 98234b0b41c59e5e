"""Fixtures: this repository's own settings, and one model that all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.model import Model
from {{ cookiecutter.package_name }}.scoring import Scorer
from {{ cookiecutter.package_name }}.settings import Settings, load
from {{ cookiecutter.package_name }}.training import fit

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def settings() -> Settings:
    return load({"APP_HOME": str(ROOT)})


@pytest.fixture(scope="session")
def model(settings: Settings) -> Model:
    return fit(settings)


@pytest.fixture
def scorer(settings: Settings, model: Model) -> Scorer:
    return Scorer(model, settings.number("decisionThreshold"))
