"""A judgement in every format: what failed, what could not be judged, what was left out."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from coe_scaffold.errors import Problem
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.judgement import Judgement, NotJudged, Unchecked, Unit
from coe_scaffold.report.findings_markdown import markdown
from coe_scaffold.report.judgement import document, text
from coe_scaffold.report.junit import junit
from coe_scaffold.report.sarif import sarif

FAILED = Finding(
    rule="kv-rbac",
    title="Key Vault: roles decide",
    severity=Severity.HIGH,
    outcome=Outcome.FAIL,
    subject="/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a",
    message="properties.enableRbacAuthorization is false, expected true.",
    owner="compliance-officer",
    fix="Set it.",
    path="properties.enableRbacAuthorization",
    actual=False,
    expected=True,
    location="infra/main.bicep:12",
)
UNCHECKED = Unchecked("broken.bicep", (Problem("broken.bicep", 3, 1, "no such symbol", "Declare it"),))
LEFT_OUT = NotJudged("Allowed tags", "its effect is append")
JUDGEMENT = Judgement(
    (
        Unit("dev", 9, (FAILED, replace(FAILED, outcome=Outcome.PASS))),
        Unit(
            "prod", 7, (replace(FAILED, outcome=Outcome.UNKNOWN), replace(FAILED, outcome=Outcome.EXCEPTED))
        ),
    ),
    (UNCHECKED,),
    (LEFT_OUT,),
)


def test_text_names_everything() -> None:
    told = text(JUDGEMENT)
    for words in (
        "Judged 9 resources that dev would have.",
        "infra/main.bicep:12",
        "NOT CHECKED (1)",
        "broken.bicep:3:1: no such symbol",
        "POLICIES NOT JUDGED (1)",
        "its effect is append",
    ):
        assert words in told


def test_the_document_counts_units_and_names_them() -> None:
    written = json.loads(json.dumps(document(JUDGEMENT)))
    assert written["format"] == "coe-scaffold/findings/v1"
    assert written["environment"] == "dev, prod"
    assert [unit["resources"] for unit in written["units"]] == [9, 7]
    assert [item["unit"] for item in written["findings"]] == ["dev", "dev", "prod", "prod"]
    assert written["unchecked"][0]["problems"][0]["line"] == 3
    assert written["notJudged"] == [{"policy": "Allowed tags", "reason": "its effect is append"}]


def test_sarif_tells_of_files_that_could_not_be_judged() -> None:
    log = sarif(JUDGEMENT.findings, version="1", unchecked=JUDGEMENT.unchecked)
    (invocation,) = log["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "no such symbol" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    (fine,) = sarif((), version="1")["runs"][0]["invocations"]
    assert fine["executionSuccessful"] is True


def test_junit_counts_and_explains() -> None:
    root = ElementTree.fromstring(junit(JUDGEMENT))
    assert {key: root.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "6",
        "failures": "1",
        "errors": "1",
        "skipped": "3",
    }
    failure = root.find(".//failure")
    assert failure is not None
    for words in ("kv-a", "infra/main.bicep:12", "actual: false", "expected: true", "Set it.", "compliance"):
        assert words in (failure.text or "")
    assert root.find(".//testcase/error") is not None


def test_junit_survives_what_xml_cannot_write() -> None:
    odd = replace(FAILED, message="a\x00b\ud800<&>", actual="\x1b[31m")
    ElementTree.fromstring(junit(Judgement((Unit("dev", 1, (odd,)),))).encode())


def test_markdown_has_a_row_a_finding_and_no_row_a_pass() -> None:
    told = markdown(JUDGEMENT)
    assert told.startswith("<!-- coe-scaffold check -->\n")
    assert len([line for line in told.splitlines() if "`kv-rbac`" in line]) == 3
    assert "infra/main.bicep:12" in told
    assert "no such symbol" in told


def test_what_comes_from_files_cannot_become_markup() -> None:
    odd = replace(FAILED, fix="[x](http://evil) <img> @team | #1", actual="a|b`c")
    row = next(
        line for line in markdown(Judgement((Unit("dev", 1, (odd,)),))).splitlines() if "kv-rbac" in line
    )
    assert len(row.replace("\\|", "").split("|")) == 9
    for mark in ("[x](", "<img", "@team", "#1"):
        assert mark not in row


@pytest.mark.parametrize("limit", [600, 5_000, 65_536])
def test_markdown_stays_within_a_comment_and_counts_what_it_leaves_out(limit: int) -> None:
    many = tuple(replace(FAILED, subject=f"{FAILED.subject}-{n}-ü") for n in range(3000))
    told = markdown(Judgement((Unit("dev", 1, many),), (UNCHECKED,)), limit=limit)
    assert len(told.encode()) <= limit
    assert "3000 failed" in told
    shown = sum("`kv-rbac`" in line for line in told.splitlines())
    assert f"{3000 - shown} more findings left out" in told
