"""``coe new project``: a project repository from a kind's template."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, may_ask, no_input_option, output_option, workspace_option
from coe_scaffold.cli.output import notice, show_made


@click.command(
    epilog=example("coe new project claims-chat --kind rag --set owner=claims@contoso.example --no-input")
)
@workspace_option
@click.argument("name")
@click.option("--kind", default="rag", show_default=True, help="Kind of project.")
@click.option(
    "--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Answer one of the kind's questions."
)
@click.option("--env", "environments", multiple=True, metavar="ENV", help="Environments; default: all.")
@click.option("--git/--no-git", default=True, help="Start a git repository with a first commit.")
@no_input_option
@output_option
def command(
    directory: Path,
    name: str,
    kind: str,
    pairs: tuple[str, ...],
    environments: tuple[str, ...],
    git: bool,
    no_input: bool,
    output: str,
) -> None:
    """Write the repository ./NAME into the workspace: code, tests, evaluation, pipelines, infra, governance.

    It renders offline from the installed package. An existing non-empty folder is refused.
    """
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.cli.questions import answered, ask_kind
    from coe_scaffold.local.git import available, start_repository
    from coe_scaffold.operations.new import new_repository

    place = open_workspace(directory)
    answers = answered(pairs)
    if may_ask(no_input):
        answers = ask_kind(kind, answers)
    made = new_repository(
        place.settings,
        name,
        kind,
        answers=answers,
        environments=environments,
        today=place.clock.now().date(),
        files=place.files,
    )
    if git and available():
        start_repository(made.folder, f"Start {name} from the {kind} template")
    elif git:
        notice("git is not installed: the folder is no repository yet.")
    show_made(made, output, f"cd {name} && make setup test, then coe plan --env dev.")
