"""Write the reference pages that the code knows: ``make docs`` runs it, tests keep the pages current.

An argument is another folder to write them to. Commands remember how their help option was spelled when they
were first called, so that help is as people see it in a fresh process only.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from coe_scaffold.catalog import evidence as shipped_evidence
from coe_scaffold.checks import all_rules
from coe_scaffold.cli.main import cli
from coe_scaffold.config.json_schema import json_schema
from coe_scaffold.report import evidence as items
from coe_scaffold.report.catalogue import catalogue

TARGET = Path(__file__).parent / "reference" / "cli.md"
GUARDRAILS = TARGET.with_name("guardrails.md")
SETTINGS = TARGET.with_name("settings.md")
EVIDENCE = TARGET.with_name("evidence.md")


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
        context = click.Context(
            command,
            info_name=name,
            max_content_width=100,
            terminal_width=100,
            help_option_names=cli.context_settings["help_option_names"],
        )
        parts += [f"## {name}", "", "```text", command.get_help(context).rstrip(), "```", ""]
    return "\n".join(parts)


def guardrails() -> str:
    """Return the catalogue of guardrails as Markdown."""
    return catalogue(all_rules())


def evidence() -> str:
    """Return the evidence that reviews ask for as Markdown."""
    return items.page(shipped_evidence())


def settings() -> str:
    """Return every key of coe.yaml and project.yaml as Markdown tables, from their JSON Schemas."""
    parts = ["# Keys of coe.yaml and project.yaml", "", "Made from `coe schema` by `make docs`; do not edit."]
    parts += [
        "Environment variables `COE_*` and flags win over files; `coe config` tells what comes from where."
    ]
    for file, name in (("coe.yaml", "workspace"), ("project.yaml", "project")):
        schema = json_schema(name)  # type: ignore[arg-type]
        rows = [
            f"| `{path}` | {kind} | {default} | {what} |"
            for path, kind, default, what in _keys(schema, schema, "")
        ]
        parts += [
            "",
            f"## {file}",
            "",
            "| Key | Value | Default | What it is |",
            "| --- | --- | --- | --- |",
            *rows,
        ]
    return "\n".join(parts) + "\n"


def _keys(section: Any, schema: Any, base: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield (path, kind of value, default, what it is) of every key below a section."""
    for name, body in section["properties"].items():
        path = f"{base}.{name}".lstrip(".")
        inner, many = _inner(body, schema)
        default = f"`{json.dumps(body['default'])}`" if body.get("default") not in (None, "", []) else ""
        required = "required" if name in section.get("required", ()) else default
        if inner is None:
            yield path, _kind(body), required, body.get("description", "")
        else:
            yield path, many, required, " ".join(inner.get("description", "").split("\n\n")[0].split())
            yield from _keys(
                inner, schema, path + ("[]" if many == "list" else ".<name>" if many == "names" else "")
            )


def _inner(body: Any, schema: Any) -> tuple[Any, str]:
    """Return the section below a key, if there is one, and whether there are several: ``list``, ``names``."""
    for many, found in (
        ("section", body),
        ("section", next((one for one in body.get("anyOf", ()) if "$ref" in one), {})),
        ("list", body.get("items", {})),
        ("names", body.get("additionalProperties") or {}),
        ("names", next(iter(body.get("patternProperties", {}).values()), {})),
    ):
        target = found if "$ref" in found else found.get("items", {}) if many == "names" else found
        if "$ref" in target:
            return schema["$defs"][target["$ref"].rpartition("/")[2]], many
    return None, ""


def _kind(body: Any) -> str:
    """Return what a value is, in one cell of a table."""
    for choice in body.get("anyOf", ()):
        if choice.get("type") != "null":
            return _kind(choice)
    if "const" in body or "enum" in body:
        return ", ".join(f"`{item or 'empty'}`" for item in body.get("enum", [body.get("const")]))
    limits = [f"{word} {body[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in body]
    inner = f" of {_kind(body['items'])}" if "items" in body else ""
    return " ".join([f"{body.get('type', 'any')}{inner}", *limits])


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if sys.argv[1:] else TARGET.parent
    pages = {TARGET: reference, GUARDRAILS: guardrails, SETTINGS: settings, EVIDENCE: evidence}
    for page, write in pages.items():
        (folder / page.name).write_text(write(), encoding="utf-8")
