"""Questions to a person, and their answers given as KEY=VALUE instead."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coe_scaffold.cli.output import notice
from coe_scaffold.errors import UsageError

if TYPE_CHECKING:
    from coe_scaffold.scaffold.manifest import Question


_KIND = "rag"
"""The kind of a project when nobody names one."""


def answered(pairs: Iterable[str]) -> dict[str, str]:
    """Return ``key=value`` arguments as a mapping; raise UsageError for one without ``=``."""
    return {key: values[-1] for key, values in every(pairs).items()}


def every(pairs: Iterable[str]) -> dict[str, list[str]]:
    """Return ``key=value`` arguments with all values of a key; raise UsageError for one without ``=``."""
    answers: dict[str, list[str]] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key:
            raise UsageError(
                f"'{pair}' is no answer", fix="Write it as KEY=VALUE, such as --set owner=me@contoso.com."
            )
        answers.setdefault(key.strip(), []).append(value)
    return answers


def answers_in(path: Path | None, pairs: Iterable[str]) -> dict[str, str]:
    """Return the answers of a YAML file, overridden by ``key=value`` arguments.

    The record of an intake is such a file too: its key ``answers`` holds them.
    Raises ConfigError for bad YAML and UsageError for an answer that is not a single value.
    """
    if path is None:
        return answered(pairs)
    from coe_scaffold.config.document import parse
    from coe_scaffold.local.files import DiskFiles

    data = parse(DiskFiles().read(path).decode("utf-8", errors="replace"), str(path)).data
    if isinstance(data.get("answers"), dict):
        data = data["answers"]
    nested = [str(name) for name, value in data.items() if isinstance(value, dict | list)]
    if nested:
        raise UsageError(f"{path}: not a single value: {', '.join(nested)}", fix="Write one value a line.")
    spelled = {True: "true", False: "false", None: ""}
    plain = {str(name): spelled.get(value, str(value)) for name, value in data.items()}
    return {**plain, **answered(pairs)}


def intake_of(directory: Path, name: str, template: str) -> Path | None:
    """Return the record of a project's intake, and say so; None without one, or for a template of others."""
    from coe_scaffold.local.workspace import intake_place

    root, _ = intake_place(directory, name)
    record = root / "intake" / f"{name}.yaml"
    if template or not record.is_file():
        return None
    notice(f"Answers come from {record}.")
    return record


def ask_kind(questions: Iterable[Question], given: dict[str, str]) -> dict[str, str]:
    """Return answers to a kind's questions: the given ones, and a person's for the rest."""
    import questionary

    answers = dict(given)
    for question in questions:
        if question.id in answers:
            continue
        if question.type == "choice":
            reply = questionary.select(
                question.prompt, list(question.choices), default=question.default or None
            ).ask()
        else:
            reply = questionary.text(
                question.prompt,
                default=question.default,
                validate=lambda text, question=question: question.problem(text) or True,
            ).ask()
        if reply is None:
            raise click.Abort
        answers[question.id] = reply
    return answers


def ask_intake(given: dict[str, str]) -> dict[str, str]:
    """Return answers to the intake's questions: the given ones, and a person's for the rest."""
    from coe_scaffold.catalog.intake import intake
    from coe_scaffold.scaffold.manifest import Question

    asked = [
        Question(item.id, item.prompt, "choice" if item.choices else "text", item.default, item.choices)
        for item in intake().questions
    ]
    return ask_kind(asked, given)


def ask_text(prompt: str, default: str = "") -> str:
    """Return a person's answer; raise Abort on Ctrl+C."""
    import questionary

    reply: str | None = questionary.text(prompt, default=default).ask()
    if reply is None:
        raise click.Abort
    return reply


def organisation(name: str | None, prefix: str | None, *, ask: bool) -> tuple[str, str]:
    """Return name and prefix, asked for when missing; raise UsageError with all that lack."""
    if ask:
        name = name or ask_text("Organisation")
        start = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())[:3]
        prefix = prefix or ask_text("Prefix of resource names (2 to 6 lower-case letters or digits)", start)
    missing = [f"--{option}" for option, value in (("name", name), ("prefix", prefix)) if not value]
    if not name or not prefix:
        raise UsageError(
            f"missing: {', '.join(missing)}", fix="Give each, or run it in a terminal to be asked."
        )
    return name, prefix


def project_identity(name: str | None, kind: str | None, *, ask: bool) -> tuple[str, str]:
    """Return a project's name and kind, asked for when missing; raise UsageError when there is no name."""
    if ask and not name:
        name = ask_text("What is the project called? (lower-case letters, digits and hyphens)")
    if ask and not kind:
        from coe_scaffold.scaffold.manifest import Question, kinds

        known = tuple(item.id for item in kinds())
        kind = ask_kind([Question("kind", "Which kind is it?", "choice", _KIND, known)], {})["kind"]
    if not name:
        raise UsageError("missing: NAME", fix="Give a name, or run it in a terminal to be asked.")
    return name, kind or _KIND
