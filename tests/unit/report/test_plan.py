"""A plan as text, JSON and Markdown."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coe_scaffold.model.plan import Action, Plan
from coe_scaffold.model.resources import ChangeType, PropertyChange
from coe_scaffold.planning import combine, deployment_step
from coe_scaffold.planning.codec import loads
from coe_scaffold.report import plan as report
from coe_scaffold.report.plan_lines import shown
from coe_scaffold.report.plan_markdown import LIMIT, markdown
from coe_scaffold.report.style import wants_colour
from tests.fakes.plans import (
    PROJECT,
    STORAGE,
    SUBSCRIPTION,
    USER,
    assign,
    change,
    deployment,
    finding_lists,
    note_lists,
    sample,
    step_lists,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "plan"


def golden(name: str) -> str:
    return (GOLDEN / name).read_text(encoding="utf-8")


def large(count: int) -> Plan:
    steps = [
        replace(assign(PROJECT, USER), id=f"a{number:05}", title=f"ä assignment number {number}")
        for number in range(count)
    ]
    return combine("dev", "sandbox", (), steps, notes=("note ``` with a fence",))


def test_text_as_before() -> None:
    assert report.text(sample()) + "\n" == golden("plan.txt")


def test_text_with_noise_and_colour_as_before() -> None:
    assert report.text(sample(), show_noise=True, colour=True) + "\n" == golden("plan-colour.txt")


def test_markdown_as_before() -> None:
    assert markdown(sample()) == golden("plan.md")


def test_colour_only_repeats_what_is_written() -> None:
    coloured = report.text(sample(), colour=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == report.text(sample())


def test_the_printed_document_is_a_plan() -> None:
    assert loads(json.dumps(report.document(sample()))) == sample()


def test_nothing_to_change_is_said() -> None:
    step = deployment_step(deployment("x"), [change(STORAGE, ChangeType.NO_CHANGE)])
    plan = combine("dev", "sandbox", (step,), (assign(PROJECT, action=Action.NO_CHANGE),))
    text = report.text(plan)
    assert text.endswith("Nothing to change: 2 resources and assignments are as declared.")
    assert "+" not in text


def test_noise_is_counted_and_shown_only_on_request() -> None:
    quiet, loud = report.text(sample()), report.text(sample(), show_noise=True)
    assert "provisioningState" not in quiet
    assert "1 difference known to be none, hidden; --show-noise shows them" in quiet
    assert '"Succeeded" → null  (noise: read-only-state)' in loud


def test_assignments_of_others_are_listed_to_a_limit_and_counted() -> None:
    steps = [
        replace(assign(SUBSCRIPTION, action=Action.FOREIGN), id=f"f{number}", function="")
        for number in range(25)
    ]
    text = report.text(combine("dev", "sandbox", (), steps))
    assert text.count("    ? ") == 11
    assert "? and 15 more" in text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        ("a\nb", '"a\\nb"'),
        ({"b": 1, "a": True}, '{"a": true, "b": 1}'),
        ("x" * 100, '"' + "x" * 70 + "…"),
        ("\u202egnp.exe", '" gnp.exe"'),
    ],
)
def test_a_value_is_shown_on_one_line(value: object, expected: str) -> None:
    assert shown(value) == expected


def test_text_from_elsewhere_cannot_steer_the_terminal() -> None:
    step = replace(assign(PROJECT), title="evil\x1b[2J\rtitle\n+ line", reason="")
    text = report.text(combine("dev", "sandbox", (), (step,)))
    assert "\x1b" not in text
    assert "evil [2J title + line" in text


def test_markdown_never_exceeds_a_comment_and_counts_what_it_leaves_out() -> None:
    text = markdown(large(5000))
    assert len(text.encode()) <= LIMIT
    kept = text.count("ä assignment number")
    (left,) = re.findall(r"# (\d+) more lines", text)
    assert 500 < kept < 5000
    assert kept + int(left) == 5000
    assert "Notes (1 line)" in text
    assert "5000 to create" in text


@given(step_lists, finding_lists, note_lists, st.integers(1500, 5000))
@settings(max_examples=40, deadline=None)
def test_markdown_of_any_plan_fits(steps: list, findings: list, notes: list, limit: int) -> None:  # type: ignore[type-arg]
    plan = combine("dev", "sandbox", steps, (), findings, notes)
    assert len(markdown(plan, limit=limit).encode()) <= limit
    assert report.text(plan)


def test_markdown_cannot_be_broken_out_of_a_fence() -> None:
    text = markdown(large(1))
    block = text[text.index("Notes (") :]
    fences = re.findall(r"^(`+)(?:diff)?$", block, re.MULTILINE)
    assert fences[:2] == ["````", "````"]
    plan = replace(large(1), environment="dev --> <script>")
    assert "<script>" not in markdown(plan)


def test_a_changed_resource_group_shows_its_differences() -> None:
    tags = PropertyChange("tags.costCenter", "1", "2")
    step = deployment_step(deployment("x"), [change(PROJECT, ChangeType.MODIFY, tags)])
    text = report.text(combine("dev", "sandbox", (step,), ()))
    assert 'tags.costCenter: "1" → "2"' in text


class Stream:
    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "environ", "expected"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_when_to_colour(terminal: bool, environ: dict[str, str], expected: bool) -> None:
    assert wants_colour(Stream(terminal), environ) is expected
