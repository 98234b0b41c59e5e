"""The bar on a corpus of sources with the JSON that official compilers made: ``COE_CORPUS=folder pytest``.

``COE_CORPUS_CACHE`` may name a module cache for references to registries.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.corpus.pairs import Outcome, find, judge

CORPUS = os.environ.get("COE_CORPUS", "")

pytestmark = pytest.mark.skipif(
    not CORPUS, reason="NOT MEASURED: set COE_CORPUS to a folder of .bicep files with their compiled JSON"
)


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    cache = os.environ.get("COE_CORPUS_CACHE", "")
    found = [judge(pair, cache) for pair in find(Path(CORPUS))]
    assert found, f"no pairs in {CORPUS}"
    return found


def share_equal(outcomes: list[Outcome]) -> float:
    """Return the share of equal pairs among those that need only local files and known types."""
    counts = Counter(one.kind for one in outcomes if one.kind not in ("registry", "derived", "unsupported"))
    if not counts:
        pytest.skip("NOT MEASURED: the corpus has no pairs of these versions")
    return counts["equal"] / sum(counts.values())


def explained(outcomes: list[Outcome]) -> list[tuple[str, str]]:
    """Return what is not equal, for the message of a failure."""
    return [(one.pair.source.name, one.detail) for one in outcomes if one.kind in ("different", "rejected")]


def test_nothing_crashes(outcomes: list[Outcome]) -> None:
    assert [one.detail for one in outcomes if one.kind == "crashed"] == []


def test_modern_pairs_are_equal(outcomes: list[Outcome]) -> None:
    modern = [one for one in outcomes if one.pair.release >= (0, 40)]
    assert share_equal(modern) >= 0.99, explained(modern)


def test_older_pairs_are_equal_but_for_drift(outcomes: list[Outcome]) -> None:
    older = [one for one in outcomes if (0, 10) <= one.pair.release < (0, 40)]
    assert share_equal(older) >= 0.95, explained(older)
