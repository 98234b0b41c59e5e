"""Schedules and activation rules as JSON: what a plan's steps carry in ``before`` and ``after``."""

from __future__ import annotations

from dataclasses import fields

from coe_scaffold.model.access import Mode, RoleRef
from coe_scaffold.model.access_json import assignment_from_json, assignment_to_json
from coe_scaffold.model.json import JsonObject
from coe_scaffold.model.schedules import ActivationRules, ObservedSchedule, RolePolicy, ScheduledRole
from coe_scaffold.model.scope import Scope


def scheduled_to_json(item: ScheduledRole) -> dict[str, object]:
    """Return a scheduled role as JSON, lossless: an assignment's members and its own."""
    own = {"days": item.days, "target": item.target, "extends": item.extends}
    return {**assignment_to_json(item.assignment), **own}


def scheduled_from_json(data: JsonObject) -> ScheduledRole:
    """Return what :func:`scheduled_to_json` wrote; raise KeyError or ValueError for anything else."""
    return ScheduledRole(assignment_from_json(data), data["days"], data["target"], data["extends"])


def schedule_to_json(item: ObservedSchedule) -> dict[str, object]:
    """Return an observed schedule as JSON, lossless."""
    plain = {
        name: getattr(item, name)
        for name in _SCHEDULE
        if name not in ("id", "scope", "mode", "principal_type")
    }
    return {
        **plain,
        "id": item.id.path,
        "scope": item.scope.path,
        "mode": item.mode.value,
        "principalType": item.principal_type,
    }


def schedule_from_json(data: JsonObject) -> ObservedSchedule:
    """Return what :func:`schedule_to_json` wrote; raise KeyError or ValueError for anything else."""
    plain = {name: data[name] for name in _SCHEDULE if name not in ("id", "scope", "mode", "principal_type")}
    return ObservedSchedule(
        **plain,
        id=Scope(data["id"]),
        scope=Scope(data["scope"]),
        mode=Mode(data["mode"]),
        principal_type=data["principalType"],
    )


def rules_to_json(rules: ActivationRules) -> dict[str, object]:
    """Return activation rules as JSON, lossless."""
    return {
        "longest": rules.longest,
        "requires": list(rules.requires),
        "approvers": list(rules.approvers),
    }


def policy_to_json(policy: RolePolicy) -> dict[str, object]:
    """Return a role's activation rules at a scope as JSON, lossless."""
    return {
        "scope": policy.scope.path,
        "role": {"guid": policy.role.guid, "name": policy.role.name},
        **rules_to_json(policy.rules),
    }


def policy_from_json(data: JsonObject) -> RolePolicy:
    """Return what :func:`policy_to_json` wrote; raise KeyError for anything else."""
    return RolePolicy(
        Scope(data["scope"]),
        RoleRef(data["role"]["guid"], data["role"]["name"]),
        ActivationRules(data["longest"], tuple(data["requires"]), tuple(data["approvers"])),
    )


_SCHEDULE = tuple(item.name for item in fields(ObservedSchedule))
