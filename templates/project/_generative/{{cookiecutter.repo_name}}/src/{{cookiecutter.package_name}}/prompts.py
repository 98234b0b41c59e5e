"""The system prompt: a versioned file with named rules, so that a change shows in review and in evaluation."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from .front_matter import front_matter

NO_ANSWER = "NO_ANSWER"
"""What a model replies when the passages do not hold the answer."""

_RULE = re.compile(r"^- \[([a-z-]+)\] ", re.MULTILINE)


@dataclass(frozen=True)
class Prompt:
    """A system prompt. ``rules`` are the names in brackets at the start of its list items."""

    text: str
    version: str
    rules: frozenset[str]


def load(path: Path) -> Prompt:
    """Read a prompt file with front matter; its version is that of the file and a hash of the text."""
    meta, text = front_matter(path.read_text(encoding="utf-8"), path.name)
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
    return Prompt(text.strip(), f"{meta['version']}+{digest}", frozenset(_RULE.findall(text)))
