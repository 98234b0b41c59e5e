"""``coe new project``: a project repository from a kind's template."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, may_ask, no_input_option, output_option, workspace_option

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(
    epilog=example("coe new project claims-chat --kind rag --set owner=claims@contoso.example --no-input")
)
@workspace_option
@click.argument("name", required=False)
@click.option("--kind", help="Kind of project; default: rag.")
@click.option("--template", default="", help="Folder or git URL (URL#TAG) of somebody else's template.")
@click.option("--trust", is_flag=True, help="Run the hooks of --template; they are programs.")
@click.option(
    "--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Answer one of the kind's questions."
)
@click.option("--answers", "file", type=_FILE, help="YAML file of answers; default: intake/NAME.yaml.")
@click.option("--env", "environments", multiple=True, metavar="ENV", help="Environments; default: all.")
@click.option("--ci", type=click.Choice(["github", "azure-devops"]), help="Whose pipelines it gets.")
@click.option(
    "--into", metavar="[DIRECTORY]", is_flag=False, flag_value="",
    help="Write into this folder, even if it holds other files; default: ./NAME.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="List the files, and write nothing.")
@click.option("--git/--no-git", default=True, help="Start a git repository with a first commit.")
@no_input_option
@output_option
def command(
    directory: Path,
    name: str | None,
    kind: str | None,
    template: str,
    trust: bool,
    pairs: tuple[str, ...],
    file: Path | None,
    environments: tuple[str, ...],
    ci: str | None,
    into: str | None,
    dry_run: bool,
    git: bool,
    no_input: bool,
    output: str,
) -> None:
    """Write the repository ./NAME into the workspace: code, tests, evaluation, pipelines, infra, governance.

    It renders offline; without a coe.yaml, for a sample organisation. Answers of its intake are taken over;
    --set overrides them. An existing non-empty folder is refused. Templates from elsewhere are rendered in a
    sandbox and run no code unless --trust is given.
    """
    from coe_scaffold.cli.creating import Wish, create, workspace_or_sample
    from coe_scaffold.cli.questions import answers_in, ask_kind, intake_of, project_identity
    from coe_scaffold.local.templates import opened
    from coe_scaffold.operations.new import new_repository

    asking = may_ask(no_input)
    name, kind = project_identity(name, kind or template, ask=asking)
    place = workspace_or_sample(directory)
    answers = answers_in(file or intake_of(directory, name, template), pairs)
    answers |= {"ci": ci} if ci else {}
    with opened(kind, template) as manifest:
        if asking:
            answers = ask_kind(manifest.questions, answers)
        new = new_repository(
            place.settings,
            name,
            manifest,
            answers=answers,
            environments=environments,
            today=place.clock.now().date(),
        )
        where = None if into is None else Path(into or new.folder)
        create(new, manifest, Wish(dry_run, where, trust, git, output), place.files)
