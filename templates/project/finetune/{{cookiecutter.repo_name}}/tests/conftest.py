"""Fixtures: this repository's own settings, its prepared data, and a model tuned on them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from {{ cookiecutter.package_name }}.preparation import Prepared
from {{ cookiecutter.package_name }}.settings import Settings, load
from {{ cookiecutter.package_name }}.workflow import Tuned, prepared, tuned

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def settings() -> Settings:
    return load({"APP_HOME": str(ROOT)})


@pytest.fixture(scope="session")
def data(settings: Settings) -> Prepared:
    return prepared(settings, today=date(2026, 6, 1))


@pytest.fixture(scope="session")
def pair(settings: Settings, data: Prepared) -> Tuned:
    return tuned(settings, data)
