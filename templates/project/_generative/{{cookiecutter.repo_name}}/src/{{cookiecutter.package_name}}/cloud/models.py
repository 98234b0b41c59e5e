"""The client of the model endpoint: one place for its address, its sign-in and its patience."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

_SCOPE = "https://cognitiveservices.azure.com/.default"


def client(endpoint: str, credential: TokenCredential) -> Any:
    """Return an OpenAI client for a Foundry resource that signs in with the credential."""
    from azure.identity import get_bearer_token_provider
    from openai import OpenAI

    return OpenAI(
        base_url=f"{endpoint.rstrip('/')}/openai/v1/",
        api_key=get_bearer_token_provider(credential, _SCOPE),
        timeout=60,
    )
