"""Findings about exceptions name their line of coe.yaml."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coe_scaffold.checks.exceptions import PATH
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.settings import GuardrailException
from coe_scaffold.operations.exception_lines import at_exceptions
from tests.fakes.workspace import settings

GIVEN = tuple(
    GuardrailException(rule, "dev", "A trial of it", "compliance-officer", "2026-01-01")
    for rule in ("kv-rbac", "kv-logs")
)
BLOCK = """\
# exceptions: none
exceptions:
  - guardrail: kv-rbac
    scope: dev
  - scope: dev
    guardrail: kv-logs
"""
FLOW = """\
exceptions:
  - {guardrail: kv-rbac, scope: dev}  # guardrail: of old
  - {'guardrail': kv-logs}
x: 1
"""
ONE_LINE = "exceptions: [{guardrail: kv-rbac}, {guardrail: kv-logs}]\naccess: {guardrail: no}\n"


def finding(rule: str, path: str = PATH) -> Finding:
    return Finding(rule, "t", Severity.HIGH, Outcome.FAIL, "dev", "m", "o", "f", path, None, None, "coe.yaml")


@pytest.mark.parametrize(("text", "lines"), [(BLOCK, (3, 6)), (FLOW, (2, 3)), (ONE_LINE, (1, 1))])
def test_the_line_is_that_of_the_entry(text: str, lines: tuple[int, int], tmp_path: Path) -> None:
    (tmp_path / "coe.yaml").write_text(text)
    place = replace(settings(), root=tmp_path, exceptions=GIVEN)
    found = at_exceptions(place, [finding("kv-rbac"), finding("kv-logs"), finding("kv-logs", "properties.x")])
    assert [item.location for item in found] == [*(f"coe.yaml:{line}" for line in lines), "coe.yaml"]


@pytest.mark.parametrize("text", ["exceptions: *shared\n", None])
def test_a_file_that_does_not_tell_leaves_the_place_as_it_is(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "coe.yaml").write_text(text)
    place = replace(settings(), root=tmp_path, exceptions=GIVEN)
    assert [item.location for item in at_exceptions(place, [finding("kv-rbac")])] == ["coe.yaml"]
