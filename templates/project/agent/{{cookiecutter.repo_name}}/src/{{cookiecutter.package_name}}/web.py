"""The web application: give a task, see every step, and decide what waits."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from .agent import Agent, DecisionError, Run
from .local.business import FileShop
from .readiness import add_readiness
from .records import records
from .runs import RunStore, UnknownRunError
from .settings import Settings, load
from .site import current_user, site
from .trial import trials
from .users import User
from .wiring import agent as wire

APPROVERS = "agent-approvers"
"""The group that decides; ``config/app.yaml`` maps it to an object id on Azure."""


class Task(BaseModel):
    """What the page sends."""

    model_config = ConfigDict(extra="forbid")
    task: Annotated[str, Field(min_length=1, max_length=10_000)]


class Decision(BaseModel):
    """What an approver decides about the call that waits."""

    model_config = ConfigDict(extra="forbid")
    approve: bool


class Switch(BaseModel):
    """Whether the agent may work."""

    model_config = ConfigDict(extra="forbid")
    enabled: bool


def create_app(
    settings: Settings | None = None, agent: Agent | None = None, store: RunStore | None = None
) -> FastAPI:
    """Return the application; without settings they come from the environment."""
    chosen = settings or load()
    given = agent or wire(chosen)
    runs = store or RunStore(records(chosen, chosen.text("runDatabase")))
    runs.purge(int(chosen.number("retentionDays")))
    helper = replace(given, enabled=lambda: given.enabled() and _on(runs))
    longest = int(chosen.number("maximumTaskLength"))
    app = site(chosen, maximumTaskLength=longest, sample=isinstance(helper.business, FileShop))
    who = current_user(chosen)
    group = APPROVERS if chosen.provider == "local" else chosen.text("approverGroup")
    _add_tasks(app, helper, runs, longest, who)
    approver = _approver(group, who)
    _add_approvals(app, helper, runs, approver)
    _add_switch(app, helper, runs, approver)
    add_readiness(app, chosen.provider, trials(chosen, helper, runs))
    return app


def _add_tasks(
    app: FastAPI, agent: Agent, runs: RunStore, longest: int, who: Callable[[Request], User]
) -> None:
    @app.post("/api/tasks")
    def start(body: Task, user: Annotated[User, Depends(who)]) -> dict[str, Any]:
        if len(body.task) > longest:
            raise HTTPException(422, f"a task may have {longest} characters")
        run = agent.start(user, body.task.strip())
        runs.save(run)
        return shown(run)

    @app.get("/api/tasks/{identifier}")
    def ask(identifier: str, user: Annotated[User, Depends(who)]) -> dict[str, Any]:
        try:
            return shown(runs.of(user, identifier))
        except UnknownRunError as error:
            raise HTTPException(404, "no task of yours with this id waits or waited") from error


def _on(runs: RunStore) -> bool:
    try:
        return not runs.stopped()
    except Exception:  # where nobody can be asked, it stays off
        logging.exception("the switch cannot be read")
        return False


def _approver(group: str, who: Callable[[Request], User]) -> Callable[..., User]:
    def approver(user: Annotated[User, Depends(who)]) -> User:
        if group not in user.groups:
            raise HTTPException(403, "only approvers may decide")
        return user

    return approver


def _add_switch(app: FastAPI, agent: Agent, runs: RunStore, approver: Callable[..., User]) -> None:
    @app.get("/api/switch")
    def state(user: Annotated[User, Depends(approver)]) -> dict[str, bool]:
        return {"enabled": agent.enabled()}

    @app.post("/api/switch")
    def switch(body: Switch, user: Annotated[User, Depends(approver)]) -> dict[str, bool]:
        runs.switch(on=body.enabled)
        agent.trace.switch(user.id, on=body.enabled)
        return {"enabled": agent.enabled()}


def _add_approvals(
    app: FastAPI, agent: Agent, runs: RunStore, approver: Callable[..., User]
) -> None:
    @app.get("/api/approvals")
    def waiting(user: Annotated[User, Depends(approver)]) -> list[dict[str, Any]]:
        return [shown(run) for run in runs.waiting()]

    @app.post("/api/approvals/{identifier}")
    def decide(
        identifier: str, body: Decision, user: Annotated[User, Depends(approver)]
    ) -> dict[str, Any]:
        try:
            run = runs.take(identifier)
        except UnknownRunError as error:
            raise HTTPException(404, "no run with this id waits") from error
        try:
            decided = agent.decide(run, user, approve=body.approve)
        except DecisionError as error:
            runs.save(run)
            raise HTTPException(403, str(error)) from error
        runs.save(decided)
        return shown(decided)


def shown(run: Run) -> dict[str, Any]:
    """Return what people see of a run: every step, and the call that waits exactly as it would be made."""
    return {
        "id": run.id,
        "task": run.task,
        "state": run.state,
        "answer": run.answer,
        "reason": run.reason,
        "steps": [
            {
                "tool": s.call.tool,
                "arguments": s.call.arguments,
                "outcome": s.outcome,
                "result": s.result,
            }
            for s in run.steps
        ],
        "pending": {"tool": run.pending.tool, "arguments": run.pending.arguments}
        if run.pending
        else None,
    }
