"""Fixtures: this repository's own settings, and a pipeline without a service behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from {{ cookiecutter.package_name }}.local.records import SqliteRecords
from {{ cookiecutter.package_name }}.pipeline import Pipeline
from {{ cookiecutter.package_name }}.reviews import ReviewQueue
from {{ cookiecutter.package_name }}.settings import Settings, load
from {{ cookiecutter.package_name }}.web import create_app
from {{ cookiecutter.package_name }}.wiring import pipeline as wire

ROOT = Path(__file__).parents[1]


@pytest.fixture
def settings() -> Settings:
    return load({"APP_HOME": str(ROOT)})


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def pipeline(settings: Settings, log: list[str]) -> Pipeline:
    return replace(wire(settings, write=log.append), audit_share=0.0)


@pytest.fixture
def queue(tmp_path: Path) -> ReviewQueue:
    return ReviewQueue(SqliteRecords(tmp_path / "reviews.sqlite"))


@pytest.fixture
def client(settings: Settings, pipeline: Pipeline, queue: ReviewQueue) -> Iterator[TestClient]:
    with TestClient(create_app(settings, pipeline, queue)) as client:
        yield client


@pytest.fixture
def invoice() -> bytes:
    return (ROOT / "data" / "documents" / "office-supply.txt").read_bytes()
