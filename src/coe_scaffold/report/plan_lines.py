"""A plan as sections of lines: what the text and the Markdown view share."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.model.json import Unknown, Value, printable
from coe_scaffold.model.plan import ACCESS_KINDS, HELD_KINDS, Action, Plan, Step, StepKind
from coe_scaffold.model.resources import ChangeType, PropertyChange, ResourceChange
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.planning.noise import RULES, hidden
from coe_scaffold.report.style import clean

VALUE_WIDTH = 72
"""Characters of one property value that are shown."""

FOREIGN_SHOWN = 10
"""Assignments made by others that are listed; the rest is a count."""

SYMBOLS = {
    ChangeType.CREATE: "+",
    ChangeType.DELETE: "-",
    ChangeType.DETACH: "~",
    ChangeType.MODIFY: "~",
    ChangeType.DEPLOY: "~",
    ChangeType.NO_CHANGE: "=",
    ChangeType.IGNORE: "?",
    ChangeType.UNSUPPORTED: "?",
}
_QUIET = {ChangeType.NO_CHANGE: "= {} unchanged", ChangeType.IGNORE: "? {} in no template, left alone"}


@dataclass(frozen=True)
class Line:
    """One line: how deep it is in the tree, its symbol (``+ - ~ = ? !`` or empty), its text."""

    depth: int
    symbol: str
    text: str


@dataclass(frozen=True)
class Section:
    """Lines under a title."""

    title: str
    lines: tuple[Line, ...]


def sections(plan: Plan, *, show_noise: bool = False) -> tuple[Section, ...]:
    """Return the sections of a plan that have something to say."""
    found = (
        Section("Resources", tuple(_resources(plan, show_noise=show_noise))),
        Section("Access", tuple(_access(plan))),
        Section("Guardrails", tuple(_findings(plan.findings))),
        Section("Notes", tuple(Line(1, "", note) for note in plan.notes)),
        Section("Noise", tuple(_noise(plan, show_noise=show_noise))),
    )
    return tuple(
        Section(one.title, tuple(replace(line, text=clean(line.text)) for line in one.lines))
        for one in found
        if one.lines
    )


def blocked(plan: Plan) -> str:
    """Return the sentence that findings forbid applying, or an empty string when none does."""
    count = len(plan.blocking)
    if not count:
        return ""
    return "1 finding forbids applying." if count == 1 else f"{count} findings forbid applying."


def totals(plan: Plan) -> str:
    """Return one sentence: how many resources and assignments would be written, and how many stand."""
    changes = Counter(change.change for step in plan.steps for change in step.changes)
    kinds = Counter((step.kind, step.action) for step in plan.steps)
    groups = kinds[StepKind.RESOURCE_GROUP, Action.DELETE]
    deleted = changes[ChangeType.DELETE] + kinds[StepKind.RESOURCE, Action.DELETE]
    parts = [
        _amount("resource", {"to create": changes[ChangeType.CREATE],
                             "to change": changes[ChangeType.MODIFY] + changes[ChangeType.DEPLOY],
                             "to delete": deleted,
                             "to let go": changes[ChangeType.DETACH],
                             "to recover": kinds[StepKind.SOFT_DELETED, Action.CREATE],
                             "to purge": kinds[StepKind.SOFT_DELETED, Action.DELETE]}),
        _amount("resource group", {"to delete": groups}),
        _amount("custom role", _by_action(kinds, StepKind.ROLE_DEFINITION)),
        _amount("role assignment", _by_action(kinds, StepKind.ROLE_ASSIGNMENT)),
        _amount("eligible role", _by_action(kinds, StepKind.ROLE_ELIGIBILITY)),
        _amount("time-bound role", _by_action(kinds, StepKind.ROLE_SCHEDULE)),
        _amount("activation rule", _by_action(kinds, StepKind.ROLE_POLICY)),
    ]  # fmt: skip
    same = changes[ChangeType.NO_CHANGE] + sum(
        count
        for (kind, action), count in kinds.items()
        if kind is not StepKind.DEPLOYMENT and action in (Action.NO_CHANGE, Action.ADOPT)
    )
    if not plan.writes:
        return f"Nothing to change: {same} resources and assignments are as declared."
    sentence = "; ".join([*filter(None, parts), f"{same} unchanged"])
    return f"{sentence[0].upper()}{sentence[1:]}."


def described(resource: Scope) -> str:
    """Return a resource as ``type name``, and for an extension resource what it is on."""
    if resource.kind is ScopeKind.RESOURCE_GROUP:
        return f"resource group {resource.name}"
    before, _, last = resource.path.rpartition("/providers/")
    parts = last.split("/")
    name = "/".join(parts[2::2])
    on = Scope(before) if before else None
    where = f" on {on.name}" if on and on.kind is ScopeKind.RESOURCE else ""
    return f"{resource.resource_type} {name}{where}"


def shown(value: Value) -> str:
    """Return a property value on one line, cut to ``VALUE_WIDTH``."""
    if isinstance(value, Unknown):
        return str(value)
    text = clean(json.dumps(printable(value), ensure_ascii=False, sort_keys=True))
    return text if len(text) <= VALUE_WIDTH else text[: VALUE_WIDTH - 1] + "…"


def _resources(plan: Plan, *, show_noise: bool) -> Iterator[Line]:
    changes = sorted(
        (change for step in plan.steps for change in step.changes),
        key=lambda change: (*_place(change.resource), change.resource.key),
    )
    for place, members in groupby(changes, key=lambda change: _place(change.resource)):
        there = tuple(members)
        yield _heading(place, there)
        inside = [one for one in there if one.resource.kind is not ScopeKind.RESOURCE_GROUP or one.delta]
        yield from (line for change in inside for line in _change(change, show_noise=show_noise))
        counts = Counter(change.change for change in inside)
        yield from (
            Line(2, words[0], words[2:].format(counts[kind]))
            for kind, words in _QUIET.items()
            if counts[kind]
        )
    for step in plan.steps:
        if step.kind in _BY_ID:
            yield Line(1, step.action.symbol, f"{step.title}  ({step.reason})")


_BY_ID = (StepKind.RESOURCE_GROUP, StepKind.RESOURCE, StepKind.SOFT_DELETED)


def _place(resource: Scope) -> tuple[str, str]:
    return resource.subscription.lower(), resource.resource_group.lower()


def _heading(place: tuple[str, str], members: Sequence[ResourceChange]) -> Line:
    subscription, group = place
    own = next((one for one in members if one.resource.kind is ScopeKind.RESOURCE_GROUP), None)
    if own is not None:
        return Line(1, SYMBOLS[own.change], described(own.resource))
    if group:
        return Line(1, "", f"resource group {members[0].resource.resource_group}")
    return Line(1, "", f"subscription {subscription}" if subscription else "above the subscriptions")


def _change(change: ResourceChange, *, show_noise: bool) -> Iterator[Line]:
    noise = [one for one in change.delta if one.noise] if show_noise else []
    if change.change in _QUIET and not noise:
        return
    reason = f"  ({change.reason})" if change.reason else ""
    yield Line(2, SYMBOLS[change.change], (change.title or described(change.resource)) + reason)
    yield from map(_difference, change.differences)
    for one in noise:
        yield Line(3, "", f"{_delta(one)}  (noise: {one.noise})")


def _difference(one: PropertyChange) -> Line:
    return Line(3, "", _delta(one))


def _delta(one: PropertyChange) -> str:
    return f"{one.path}: {shown(one.before)} → {shown(one.after)}"


def _access(plan: Plan) -> Iterator[Line]:
    steps = [step for step in plan.steps if step.kind in ACCESS_KINDS]
    for title, members in _by_function(steps):
        quiet = Counter(step.action for step in members)
        told = [step for step in members if step.action.writes]
        yield Line(1, "", title)
        yield from (_assignment(step) for step in told)
        if quiet[Action.NO_CHANGE] or quiet[Action.ADOPT]:
            adopted = f", of these {quiet[Action.ADOPT]} made by others" if quiet[Action.ADOPT] else ""
            yield Line(2, "=", f"{quiet[Action.NO_CHANGE] + quiet[Action.ADOPT]} unchanged{adopted}")
    foreign = [step for step in steps if step.action is Action.FOREIGN]
    if foreign:
        yield Line(1, "", "made by others, never touched")
        yield from (Line(2, "?", step.title) for step in foreign[:FOREIGN_SHOWN])
        if len(foreign) > FOREIGN_SHOWN:
            yield Line(2, "?", f"and {len(foreign) - FOREIGN_SHOWN} more")


def _by_function(steps: Iterable[Step]) -> Iterator[tuple[str, list[Step]]]:
    ours = [step for step in steps if step.action is not Action.FOREIGN]
    roles = [step for step in ours if step.kind is StepKind.ROLE_DEFINITION]
    if roles:
        yield "custom roles", roles
    policies = [step for step in ours if step.kind is StepKind.ROLE_POLICY]
    if policies:
        yield "activation rules", policies
    names = {step.function for step in ours if step.kind in HELD_KINDS}
    for name in (*FUNCTION_IDS, *sorted(names - {*FUNCTION_IDS})):
        members = [s for s in ours if s.kind in HELD_KINDS and s.function == name]
        if members:
            yield name or "no function", members


def _assignment(step: Step) -> Line:
    mode = (step.after or {}).get("mode", "standing")
    how = f"  [{mode}]" if mode != "standing" else ""
    return Line(2, step.action.symbol, f"{step.title}{how}  ({step.reason})" if step.reason else step.title)


def _findings(findings: Sequence[Finding]) -> Iterator[Line]:
    if not findings:
        return
    counts = Counter(finding.outcome for finding in findings)
    words = {Outcome.FAIL: "failed", Outcome.UNKNOWN: "unknown before apply", Outcome.EXCEPTED: "excepted"}
    yield Line(1, "", ", ".join(f"{counts[outcome]} {word}" for outcome, word in words.items()))
    for finding in findings:
        if finding.outcome is Outcome.FAIL:
            symbol = "!" if finding.blocks else "?"
            where = f"  {finding.location}" if finding.location else ""
            text = f"{finding.severity.value}  {finding.rule}: {finding.message}{where}"
            yield Line(2, symbol, f"{text}  (owner: {finding.owner})")


def _noise(plan: Plan, *, show_noise: bool) -> Iterator[Line]:
    counts = hidden(plan.steps)
    if not counts:
        return
    total = sum(counts.values())
    word = "shown above" if show_noise else "hidden; --show-noise shows them"
    yield Line(1, "", f"{total} difference{'s' if total != 1 else ''} known to be none, {word}")
    sources = {rule.id: rule.source for rule in RULES}
    yield from (Line(2, "", f"{count} × {name}  ({sources[name]})") for name, count in counts.items())


def _by_action(kinds: Counter[tuple[StepKind, Action]], kind: StepKind) -> dict[str, int]:
    return {
        "to create": kinds[kind, Action.CREATE],
        "to change": kinds[kind, Action.MODIFY],
        "to delete": kinds[kind, Action.DELETE],
    }


def _amount(noun: str, numbers: dict[str, int]) -> str:
    parts = [f"{count} {words}" for words, count in numbers.items() if count]
    return f"{noun}s: {', '.join(parts)}" if parts else ""
