"""Approve plan files, and refuse to apply without: the record lies beside the plan and names its hash."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from coe_scaffold.errors import BlockedError, ConfigError, Problem, UsageError
from coe_scaffold.model.approval import Approval, Approvals, approvals_from_json, approvals_to_json
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.json import from_text
from coe_scaffold.model.plan import Plan
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.predict import GOVERNANCE, environment_of
from coe_scaffold.planning.codec import loads
from coe_scaffold.ports import Clock, FileStore


def record_path(plan_file: Path) -> Path:
    """Return where the approvals of a plan file are kept."""
    return plan_file.with_name(f"{plan_file.name}.approvals.json")


def approvals_wanted(settings: Settings, environment: str) -> tuple[str, ...]:
    """Return the functions that must approve a plan; for what all environments share, all of theirs."""
    if environment != GOVERNANCE:
        return environment_of(settings, environment).approvals
    asked = {function for one in settings.environments.values() for function in one.approvals}
    return tuple(function for function in FUNCTION_IDS if function in asked)


def approve(
    settings: Settings, plan_file: Path, *, function: str, by: str, files: FileStore, clock: Clock
) -> Approvals:
    """Record that a person approves a plan file for a function; return all approvals it has now.

    Approvals of an earlier content of the file are dropped. Raises UsageError for a function that this
    environment does not ask, BlockedError for a plan that findings forbid, ConfigError for a broken file.
    """
    content = files.read(plan_file)
    plan = loads(content.decode("utf-8", errors="replace"), file=str(plan_file))
    wanted = approvals_wanted(settings, plan.environment)
    if function not in wanted:
        asked = ", ".join(wanted) or "nobody"
        raise UsageError(
            f"{plan.environment} does not ask '{function}' for approval",
            fix=f"It asks {asked} (environments.{plan.environment}.approvals in coe.yaml).",
        )
    if plan.blocking:
        raise BlockedError(f"{len(plan.blocking)} findings forbid applying this plan: it cannot be approved")
    before = approvals_of(plan_file, content, plan, files)
    after = before.plus(Approval(function, by, clock.now().isoformat()))
    text = json.dumps(approvals_to_json(after), indent=2) + "\n"
    files.write(record_path(plan_file), text.encode())
    return after


def approvals_of(plan_file: Path, content: bytes, plan: Plan, files: FileStore) -> Approvals:
    """Return the approvals of a plan file as it is now; none when its content has changed since."""
    digest = sha256(content).hexdigest()
    none = Approvals(digest, plan.environment)
    path = record_path(plan_file)
    if not path.exists():
        return none
    try:
        found = approvals_from_json(from_text(files.read(path)))
    except (ValueError, KeyError, TypeError) as error:
        message = f"this is no record of approvals ({error})"
        raise ConfigError([Problem(str(path), 0, 0, message, "Delete it and approve again.")]) from None
    return found if (found.plan, found.environment) == (digest, plan.environment) else none


def refuse_unapproved(
    settings: Settings, environment: str, plan_file: Path | None, *, files: FileStore
) -> None:
    """Return when an environment may be applied to; raise BlockedError that names who has not approved."""
    wanted = approvals_wanted(settings, environment)
    if not wanted:
        return
    if plan_file is None:
        raise BlockedError(
            f"{environment} takes approved plan files only",
            detail=f"{', '.join(wanted)} must approve (environments.{environment}.approvals in coe.yaml).",
            fix=f"coe plan --env {environment} --out plan.json; coe approve plan.json --as FUNCTION; "
            "coe apply plan.json",
            code="COE-APR-001",
        )
    content = files.read(plan_file)
    plan = loads(content.decode("utf-8", errors="replace"), file=str(plan_file))
    missing = approvals_of(plan_file, content, plan, files).missing(wanted)
    if missing:
        raise BlockedError(
            f"{plan_file} lacks the approval of {', '.join(missing)}",
            detail="An approval counts for exactly the content it was given for.",
            fix=f"coe approve {plan_file} --as {missing[0]}",
            code="COE-APR-002",
        )


def refuse_other_steps(first: Plan, plan: Plan) -> None:
    """Return when a resumed plan only does what the approved one did; raise BlockedError otherwise."""
    known = {step.id for step in first.writes}
    more = sorted(step.title for step in plan.writes if step.id not in known)
    if more:
        raise BlockedError(
            f"resuming would now also do what was not approved: {', '.join(more[:5])}",
            fix="Make a new plan file and have it approved.",
            code="COE-APR-003",
        )
