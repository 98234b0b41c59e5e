"""The same parts on Azure. Needs the extra ``azure``; signs in without secrets."""

from __future__ import annotations

from ..content_safety import ContentSafety
from ..ports import Business, Planner
from ..prompts import Prompt
from ..settings import Settings

SAMPLE = "sample"
"""As ``BUSINESS_API_ENDPOINT``: the tools work on the sample shop in ``data/``, not on your systems."""


def connect(settings: Settings, prompt: Prompt) -> tuple[Planner, Business, ContentSafety]:
    """Return planner, business systems and content safety; tools have identities of their own."""
    from azure.identity import DefaultAzureCredential

    from .planning import FoundryPlanner
    from .safety import ContentSafetyService

    azure, credential = settings.azure, DefaultAzureCredential()
    return (
        FoundryPlanner(
            azure["AZURE_AI_PROJECT_ENDPOINT"],
            azure["AZURE_AI_AGENT_NAME"],
            azure["AZURE_OPENAI_DEPLOYMENT"],
            credential,
            prompt,
        ),
        business(settings),
        ContentSafetyService(azure["AZURE_CONTENT_SAFETY_ENDPOINT"], credential),
    )


def business(settings: Settings) -> Business:
    """Return the systems behind the tools: yours, or the sample shop while none is named."""
    azure = settings.azure
    if azure["BUSINESS_API_ENDPOINT"] == SAMPLE:
        from ..local.business import FileShop

        return FileShop(settings.home / "data")
    from .business import HttpBusiness

    return HttpBusiness(
        azure["BUSINESS_API_ENDPOINT"], azure["BUSINESS_API_SCOPE"], azure["TOOL_IDENTITIES"]
    )
