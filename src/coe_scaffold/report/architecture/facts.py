"""Short sentences about a resource: what a reader of a diagram wants to know of its properties."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from coe_scaffold.model.json import Value
from coe_scaffold.model.resources import Resource

_PLAIN = frozenset(
    {
        "microsoft.machinelearningservices/workspaces",
        "microsoft.network/bastionhosts",
        "microsoft.network/natgateways",
        "microsoft.network/privateendpoints",
    }
)
"""Types whose SKU says nothing."""


def at(value: Value, *path: str | int) -> Value:
    """Return a member of nested JSON, or None where there is none or it is not known yet."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list | tuple) and len(value) > step else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def text_at(value: Value, *path: str | int) -> str:
    """Return a text or number in nested JSON as text; empty where there is none or it is not known yet."""
    found = at(value, *path)
    return str(found) if isinstance(found, str | int | float) and not isinstance(found, bool) else ""


def items_at(value: Value, *path: str | int) -> tuple[Value, ...]:
    """Return the items of a list in nested JSON; none where there is no list."""
    found = at(value, *path)
    return tuple(found) if isinstance(found, list | tuple) else ()


def facts_of(resource: Resource, below: Iterable[Resource]) -> tuple[str, ...]:
    """Return what is worth telling about a resource; ``below`` are its child resources."""
    return tuple(fact for fact in _facts(resource, tuple(below)) if fact)


def part_name(resource: Resource) -> str:
    """Return what a part is called, with the version and size of a model."""
    name = resource.name.rpartition("/")[2]
    body = resource.body
    match resource.type.lower():
        case "microsoft.cognitiveservices/accounts/deployments":
            sku, capacity = text_at(body, "sku", "name"), text_at(body, "sku", "capacity")
            model = text_at(body, "properties", "model", "name")
            version = text_at(body, "properties", "model", "version")
            size = f"{sku} {capacity}K".strip() if sku and capacity else sku
            return ", ".join(word for word in (name, model if model != name else "", version, size) if word)
        case "microsoft.machinelearningservices/workspaces/computes":
            return ", ".join(
                word for word in (name, text_at(body, "properties", "properties", "vmSize")) if word
            )
        case _:
            return name


def _facts(resource: Resource, below: tuple[Resource, ...]) -> Iterator[str]:
    body, properties = resource.body, resource.properties
    names = partial(_names, below)
    match resource.type.lower():
        case "microsoft.storage/storageaccounts":
            kept = "microsoft.storage/storageaccounts/blobservices/containers/immutabilitypolicies"
            yield text_at(body, "sku", "name")
            yield ", ".join(names("microsoft.storage/storageaccounts/blobservices/containers"))
            yield "cannot be changed or deleted" if names(kept) else ""
        case "microsoft.cognitiveservices/accounts":
            filters = names("microsoft.cognitiveservices/accounts/raipolicies")
            yield f"content filter {', '.join(filters)}" if filters else ""
            agents = names("microsoft.cognitiveservices/accounts/projects/capabilityhosts")
            yield "agents run in the network" if agents else ""
        case "microsoft.search/searchservices":
            replicas = text_at(properties, "replicaCount")
            yield ", ".join(
                word
                for word in (text_at(body, "sku", "name"), f"{replicas} replicas" if replicas > "1" else "")
                if word
            )
        case "microsoft.operationalinsights/workspaces":
            days = text_at(properties, "retentionInDays")
            yield f"kept {days} days" if days else ""
        case "microsoft.consumption/budgets":
            yield f"{text_at(properties, 'amount')} a month"
        case "microsoft.managedidentity/userassignedidentities":
            for child in below:
                yield _signs_in(text_at(child.properties, "subject"))
        case "microsoft.apimanagement/service":
            yield text_at(body, "sku", "name")
            products = names("microsoft.apimanagement/service/products")
            yield f"products {', '.join(products)}" if products else ""
        case "microsoft.network/azurefirewalls":
            yield text_at(properties, "sku", "tier")
        case name if name not in _PLAIN:
            yield text_at(body, "sku", "name")


def _signs_in(subject: str) -> str:
    """Return who may sign in as an identity; GitHub's subjects in words, others as they are."""
    found = re.fullmatch(r"repo:([^:]+):environment:(.+)", subject)
    return f"{found[1]}, environment {found[2]}" if found else subject


def _names(below: tuple[Resource, ...], resource_type: str) -> list[str]:
    return [item.name.rpartition("/")[2] for item in below if item.type.lower() == resource_type]
