"""Fixtures: this repository's own settings, and an agent without a service behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from {{ cookiecutter.package_name }}.agent import Agent
from {{ cookiecutter.package_name }}.local.records import SqliteRecords
from {{ cookiecutter.package_name }}.runs import RunStore
from {{ cookiecutter.package_name }}.settings import Settings, load
from {{ cookiecutter.package_name }}.users import User
from {{ cookiecutter.package_name }}.web import create_app
from {{ cookiecutter.package_name }}.wiring import agent as wire

ROOT = Path(__file__).parents[1]


@pytest.fixture
def settings() -> Settings:
    return load({"APP_HOME": str(ROOT)})


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def agent(settings: Settings, log: list[str]) -> Agent:
    return wire(settings, write=log.append)


@pytest.fixture
def client(settings: Settings, agent: Agent, tmp_path: Path) -> Iterator[TestClient]:
    runs = RunStore(SqliteRecords(tmp_path / "runs.sqlite"))
    with TestClient(create_app(settings, agent, runs)) as client:
        yield client


@pytest.fixture
def gina() -> User:
    return User("gina-desk", frozenset())


@pytest.fixture
def hugo() -> User:
    return User("hugo-lead", frozenset({"agent-approvers"}))
