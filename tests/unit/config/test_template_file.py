"""template.yaml of templates that others wrote: every problem is told at its line, nothing is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from coe_scaffold.config.source import Source
from coe_scaffold.config.template_schema import template_file
from coe_scaffold.errors import ConfigError, UsageError
from coe_scaffold.local.templates import opened


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        template_file(Source("t/template.yaml", text))
    return [str(problem) for problem in refused.value.problems]


def test_what_a_template_says_is_kept_and_what_it_leaves_out_is_left_out() -> None:
    text = 'version: "1.0"\nextends: rag\nquestions: {size: {type: choice, choices: [s, m], default: m}}\n'
    assert template_file(Source("t/template.yaml", text)) == {
        "version": "1.0",
        "extends": "rag",
        "questions": {"size": {"type": "choice", "choices": ["s", "m"], "default": "m"}},
    }
    assert template_file(Source("t/template.yaml", "\n")) == {}


def test_every_problem_is_told_at_once() -> None:
    text = 'extend: rag\nversion: 1.0\nownership: {platfrom: ["*"]}\nmigrations: [{moves: {}}]\n'
    assert [told.removeprefix("t/template.yaml:").rpartition(" [")[0] for told in problems(text)] == [
        "1:1: unknown key 'extend'. Did you mean 'extends'?",
        "2:1: 'version' is 1.0, not a text. Put it in quotes.",
        "3:13: 'ownership.platfrom' cannot be 'platfrom'. Did you mean 'platform'?",
        "4:14: 'migrations.0.version' is missing. Add 'version:' with a value.",
    ]


def test_questions_that_nobody_could_answer_are_refused() -> None:
    wrong = problems('questions:\n  size: {choices: [s, m], default: l}\n  code: {pattern: "("}\n')
    assert len(wrong) == 2
    assert wrong[0].startswith("t/template.yaml:2:27: the default of 'size' is none of its choices: 'l'")
    assert wrong[1].startswith("t/template.yaml:3:10: the pattern of 'code' is no regular expression")


@pytest.mark.parametrize("text", ["a: [", "- a", "questions: 3", "a: &x {b: *x}", "a: " + "[" * 500])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    assert len(problems(text)) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "it is not there"),
        (b"{", "Expecting property name"),
        (b"[1]", "it holds no object"),
        (b"{\x80", "codec can't decode"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "nested more than 200 levels deep"),
    ],
)
def test_a_template_without_names_is_refused(tmp_path: Path, content: bytes | None, told: str) -> None:
    if content is not None:
        (tmp_path / "cookiecutter.json").write_bytes(content)
    with pytest.raises(UsageError) as refused, opened("", str(tmp_path)):
        pass
    assert told in refused.value.detail


def test_a_manifest_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cookiecutter.json").write_text("{}", encoding="utf-8")
    (tmp_path / "template.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="1 problem"), opened("", str(tmp_path)):
        pass
