"""Where output goes: one JSON document, or text for people; progress and notices always to stderr."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from coe_scaffold.errors import UsageError

if TYPE_CHECKING:
    from coe_scaffold.operations.new import Made


def emit(document: Mapping[str, Any]) -> None:
    """Print exactly one JSON document on stdout."""
    click.echo(json.dumps(document, indent=2, sort_keys=False, ensure_ascii=False))


def say(text: str = "") -> None:
    """Print a line for people on stdout."""
    click.echo(text)


def notice(text: str) -> None:
    """Print a line for people on stderr, so that it never mixes with a document on stdout."""
    click.echo(text, err=True)


def show_made(made: Made, output: str, following: str) -> None:
    """Tell what was written and what to do next, as text or as one document."""
    if output == "json":
        emit({"format": "coe-scaffold/new/v1", "folder": str(made.folder), "files": list(made.files)})
        return
    say(f"Wrote {len(made.files)} files to {made.folder}.")
    say(f"Next: {following}")


def confirm(question: str, *, yes: bool, ask: bool) -> None:
    """Return when the answer is yes; raise UsageError when nobody can answer, Abort when it is no."""
    if yes:
        return
    if not ask:
        raise UsageError(f"nobody is there to answer: {question}", fix="Add --yes.")
    click.confirm(question, abort=True, err=True)
