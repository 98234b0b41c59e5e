"""Reports: Markdown for people, JUnit for pipelines, JSON for the record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from .gate import Verdict
from .metrics import Outcome, failures


def write(
    folder: Path, verdicts: Sequence[Verdict], outcomes: Sequence[Outcome], facts: dict[str, str]
) -> None:
    """Write ``evaluation.md``, ``evaluation.junit.xml`` and ``evaluation.json`` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evaluation.md").write_text(markdown(verdicts, outcomes, facts), encoding="utf-8")
    junit(verdicts, outcomes).write(
        folder / "evaluation.junit.xml", encoding="utf-8", xml_declaration=True
    )
    record: dict[str, Any] = {
        **facts,
        "passed": all(verdict.passed for verdict in verdicts),
        "metrics": {verdict.metric: verdict.value for verdict in verdicts},
        "problems": {
            outcome.case.id: failures(outcome) for outcome in outcomes if failures(outcome)
        },
    }
    (folder / "evaluation.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def markdown(
    verdicts: Sequence[Verdict], outcomes: Sequence[Outcome], facts: dict[str, str]
) -> str:
    """Return the report as Markdown."""
    passed = all(verdict.passed for verdict in verdicts)
    lines = [
        "# Evaluation",
        "",
        f"**{'Passed' if passed else 'Failed'}**: {len(outcomes)} cases.",
        "",
        *(f"- {name}: {value}" for name, value in facts.items()),
        "",
        "| Metric | Value | Threshold | Verdict |",
        "|---|---|---|---|",
        *(
            f"| {v.metric} | {v.value:.3f} | {v.limit} | {'passed' if v.passed else v.reason} |"
            for v in verdicts
        ),
        "",
    ]
    if problems := [(outcome.case, failures(outcome)) for outcome in outcomes if failures(outcome)]:
        lines += ["## Cases to look at", ""]
        lines += [f"- `{case.id}` ({case.user}): {'; '.join(found)}" for case, found in problems]
        lines.append("")
    return "\n".join(lines)


def junit(
    verdicts: Sequence[Verdict], outcomes: Sequence[Outcome]
) -> ElementTree.ElementTree[ElementTree.Element]:
    """Return one JUnit test case for each metric and each question; only metrics can fail the run."""
    failed = sum(not verdict.passed for verdict in verdicts)
    suite = ElementTree.Element(
        "testsuite",
        name="evaluation",
        tests=str(len(verdicts) + len(outcomes)),
        failures=str(failed),
        errors="0",
    )
    for verdict in verdicts:
        item = ElementTree.SubElement(suite, "testcase", classname="metrics", name=verdict.metric)
        if not verdict.passed:
            message = f"{verdict.metric} = {verdict.value:.3f} {verdict.reason}"
            ElementTree.SubElement(item, "failure", message=message)
    for outcome in outcomes:
        name = outcome.case.id
        item = ElementTree.SubElement(
            suite, "testcase", classname=f"cases.{outcome.case.category}", name=name
        )
        if found := failures(outcome):
            ElementTree.SubElement(item, "system-out").text = "; ".join(found)
    return ElementTree.ElementTree(suite)
