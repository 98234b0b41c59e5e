"""The systems behind the tools over HTTPS, each tool as its own managed identity."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from ..ports import ToolError
from ..settings import SettingsError
from ..tools import Tool

_LONGEST = 20_000


class _Staying(urllib.request.HTTPRedirectHandler):
    """Follows nowhere: a token goes to the system it is for, and a change is made once."""

    def redirect_request(self, *_: Any) -> None:
        """Leave the redirect as the answer, which is an error."""


_OPENER = urllib.request.build_opener(_Staying)


class HttpBusiness:
    """Posts arguments to ``<endpoint>/<tool>``; ``identities`` maps names to client ids, as JSON."""

    def __init__(self, endpoint: str, scope: str, identities: str) -> None:
        if not endpoint.startswith("https://"):
            raise SettingsError("BUSINESS_API_ENDPOINT must start with https://")
        self._endpoint = endpoint.rstrip("/")
        self._scope = scope
        self._identities: Mapping[str, str] = json.loads(identities)

    def call(self, tool: Tool, arguments: Mapping[str, Any]) -> str:
        """Call the system as the tool's identity; raise ToolError when it says no."""
        client_id = self._identities.get(tool.identity)
        if not client_id:
            raise ToolError(f"{tool.name} has no identity")
        request = urllib.request.Request(  # noqa: S310
            f"{self._endpoint}/{tool.name}",
            data=json.dumps(dict(arguments)).encode("utf-8"),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self._token(client_id)}",
            },
        )
        try:
            with _OPENER.open(request, timeout=20) as response:
                return str(response.read(_LONGEST).decode("utf-8", errors="replace"))
        except urllib.error.HTTPError as error:
            raise ToolError(f"{tool.name} answered {error.code}") from error
        except (OSError, http.client.HTTPException) as error:
            raise ToolError(f"{tool.name} cannot be reached") from error

    def _token(self, client_id: str) -> str:
        from azure.identity import ManagedIdentityCredential

        return str(ManagedIdentityCredential(client_id=client_id).get_token(self._scope).token)
