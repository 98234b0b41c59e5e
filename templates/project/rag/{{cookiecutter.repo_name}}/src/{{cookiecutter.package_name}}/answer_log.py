"""The answer log: one JSON line per answer, enough to explain it later, without what people wrote.

Content is left out unless the recorded decision in ``governance/logging.md`` says otherwise
(``LOG_CONTENT=true``). People appear as a keyed hash only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .users import User, pseudonym

if TYPE_CHECKING:
    from .assistant import Answer


@dataclass(frozen=True)
class AnswerLog:
    """Writes lines through ``write``; ``key`` makes user hashes useless outside this application."""

    write: Callable[[str], None]
    key: bytes = b""
    content: bool = False

    def record(
        self,
        user: User,
        question: str,
        answer: Answer,
        *,
        model: str,
        flagged: Sequence[str] = (),
        detail: str = "",
    ) -> None:
        """Log an answer with the versions of data, prompt and model it came from."""
        entry: dict[str, object] = {
            "event": "answer",
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "id": answer.id,
            "user": pseudonym(self.key, user),
            "refused": answer.refused,
            "reason": answer.reason,
            "retrieved": list(answer.retrieved),
            "cited": [citation.passage for citation in answer.citations],
            "flagged": list(flagged),
            "detail": detail,
            "dataVersion": answer.data_version,
            "promptVersion": answer.prompt_version,
            "model": model,
        }
        if self.content:
            entry |= {"question": question, "answer": answer.text}
        self.write(json.dumps(entry, ensure_ascii=False))

    def feedback(self, user: User, answer_id: str, *, helpful: bool, comment: str) -> None:
        """Log what a person thinks of an answer; the comment is given on purpose, so it is kept."""
        entry = {
            "event": "feedback",
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "id": answer_id,
            "user": pseudonym(self.key, user),
            "helpful": helpful,
            "comment": comment,
        }
        self.write(json.dumps(entry, ensure_ascii=False))
