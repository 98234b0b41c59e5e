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
    click.echo(written(document))


def written(document: Mapping[str, Any]) -> str:
    """Return a JSON document with a line for each member, and for each item or member of these.

    So people find their way, ``grep`` finds records, and the fast encoder of Python does the work.
    """
    members = [f"  {_line(key)}: {_member(value)}" for key, value in document.items()]
    return "\n".join(["{", ",\n".join(members), "}"]) if members else "{}"


def _member(value: Any) -> str:
    if isinstance(value, list) and value:
        return "\n".join(["[", ",\n".join(f"    {_line(item)}" for item in value), "  ]"])
    if isinstance(value, Mapping) and value:
        lines = (f"    {_line(key)}: {_line(item)}" for key, item in value.items())
        return "\n".join(["{", ",\n".join(lines), "  }"])
    return _line(value)


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


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
