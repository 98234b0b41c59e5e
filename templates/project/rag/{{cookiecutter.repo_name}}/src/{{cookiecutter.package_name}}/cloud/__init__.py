"""The same three parts on Azure. Needs the extra ``azure``; signs in without secrets."""

from __future__ import annotations

from collections.abc import Mapping

from ..content_safety import ContentSafety
from ..ports import Answerer, Retriever
from ..prompts import Prompt


def connect(
    settings: Mapping[str, str], prompt: Prompt
) -> tuple[Retriever, Answerer, ContentSafety]:
    """Return retriever, answerer and content safety that share one credential."""
    from azure.identity import DefaultAzureCredential

    from .answering import ModelAnswerer
    from .retrieval import SearchRetriever
    from .safety import ContentSafetyService

    credential = DefaultAzureCredential()
    return (
        SearchRetriever(
            settings["AZURE_SEARCH_ENDPOINT"], settings["AZURE_SEARCH_INDEX"], credential
        ),
        ModelAnswerer(
            settings["AZURE_OPENAI_ENDPOINT"],
            settings["AZURE_OPENAI_DEPLOYMENT"],
            credential,
            prompt,
        ),
        ContentSafetyService(settings["AZURE_CONTENT_SAFETY_ENDPOINT"], credential),
    )
