"""What a run made, for people and as a JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coe_scaffold.errors import PartialApplyError
from coe_scaffold.execution.outcome import Failure, RunOutcome
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.json import Json
from coe_scaffold.report.plan_lines import described
from coe_scaffold.report.style import clean, paint

FORMAT = "coe-scaffold/apply/v1"

_LEFT = "Left to an administrator"
LISTED = 8
"""Skipped steps, and those left to somebody else, that are listed; the rest is a count."""


def text(
    result: RunOutcome, *, next_commands: Sequence[str] = (), debug: bool = False, colour: bool = False
) -> str:
    """Return what a run made: resource groups, resources by type, assignments by function, failures.

    With ``debug`` a failure shows all that Azure said.
    """
    blocks = [block for block in _blocks(result, debug=debug, colour=colour) if block]
    if next_commands:
        blocks.append("\n".join(["Next", *(f"  {command}" for command in next_commands)]))
    return "\n\n".join(blocks)


def nothing(environment: str, left_out: Sequence[str] = ()) -> dict[str, Json]:
    """Return the document of an apply that had nothing to change, besides what is left to somebody else."""
    code = PartialApplyError.exit_code if left_out else 0
    return {
        "format": FORMAT,
        "environment": environment,
        "run": None,
        "exitCode": code,
        "leftOut": list(left_out),
    }


def nothing_text(environment: str, left_out: Sequence[str] = ()) -> str:
    """Return the same for people."""
    if not left_out:
        return f"Nothing to change in {environment}."
    return "\n".join(
        [
            f"Nothing to change in {environment} that you may change.",
            *_listed("Left to an administrator", left_out),
        ]
    )


def document(result: RunOutcome) -> dict[str, Json]:
    """Return a run's outcome as a JSON document of format ``coe-scaffold/apply/v1``."""
    return {
        "format": FORMAT,
        "run": result.run,
        "environment": result.environment,
        "exitCode": result.exit_code,
        "succeeded": list(result.succeeded),
        "skipped": list(result.skipped),
        "leftOut": list(result.left_out),
        "failures": [_failure(failure) for failure in result.failures],
        "created": [scope.path for scope in result.created],
        "resourceGroups": list(result.groups),
        "resourceTypes": dict(result.types),
        "assignments": dict(result.assignments),
        "removed": list(result.removed),
        "seconds": round(result.seconds, 1),
    }


def _blocks(result: RunOutcome, *, debug: bool, colour: bool) -> Iterator[str]:
    words = {0: "done", 1: "failed, nothing was written", 5: "applied in part"}[result.exit_code]
    if result.complete and result.left_out:
        words = "applied in part, the rest is left to an administrator"
    head = f"{result.environment}: {words} (run {result.run}, {result.seconds:.1f} s)"
    yield paint(head, "heading", colour=colour)
    if result.groups:
        yield "\n".join(["Resource groups", *(f"  {name}" for name in result.groups)])
    if result.types:
        total = sum(result.types.values())
        width = max(map(len, result.types))
        rows = (f"  {name:<{width}}  {count:>3}" for name, count in result.types.items())
        yield "\n".join([f"Resources ({total})", *rows])
    if result.assignments:
        total = sum(result.assignments.values())
        known = [name for name in FUNCTION_IDS if name in result.assignments]
        others = [name for name in result.assignments if name not in FUNCTION_IDS]
        width = max(map(len, result.assignments))
        counts = (f"  {name:<{width}}  {result.assignments[name]:>3}" for name in (*known, *others))
        yield "\n".join([f"Role assignments ({total})", *counts])
    if result.removed:
        yield "\n".join(
            [f"Removed ({len(result.removed)})", *(f"  - {clean(title)}" for title in result.removed)]
        )
    if result.failures:
        rows = (line for failure in result.failures for line in _told(failure, debug=debug, colour=colour))
        yield "\n".join([f"Failed ({len(result.failures)})", *rows])
    if result.exit_code == 5 and not result.complete and result.created:
        made = (f"  {clean(described(scope))}" for scope in result.created)
        yield "\n".join([f"Made by this run and there now ({len(result.created)})", *made])
    if result.skipped:
        yield "\n".join(_listed("Skipped", tuple(result.skipped.values())))
    if result.left_out:
        yield "\n".join(_listed(_LEFT, result.left_out))


def _listed(heading: str, titles: Sequence[str]) -> Iterator[str]:
    yield f"{heading} ({len(titles)})"
    yield from (f"  {clean(title)}" for title in titles[:LISTED])
    if len(titles) > LISTED:
        yield f"  and {len(titles) - LISTED} more"


def _told(failure: Failure, *, debug: bool, colour: bool) -> Iterator[str]:
    code = f" [{failure.code}]" if failure.code else ""
    yield "  " + paint(clean(f"! {failure.title}: {failure.cause}{code}"), "!", colour=colour)
    if failure.fix:
        yield clean(f"    fix: {failure.fix}")
    if failure.correlation_id:
        yield f"    correlation id: {failure.correlation_id}"
    if debug:
        yield from (f"    {clean(line)}" for line in failure.detail.splitlines())


def _failure(failure: Failure) -> dict[str, str]:
    return {
        "step": failure.step,
        "title": failure.title,
        "cause": failure.cause,
        "fix": failure.fix,
        "code": failure.code,
        "detail": failure.detail,
        "correlationId": failure.correlation_id,
    }
