"""The catalogue page names every guardrail, its owner and where it is judged."""

from __future__ import annotations

from coe_scaffold.checks import Where, all_rules
from coe_scaffold.report.catalogue import catalogue

PAGE = catalogue(all_rules())


def test_every_guardrail_has_an_entry_of_its_own() -> None:
    headings = [line.removeprefix("### ") for line in PAGE.splitlines() if line.startswith("### ")]
    assert sorted(headings) == sorted(rule.id for rule in all_rules())


def test_an_entry_says_why_where_who_and_from_where() -> None:
    rule = next(rule for rule in all_rules() if rule.id == "kv-rbac")
    entry = PAGE.partition("### kv-rbac\n")[2].partition("###")[0]
    assert rule.rationale in entry
    assert "- Severity: high; applies to: all; owner: compliance-officer" in entry
    assert (
        "- Resource type: `Microsoft.KeyVault/vaults`\n- Path: `properties.enableRbacAuthorization`" in entry
    )
    assert "- Operator: equals\n- Expected: true\n" in entry
    assert "- Azure Policy: 12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5" in entry
    assert "Azure.KeyVault.RBAC" in entry


def test_those_judged_elsewhere_say_how() -> None:
    elsewhere = [rule for rule in all_rules() if rule.where is not Where.TEMPLATE]
    assert f"{len(elsewhere)} elsewhere" in PAGE
    for rule in elsewhere:
        assert f"- Judged by {rule.where.value}: {rule.judged_at}" in PAGE
