"""SHA-256 digests of canonical JSON: whether a plan's inputs or the state it saw have moved."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from coe_scaffold.model.json import Json, Unknown
from coe_scaffold.model.plan import Action, Step
from coe_scaffold.model.resources import ChangeType, Deployment
from coe_scaffold.model.scope import Scope


def digest(value: Any) -> str:
    """Return 64 hex digits for JSON values, dataclasses of the model, and collections of them.

    Mapping order does not count, sequence order does, sets are sorted. Raises TypeError for anything
    that has no canonical form.
    """
    text = json.dumps(canonical(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sha256(text.encode()).hexdigest()


def canonical(value: Any) -> Json:
    """Return a value as plain JSON; scopes in lower case, as ARM compares them."""
    kind = type(value)
    if kind is str or value is None:  # most of a template is these, and asking further takes longest
        return value
    if kind is dict:
        return {str(key): canonical(item) for key, item in value.items()}
    if kind is list:
        return [canonical(item) for item in value]
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case Scope():
            return value.key
        case Unknown():
            return {"$unknown": value.expression}
        case Mapping():
            return {str(key): canonical(item) for key, item in value.items()}
        case list() | tuple():
            return [canonical(item) for item in value]
        case set() | frozenset():
            return sorted((canonical(item) for item in value), key=lambda item: json.dumps(item))
        case PurePath():
            return value.as_posix()
        case date():
            return value.isoformat()
    if is_dataclass(value):
        return {one.name: canonical(getattr(value, one.name)) for one in fields(value)}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def inputs_digest(deployments: Iterable[Deployment], *others: Any) -> str:
    """Return the digest of what a plan is made from: its deployments, in any order, and anything else."""
    templates: dict[int, str] = {}

    def of(deployment: Deployment) -> str:
        template = deployment.template  # one object for all projects that share it
        if id(template) not in templates:
            templates[id(template)] = digest(template)
        return digest([replace(deployment, template={}), templates[id(template)]])

    return digest([sorted(map(of, tuple(deployments))), [canonical(other) for other in others]])


def step_digest(step: Step) -> str:
    """Return the digest of what a step says it will do; what it found is :func:`observed_digest`'s."""
    said = (step.id, step.kind, step.action, step.scope, step.title, step.reason, step.needs, step.after)
    return digest([*said, step.depends_on])


def observed_digest(steps: Iterable[Step]) -> str:
    """Return the digest of what the steps found in the cloud, in any order.

    Noise and foreign things do not count: neither makes a plan stale.
    """
    found = [
        [
            step.id,
            step.action,
            step.before,
            [
                (change.resource, change.change, change.differences)
                for change in step.changes
                if change.change is not ChangeType.IGNORE
            ],
        ]
        for step in steps
        if step.action is not Action.FOREIGN
    ]
    return digest(sorted(map(digest, found)))
