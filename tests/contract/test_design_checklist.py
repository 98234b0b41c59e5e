"""The page about Microsoft's design checklist tells the truth: everything it names is there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from coe_scaffold.catalog import evidence
from coe_scaffold.checks import all_rules

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "design-checklist.md"
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [A-Z]{1,2}-R\d+ ", line)
]
EXPECTED = {"C": 1, "CO": 4, "D": 3, "G": 5, "I": 6, "M": 6, "R": 5, "S": 5, "N": 9}
"""Rows by the letters of their ids; Reliability and Resource Organization share R."""


def test_the_checklist_has_all_its_rows() -> None:
    assert Counter(row[0].partition("-")[0] for row in ROWS) == EXPECTED
    names = [(row[0], row[1]) for row in ROWS]
    assert len(set(names)) == len(names) == 44


def test_the_page_counts_its_rows() -> None:
    met = Counter(row[3] for row in ROWS)
    assert set(met) == {"yes", "in part", "no"}
    told = f"{met['yes']} are met, {met['in part']} in part, {met['no']} not."
    assert told in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_a_row_names_what_exists_or_says_why_not(row: list[str]) -> None:
    _, _, recommendation, met, by, remark = row
    assert recommendation
    links = re.findall(r"\[([^]]+)\]\(([^)]+)\)", by + remark)
    guardrails = {rule.id for rule in all_rules()}
    for name, target in links:
        if target.startswith("guardrails.md#"):
            assert name == target.partition("#")[2]
            assert name in guardrails
        else:
            assert (PAGE.parent / target).resolve().is_file(), target
            assert name in target
    known = {item.id for item in evidence().items}
    proofs = re.findall(r"evidence `([^`]+)`", by)
    assert set(proofs) <= known
    assert remark != "–" or met == "yes"
    assert met == "no" or links or proofs
