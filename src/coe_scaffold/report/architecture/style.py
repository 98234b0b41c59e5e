"""How a diagram looks: colours for light, dark and paper; the report's page holds it once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def style() -> str:
    """Return the style sheet of every diagram, for the class ``arch``."""
    return files(__package__ or "").joinpath("style.css").read_text(encoding="utf-8").strip()
