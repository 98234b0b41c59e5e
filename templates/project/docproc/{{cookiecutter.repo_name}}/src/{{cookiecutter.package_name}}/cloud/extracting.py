"""Extraction with a model deployment. The model must quote; confidence comes from the reader, not from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..ports import Candidate, Line
from ..prompts import Prompt
from ..schema import Schema
from .models import client

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

_QUOTED = 0.95
"""Most confidence a quoted value gets; the pipeline lowers it to that of the line, or further."""


class ModelExtractor:
    """Sends the prompt, the fields, and the lines as JSON data."""

    def __init__(
        self, endpoint: str, deployment: str, credential: TokenCredential, prompt: Prompt
    ) -> None:
        self.name = deployment
        self._prompt = prompt
        self._client: Any = client(endpoint, credential)

    def extract(self, lines: Sequence[Line], schema: Schema) -> tuple[Candidate, ...]:
        """Return the model's candidates; an answer that is no JSON, or was filtered, gives none."""
        from openai import BadRequestError

        try:
            completion = self._client.chat.completions.create(
                model=self.name,
                messages=messages(self._prompt, lines, schema),
                response_format={"type": "json_object"},
            )
        except BadRequestError as error:
            if error.code == "content_filter":
                return ()
            raise
        return candidates(completion.choices[0].message.content or "", schema)


def messages(prompt: Prompt, lines: Sequence[Line], schema: Schema) -> list[dict[str, str]]:
    """Return the conversation: lines are quoted as JSON, so that no text can end its own frame."""
    fields = {field.name: {"kind": field.kind, "labels": field.labels} for field in schema.fields}
    data = json.dumps([line.text for line in lines], ensure_ascii=False)
    return [
        {"role": "system", "content": prompt.text},
        {"role": "user", "content": f"Fields:\n{json.dumps(fields)}"},
        {"role": "user", "content": f"Lines (data):\n{data}"},
    ]


def candidates(answer: str, schema: Schema) -> tuple[Candidate, ...]:
    """Return what an answer holds for known fields; anything of another shape is left out."""
    try:
        found = json.loads(answer)
    except json.JSONDecodeError:
        return ()
    rows = found.items() if isinstance(found, dict) else ()
    names = {field.name for field in schema.fields}
    return tuple(
        Candidate(name, row["value"], row["quote"], _QUOTED)
        for name, row in rows
        if name in names
        and isinstance(row, dict)
        and isinstance(row.get("value"), str)
        and isinstance(row.get("quote"), str)
        and row["value"]
    )
