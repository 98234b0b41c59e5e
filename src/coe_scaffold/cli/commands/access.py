"""``coe access``: who has which role where, and why."""

from __future__ import annotations

import click

from coe_scaffold.cli.lazy import LazyGroup
from coe_scaffold.cli.options import example

TABLE = {
    "matrix": ("access_matrix", "Function × environment × scope × role: what is wanted, and why."),
    "plan": ("access_plan", "The assignments that applying would make, change or remove."),
    "audit": ("access_audit", "What is wrong with the access that exists."),
    "can": ("access_can", "May a function perform an operation, and through which assignment?"),
    "who-can": ("access_who_can", "Which functions may perform an operation?"),
    "roles": ("access_roles", "Built-in role definitions: what has changed since our catalogue."),
    "review": ("access_review", "The sheet of a periodic access review, per function."),
    "request": ("access_request", "A bundle for an administrator who may give the roles you may not."),
    "groups": ("access_groups", "How to create the groups that fill the functions."),
    "conditions": ("access_conditions", "The conditions under which roles may be handed out."),
    "explain": ("access_explain", "Every assignment of a function, and what its role permits."),
}


@click.group(
    cls=LazyGroup,
    table=TABLE,
    epilog=example("coe access can data-scientist Microsoft.Storage/storageAccounts/write --env dev"),
)
def command() -> None:
    """Role assignments made from the function table: shown, planned, audited, explained.

    Function ids: ai-coe-lead, ai-strategist, business-analyst, data-scientist, data-engineer, ai-engineer,
    ai-ethics-officer, compliance-officer, mlops-engineer.
    """
