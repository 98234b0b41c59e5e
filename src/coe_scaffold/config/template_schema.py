"""The shape of ``template.yaml`` in a template that is not packaged; every key may be left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from coe_scaffold.config.document import Document, parse
from coe_scaffold.config.problems import from_validation, suggest
from coe_scaffold.config.schema import Kind, Strict
from coe_scaffold.config.source import Source
from coe_scaffold.errors import ConfigError, Problem

Globs = list[str]


class QuestionSection(Strict):
    """What is asked for one name, or what differs in a question of the packaged kind."""

    prompt: str = ""
    type: Literal["text", "choice"] = "text"
    default: str = ""
    choices: list[str] = Field(default_factory=list)
    pattern: str = ""
    hint: str = ""


class MigrationSection(Strict):
    """What one version moves and deletes."""

    version: str
    moves: dict[str, str] = Field(default_factory=dict)
    deletions: Globs = Field(default_factory=list)


class TemplateFile(Strict):
    """template.yaml."""

    id: str = ""
    title: str = ""
    version: str = ""
    summary: str = ""
    extends: Annotated[Literal["", Kind], Field(description="a packaged kind")] = ""
    questions: dict[str, QuestionSection] = Field(default_factory=dict)
    facts: dict[str, Any] = Field(default_factory=dict)
    ownership: dict[Literal["platform", "project", "shared"], Globs] = Field(default_factory=dict)
    tiers: dict[Literal["minimal", "limited", "high"], Globs] = Field(default_factory=dict)
    providers: dict[Literal["github", "azure-devops"], Globs] = Field(default_factory=dict)
    migrations: list[MigrationSection] = Field(default_factory=list)


def template_file(source: Source) -> dict[str, Any]:
    """Return what a template.yaml says, as plain data; raise ConfigError with every problem."""
    if not source.text.strip():
        return {}
    document = parse(source.text, source.file)
    try:
        file = TemplateFile.model_validate(document.data)
    except ValidationError as error:
        raise ConfigError(from_validation(error, document, TemplateFile)) from None
    if problems := list(_question_problems(file, document)):
        raise ConfigError(problems)
    return file.model_dump(exclude_unset=True)


def _question_problems(file: TemplateFile, document: Document) -> Iterator[Problem]:
    for name, question in file.questions.items():
        place = ("questions", name)
        if question.choices and question.default and question.default not in question.choices:
            message = f"the default of '{name}' is none of its choices: '{question.default}'"
            yield document.problem(
                (*place, "default"), message, fix=suggest(question.default, question.choices)
            )
        try:
            re.compile(question.pattern)
        except re.error as error:
            message = f"the pattern of '{name}' is no regular expression: {error}"
            yield document.problem((*place, "pattern"), message)
