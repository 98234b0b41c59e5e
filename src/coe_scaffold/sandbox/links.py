"""Where a deployment's template and parameters come from: the request, a template spec, or a link.

Links are followed on this machine only (``http://127.0.0.1`` and ``localhost``), so that nothing leaves it;
any other link is answered as one that the service cannot download.
"""

from __future__ import annotations

import http.client
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import store
from coe_scaffold.sandbox.refusals import ArmError, not_modelled
from coe_scaffold.sandbox.store import Store

LIMIT = 4 * 1024 * 1024
"""Bytes of a template or a parameter file (Azure's published limit)."""
_HOSTS = ("127.0.0.1", "localhost", "::1")
_SECONDS = 10.0


@dataclass(frozen=True)
class Content:
    """A template with its parameters; ``shown`` are the links as the service shows them."""

    template: Mapping[str, Any] = field(hash=False)
    parameters: Mapping[str, Any] = field(hash=False)
    shown: Mapping[str, Json] = field(hash=False)


def resolve(state: Store, properties: Mapping[str, Json]) -> Content:
    """Return the template and the parameters of a deployment or stack.

    Raises ArmError when there is no template, when the template spec is not there, and for a link that
    cannot be followed. Call it outside a transaction: a link may lead to a server that asks this one.
    """
    shown: dict[str, Json] = {}
    link = properties.get("templateLink")
    template = _template(state, link) if isinstance(link, Mapping) else properties.get("template")
    if not isinstance(template, Mapping):
        raise ArmError(
            400,
            "InvalidDeployment",
            "The request to create deployment was invalid. The template content must not be null.",
        )
    if isinstance(link, Mapping):
        kept = {key: link[key] for key in ("id", "uri", "relativePath") if link.get(key)}
        shown["templateLink"] = kept | {"contentVersion": template.get("contentVersion", "1.0.0.0")}
    parameters = properties.get("parameters") or {}
    elsewhere = properties.get("parametersLink")
    if isinstance(elsewhere, Mapping):
        if parameters:
            raise not_modelled("'parameters' and 'parametersLink' in one deployment")
        content = _fetch(str(elsewhere.get("uri") or ""))
        parameters = content.get("parameters", {}) if isinstance(content, Mapping) else {}
        version = content.get("contentVersion", "1.0.0.0") if isinstance(content, Mapping) else "1.0.0.0"
        shown["parametersLink"] = {"uri": elsewhere.get("uri"), "contentVersion": version}
    return Content(template, parameters, shown)


def _template(state: Store, link: Mapping[str, Json]) -> Json:
    identifier, uri = str(link.get("id") or ""), str(link.get("uri") or "")
    template = _spec(state, identifier) if identifier else _fetch(_address(uri, link))
    wanted = link.get("contentVersion")
    if wanted and isinstance(template, Mapping) and template.get("contentVersion") != wanted:
        raise not_modelled(f"a link to content version '{wanted}' of a template that has another")
    return template


def _address(uri: str, link: Mapping[str, Json]) -> str:
    joined = urljoin(uri, str(link["relativePath"])) if link.get("relativePath") else uri
    query = str(link.get("queryString") or "")
    return f"{joined}?{query.lstrip('?')}" if query else joined


def _spec(state: Store, identifier: str) -> Json:
    with state.transaction() as tx:
        spec = tx.get(store.RESOURCE, Scope.parse(identifier).key)
    if spec is None:
        raise ArmError(
            404,
            "TemplateSpecVersionNotFound",
            f"The template spec version '{identifier}' could not be found.",
            gateway=False,
        )
    properties = spec["submitted"].get("properties", {})
    return properties.get("mainTemplate") or properties.get("template")  # its name until 2021-03-01-preview


def _fetch(uri: str) -> Json:
    """Return the JSON document behind a link on this machine; raise ArmError as the service does."""
    parts = urlsplit(uri)
    if parts.scheme != "http" or parts.hostname not in _HOSTS:
        raise _unreachable(uri)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=_SECONDS)
    try:
        connection.request("GET", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")
        answer = connection.getresponse()
        content = answer.read(LIMIT + 1)
    except (OSError, http.client.HTTPException) as error:
        raise _unreachable(uri) from error
    finally:
        connection.close()
    if answer.status != 200 or len(content) > LIMIT:
        raise _unreachable(uri)
    try:
        return json.loads(content)
    except ValueError as error:
        message = f"Deployment template parse failed: '{error}'."
        raise ArmError(400, "InvalidTemplate", message) from error


def _unreachable(uri: str) -> ArmError:
    return ArmError(
        400,
        "InvalidContentLink",
        f"Unable to download deployment content from '{uri}'. The tracking Id is '{uuid.uuid4()}'. Please "
        "see https://aka.ms/arm-deploy for usage details.",
    )
