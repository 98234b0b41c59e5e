"""The resources of an environment, for questions that can also be asked before there is a landing zone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from coe_scaffold.cli.context import Workplace
    from coe_scaffold.model.resources import ResourceGraph
    from coe_scaffold.operations.access import Actual


def graph_of(place: Workplace, environment: str) -> ResourceGraph | None:
    """Return what an environment would hold, or None in a workspace without a landing zone."""
    from coe_scaffold.operations.predict import environment_of, predict, whole_graph

    environment_of(place.settings, environment)
    if not (Path(place.root) / "landing-zone").is_dir():
        return None
    return whole_graph(predict(place.settings, environment, place.compiler, place.clock))


live_option = click.option(
    "--live", is_flag=True, help="Ask the cloud what exists, deny assignments included."
)


def actual_of(place: Workplace, environment: str, credential: str) -> Actual:
    """Read the access that exists in an environment; raises CloudError."""
    from coe_scaffold.access import DesiredAccess
    from coe_scaffold.operations.observing import actual_access, observe_access

    nothing = DesiredAccess((), ())
    with place.session(credential) as session:
        there = observe_access(place.settings, environment, session.observer, nothing, denials=True)
    return actual_access(place.settings, there)
