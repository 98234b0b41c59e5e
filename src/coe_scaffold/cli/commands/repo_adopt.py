"""``coe repo adopt``: make an existing repository follow a template."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, output_option
from coe_scaffold.cli.output import emit, say
from coe_scaffold.cli.repositories import adopting_place, home_option, repository_argument


@click.command(epilog=example("coe repo adopt old-chat --kind rag --set owner=claims@contoso.example"))
@repository_argument
@home_option
@click.option("--kind", default="rag", show_default=True, help="Kind of project.")
@click.option("--template", default="", help="Folder or git URL of a template that is not packaged.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Answer one of its questions.")
@output_option
def command(
    repository: Path, directory: Path | None, kind: str, template: str, pairs: tuple[str, ...], output: str
) -> None:
    """Add to REPOSITORY what a project of its kind has and it lacks, and record the template.

    No file that is there is changed; 'coe repo status' then lists those that differ from the platform's.
    """
    from coe_scaffold.cli.questions import answered
    from coe_scaffold.local.repository import DiskRepository
    from coe_scaffold.local.templates import opened
    from coe_scaffold.operations.repo import take_in
    from coe_scaffold.report.repository import update_document, update_text

    place = adopting_place(repository, directory)
    there = DiskRepository(repository)
    with opened(kind, template) as manifest:
        result = take_in(place.settings, there, manifest, answered(pairs), place.clock.now().date())
    if output == "json":
        emit(update_document(result))
    else:
        say(update_text(result))
