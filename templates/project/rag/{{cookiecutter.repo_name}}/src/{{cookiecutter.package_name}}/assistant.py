"""The assistant: from a person's question to an answer with checked citations, or an honest refusal."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from .answer_log import AnswerLog
from .content_safety import ContentSafety
from .documents import Passage
from .inspection import inspect
from .ports import Answerer, Retrieval, Retriever
from .text import overlap, sentences
from .users import User

REFUSALS = {
    "unsafe-question": "I cannot help with that request.",
    "no-source": "I found nothing about that in the documents you may read.",
    "not-in-documents": "The documents you may read do not answer that.",
    "no-citation": "I could not tie an answer to a document, so I give none.",
    "not-grounded": "I could not tie an answer to a document, so I give none.",
    "unsafe-answer": "I cannot show the answer because it did not pass the content check.",
}
"""What a refusal says, by its reason."""

_MARKER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Citation:
    """A passage an answer rests on. ``number`` is its marker in the text."""

    number: int
    passage: str
    document: str
    title: str
    heading: str
    excerpt: str


@dataclass(frozen=True)
class Answer:
    """What a person gets. A refusal has a ``reason`` and no citations."""

    id: str
    text: str
    citations: tuple[Citation, ...]
    refused: bool
    reason: str
    data_version: str
    prompt_version: str
    retrieved: tuple[str, ...]


@dataclass(frozen=True)
class Assistant:
    """Answers questions. ``min_support`` is the share of a sentence's words its sources must hold."""

    retriever: Retriever
    answerer: Answerer
    safety: ContentSafety
    log: AnswerLog
    prompt_version: str
    top: int = 5
    min_support: float = 0.5

    def ask(self, user: User, question: str) -> Answer:
        """Answer one question of one person, and log it."""
        if not (verdict := self.safety.inspect(question)).allowed:
            return self._refuse(user, question, "unsafe-question", detail=verdict.category)
        retrieval = self.retriever.search(user, question, self.top)
        readable = [passage for passage in retrieval.passages if user.may_read(passage.groups)]
        withheld = len(retrieval.passages) - len(readable)
        inspected = inspect(readable)
        passages, flagged = inspected.passages, inspected.flagged
        detail = f"{withheld} passages withheld after search" if withheld else ""
        if not passages:
            return self._refuse(user, question, "no-source", retrieval, flagged, detail)
        text = self.answerer.answer(question, passages)
        text, reason = _checked(text, passages, self.min_support)
        if not reason and not (verdict := self.safety.inspect(text)).allowed:
            reason, detail = "unsafe-answer", verdict.category
        if reason:
            return self._refuse(user, question, reason, retrieval, flagged, detail)
        answer = self._answer(text, _citations(text, passages), "", retrieval)
        self.log.record(
            user, question, answer, model=self.answerer.name, flagged=flagged, detail=detail
        )
        return answer

    def _refuse(
        self,
        user: User,
        question: str,
        reason: str,
        retrieval: Retrieval | None = None,
        flagged: Sequence[str] = (),
        detail: str = "",
    ) -> Answer:
        answer = self._answer(REFUSALS[reason], (), reason, retrieval)
        self.log.record(
            user, question, answer, model=self.answerer.name, flagged=flagged, detail=detail
        )
        return answer

    def _answer(
        self,
        text: str,
        citations: tuple[Citation, ...],
        reason: str,
        retrieval: Retrieval | None,
    ) -> Answer:
        return Answer(
            id=uuid.uuid4().hex,
            text=text,
            citations=citations,
            refused=bool(reason),
            reason=reason,
            data_version=retrieval.data_version if retrieval else "",
            prompt_version=self.prompt_version,
            retrieved=tuple(passage.id for passage in retrieval.passages) if retrieval else (),
        )


def _checked(text: str, passages: Sequence[Passage], min_support: float) -> tuple[str, str]:
    """Return the sentences that rest on the passages they cite, or why there is none."""
    if not text.strip():
        return "", "not-in-documents"
    numbers = range(1, len(passages) + 1)
    cited, grounded = False, []
    for sentence in sentences(text):
        markers = [int(number) for number in _MARKER.findall(sentence)]
        if not markers or not all(number in numbers for number in markers):
            continue
        cited = True
        sources = " ".join(passages[number - 1].text for number in markers)
        if overlap(_MARKER.sub("", sentence), sources) >= min_support:
            grounded.append(sentence)
    if not cited:
        return "", "no-citation"
    return (" ".join(grounded), "") if grounded else ("", "not-grounded")


def _citations(text: str, passages: Sequence[Passage]) -> tuple[Citation, ...]:
    found = []
    for number in sorted({int(marker) for marker in _MARKER.findall(text)}):
        passage = passages[number - 1]
        excerpt = passage.text if len(passage.text) <= 400 else passage.text[:397] + "..."
        found.append(
            Citation(number, passage.id, passage.document, passage.title, passage.heading, excerpt)
        )
    return tuple(found)
