"""``coe access can``: may a function perform an operation?"""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import (
    credential_option,
    environment_option,
    example,
    output_option,
    workspace_option,
)
from coe_scaffold.cli.output import emit, say
from coe_scaffold.cli.targets import actual_of, graph_of, live_option


@click.command(
    epilog=example(
        "coe access can data-scientist Microsoft.CognitiveServices/accounts/deployments/write --env prod"
    )
)
@workspace_option
@environment_option
@click.argument("function_id", metavar="FUNCTION")
@click.argument("action")
@click.option(
    "--on", "scope", default="", metavar="SCOPE", help="Only assignments that reach this resource id."
)
@click.option("--data", is_flag=True, help="ACTION is a data action.")
@click.option("--standing", is_flag=True, help="Only standing assignments, not eligible or time-bound ones.")
@live_option
@output_option
@credential_option
def command(
    directory: Path,
    environment: str,
    function_id: str,
    action: str,
    scope: str,
    data: bool,
    standing: bool,
    live: bool,
    output: str,
    credential: str,
) -> int:
    """Say whether FUNCTION may perform ACTION in an environment, and through which assignment.

    Asked of the function table and the templates, offline; with --live of the cloud. Exit code 0 when some
    assignment permits it, 1 when none does.
    """
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.model.scope import Scope
    from coe_scaffold.operations.access import can
    from coe_scaffold.report.access import answer_document, answer_text

    place = open_workspace(directory)
    answer = can(
        place.settings,
        function_id,
        action,
        environment,
        None if live else graph_of(place, environment),
        data=data,
        on=Scope.parse(scope) if scope else None,
        standing=standing,
        actual=actual_of(place, environment, credential) if live else None,
    )
    emit(answer_document(answer)) if output == "json" else say(answer_text(answer))
    return 0 if answer.allowed else 1
