"""The same parts on Azure. Needs the extra ``azure``; signs in without secrets."""

from __future__ import annotations

from collections.abc import Mapping

from ..content_safety import ContentSafety
from ..ports import Business, Planner
from ..prompts import Prompt


def connect(settings: Mapping[str, str], prompt: Prompt) -> tuple[Planner, Business, ContentSafety]:
    """Return planner, business systems and content safety; tools have identities of their own."""
    from azure.identity import DefaultAzureCredential

    from .business import HttpBusiness
    from .planning import FoundryPlanner
    from .safety import ContentSafetyService

    credential = DefaultAzureCredential()
    return (
        FoundryPlanner(
            settings["AZURE_AI_PROJECT_ENDPOINT"],
            settings["AZURE_AI_AGENT_NAME"],
            settings["AZURE_OPENAI_DEPLOYMENT"],
            credential,
            prompt,
        ),
        HttpBusiness(
            settings["BUSINESS_API_ENDPOINT"],
            settings["BUSINESS_API_SCOPE"],
            settings["TOOL_IDENTITIES"],
        ),
        ContentSafetyService(settings["AZURE_CONTENT_SAFETY_ENDPOINT"], credential),
    )
