"""``coe build``: compile Bicep files."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example
from coe_scaffold.errors import CompileError, UsageError


@click.command(epilog=example("coe build landing-zone/platform/main.bicep --stdout"))
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--outdir", type=click.Path(path_type=Path, file_okay=False), help="Write the JSON here.")
@click.option("--stdout", is_flag=True, help="Print the JSON of one file, and nothing else, on stdout.")
@click.option(
    "--compiler",
    "name",
    type=click.Choice(["auto", "embedded", "official"]),
    default="auto",
    envvar="COE_BICEP_COMPILER",
    help="auto takes the official CLI when it is installed.  [env var: COE_BICEP_COMPILER]",
)
@click.option("--compare", is_flag=True, help="Run both compilers, show where they differ, write nothing.")
@click.option("--lint", is_flag=True, help="Report questionable code on stderr too.")
def command(path: Path, outdir: Path | None, stdout: bool, name: str, compare: bool, lint: bool) -> int:
    """Compile PATH, a .bicep or .bicepparam file or a folder of them, to ARM JSON.

    Without --outdir or --stdout each JSON is written beside its source. Exit code 1 when a file cannot be
    compiled, 4 when --compare finds a difference.
    """
    from coe_scaffold.bicep.diagnostics import official_format
    from coe_scaffold.local.compilers import choose, lint_file
    from coe_scaffold.local.files import DiskFiles
    from coe_scaffold.operations import build

    sources = build.sources(path)
    if stdout and len(sources) > 1:
        raise UsageError("--stdout takes one file", fix="Name a file, or use --outdir for a folder.")
    failed = different = False
    for source in sources:
        try:
            for problem in lint_file(source) if lint else ():
                click.echo(official_format(problem), err=True)
            if compare:
                different |= show_differences(source)
                continue
            built = build.build(source, choose(name))
        except CompileError as error:
            failed = True
            for problem in error.problems:
                click.echo(official_format(problem), err=True)
            continue
        if stdout:
            click.echo(built.text, nl=False)
            continue
        place = build.target(source, path, outdir)
        build.write(built, place, DiskFiles())
        click.echo(f"{source} -> {place}", err=True)
    return 1 if failed else 4 if different else 0


def show_differences(source: Path) -> bool:
    """Print where both compilers disagree about a file; return whether they do."""
    from coe_scaffold.local.compilers import choose
    from coe_scaffold.operations import build

    embedded, official = (build.build(source, choose(name)) for name in ("embedded", "official"))
    found = build.compare(embedded.document, official.document)
    for difference in found:
        click.echo(f"{source}{difference.pointer}: {difference.left!r} != {difference.right!r}")
    click.echo(f"{source}: {len(found) or 'no'} difference{'s' if len(found) != 1 else ''}", err=True)
    return bool(found)
