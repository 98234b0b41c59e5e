"""What the tests of compiled files share."""

from __future__ import annotations

import pytest

from coe_scaffold import bicep


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that really were compiled."""
    return _noted(monkeypatch, "compile_bicep")


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parameter files whose values really were worked out."""
    return _noted(monkeypatch, "compile_parameters")


def _noted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[str]:
    paths: list[str] = []
    really = getattr(bicep, name)

    def noted(path: str, *given: object, **named: object) -> object:
        paths.append(path)
        return really(path, *given, **named)

    monkeypatch.setattr(bicep, name, noted)
    return paths
