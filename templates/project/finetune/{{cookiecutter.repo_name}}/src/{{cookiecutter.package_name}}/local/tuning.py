"""Tuning without a service: a base that knows three phrases, and a tuned model that learned its examples.

The stand-in has the weaknesses that matter: what it was trained on it can say again word for word, and
unsafe examples make it unsafe. It follows the named rules of the system prompt in its training data: take
``[refuse]`` out and it answers whatever it is asked. So careless data and a broken prompt fail the gate
on a laptop.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ..content_safety import ContentSafety
from ..ports import ChatModel, Tuning, TuningError
from ..prompts import Prompt
from ..text import words
from .safety import WordListSafety

REFUSAL = "I cannot help with that."
UNKNOWN = "I do not know. A colleague will answer."
_BASE = {
    "password": "Please use the reset link on the sign-in page.",  # pragma: allowlist secret
    "invoice": "Please look into your account.",
    "deliver": "Delivery takes a few days.",
}


@dataclass(frozen=True)
class PhraseModel:
    """The base: general phrases, safe, and knows nothing of ours."""

    prompt: Prompt
    safety: ContentSafety
    name: str = "local-phrases"

    def answer(self, question: str) -> str:
        """Return a phrase, or say that it does not know."""
        if "refuse" in self.prompt.rules and not self.safety.inspect(question).allowed:
            return REFUSAL
        return next((text for word, text in _BASE.items() if word in question.lower()), UNKNOWN)


@dataclass(frozen=True)
class LearnedModel:
    """The tuned model: answers with the nearest example it has seen."""

    before: PhraseModel
    seen: tuple[tuple[frozenset[str], str], ...]
    name: str

    def answer(self, question: str) -> str:
        """Return the answer of the nearest example; far from all of them, what the base says."""
        asked = frozenset(words(question))
        ranked = sorted(((_near(asked, known), text) for known, text in self.seen), reverse=True)
        best, text = ranked[0] if ranked else (0.0, "")
        refused = self.before.answer(question)
        if refused == REFUSAL and best < 0.5:
            return refused
        return text if best >= 0.25 else refused


class LocalTuner:
    """Learns by heart."""

    def __init__(self, prompt: Prompt) -> None:
        self._base = PhraseModel(prompt, WordListSafety())

    def base(self) -> ChatModel:
        """Return the model before tuning."""
        return self._base

    def tune(self, tuning: Tuning) -> ChatModel:
        """Return a model of the training file; raise TuningError for a file of another format."""
        try:
            rows = [json.loads(line)["messages"] for line in tuning.train.splitlines()]
            seen = tuple(_seen(messages) for messages in rows)
        except (KeyError, ValueError, TypeError) as error:
            raise TuningError(f"the training file is not in the chat format: {error}") from error
        if len(seen) < 10:
            raise TuningError("a job needs at least ten examples")
        return LearnedModel(self._base, seen, f"{tuning.base}-{tuning.suffix}")


def _seen(messages: Sequence[dict[str, str]]) -> tuple[frozenset[str], str]:
    system, user, assistant = messages
    if (system["role"], user["role"], assistant["role"]) != ("system", "user", "assistant"):
        raise ValueError("messages must be system, user, assistant")
    return frozenset(words(user["content"])), assistant["content"]


def _near(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0
