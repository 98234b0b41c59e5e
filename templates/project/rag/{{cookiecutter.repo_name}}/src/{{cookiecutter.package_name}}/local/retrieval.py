"""Search without a service: BM25 over the passages the user may read."""

from __future__ import annotations

import math
from collections import Counter

from ..documents import Corpus, Passage
from ..ports import Retrieval
from ..text import words
from ..users import User

_K1, _B = 1.5, 0.75
"""Usual values of Okapi BM25: how fast repeats saturate, and how much long passages are held back."""


class Bm25Retriever:
    """Ranks by BM25. Passages a user may not read take no part, not even in the statistics."""

    def __init__(self, corpus: Corpus) -> None:
        self._version = corpus.version
        self._counts = [
            (passage, Counter(words(f"{passage.title} {passage.heading} {passage.text}")))
            for passage in corpus.passages
        ]

    def search(self, user: User, question: str, top: int) -> Retrieval:
        """Return at most ``top`` passages that share a word with the question, best first."""
        readable = [row for row in self._counts if user.may_read(row[0].groups)]
        terms = set(words(question))
        average = sum(counts.total() for _, counts in readable) / (len(readable) or 1)
        rarity = {term: _rarity(term, readable) for term in terms}
        scored = [
            (sum(rarity[term] * _weight(counts, term, average) for term in terms), passage)
            for passage, counts in readable
        ]
        ranked = sorted(scored, key=lambda row: (-row[0], row[1].id))
        return Retrieval(
            tuple(passage for score, passage in ranked[:top] if score > 0), self._version
        )


def _rarity(term: str, rows: list[tuple[Passage, Counter[str]]]) -> float:
    holding = sum(term in counts for _, counts in rows)
    return math.log(1 + (len(rows) - holding + 0.5) / (holding + 0.5))


def _weight(counts: Counter[str], term: str, average: float) -> float:
    held_back = _K1 * (1 - _B + _B * counts.total() / average)
    return counts[term] * (_K1 + 1) / (counts[term] + held_back)
