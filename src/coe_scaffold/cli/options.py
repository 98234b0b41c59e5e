"""Options that several commands share, so that they are spelled and explained in one way."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from coe_scaffold.model.settings import CREDENTIALS

Command = TypeVar("Command", bound=Callable[..., Any])

workspace_option = click.option(
    "-w",
    "--workspace",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="COE_WORKSPACE",
    default=Path(),
    help="Folder in or below the workspace; default: the current one.  [env var: COE_WORKSPACE]",
)

environment_option = click.option(
    "-e",
    "--env",
    "environment",
    required=True,
    envvar="COE_ENV",
    metavar="ENV",
    help="Environment of coe.yaml, such as dev.  [env var: COE_ENV]",
)

first_environment_option = click.option(
    "-e",
    "--env",
    "environment",
    envvar="COE_ENV",
    metavar="ENV",
    help="Environment of coe.yaml; default: its first.  [env var: COE_ENV]",
)

any_environment_option = click.option(
    "-e",
    "--env",
    "environment",
    default="",
    envvar="COE_ENV",
    metavar="ENV",
    help="Environment of coe.yaml; default: each of them.  [env var: COE_ENV]",
)

output_option = click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    envvar="COE_OUTPUT",
    help="text for people, or one JSON document on stdout.  [env var: COE_OUTPUT]",
)

_credential = click.option(
    "--credential",
    type=click.Choice(CREDENTIALS),
    default="default",
    envvar="COE_CREDENTIAL",
    help="How to sign in to Azure: azure-identity's whole chain, or one link.  [env var: COE_CREDENTIAL]",
)


def _tell_all(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        os.environ[DEBUG] = "1"


DEBUG = "COE_DEBUG"
_debug = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_tell_all,
    help="Show all that Azure said about an error, not only its cause and a fix.  [env var: COE_DEBUG]",
)


def debugging() -> bool:
    """Return whether all that is known about an error was asked for."""
    return bool(os.environ.get(DEBUG))


def credential_option(command: Command) -> Command:
    """Add the options of every command that asks a cloud: ``credential``, and ``--debug``."""
    return _credential(_debug(command))


_recover = click.option(
    "--recover-deleted",
    "recover",
    is_flag=True,
    help="Recover deleted resources that hold a name the plan needs, with what they held.",
)
_purge = click.option(
    "--purge",
    is_flag=True,
    help="Purge deleted resources that hold a name the plan needs: their content is lost for good.",
)


def deleted_options(command: Command) -> Command:
    """Add the options ``recover`` and ``purge``; see ``applying.on_deleted``."""
    return _recover(_purge(command))


yes_option = click.option("-y", "--yes", is_flag=True, help="Do not ask before writing.")

no_input_option = click.option(
    "--no-input", is_flag=True, help="Never ask; implied by CI=true or when there is no terminal."
)


def may_ask(no_input: bool) -> bool:
    """Return whether a person is there to answer."""
    ci = os.environ.get("CI", "").lower() in ("1", "true")
    return not no_input and not ci and sys.stdin.isatty() and sys.stderr.isatty()


def example(text: str) -> str:
    """Return an epilog with one example, kept on lines of its own."""
    return f"\b\nExample: {text}"
