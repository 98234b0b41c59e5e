"""Questions to a person, and their answers given as KEY=VALUE instead."""

from __future__ import annotations

from collections.abc import Iterable

import click

from coe_scaffold.errors import UsageError


def answered(pairs: Iterable[str]) -> dict[str, str]:
    """Return ``key=value`` arguments as a mapping; raise UsageError for one without ``=``."""
    answers = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key:
            raise UsageError(
                f"'{pair}' is no answer", fix="Write it as KEY=VALUE, such as --set owner=me@contoso.com."
            )
        answers[key.strip()] = value
    return answers


def ask_kind(kind_id: str, given: dict[str, str]) -> dict[str, str]:
    """Return answers to a kind's questions: the given ones, and a person's for the rest."""
    import questionary

    from coe_scaffold.scaffold.manifest import kind

    answers = dict(given)
    for question in kind(kind_id).questions:
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


def ask_text(prompt: str, default: str = "") -> str:
    """Return a person's answer; raise Abort on Ctrl+C."""
    import questionary

    reply: str | None = questionary.text(prompt, default=default).ask()
    if reply is None:
        raise click.Abort
    return reply
