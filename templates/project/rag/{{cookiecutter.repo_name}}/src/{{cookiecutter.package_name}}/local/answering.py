"""Answers without a model: the sentences that fit the question best, word for word.

It follows the named rules of the system prompt and only those. Take ``[cite]`` out of the prompt and
it stops citing; take ``[refuse]`` out and it answers what it should not. That makes a broken prompt
visible in the evaluation of a machine without a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..documents import Passage
from ..injection import suspicious
from ..prompts import Prompt
from ..text import sentences, words

_ENOUGH = 0.5
"""Share of the question's words a passage must hold before it counts as an answer."""


@dataclass(frozen=True)
class ExtractiveAnswerer:
    """Quotes at most three sentences of the passages."""

    prompt: Prompt
    name: str = "local-extractive"

    def answer(self, question: str, passages: Sequence[Passage]) -> str:
        """Return quoted sentences with markers, or an empty text when nothing fits well enough."""
        asked = set(words(question))
        best = max(_share(asked, _whole(passage)) for passage in passages)
        if "refuse" in self.prompt.rules and best < _ENOUGH:
            return ""
        rows = [
            (self._score(asked, sentence, passage, rank), rank, order, sentence)
            for rank, passage in enumerate(passages, start=1)
            for order, sentence in enumerate(sentences(passage.text))
            if not ("data-only" in self.prompt.rules and suspicious(sentence))
        ]
        chosen = sorted(rows, key=lambda row: (-row[0], row[1], row[2]))[:3]
        first = chosen[0][0] if chosen else 0.0
        kept = [row for row in chosen if row[0] > 0 and row[0] >= first * 0.6]
        return " ".join(self._quote(sentence, rank) for _, rank, _, sentence in kept)

    def _quote(self, sentence: str, rank: int) -> str:
        sentence = sentence if sentence.endswith((".", "!", "?")) else sentence + "."
        return (
            f"{sentence[:-1]} [{rank}]{sentence[-1]}" if "cite" in self.prompt.rules else sentence
        )

    @staticmethod
    def _score(asked: set[str], sentence: str, passage: Passage, rank: int) -> float:
        """Words of the sentence count most, those of its passage a little, early passages first.

        An order to the assistant counts more than anything: without its rule a model obeys.
        """
        fit = _share(asked, sentence) + 0.5 * _share(asked, _whole(passage)) / rank
        return fit + suspicious(sentence)


def _whole(passage: Passage) -> str:
    return f"{passage.title} {passage.heading} {passage.text}"


def _share(asked: set[str], text: str) -> float:
    return len(asked & set(words(text))) / len(asked) if asked else 0.0
