"""Retrieved text is data. Sentences in it that talk to the assistant are taken out and reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .documents import Passage
from .injection import suspicious
from .text import sentences


@dataclass(frozen=True)
class Inspected:
    """Passages without suspicious sentences, and the ids of the passages that had some."""

    passages: tuple[Passage, ...]
    flagged: tuple[str, ...]


def inspect(passages: Iterable[Passage]) -> Inspected:
    """Take suspicious sentences out of passages; a passage with nothing left is dropped."""
    clean, flagged = [], []
    for passage in passages:
        kept = [sentence for sentence in sentences(passage.text) if not suspicious(sentence)]
        if not suspicious(passage.text):
            clean.append(passage)
            continue
        flagged.append(passage.id)
        if kept:
            clean.append(replace(passage, text="\n".join(kept)))
    return Inspected(tuple(clean), tuple(flagged))
