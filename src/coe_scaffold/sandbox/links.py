"""Where a deployment's template comes from: the request, or a template spec that is stored here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import store
from coe_scaffold.sandbox.refusals import ArmError, not_modelled
from coe_scaffold.sandbox.store import Transaction


def resolve(tx: Transaction, properties: Mapping[str, Json]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the template and the parameters of a deployment or stack.

    Raises ArmError when there is no template, when the template spec is not there, and for a link to a URL:
    the sandbox fetches nothing.
    """
    if properties.get("parametersLink"):
        raise not_modelled("'parametersLink': the sandbox fetches nothing from elsewhere")
    link = properties.get("templateLink")
    template = _linked(tx, link) if isinstance(link, Mapping) else properties.get("template")
    if not isinstance(template, Mapping):
        raise ArmError(
            400,
            "InvalidDeployment",
            "The request to create deployment was invalid. The template content must not be null.",
        )
    return template, properties.get("parameters") or {}


def _linked(tx: Transaction, link: Mapping[str, Json]) -> Json:
    identifier = str(link.get("id") or "")
    if not identifier:
        raise not_modelled("'templateLink' with a URL: the sandbox fetches nothing from elsewhere")
    spec = tx.get(store.RESOURCE, Scope.parse(identifier).key)
    if spec is None:
        raise ArmError(
            404,
            "TemplateSpecVersionNotFound",
            f"The template spec version '{identifier}' could not be found.",
            gateway=False,
        )
    return spec["submitted"].get("properties", {}).get("mainTemplate")
