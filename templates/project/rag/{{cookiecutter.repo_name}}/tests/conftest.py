"""Fixtures: this repository's own settings, and an assistant without a service behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from {{ cookiecutter.package_name }}.assistant import Assistant
from {{ cookiecutter.package_name }}.settings import Settings, load
from {{ cookiecutter.package_name }}.users import User
from {{ cookiecutter.package_name }}.web import create_app
from {{ cookiecutter.package_name }}.wiring import assistant as wire

ROOT = Path(__file__).parents[1]


@pytest.fixture
def settings() -> Settings:
    return load({"APP_HOME": str(ROOT)})


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def assistant(settings: Settings, log: list[str]) -> Assistant:
    return wire(settings, write=log.append)


@pytest.fixture
def client(settings: Settings, assistant: Assistant) -> Iterator[TestClient]:
    with TestClient(create_app(settings, assistant)) as client:
        yield client


@pytest.fixture
def guest() -> User:
    return User("dana-guest", frozenset())


@pytest.fixture
def handler() -> User:
    return User("anna-handler", frozenset({"claims-handlers"}))
