"""The ``coe`` command: a table of commands that are imported on use, and the one error handler.

``coe --help`` must not import the Azure SDK, cookiecutter, pydantic or rich.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Sequence

import click

from coe_scaffold import __version__
from coe_scaffold.cli.lazy import LazyGroup
from coe_scaffold.errors import CloudError, CoeError, ProblemsError

_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO})
"""What a machine's disks and their rights refuse: no bug of ours."""

COMMANDS: dict[str, tuple[str, str]] = {
    "quickstart": ("quickstart", "Run the whole product once on the embedded sandbox."),
    "init": ("init", "Start a workspace: coe.yaml for an organisation."),
    "intake": ("intake", "Classify a use case: questionnaire, risk tier, reasons."),
    "new": ("new", "Generate a landing zone or a project repository."),
    "check": ("check", "Judge the guardrails, offline, on what would be deployed."),
    "explain": ("explain", "Say what a parameter does, or a guardrail demands."),
    "plan": ("plan", "Show what applying would change: resources and access."),
    "doctor": ("doctor", "Check whether applying can succeed: rights, providers, locks, quota."),
    "approve": ("approve", "Approve a plan file for a CoE function."),
    "apply": ("apply", "Make it so, with progress and a journal."),
    "runs": ("runs", "List what was applied: what can be resumed or undone."),
    "undo": ("undo", "Take back what one run made, and nothing else."),
    "drift": ("drift", "Compare what is with what should be; read-only."),
    "destroy": ("destroy", "Remove what this workspace made in an environment."),
    "access": ("access", "Who has which role where: matrix, plan, audit."),
    "repo": ("repo", "Keep generated repositories current: status, diff, update, adopt, fleet."),
    "review": ("review", "Check a project's evidence at a gate; list what lacks."),
    "pipeline": ("pipeline", "Wire pipelines to identities, environments and reviewers."),
    "report": ("report", "Write one HTML page: architecture, resources, access, findings, evidence."),
    "diagram": ("diagram", "Draw the architecture of an environment: Mermaid, Markdown or SVG."),
    "build": ("build", "Compile Bicep to ARM JSON without the Bicep CLI."),
    "sandbox": ("sandbox", "Serve, reset or query the embedded local ARM."),
    "config": ("config", "Show every setting and where it comes from."),
    "schema": ("schema", "Print the JSON Schema of coe.yaml, project.yaml or a plan."),
}
"""Command name to (module below ``cli.commands``, one-line help), in the order of ``coe --help``."""


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
    gc.set_threshold(50_000)  # most of what a command makes lives to its end: garbage is seldom looked for
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # coe.yaml is read by our code alone
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
        if isinstance(error, FileNotFoundError) and _nowhere():
            click.echo("error: the current folder is not there any more\nfix: Go to one that is.", err=True)
            return 2
        if isinstance(error, OSError) and error.errno in _MACHINE:
            where = f"{error.filename}: " if error.filename else ""
            click.echo(
                f"error: {where}{error.strerror}\nfix: Make room on the disk, or see to its rights.", err=True
            )
            return 1
        return report_bug(error)


def _nowhere() -> bool:
    """Return whether the folder that the command was started in is gone."""
    from pathlib import Path

    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def show(error: CoeError) -> None:
    """Print an expected error: what is wrong, where, what to do.

    Of what Azure answered only the cause and the correlation id are shown, unless --debug asks for the rest.
    """
    from coe_scaffold.cli.options import debugging

    if isinstance(error, ProblemsError):
        click.echo(error.detail, err=True)
    label = "error" if not error.code else f"error [{error.code}]"
    click.echo(f"{label}: {error.summary}", err=True)
    if isinstance(error, CloudError) and error.correlation_id and not debugging():
        click.echo(f"correlation id: {error.correlation_id}", err=True)
    elif error.detail and not isinstance(error, ProblemsError):
        click.echo(error.detail, err=True)
    if error.fix:
        click.echo(f"fix: {error.fix}", err=True)


def report_bug(error: Exception) -> int:
    """Write a report file for an unexpected error and say where it is; return exit code 70."""
    import platform
    import tempfile
    import traceback

    from coe_scaffold.cli.options import debugging

    if debugging():
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
