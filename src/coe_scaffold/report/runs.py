"""The runs of a workspace, for people and as a JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coe_scaffold.model.json import Json
from coe_scaffold.operations.runs import KnownRun, RunState
from coe_scaffold.report.plan_lines import described
from coe_scaffold.report.style import clean

FORMAT = "coe-scaffold/runs/v1"


def text(runs: Sequence[KnownRun]) -> str:
    """Return one line for each run and, where there is one, the command that goes on."""
    if not runs:
        return "No runs yet."
    rows = [("RUN", "ENVIRONMENT", "CLOUD", "STATE", "MADE", "LEFT")]
    rows += [
        (
            one.run.id,
            one.run.environment,
            one.run.cloud,
            one.state.value,
            str(len(one.made)) if _certain(one) else f"up to {len(one.made)}",
            str(len(one.left)),
        )
        for one in runs
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    if runs[-1].way_on:
        lines += ["", f"To go on: {runs[-1].way_on}"]
    return "\n".join(lines)


def detail(known: KnownRun) -> str:
    """Return what a run made and what it has left to do."""
    return "\n".join(_detail(known))


def document(runs: Sequence[KnownRun]) -> dict[str, Json]:
    """Return runs as a JSON document of format ``coe-scaffold/runs/v1``."""
    return {"format": FORMAT, "runs": [_run(one) for one in runs]}


def _detail(known: KnownRun) -> Iterator[str]:
    run = known.run
    yield f"{run.id}: {known.state.value}, {run.environment} on {run.cloud}, started {run.started}"
    if run.undoes:
        yield f"takes back {run.undoes}"
    if known.made:
        certain = "" if _certain(known) else ", or was about to make"
        yield f"Made{certain} ({len(known.made)})"
        yield from (f"  {clean(described(scope))}" for scope in known.made)
    if known.left:
        yield f"Left ({len(known.left)})"
        yield from (f"  {clean(title)}" for title in known.left.values())


def _certain(known: KnownRun) -> bool:
    return known.state in (RunState.DONE, RunState.UNDONE)


def _run(known: KnownRun) -> dict[str, Json]:
    run = known.run
    return {
        "run": run.id,
        "environment": run.environment,
        "cloud": run.cloud,
        "started": run.started,
        "state": known.state.value,
        "undoes": run.undoes or None,
        "resumable": known.resumable,
        "wayOn": known.way_on or None,
        "made": [scope.path for scope in known.made],
        "left": [{"step": step, "title": title} for step, title in known.left.items()],
    }
