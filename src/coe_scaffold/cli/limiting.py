"""What a caller may do of a plan, and the rest as a request for an administrator."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from coe_scaffold.cli.output import notice

if TYPE_CHECKING:
    from coe_scaffold.cli.context import Workplace
    from coe_scaffold.cloud.session import Session
    from coe_scaffold.model.plan import Plan
    from coe_scaffold.model.preflight import Check
    from coe_scaffold.operations.plan import Planned


def allowed(place: Workplace, session: Session, planned: Planned) -> Plan:
    """Return what of a plan the caller may apply; the rest becomes a request for an administrator.

    Raises CoeError when something besides the right to give access is missing.
    """
    from coe_scaffold.operations.own_conditions import excluded_assignments
    from coe_scaffold.operations.predict import whole_graph
    from coe_scaffold.operations.preflight import preflight, problems, refuse_hopeless
    from coe_scaffold.planning.limited import without_access, without_steps

    plan = planned.plan
    if not plan.writes:
        return plan
    graph = whole_graph(planned.targets)
    found = (
        *preflight(place.settings, plan.environment, plan, graph, session.inspector),
        *refused_deletions(place, session, plan),
    )
    refuse_hopeless((check for check in found if not check.about_access), plan.environment)
    missing = problems(found)
    if not missing:
        return plan
    if any(check.name == "conditions" for check in missing):
        excluded = excluded_assignments(place.settings, plan, graph, session.inspector)
        for one in excluded:
            notice(f"You may not do this: {one}.")
        if all(check.name == "conditions" for check in missing) and all(one.step for one in excluded):
            notice("Everything else is applied; this is left out and asked for at the end.")
            return without_steps(plan, frozenset(one.step for one in excluded))
    actions = sorted({check.action for check in missing})
    notice(f"You may not give access or govern ({', '.join(actions)}).")
    notice("Resources are deployed; what gives access or governs is left out and asked for at the end.")
    return without_access(plan, (action.rpartition("/")[0] for action in actions))


def refused_deletions(place: Workplace, session: Session, plan: Plan) -> tuple[Check, ...]:
    """Return what Azure Policy does not let go of what a plan deletes."""
    from coe_scaffold.operations.deletion_policies import deletion_checks

    return deletion_checks(
        place.settings, plan, observer=session.observer, inspector=session.inspector, clock=place.clock
    )


def refuse_hopeless_deletion(place: Workplace, session: Session, plan: Plan) -> None:
    """Return when the caller may delete what a plan deletes; what is not sure becomes a notice.

    Raises CoeError with every right that is missing and every policy that forbids it.
    """
    from coe_scaffold.model.preflight import Verdict
    from coe_scaffold.operations.preflight import permissions, refuse_hopeless

    found = (*permissions(plan, session.inspector), *refused_deletions(place, session, plan))
    refuse_hopeless(found, plan.environment)
    for check in found:
        if check.name == "policy" and check.verdict is Verdict.UNKNOWN:
            notice(f"{check.name}: {check.message}")


def ask_for_access(place: Workplace, session: Session, environment: str) -> None:
    """Write what is left of a plan, the access that the caller may not give, as a request."""
    from coe_scaffold.cli.applying import make_current_plan

    plan = make_current_plan(place, session, environment).plan
    notice(write_request(place, plan) or "There is nothing left to ask for: somebody has done it meanwhile.")


def write_request(place: Workplace, plan: Plan, folder: Path | None = None) -> str:
    """Write what of a plan takes an administrator as a request bundle; return what it asks for, for people.

    ``folder`` is by default access-request-ENV in the workspace. Nothing is written, and the text is empty,
    when there is nothing to ask for.
    """
    from coe_scaffold.operations.request import access_request
    from coe_scaffold.planning.codec import dumps
    from coe_scaffold.planning.limited import governing_resources
    from coe_scaffold.report.access_request import request_markdown

    asked, rest = access_request(plan), governing_resources(plan)
    if not asked.writes and not rest:
        return ""
    folder = folder or place.root / f"access-request-{plan.environment}"
    file = Path(os.path.relpath(folder / "request.json", place.root))
    place.files.write(folder / "request.json", dumps(asked).encode())
    text = request_markdown(asked, file=file.as_posix(), rest=rest)
    place.files.write(folder / "request.md", text.encode())
    count = f"{len(asked.writes)} changes of access"
    if rest:
        count += f" and {len(rest)} of what templates make (role assignments, locks, policies)"
    return (
        f"{count} are asked for in {folder / 'request.md'}: give it to an administrator, with the workspace."
    )
