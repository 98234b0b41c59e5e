"""Content safety with Azure AI Content Safety, beside the filters of the model deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..content_safety import Verdict

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

_BLOCKED_FROM = 4
"""Severity 0 to 6: from medium on, a text is refused."""
_LONGEST = 10_000
"""Characters the service takes at once."""


class ContentSafetyService:
    """Judges text in the four harm categories."""

    def __init__(self, endpoint: str, credential: TokenCredential) -> None:
        from azure.ai.contentsafety import ContentSafetyClient

        self._client: Any = ContentSafetyClient(endpoint, credential)

    def inspect(self, text: str) -> Verdict:
        """Return the first category of medium severity or more, over all parts of the text."""
        from azure.ai.contentsafety.models import AnalyzeTextOptions

        for start in range(0, len(text), _LONGEST):
            part = text[start : start + _LONGEST]
            result = self._client.analyze_text(AnalyzeTextOptions(text=part))
            for item in result.categories_analysis:
                if (item.severity or 0) >= _BLOCKED_FROM:
                    return Verdict(False, str(item.category).lower())
        return Verdict(True)
