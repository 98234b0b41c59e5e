"""Answers about access as text and JSON: who may do what, and through which assignment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coe_scaffold.catalog import functions, scope_kind
from coe_scaffold.model.access import Assignment
from coe_scaffold.operations.access import Answer, Explained, MatrixView


def answer_text(answer: Answer) -> str:
    """Return an answer for people: yes or no, then the assignments that grant or fall short, aligned."""
    word, may = ("yes", "may") if answer.allowed else ("no", "may not")
    lines = [f"{word}: {answer.function} {may} do {answer.action} in {answer.environment}"]
    rows = [
        (grant.assignment.mode.value, grant.assignment.role.name, f"on {grant.assignment.scope.name}")
        for grant in answer.granted
    ]
    widths = [max(map(len, column), default=0) for column in zip(*rows, strict=True)]
    for grant, row in zip(answer.granted, rows, strict=True):
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        lines.append(f"  {cells}  by {grant.verdict.granted_by} of role {grant.assignment.role.guid}")
        lines += [f"    on condition {text}" for text in grant.conditions]
    lines += [f"  but not on {line} forbids it" for line in answer.limits]
    lines += [f"  not by {line}" for line in answer.denied]
    lines += [f"  note: {answer.hint}"] if answer.hint else []
    return "\n".join(lines)


def answer_document(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON, format ``coe-scaffold/access-can/v1``."""
    return {
        "format": "coe-scaffold/access-can/v1",
        "function": answer.function,
        "action": answer.action,
        "environment": answer.environment,
        "allowed": answer.allowed,
        "granted": [
            {**_place(grant.assignment), "by": grant.verdict.granted_by, "conditions": list(grant.conditions)}
            for grant in answer.granted
        ],
        "denied": list(answer.denied),
        "limits": list(answer.limits),
        "hint": answer.hint,
    }


def explained_text(item: Explained) -> str:
    """Return one assignment for people, with what its role permits and takes back."""
    lines = [_assignment(item.assignment), f"  why: {item.assignment.reason}"]
    for label, patterns in _permissions(item).items():
        if patterns:
            lines.append(f"  {label}: {', '.join(patterns)}")
    lines += [f"  narrowed by {line}" for line in item.denials]
    return "\n".join(lines)


def explained_document(item: Explained) -> dict[str, Any]:
    """Return one assignment as JSON."""
    return {
        **_place(item.assignment),
        "why": item.assignment.reason,
        **_permissions(item),
        "denials": list(item.denials),
    }


def _permissions(item: Explained) -> dict[str, list[str]]:
    return {
        "actions": list(item.actions),
        "notActions": list(item.not_actions),
        "dataActions": list(item.data_actions),
        "notDataActions": list(item.not_data_actions),
    }


def _assignment(item: Assignment) -> str:
    return f"{item.role.name} ({item.role.guid}) on {item.scope.name}, {item.mode}"


def _place(item: Assignment) -> dict[str, str]:
    return {
        "scope": item.scope.path,
        "role": item.role.guid,
        "roleName": item.role.name,
        "mode": item.mode.value,
    }


def matrix_text(rows: Iterable[MatrixView]) -> str:
    """Return the matrix for people, by function."""
    found = tuple(rows)
    lines = []
    for item in functions():
        mine = [row for row in found if row.function == item.id]
        if mine:
            lines.append(f"{item.title} ({item.id})")
        for row in mine:
            place = scope_kind(row.scope_kind).title
            lines.append(f"  {row.environment:4}  {place:28}  {row.role_name}  {row.role}")
            lines.append(f"        {row.mode}: {row.why}")
    return "\n".join(
        [*lines, f"{len(found)} rows; a row whose resource is not deployed is skipped when planning."]
    )
