"""``coe new landing-zone``: plain Bicep and parameters for the environments in coe.yaml."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, no_input_option, output_option, workspace_option
from coe_scaffold.cli.output import emit, say, show_made


@click.command(epilog=example("coe new landing-zone"))
@workspace_option
@click.option("--update", is_flag=True, help="Merge what coe.yaml says now into the landing-zone/ there is.")
@click.option("--dry-run", is_flag=True, help="With --update: show what would change, and change nothing.")
@click.option("--exit-code", is_flag=True, help="With --update: end with 4 when something differs.")
@no_input_option
@output_option
def command(
    directory: Path, update: bool, dry_run: bool, exit_code: bool, no_input: bool, output: str
) -> int:
    """Write landing-zone/ into the workspace: Bicep modules, and one parameter file per environment.

    Everything comes from coe.yaml, so there is nothing to ask. An existing landing-zone/ is refused.

    With --update, parameter files follow coe.yaml and templates this version of coe. What you edited stays:
    parameter files are merged, and where both sides changed the same lines these are marked; a template with
    edits of yours is not touched, the new one is laid beside it. The exit code is then 1.
    """
    from coe_scaffold.cli.context import open_workspace

    if (dry_run or exit_code) and not update:
        raise click.UsageError("--dry-run and --exit-code go with --update.")
    place = open_workspace(directory)
    today = place.clock.now().date()
    if not update:
        from coe_scaffold.operations.new import new_landing_zone

        made = new_landing_zone(place.settings, place.files, today=today)
        show_made(made, output, "coe new project claims-chat --kind rag, then coe check --env dev.")
        return 0

    from coe_scaffold.local.git import merge_texts
    from coe_scaffold.operations.follow import follow_settings
    from coe_scaffold.report.landing_zone import follow_document, follow_text

    zone = follow_settings(place.settings, place.files, merge_texts, today=today, dry_run=dry_run)
    if output == "json":
        emit(follow_document(zone, dry_run=dry_run))
    else:
        say(follow_text(zone, dry_run=dry_run))
    if zone.waits:
        return 1
    return 4 if exit_code and zone.files else 0
