"""``coe diagram``: the architecture of an environment as a picture."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import environment_option, example, workspace_option
from coe_scaffold.cli.output import say


@click.command(epilog=example("coe diagram --env prod --format svg --out prod.svg"))
@workspace_option
@environment_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "markdown", "svg"]),
    default="mermaid",
    show_default=True,
    help="Mermaid text, a Markdown page with it and the guardrails of each module, or a picture.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="File; default: standard output."
)
def command(directory: Path, environment: str, form: str, out: Path | None) -> None:
    """Draw what the templates make in an environment, with the guardrails that hold on it.

    Networks, subnets and private endpoints, private DNS, the AI gateway, projects, identities, logs, and what
    is used from elsewhere. Made offline from the files of the workspace.
    """
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.report import environment_report
    from coe_scaffold.report import architecture

    place = open_workspace(directory)
    report = environment_report(place.settings, environment, compiler=place.compiler, clock=place.clock)
    if form == "markdown":
        text = architecture.markdown(report)
    elif form == "svg":
        text = architecture.svg(architecture.drawing(report), prefix="architecture", standalone=True)
    else:
        text = architecture.mermaid(architecture.drawing(report))
    if out is None:
        click.echo(text, nl=False)
        return
    place.files.write(out.resolve(), text.encode())
    say(f"Wrote {out}.")
