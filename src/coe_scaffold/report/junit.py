"""A judgement as JUnit XML, for the test views of pipelines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.model.json import shown
from coe_scaffold.model.judgement import Judgement, Unchecked, Unit
from coe_scaffold.report.findings import place

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters XML 1.0 has no way to write."""


def junit(judgement: Judgement) -> str:
    """Return one test suite per unit and one test case per guardrail and resource.

    A failed guardrail is a failure, a file that could not be judged an error; what is known only after
    apply, excepted or not evaluated is skipped with its reason.
    """
    root = ElementTree.Element("testsuites", {"name": "coe check"})
    for unit in judgement.units:
        _suite(root, unit)
    if judgement.unchecked:
        _cases_of_unchecked(root, judgement.unchecked)
    if judgement.not_judged:
        number = len(judgement.not_judged)
        suite = _start(root, "policies not judged", number, skipped=number)
        for item in judgement.not_judged:
            named = {"classname": "policy", "name": _clean(item.policy)}
            case = ElementTree.SubElement(suite, "testcase", named)
            ElementTree.SubElement(case, "skipped", {"message": _clean(item.reason)})
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _start(
    root: ElementTree.Element, name: str, tests: int, *, failures: int = 0, errors: int = 0, skipped: int = 0
) -> ElementTree.Element:
    numbers = {"tests": tests, "failures": failures, "errors": errors, "skipped": skipped}
    counts = {key: str(value) for key, value in numbers.items()}
    return ElementTree.SubElement(root, "testsuite", {"name": _clean(name), **counts})


def _suite(root: ElementTree.Element, unit: Unit) -> None:
    suite = _start(
        root,
        unit.name,
        len(unit.findings),
        failures=_count(unit.findings, Outcome.FAIL),
        skipped=_count(unit.findings, Outcome.UNKNOWN, Outcome.EXCEPTED),
    )
    for finding in unit.findings:
        _case(suite, unit.name, finding)


def _case(suite: ElementTree.Element, unit: str, finding: Finding) -> None:
    name, where = place(finding.subject)
    file, _, line = finding.location.rpartition(":")
    located = {"file": file, "line": line} if line.isdigit() else {}
    named = {"classname": f"{unit}.{finding.rule}", "name": f"{name} {where} {finding.path}".strip()}
    attributes = {key: _clean(value) for key, value in {**named, **located}.items()}
    case = ElementTree.SubElement(suite, "testcase", attributes)
    match finding.outcome:
        case Outcome.FAIL:
            failure = ElementTree.SubElement(
                case, "failure", {"type": finding.severity.value, "message": _clean(finding.message)}
            )
            failure.text = _clean(_explained(finding))
        case Outcome.UNKNOWN | Outcome.EXCEPTED:
            ElementTree.SubElement(case, "skipped", {"message": _clean(finding.message)})


def _explained(finding: Finding) -> str:
    return "\n".join(
        [
            finding.title,
            f"resource: {finding.subject}",
            f"at: {finding.location or 'unknown'}",
            f"actual: {shown(finding.actual)}",
            f"expected: {shown(finding.expected)}",
            f"fix: {finding.fix}",
            f"owner: {finding.owner}",
        ]
    )


def _cases_of_unchecked(root: ElementTree.Element, items: tuple[Unchecked, ...]) -> None:
    suite = _start(root, "not checked", len(items), errors=len(items))
    for item in items:
        case = ElementTree.SubElement(suite, "testcase", {"classname": "file", "name": _clean(item.file)})
        problems = [str(problem) for problem in item.problems]
        error = ElementTree.SubElement(case, "error", {"message": _clean(problems[0] if problems else "")})
        error.text = _clean("\n".join(problems))


def _count(findings: Iterable[Finding], *outcomes: Outcome) -> int:
    return sum(finding.outcome in outcomes for finding in findings)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("�", text)
