"""The gate and its reports, whatever is measured."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import yaml

from evals.evaluation import Checked, Evaluation
from evals.gate import Verdict, accept, check, judge
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
    (tmp_path / "thresholds.yaml").write_text(yaml.safe_dump({"metrics": rules}), "utf-8")
    (tmp_path / "baseline.json").write_text('{"azure": {"accuracy": 0.7}}', "utf-8")
    accept(tmp_path, "local", {"accuracy": 0.9, "speed": 1.0})
    written = json.loads((tmp_path / "baseline.json").read_text("utf-8"))
    assert written == {"azure": {"accuracy": 0.7}, "local": {"accuracy": 0.9}}
    assert failed(check(tmp_path, "local", {"accuracy": 0.8, "speed": 2.0})) == {"accuracy"}


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
