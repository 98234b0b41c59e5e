"""The ``coe`` command: a table of commands that are imported on use, and the one error handler.

``coe --help`` must not import the Azure SDK, cookiecutter, pydantic or rich.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from coe_scaffold import __version__
from coe_scaffold.errors import CoeError, ProblemsError

COMMANDS: dict[str, tuple[str, str]] = {}
"""Command name to (module below ``cli.commands``, one-line help), in the order of ``coe --help``."""


class LazyGroup(click.Group):
    """A group whose commands are imported only when one of them is asked for."""

    def __init__(self, *args: Any, table: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the table's order."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command, or None when there is no such one."""
        if cmd_name not in self.table:
            return None
        module = importlib.import_module(f"coe_scaffold.cli.commands.{self.table[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command table without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self.table.items()] or [("", "")])


EPILOG = """\b
Example: coe quickstart --dir ./quickstart
Exit codes: 0 done or nothing to do, 1 failed, 2 wrong usage or configuration, 3 blocking finding,
4 difference found, 5 applied in part, 70 bug in coe-scaffold, 130 interrupted."""


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="coe")
def cli() -> None:
    """Scaffold, provision and govern AI projects on Azure for an AI Center of Excellence."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``coe`` and end the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run ``coe`` with arguments and return the exit code; print errors to stderr."""
    try:
        result = cli.main(args=arguments, prog_name="coe", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return 130
    except CoeError as error:
        show(error)
        return error.exit_code
    except Exception as error:
        return report_bug(error)


def show(error: CoeError) -> None:
    """Print an expected error: what is wrong, where, what to do."""
    if isinstance(error, ProblemsError):
        click.echo(error.detail, err=True)
    label = "error" if not error.code else f"error [{error.code}]"
    click.echo(f"{label}: {error.summary}", err=True)
    if error.detail and not isinstance(error, ProblemsError):
        click.echo(error.detail, err=True)
    if error.fix:
        click.echo(f"fix: {error.fix}", err=True)


def report_bug(error: Exception) -> int:
    """Write a report file for an unexpected error and say where it is; return exit code 70."""
    import platform
    import tempfile
    import traceback

    if os.environ.get("COE_DEBUG"):
        traceback.print_exception(error)
    with tempfile.NamedTemporaryFile(
        "w", prefix="coe-bug-", suffix=".txt", delete=False, encoding="utf-8"
    ) as report:
        report.write(
            f"coe-scaffold {__version__}, Python {platform.python_version()}, {platform.system()}\n\n"
        )
        traceback.print_exception(error, file=report)
    click.echo(f"error: this is a bug in coe-scaffold: {type(error).__name__}: {error}", err=True)
    click.echo(f"fix: report it with the file {report.name}", err=True)
    return 70
