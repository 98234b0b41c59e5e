"""Findings as text, JSON and SARIF."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.model.json import Unknown, shown
from coe_scaffold.report.findings import document, place, summary, text
from coe_scaffold.report.sarif import sarif
from tests.fakes.report import report_data

GOLDEN = Path(__file__).parents[2] / "golden" / "report"
FINDINGS = {report.environment.name: report.findings for report in report_data().environments}
SARIF = {name: sarif(findings, version="0.1.0") for name, findings in FINDINGS.items()}


def only_criticals(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity.value == "critical")


@pytest.mark.parametrize("environment", ["dev", "test"])
def test_the_text_people_read(environment: str) -> None:
    expected = (GOLDEN / f"findings-{environment}.txt").read_text(encoding="utf-8")
    assert text(only_criticals(FINDINGS[environment]), environment=environment) + "\n" == expected


def test_nothing_found_is_one_line() -> None:
    assert text(()) == "Guardrails: 0 failed, 0 unknown before apply, 0 excepted, 0 passed."
    assert summary((), environment="dev").startswith("Guardrails for dev: 0 failed")


def test_findings_of_one_rule_tell_each_way_to_mend_them() -> None:
    one = replace(FINDINGS["dev"][0], outcome=Outcome.FAIL)
    told = text((one, replace(one, subject="b"), replace(one, subject="c", fix="Do otherwise.")))
    assert told.count(f"    Fix: {one.fix}") == 1
    assert told.count("    Fix: Do otherwise.") == 1


def test_the_document_is_plain_json_with_every_finding() -> None:
    written = json.loads(json.dumps(document(FINDINGS["dev"], environment="dev")))
    assert written["format"] == "coe-scaffold/findings/v1"
    assert written["environment"] == "dev"
    assert len(written["findings"]) == len(FINDINGS["dev"]) > 0
    assert written["counts"]["excepted"] == sum(f.outcome is Outcome.EXCEPTED for f in FINDINGS["dev"])
    unknown = next(item for item in written["findings"] if item["outcome"] == "unknown")
    assert unknown["actual"] == "<known after apply>"
    elsewhere = {item["guardrail"]: item["where"] for item in written["judgedElsewhere"]}
    assert elsewhere["allowed-resource-types"] == "policy"
    assert elsewhere["rbac-pim"] == "runtime"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "absent"),
        (True, "true"),
        ("", "empty"),
        ([], "empty"),
        (["a", None], "a or absent"),
        ({"a": False}, "a: false"),
        (Unknown("x"), "<known after apply>"),
    ],
)
def test_values_on_one_line(value: object, expected: str) -> None:
    assert shown(value) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("/subscriptions/s/resourceGroups/g", ("g", "resource group")),
        (
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/st/blobServices/default",
            ("st/default", "Microsoft.Storage/storageAccounts/blobServices in g"),
        ),
        (
            "/subscriptions/s/providers/Microsoft.Consumption/budgets/b",
            ("b", "Microsoft.Consumption/budgets at subscription scope"),
        ),
        ("template", ("template", "")),
    ],
)
def test_where_a_finding_is(subject: str, expected: tuple[str, str]) -> None:
    assert place(subject) == expected


def test_sarif_has_a_rule_and_a_result_for_each_finding_that_is_no_pass() -> None:
    (run,) = SARIF["test"]["runs"]
    open_findings = [finding for finding in FINDINGS["test"] if finding.outcome is not Outcome.PASS]
    assert SARIF["test"]["version"] == "2.1.0"
    assert run["tool"]["driver"]["version"] == "0.1.0"
    assert len(run["results"]) == len(open_findings) > 0
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    (placed,) = [
        result for result in run["results"] if "region" in result["locations"][0]["physicalLocation"]
    ]
    assert placed["ruleId"] == "cogsvc-local-auth-disabled"
    assert placed["level"] == "error"
    assert placed["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "landing-zone/modules/foundry/main.bicep"},
        "region": {"startLine": 42},
    }


def test_sarif_tells_unknown_and_excepted_from_failed() -> None:
    (run,) = SARIF["dev"]["runs"]
    results = {result["ruleId"]: result for result in run["results"]}
    assert results["storage-public-network-off"]["kind"] == "open"
    assert results["storage-public-network-off"]["level"] == "none"
    assert results["cogsvc-public-access-disabled"]["suppressions"][0]["status"] == "accepted"


@pytest.mark.parametrize(
    ("location", "physical"),
    [
        ("", None),
        ("main.bicep", {"artifactLocation": {"uri": "main.bicep"}}),
        ("a\\main.bicep:7", {"artifactLocation": {"uri": "a/main.bicep"}, "region": {"startLine": 7}}),
    ],
)
def test_sarif_locations(location: str, physical: object) -> None:
    (finding, *_) = FINDINGS["test"]
    (run,) = sarif([replace(finding, location=location)], version="0")["runs"]
    assert run["results"][0]["locations"][0].get("physicalLocation") == physical
