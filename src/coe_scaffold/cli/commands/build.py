"""``coe build``: compile Bicep files."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.errors import CompileError, UsageError


@click.command("build", epilog="Example: coe build landing-zone/platform/main.bicep --stdout")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--outdir", type=click.Path(path_type=Path, file_okay=False), help="Write the JSON into a folder."
)
@click.option("--stdout", is_flag=True, help="Print the JSON of one file, and nothing else, on stdout.")
@click.option(
    "--compiler",
    "name",
    type=click.Choice(["auto", "embedded", "official"]),
    default="auto",
    envvar="COE_BICEP_COMPILER",
    help="auto takes the official CLI when it is installed.  [env var: COE_BICEP_COMPILER]",
)
@click.option("--compare", is_flag=True, help="Run both compilers and show where they differ; write nothing.")
@click.option("--lint", is_flag=True, help="Report questionable code on stderr too.")
def command(path: Path, outdir: Path | None, stdout: bool, name: str, compare: bool, lint: bool) -> int:
    """Compile PATH, a .bicep or .bicepparam file or a folder of them, to ARM JSON.

    Without --outdir or --stdout each JSON is written beside its source.
    """
    from coe_scaffold.bicep.diagnostics import official_format
    from coe_scaffold.local.compilers import choose
    from coe_scaffold.local.files import DiskFiles
    from coe_scaffold.operations import build

    sources = build.sources(path)
    if stdout and len(sources) > 1:
        raise UsageError("--stdout takes one file", fix="Name a file, or use --outdir for a folder.")
    failed = False
    for source in sources:
        try:
            if lint:
                show_lint(source)
            if compare:
                failed |= show_differences(source)
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
    return 1 if failed else 0


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


def show_lint(source: Path) -> None:
    """Print what the linter says about a file."""
    from coe_scaffold.bicep.diagnostics import official_format
    from coe_scaffold.local.compilers import lint_file

    for problem in lint_file(source):
        click.echo(official_format(problem), err=True)
