"""Preparation: drop what may not be used, what is there twice and what is unsafe; mask personal data; split."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from .content_safety import ContentSafety
from .examples import Example
from .injection import suspicious
from .prompts import Prompt
from .text import words

_SIMILAR = 0.8
"""Share of common word pairs from which on two examples count as the same."""
_PERSONAL = {
    "email": re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"),
    "iban": re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b"),
    "phone": re.compile(r"(?<![\w.])(?:\+|00)\d{1,3}(?:[\s/-]?\d{2,5}){2,5}\b"),
    "card": re.compile(r"\b(?:\d{4}[ -]?){3}\d{4}\b"),
    "person": re.compile(
        r"(?<=\b[Mm]y name is )[A-Z]\w+(?: [A-Z]\w+)*|(?<=\bDear )(?:M[rs]s?\.? )?[A-Z]\w+(?: [A-Z]\w+)*"
    ),
    "customer": re.compile(r"\bcustomer (?:number )?\d{5,}\b", re.IGNORECASE),
}


@dataclass(frozen=True)
class Prepared:
    """What is trained on, what is held back to watch the training, and what was dropped and why."""

    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    dropped: tuple[tuple[str, str], ...]
    masked: Counter[str] = field(hash=False)

    @property
    def version(self) -> str:
        """The hash of what is trained on, and in which order."""
        text = json.dumps([[e.id, e.question, e.answer] for e in (*self.train, *self.validation)])
        return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def prepare(
    raw: Sequence[Example],
    safety: ContentSafety,
    held_out: Iterable[str],
    *,
    today: date,
    share: float,
) -> Prepared:
    """Return prepared data; questions of the golden set (``held_out``) are never trained on."""
    forbidden = [_pairs(question) for question in held_out]
    kept: list[Example] = []
    dropped: list[tuple[str, str]] = []
    masked: Counter[str] = Counter()
    for example in raw:
        reason = example.unusable(today) or _unfit(example, safety)
        if not reason and any(_same(_pairs(example.question), other) for other in forbidden):
            reason = "is in the golden set"
        if not reason and (twin := _twin(example, kept)):
            reason = f"says the same as {twin}"
        if reason:
            dropped.append((example.id, reason))
            continue
        clean, found = scrub(example)
        masked += found
        kept.append(clean)
    validation = tuple(example for example in kept if _held_back(example, share))
    train = tuple(example for example in kept if not _held_back(example, share))
    return Prepared(train, validation, tuple(dropped), masked)


def scrub(example: Example) -> tuple[Example, Counter[str]]:
    """Return the example with personal data masked, and how much was found of which kind."""
    question, first = mask(example.question)
    answer, second = mask(example.answer)
    return replace(example, question=question, answer=answer), first + second


def mask(text: str) -> tuple[str, Counter[str]]:
    """Return a text with personal data replaced by its kind in brackets."""
    found: Counter[str] = Counter()
    for kind, pattern in _PERSONAL.items():
        text, count = pattern.subn(f"[{kind}]", text)
        if count:
            found[kind] = count
    return text, found


def chat_lines(examples: Sequence[Example], prompt: Prompt) -> str:
    """Return examples in the JSONL chat format that tuning jobs take."""
    return "".join(
        json.dumps(
            {
                "messages": [
                    {"role": "system", "content": prompt.text},
                    {"role": "user", "content": example.question},
                    {"role": "assistant", "content": example.answer},
                ]
            },
            ensure_ascii=False,
        )
        + "\n"
        for example in examples
    )


def report(prepared: Prepared) -> str:
    """Return the preparation report: counts and reasons, no content."""
    reasons = Counter(re.sub(r"(same as) .*", r"\1 another", why) for _, why in prepared.dropped)
    bases = Counter(example.basis for example in (*prepared.train, *prepared.validation))
    tables = [
        ("Used, by basis", bases),
        ("Dropped, by reason", reasons),
        ("Personal data masked, by kind", prepared.masked),
    ]
    lines = [
        "# Data preparation",
        "",
        f"Training {len(prepared.train)}, validation {len(prepared.validation)}, "
        f"dropped {len(prepared.dropped)}; version {prepared.version}.",
    ]
    for title, counts in tables:
        lines += ["", f"## {title}", "", "| What | How many |", "|---|---|"]
        lines += [f"| {name} | {count} |" for name, count in sorted(counts.items())]
    return "\n".join([*lines, ""])


def _unfit(example: Example, safety: ContentSafety) -> str:
    for text in (example.question, example.answer):
        if not (verdict := safety.inspect(text)).allowed:
            return f"is unsafe: {verdict.category}"
    return "holds orders to a model" if suspicious(example.answer) else ""


def _twin(example: Example, kept: Sequence[Example]) -> str:
    own = _pairs(example.question)
    return next((other.id for other in kept if _same(own, _pairs(other.question))), "")


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    found = words(text)
    return frozenset(zip(["", *found], [*found, ""], strict=True))


def _same(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> bool:
    return len(one & other) / len(one | other) >= _SIMILAR


def _held_back(example: Example, share: float) -> bool:
    """By the id, so that an example stays on its side whatever is added."""
    return int(hashlib.sha256(example.id.encode("utf-8")).hexdigest()[:8], 16) < share * 2**32
