"""The resources of an environment, for questions that can also be asked before there is a landing zone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coe_scaffold.cli.context import Workplace
    from coe_scaffold.model.resources import ResourceGraph


def graph_of(place: Workplace, environment: str) -> ResourceGraph | None:
    """Return what an environment would hold, or None in a workspace without a landing zone."""
    from coe_scaffold.operations.predict import environment_of, predict, whole_graph

    environment_of(place.settings, environment)
    if not (Path(place.root) / "landing-zone").is_dir():
        return None
    return whole_graph(predict(place.settings, environment, place.compiler, place.clock))
