"""Where the packaged templates are: inside the wheel, or in the repository of an editable install."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def templates() -> Path:
    """Return the folder that holds ``bicep/`` and ``project/``."""
    packaged = _PACKAGE / "templates"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / "templates"
