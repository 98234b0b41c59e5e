"""Answers from a model deployment in Azure, through the OpenAI-compatible endpoint."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..documents import Passage
from ..prompts import NO_ANSWER, Prompt
from .models import client

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential


class ModelAnswerer:
    """Sends the system prompt, the passages as JSON data, and the question."""

    def __init__(
        self, endpoint: str, deployment: str, credential: TokenCredential, prompt: Prompt
    ) -> None:
        self.name = deployment
        self._prompt = prompt
        self._client: Any = client(endpoint, credential)

    def answer(self, question: str, passages: Sequence[Passage]) -> str:
        """Return the model's text; empty when it found nothing or its content filter stopped it."""
        from openai import BadRequestError

        try:
            completion = self._client.chat.completions.create(
                model=self.name, messages=messages(self._prompt, question, passages)
            )
        except BadRequestError as error:
            if error.code == "content_filter":
                return ""
            raise
        choice = completion.choices[0]
        text = (choice.message.content or "").strip()
        return "" if choice.finish_reason == "content_filter" or NO_ANSWER in text else text


def messages(prompt: Prompt, question: str, passages: Sequence[Passage]) -> list[dict[str, str]]:
    """Return the conversation: passages are quoted as JSON, so that no text can end its own frame."""
    data = [
        {"number": number, "title": passage.title, "heading": passage.heading, "text": passage.text}
        for number, passage in enumerate(passages, start=1)
    ]
    return [
        {"role": "system", "content": prompt.text},
        {"role": "user", "content": f"Passages (data):\n{json.dumps(data, ensure_ascii=False)}"},
        {"role": "user", "content": f"Question: {question}"},
    ]
