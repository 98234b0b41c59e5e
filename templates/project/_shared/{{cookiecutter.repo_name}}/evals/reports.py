"""Reports: Markdown for people, JUnit for pipelines, JSON for the record."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from .evaluation import Evaluation
from .gate import Verdict

_FRONT = re.compile(r"\A---\n.*?^---\n", re.DOTALL | re.MULTILINE)
_LINE = "<!-- Below, and between the dashes above: written by people, kept by evaluations. -->"
DECISIONS = f"""{_LINE}
## Decisions

| Date | Reviewer | Model or commit | Decision and reason |
|---|---|---|---|
"""
"""The part of a report that is written by people."""


def write(folder: Path, verdicts: Sequence[Verdict], evaluation: Evaluation) -> None:
    """Write ``evaluation.md``, ``.junit.xml`` and ``.json`` and the further reports into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evaluation.md").write_text(markdown(verdicts, evaluation), encoding="utf-8")
    junit(verdicts, evaluation).write(
        folder / "evaluation.junit.xml", encoding="utf-8", xml_declaration=True
    )
    for name, text in evaluation.files.items():
        file = folder / name
        kept = file.read_text(encoding="utf-8") if file.is_file() else text
        file.write_text(refreshed(kept, text), encoding="utf-8")
    record: dict[str, Any] = {
        **evaluation.facts,
        "passed": all(verdict.passed for verdict in verdicts),
        "metrics": {verdict.metric: _number(verdict.value) for verdict in verdicts},
        "problems": {case.id: list(case.problems) for case in evaluation.cases if case.problems},
    }
    (folder / "evaluation.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def _number(value: float) -> float | None:
    """Return a number that JSON has; what is none was not measured."""
    return value if math.isfinite(value) else None


def refreshed(kept: str, new: str) -> str:
    """Return a new report with what people wrote into the one before: facts on top, decisions below the line."""
    if _LINE not in new:
        return new
    own = _FRONT.match(kept)
    text = own.group() + _FRONT.sub("", new, count=1) if own else new
    measured, line, decisions = text.partition(_LINE)
    return measured + line + (kept.partition(_LINE)[2] if _LINE in kept else decisions)


def markdown(verdicts: Sequence[Verdict], evaluation: Evaluation) -> str:
    """Return the report as Markdown."""
    passed = all(verdict.passed for verdict in verdicts)
    lines = [
        "# Evaluation",
        "",
        f"**{'Passed' if passed else 'Failed'}**: {len(evaluation.cases)} cases.",
        "",
        *(f"- {name}: {value}" for name, value in evaluation.facts.items()),
        "",
        "| Metric | Value | Baseline | Threshold | Verdict |",
        "|---|---|---|---|---|",
        *(
            f"| {v.metric} | {v.value:.3f} | {_before(v)} | {v.limit} "
            f"| {'passed' if v.passed else v.reason} |"
            for v in verdicts
        ),
        "",
    ]
    if all(verdict.before is None for verdict in verdicts):
        lines += [
            "**No baseline yet**: nothing was held against an earlier run. "
            "`make baseline` measures once more and keeps what it finds.",
            "",
        ]
    if problems := [case for case in evaluation.cases if case.problems]:
        lines += ["## Cases to look at", ""]
        lines += [
            f"- `{case.id}` ({case.category}): {'; '.join(case.problems)}" for case in problems
        ]
        lines.append("")
    return "\n".join(lines)


def _before(verdict: Verdict) -> str:
    return "none" if verdict.before is None else f"{verdict.before:.3f}"


def junit(
    verdicts: Sequence[Verdict], evaluation: Evaluation
) -> ElementTree.ElementTree[ElementTree.Element]:
    """Return one JUnit test case for each metric and each case; only metrics can fail the run."""
    suite = ElementTree.Element(
        "testsuite",
        name="evaluation",
        tests=str(len(verdicts) + len(evaluation.cases)),
        failures=str(sum(not verdict.passed for verdict in verdicts)),
        errors="0",
    )
    for verdict in verdicts:
        item = ElementTree.SubElement(suite, "testcase", classname="metrics", name=verdict.metric)
        if not verdict.passed:
            message = f"{verdict.metric} = {verdict.value:.3f} {verdict.reason}"
            ElementTree.SubElement(item, "failure", message=message)
    for case in evaluation.cases:
        item = ElementTree.SubElement(
            suite, "testcase", classname=f"cases.{case.category}", name=case.id
        )
        if case.problems:
            ElementTree.SubElement(item, "system-out").text = "; ".join(case.problems)
    return ElementTree.ElementTree(suite)
