"""Write the reference pages that the code knows: ``make docs`` runs it, tests keep the pages current."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from coe_scaffold.checks import all_rules
from coe_scaffold.cli.main import cli
from coe_scaffold.report.catalogue import catalogue

TARGET = Path(__file__).parent / "reference" / "cli.md"
GUARDRAILS = TARGET.with_name("guardrails.md")


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command below one, in the order of its help."""
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from commands(found, f"{name} {child}")


def reference() -> str:
    """Return the reference as Markdown: one section a command, its help as printed."""
    parts = ["# Command line", "", "Made from `coe --help` by `make docs`; do not edit.", ""]
    for name, command in commands(cli, "coe"):
        context = click.Context(command, info_name=name, max_content_width=100, terminal_width=100)
        parts += [f"## {name}", "", "```text", command.get_help(context).rstrip(), "```", ""]
    return "\n".join(parts)


def guardrails() -> str:
    """Return the catalogue of guardrails as Markdown."""
    return catalogue(all_rules())


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
    GUARDRAILS.write_text(guardrails(), encoding="utf-8")
