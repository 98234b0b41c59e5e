"""``coe access conditions``: under which conditions roles may be handed out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from coe_scaffold.cli.options import environment_option, example, output_option, workspace_option
from coe_scaffold.cli.output import emit, say


@click.command(epilog=example("coe access conditions --env dev"))
@workspace_option
@environment_option
@output_option
def command(directory: Path, environment: str, output: str) -> int:
    """Show the conditions for role administrators, made from the matrix and checked as Azure would.

    C1 is for deploy identities, C2 for whoever gives people their roles. Each is evaluated for every
    assignment this environment takes; what it leaves to somebody else is told. Exit code 3 when one cannot
    be used.
    """
    from coe_scaffold.access import desired, role_lookup
    from coe_scaffold.access.workload import template_assignments
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.delegation import delegations
    from coe_scaffold.operations.predict import predict, whole_graph

    place = open_workspace(directory)
    graph = whole_graph(predict(place.settings, environment, place.compiler, place.clock))
    lookup = role_lookup(place.settings.organisation.management_group)
    wanted = desired(place.settings, environment, graph)
    found = delegations(place.settings, wanted.assignments, template_assignments(graph, lookup))
    if output == "json":
        emit({"format": "coe-scaffold/access-conditions/v1", "conditions": [asdict(item) for item in found]})
    else:
        for item in found:
            say(f"{item.id}, for the {item.holder} ({len(item.text.encode())} of 8192 bytes):")
            say(f"  {item.text}")
            say(f"  allows {item.allowed} assignments of {environment}")
            for line in (*(f"leaves to an administrator: {one}" for one in item.refused), *item.problems):
                say(f"  {line}")
    return 3 if any(item.problems for item in found) else 0
