"""ARM requests that no client of ours has a method for: same pipeline, same retries, plain JSON."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from coe_scaffold.cloud.clients import Clients
from coe_scaffold.model.json import Json

_SLOWER, _LONGEST_PAUSE = 2.0, 1.0
_WAIT_AT_MOST = 3600.0
"""Seconds that a long-running operation is waited for."""


def get(clients: Clients, path: str, api_version: str, **query: str) -> Json:
    """Return the JSON of a GET; raise the Azure SDK's HttpResponseError for any other status than 200."""
    return _sent(clients, "GET", path, api_version, query).json()


def ask(clients: Clients, path: str, api_version: str, body: Json) -> Json:
    """Return the JSON answer to a POST that changes nothing."""
    return _sent(clients, "POST", path, api_version, {}, body).json()


def exists(clients: Clients, path: str, api_version: str) -> bool:
    """Return what a HEAD says: whether something is there."""
    from azure.core.exceptions import ResourceNotFoundError

    try:
        _sent(clients, "HEAD", path, api_version, {})
    except ResourceNotFoundError:
        return False
    return True


def items(clients: Clients, path: str, api_version: str, **query: str) -> Iterator[Json]:
    """Yield the items of a list, page after page."""
    page = get(clients, path, api_version, **query)
    while True:
        yield from page.get("value") or []
        following = page.get("nextLink")
        if not following:
            return
        page = _send(clients, "GET", following).json()


def put(clients: Clients, path: str, api_version: str, body: Json) -> Json:
    """PUT a body, wait to the end, and return what the first answer said."""
    response = _sent(clients, "PUT", path, api_version, {}, body)
    _wait(clients, response)
    return response.json() if response.content else None


def post(clients: Clients, path: str, api_version: str) -> Json:
    """POST without a body, wait to the end, and return what the first answer said."""
    response = _sent(clients, "POST", path, api_version, {})
    _wait(clients, response)
    return response.json() if response.content else None


def post_for_result(clients: Clients, path: str, api_version: str) -> Json:
    """POST without a body, wait to the end, and return the result that its Location gives."""
    response = _sent(clients, "POST", path, api_version, {})
    ends = time.monotonic() + _WAIT_AT_MOST
    pauses = _pauses(clients.connection.poll)
    while response.status_code == 202 and time.monotonic() < ends:
        time.sleep(next(pauses))
        response = _send(clients, "GET", response.headers["Location"])
    return response.json()


def delete(clients: Clients, path: str, api_version: str, **query: str) -> bool:
    """DELETE and wait to the end; return whether there was something to delete."""
    from azure.core.exceptions import ResourceNotFoundError

    try:
        response = _sent(clients, "DELETE", path, api_version, query)
    except ResourceNotFoundError:
        return False
    _wait(clients, response)
    return bool(response.status_code != 204)


def _sent(
    clients: Clients, method: str, path: str, api_version: str, query: dict[str, str], body: Json = None
) -> Any:
    from urllib.parse import urlencode

    text = urlencode({**query, "api-version": api_version})
    return _send(clients, method, f"{clients.connection.base_url}{path}?{text}", body)


def _send(clients: Clients, method: str, url: str, body: Json = None) -> Any:
    from azure.core.rest import HttpRequest
    from azure.mgmt.core.exceptions import ARMErrorFormat

    response = clients.sender().send_request(HttpRequest(method, url, json=body))
    if response.status_code >= 400:
        raise _refused(response, ARMErrorFormat)
    return response


def _refused(response: Any, form: Any) -> Exception:
    from azure.core.exceptions import (
        ClientAuthenticationError,
        HttpResponseError,
        ResourceExistsError,
        ResourceNotFoundError,
    )

    kinds = {401: ClientAuthenticationError, 404: ResourceNotFoundError, 409: ResourceExistsError}
    return kinds.get(response.status_code, HttpResponseError)(response=response, error_format=form)


def _wait(clients: Clients, response: Any) -> None:
    """Poll Azure-AsyncOperation or Location until the work behind an answer has ended."""
    from azure.core.exceptions import HttpResponseError

    if response.status_code not in (200, 201, 202):
        return
    operation = response.headers.get("Azure-AsyncOperation")
    url = operation or (response.headers.get("Location") if response.status_code == 202 else None)
    ends = time.monotonic() + _WAIT_AT_MOST
    pauses = _pauses(clients.connection.poll)
    while url and time.monotonic() < ends:
        time.sleep(next(pauses))
        answer = _send(clients, "GET", url)
        if operation is None:
            if answer.status_code != 202:
                return
            continue
        state = str((answer.json() or {}).get("status", "")).lower()
        if state == "succeeded":
            return
        if state in ("failed", "canceled"):
            raise HttpResponseError(response=answer)


def _pauses(shortest: float) -> Iterator[float]:
    """Yield the seconds between polls: longer each time, up to a second where they are shorter than that."""
    pause = shortest
    while True:
        yield pause
        pause = max(shortest, min(pause * _SLOWER, _LONGEST_PAUSE))
