"""An access request as a document: what is asked for, why, and how an administrator gives it."""

from __future__ import annotations

from coe_scaffold.model.plan import Plan
from coe_scaffold.operations.request import needed
from coe_scaffold.report.tables import Table, rendered


def request_markdown(plan: Plan, *, file: str, rest: tuple[str, ...] = ()) -> str:
    """Return the request for people; ``file`` is where its plan is written, from the workspace's folder.

    ``rest`` is what only the templates make and takes an administrator, too.
    """
    rows = tuple(
        (
            step.action.value,
            step.kind.value,
            step.title,
            str((step.after or {}).get("mode", "")),
            step.scope.path,
            step.reason,
        )
        for step in plan.writes
    )
    tables = [
        Table("Changes", ("Action", "Kind", "What", "Mode", "Scope", "Why"), rows),
        Table("Rights it takes", ("Action", "At"), needed(plan)),
    ]
    commands = [f"coe apply {file} --yes"] if rows else []
    if rest:
        tables.append(Table("Made by the templates", ("What",), tuple((one,) for one in rest)))
        commands.append(f"coe apply --env {plan.environment} --yes")
    notes = [
        f"{plan.workspace} asks for {len(rows)} changes of access in {plan.environment} on {plan.cloud}"
        + (f", and for what its templates make besides ({len(rest)})." if rest else "."),
        f"An administrator applies them, in a copy of the workspace, with: {' && '.join(commands)}",
        "The file is refused once the workspace or what exists has moved: then ask for a new one.",
    ]
    return rendered("markdown", f"Access request for {plan.environment}", tables, notes=notes)
