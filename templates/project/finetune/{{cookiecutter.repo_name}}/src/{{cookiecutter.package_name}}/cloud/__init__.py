"""The same part on Azure. Needs the extra ``azure``; signs in without secrets."""

from __future__ import annotations

from collections.abc import Mapping

from ..ports import Tuner
from ..prompts import Prompt


def connect(settings: Mapping[str, str], prompt: Prompt) -> Tuner:
    """Return the tuner of Azure OpenAI."""
    from azure.identity import DefaultAzureCredential

    from .tuning import OpenAiTuner

    return OpenAiTuner(settings, DefaultAzureCredential(), prompt)
