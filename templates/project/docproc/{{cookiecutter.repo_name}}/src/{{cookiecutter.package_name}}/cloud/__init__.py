"""The same parts on Azure. Needs the extra ``azure``; signs in without secrets."""

from __future__ import annotations

from collections.abc import Mapping

from ..ports import Extractor, Reader
from ..prompts import Prompt


def connect(settings: Mapping[str, str], prompt: Prompt) -> tuple[Reader, Extractor]:
    """Return reader and extractor that share one credential."""
    from azure.identity import DefaultAzureCredential

    from .extracting import ModelExtractor
    from .reading import LayoutReader

    credential = DefaultAzureCredential()
    return (
        LayoutReader(settings["AZURE_DOCUMENT_INTELLIGENCE_ENDPOINT"], credential),
        ModelExtractor(
            settings["AZURE_OPENAI_ENDPOINT"],
            settings["AZURE_OPENAI_DEPLOYMENT"],
            credential,
            prompt,
        ),
    )
