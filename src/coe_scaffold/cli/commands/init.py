"""``coe init``: start a workspace for an organisation."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, may_ask, no_input_option, output_option
from coe_scaffold.cli.output import show_made


@click.command(epilog=example("coe init --no-input --name Contoso --prefix cto --dir ws"))
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="New folder."
)
@click.option("--name", help="Organisation, such as Contoso.")
@click.option("--prefix", help="2 to 6 letters that start every resource name, such as cto.")
@click.option(
    "--cloud",
    type=click.Choice(["sandbox", "azure", "usgovernment", "china"]),
    default="sandbox",
    help="Where to deploy.",
)
@click.option("--tenant", default="", help="Entra tenant id; the sandbox gets a sample one.")
@click.option("--management-group", default="mg-ai", show_default=True, help="Management group id.")
@click.option(
    "--location", "locations", multiple=True, help="Allowed Azure region; the first is the default."
)
@click.option(
    "--subscription", "subscriptions", multiple=True, metavar="ENV=ID", help="dev=<id>, test=<id>, ..."
)
@click.option(
    "--group", "groups", multiple=True, metavar="FUNCTION=ID", help="Entra group that fills a function."
)
@click.option("--github", default="", help="GitHub organisation of the project repositories.")
@no_input_option
@output_option
def command(
    folder: Path,
    name: str | None,
    prefix: str | None,
    cloud: str,
    tenant: str,
    management_group: str,
    locations: tuple[str, ...],
    subscriptions: tuple[str, ...],
    groups: tuple[str, ...],
    github: str,
    no_input: bool,
    output: str,
) -> None:
    """Write coe.yaml: organisation, environments, and who fills the nine functions.

    With the sandbox, missing ids become samples; a real cloud needs every one.
    """
    from coe_scaffold.cli.questions import answered, every, organisation
    from coe_scaffold.local.files import DiskFiles
    from coe_scaffold.model.settings import Cloud, Group
    from coe_scaffold.operations.new import init
    from coe_scaffold.scaffold.workspace import WorkspaceAnswers

    name, prefix = organisation(name, prefix, ask=may_ask(no_input))
    answers = WorkspaceAnswers(
        name=name,
        prefix=prefix,
        cloud=Cloud(cloud),
        tenant=tenant,
        management_group=management_group,
        locations=locations or ("swedencentral", "westeurope"),
        github=github,
        subscriptions=answered(subscriptions),
        groups={function: tuple(map(Group, ids)) for function, ids in every(groups).items()},
    )
    made = init(folder.resolve(), answers, DiskFiles())
    show_made(made, output, "coe new landing-zone, then coe new project claims-chat --kind rag.")
