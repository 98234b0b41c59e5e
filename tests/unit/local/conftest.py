"""What the tests of compiled files share."""

from __future__ import annotations

import pytest

from coe_scaffold.bicep import compile_bicep
from coe_scaffold.local import alike


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that really were compiled."""
    paths: list[str] = []

    def noted(path: str, *given: object, **named: object) -> object:
        paths.append(path)
        return compile_bicep(path, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(alike, "compile_bicep", noted)
    return paths
