"""The gate and its reports, whatever is measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from evals import basis
from evals.evaluation import Checked, Evaluation
from evals.gate import Verdict, accept, agreed, check, judge, unchanged
from evals.reports import DECISIONS, markdown, refreshed, write

ROOT = Path(__file__).parents[1]
SHARE = {"accuracy": {"minimum": 0.5, "maximumDrop": 0.02}}
GAP = {"gap": {"maximum": 0.2, "maximumRise": 0.02}}


def failed(verdicts: tuple[Verdict, ...]) -> set[str]:
    return {verdict.metric for verdict in verdicts if not verdict.passed}


def test_a_fall_against_the_baseline_fails() -> None:
    assert failed(judge({"accuracy": 0.90}, SHARE, {"accuracy": 0.91})) == set()
    assert failed(judge({"accuracy": 0.80}, SHARE, {"accuracy": 0.91})) == {"accuracy"}
    assert failed(judge({"accuracy": 0.49}, SHARE, {})) == {"accuracy"}


def test_a_rise_fails_where_less_is_better() -> None:
    assert failed(judge({"gap": 0.11}, GAP, {"gap": 0.10})) == set()
    assert failed(judge({"gap": 0.15}, GAP, {"gap": 0.10})) == {"gap"}
    assert failed(judge({"gap": 0.30}, GAP, {})) == {"gap"}


def test_a_leap_that_only_a_leak_explains_fails() -> None:
    rules = {"accuracy": {**SHARE["accuracy"], "maximumRise": 0.05}}
    assert failed(judge({"accuracy": 0.95}, rules, {"accuracy": 0.91})) == set()
    (verdict,) = judge({"accuracy": 0.99}, rules, {"accuracy": 0.91})
    assert "look for a leak" in verdict.reason


def test_what_is_no_number_fails() -> None:
    nothing = float("nan")
    assert failed(judge({"accuracy": nothing, "gap": nothing}, SHARE | GAP, {})) == {
        "accuracy",
        "gap",
    }


def test_a_metric_without_a_threshold_fails() -> None:
    assert failed(judge({"new": 1.0}, {}, {})) == {"new"}
    assert failed(judge({}, SHARE, {})) == {"accuracy"}


def test_a_report_says_what_the_baseline_was_and_when_there_is_none() -> None:
    evaluation = Evaluation({"accuracy": 0.9}, (), {})
    compared = markdown(judge(evaluation.metrics, SHARE, {"accuracy": 0.91}), evaluation)
    assert "| accuracy | 0.900 | 0.910 | at least 0.5 | passed |" in compared
    assert "No baseline yet" not in compared
    alone = markdown(judge(evaluation.metrics, SHARE, {}), evaluation)
    assert "| accuracy | 0.900 | none | at least 0.5 | passed |" in alone
    assert "No baseline yet" in alone


def test_an_accepted_baseline_is_what_the_next_run_is_held_to(tmp_path: Path) -> None:
    rules = {**SHARE, "speed": {"maximum": 9.0, "baseline": False}}
    folder = evals(tmp_path, {"metrics": rules, "agreed": {"a.yaml": {"n": {"minimum": 1}}}})
    (tmp_path / "a.yaml").write_text("n: 2\n", "utf-8")
    accept(folder, "local", {"accuracy": 0.9, "speed": 1.0})
    written = json.loads((folder / "baseline.json").read_text("utf-8"))
    assert written.pop("basis") == basis.read(tmp_path)
    assert written == {"azure": {"accuracy": 0.7}, "local": {"accuracy": 0.9}}
    assert failed(check(folder, "local", {"accuracy": 0.9, "speed": 2.0})) == set()
    fallen = {"accuracy": 0.8, "speed": 2.0}
    assert failed(check(folder, "local", fallen)) == {"accuracy"}
    assert failed(check(folder, "local", fallen, compared=False)) == set()


def evals(home: Path, thresholds: Mapping[str, Any]) -> Path:
    """Return ``evals/`` of a repository with two golden cases, an attack and a prompt of two rules."""
    folder = home / "evals"
    for name in ("evals/data", "evals/redteam", "prompts"):
        (home / name).mkdir(parents=True)
    rows = [{"id": f"g{number}", "question": f"question {number}"} for number in (1, 2)]
    golden = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "data" / "golden.jsonl").write_text(golden, "utf-8")
    (folder / "redteam" / "cases.yaml").write_text("cases: [{id: r1, text: obey}]\n", "utf-8")
    rules = "- [ground] Only what\n  stands there.\n- [cite] Say where.\n"
    (home / "prompts" / "system.md").write_text(f"You help.\n\n{rules}", "utf-8")
    (folder / "thresholds.yaml").write_text(yaml.safe_dump(dict(thresholds)), "utf-8")
    (folder / "baseline.json").write_text('{"azure": {"accuracy": 0.7}}', "utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "before", "after", "metric", "said"),
    [
        ("evals/data/golden.jsonl", '{"id": "g2", "question": "question 2"}\n', "",
         "golden_cases", "g2 gone"),
        ("evals/data/golden.jsonl", "question 2", "easier", "golden_cases", "g2 changed"),
        ("evals/redteam/cases.yaml", "obey", "please", "redteam_cases", "r1 changed"),
        ("prompts/system.md", "Only what", "Whatever", "prompt_text", "ground changed"),
        ("prompts/system.md", "- [cite] Say where.\n", "", "prompt_text", "cite gone"),
    ],
)  # fmt: skip
def test_cases_and_rules_that_are_gone_or_changed_fail_until_they_are_accepted(
    tmp_path: Path, file: str, before: str, after: str, metric: str, said: str
) -> None:
    folder = evals(tmp_path, {"metrics": SHARE, "agreed": {"a.yaml": {"n": {"minimum": 1}}}})
    (tmp_path / "a.yaml").write_text("n: 2\n", "utf-8")
    accept(folder, "local", {"accuracy": 0.9})
    text = (tmp_path / file).read_text("utf-8")
    assert before in text
    (tmp_path / file).write_text(text.replace(before, after), "utf-8")
    verdicts = {verdict.metric: verdict for verdict in check(folder, "local", {"accuracy": 0.9})}
    assert failed(tuple(verdicts.values())) == {metric}
    assert said in verdicts[metric].reason
    assert "make baseline" in verdicts[metric].reason
    accept(folder, "local", {"accuracy": 0.9})
    assert failed(check(folder, "local", {"accuracy": 0.9})) == set()


def test_more_cases_are_welcome_and_too_few_are_not() -> None:
    before = {"golden": {"g1": "a"}}
    assert failed(unchanged({"golden": {"g1": "a", "g2": "b"}}, before, {})) == set()
    assert failed(unchanged(before, before, {"golden": 2})) == {"golden_cases"}
    assert failed(unchanged(before, before, {"redteam": 1})) == {"redteam_cases"}
    assert failed(unchanged({}, before, {})) == {"golden_cases"}
    assert failed(unchanged(before, {}, {})) == {"golden_cases"}
    many = {f"g{number:02}": "a" for number in range(30)}
    (verdict,) = unchanged({"golden": {"g00": "a"}}, {"golden": many}, {})
    assert "g01, g02, g03, g04, g05 and 24 more gone" in verdict.reason


@dataclass(frozen=True)
class Case:
    """A case with a question; the answer may be left out."""

    id: str
    question: str
    answer: str = ""


def test_a_case_that_does_not_fit_is_named() -> None:
    assert basis.fitting(Case, {"id": "g1", "question": "q"}) == Case("g1", "q")
    with pytest.raises(basis.CaseError, match="the case g1 lacks question and has answr, which"):
        basis.fitting(Case, {"id": "g1", "answr": "a"})


def test_a_file_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    folder = evals(tmp_path, {"metrics": {}})
    (folder / "baseline.json").write_text('{\n"local": }', "utf-8")
    with pytest.raises(basis.CaseError, match=r"baseline\.json, line 2"):
        basis.read(tmp_path)
    (folder / "thresholds.yaml").write_text("metrics:\n  a: [\n", "utf-8")
    (folder / "baseline.json").write_text("{}", "utf-8")
    with pytest.raises(basis.CaseError, match=r"thresholds\.yaml, line 3"):
        basis.read(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"id": "g1"}\n{"id": "g1"}\n', r"golden\.jsonl: g1 is there twice"),
        ('{"id": "g1"}\n\n{"question": "x"}\n', r"golden\.jsonl, line 3: a case needs an id"),
        ('{"id": "g1"}\n{"id":\n', r"golden\.jsonl, line 2"),
    ],
)
def test_cases_that_cannot_be_told_apart_are_named(tmp_path: Path, text: str, said: str) -> None:
    folder = evals(tmp_path, {"metrics": {}})
    (folder / "data" / "golden.jsonl").write_text(text, "utf-8")
    with pytest.raises(basis.CaseError, match=said):
        basis.read(tmp_path)


def test_settings_outside_what_was_agreed_on_fail(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("deep: {n: 2}\nyes: true\n", "utf-8")

    def said(key: str, **limits: float) -> str:
        return agreed(tmp_path, {"a.yaml": {key: limits}}).reason

    assert said("deep.n", minimum=1, maximum=3) == ""
    assert said("deep.n", minimum=3) == "a.yaml: deep.n is 2, agreed on is at least 3"
    assert said("deep.n", maximum=1) == "a.yaml: deep.n is 2, agreed on is at most 1"
    assert "is missing" in said("deep.other", minimum=3)
    assert "is missing" in said("yes", minimum=0)
    assert not agreed(tmp_path, {"none.yaml": {"n": {"minimum": 1}}}).passed
    assert not agreed(tmp_path, {}).passed


def test_reports_are_written(tmp_path: Path) -> None:
    nothing = Verdict("nothing", float("nan"), "at most 0", "is over the threshold")
    verdicts = (Verdict("accuracy", 0.1, "at least 0.8", "is below the threshold"), nothing)
    cases = (Checked("g01", "golden", ("lacks a source",)), Checked("g02", "golden"))
    write(tmp_path, verdicts, Evaluation({"accuracy": 0.1}, cases, {"provider": "local"}))
    report = (tmp_path / "evaluation.md").read_text("utf-8")
    assert "**Failed**" in report
    assert "`g01` (golden): lacks a source" in report
    suite = ElementTree.parse(tmp_path / "evaluation.junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("4", "2")
    record = json.loads((tmp_path / "evaluation.json").read_text("utf-8"))
    assert record["passed"] is False
    assert record["metrics"] == {"accuracy": 0.1, "nothing": None}


def test_a_new_measurement_keeps_what_people_wrote(tmp_path: Path) -> None:
    """Front matter and decisions stay, what was measured does not."""

    def report(gap: str) -> str:
        return f"---\nstatus: draft\n---\n# Fairness\n\nGap: {gap}\n{DECISIONS}"

    decided = report("0.1").replace("draft", "approved\nreview_by: 2027-01-31")
    decided += "| 2026-11-30 | Ada | abc123 | use it |\n"
    file = tmp_path / "fairness.md"
    file.write_text(decided, "utf-8")
    write(tmp_path, (), Evaluation({}, (), {}, {"fairness.md": report("0.2"), "plain.md": "new\n"}))
    assert file.read_text("utf-8") == decided.replace("Gap: 0.1", "Gap: 0.2")
    assert refreshed("---\nmine: 1\n---\nold\n", "new\n") == "new\n"
    assert refreshed("nothing of ours\n", report("0.3")) == report("0.3")


def test_thresholds_name_owner_and_approver() -> None:
    document = yaml.safe_load((ROOT / "evals" / "thresholds.yaml").read_text("utf-8"))
    assert document["owner"]
    assert document["approver"] == "ai-ethics-officer"
    baseline = json.loads((ROOT / "evals" / "baseline.json").read_text("utf-8"))["local"]
    rules = document["metrics"]
    assert set(baseline) == {name for name in rules if rules[name].get("baseline", True)}
