"""``coe access who-can``: which functions may perform an operation?"""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import (
    any_environment_option,
    credential_option,
    example,
    output_option,
    workspace_option,
)
from coe_scaffold.cli.output import emit, say
from coe_scaffold.cli.targets import actual_of, graph_of, live_option


@click.command(
    epilog=example("coe access who-can Microsoft.CognitiveServices/accounts/raiPolicies/write --env prod")
)
@workspace_option
@any_environment_option
@click.argument("action")
@click.option(
    "--on", "scope", default="", metavar="SCOPE", help="Only assignments that reach this resource id."
)
@click.option("--data", is_flag=True, help="ACTION is a data action.")
@click.option("--standing", is_flag=True, help="Only standing assignments.")
@live_option
@output_option
@credential_option
def command(
    directory: Path,
    environment: str,
    action: str,
    scope: str,
    data: bool,
    standing: bool,
    live: bool,
    output: str,
    credential: str,
) -> None:
    """List the functions that may perform ACTION, by environment, and through which assignment.

    Asked of the function table and the templates, offline; with --live of the cloud.
    """
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.model.scope import Scope
    from coe_scaffold.operations.access import who_can
    from coe_scaffold.report.access import answer_document, answer_text

    place = open_workspace(directory)
    answers = [
        answer
        for name in ([environment] if environment else place.settings.environments)
        for answer in who_can(
            place.settings,
            action,
            name,
            None if live else graph_of(place, name),
            data=data,
            on=Scope.parse(scope) if scope else None,
            standing=standing,
            actual=actual_of(place, name, credential) if live else None,
        )
    ]
    if output == "json":
        documents = [answer_document(answer) for answer in answers]
        emit({"format": "coe-scaffold/access-who-can/v1", "action": action, "answers": documents})
        return
    for answer in answers:
        say(answer_text(answer))
    if not answers:
        say(f"No function may perform {action} in {environment or 'any environment'}.")
