"""Deployment steps and access steps as one plan: dependencies, order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from coe_scaffold.model.finding import Finding
from coe_scaffold.model.plan import ACCESS_KINDS, HELD_KINDS, Action, Plan, Step, StepKind
from coe_scaffold.model.resources import ChangeType
from coe_scaffold.model.scope import Scope
from coe_scaffold.planning.digest import digest, observed_digest

PLATFORM = "deploy/platform-"
"""How the id of every platform deployment begins: project deployments wait for these."""


def combine(
    environment: str,
    cloud: str,
    deployments: Sequence[Step],
    access: Sequence[Step],
    findings: Iterable[Finding] = (),
    notes: Iterable[str] = (),
    inputs: str = "",
    observed: str = "",
    *,
    workspace: str = "",
    declared: Mapping[str, Collection[Scope]] | None = None,
) -> Plan:
    """Return one plan, the same for every order of the arguments' items.

    ``declared`` are the resources in the templates of deployment steps, by the steps' ids. ``inputs`` and
    ``observed`` are digests (``planning.digest``); ``observed`` is taken from the steps when empty. Raises
    ValueError when two steps have one id.
    """
    steps = (*deployments, *access)
    return Plan(
        environment=environment,
        cloud=cloud,
        inputs=inputs,
        observed=observed or observed_digest(steps),
        steps=ordered(depending(steps, declared or {})),
        findings=tuple(sorted(findings, key=_finding_order)),
        notes=tuple(sorted(set(notes))),
        workspace=workspace,
    )


def depending(steps: Sequence[Step], declared: Mapping[str, Collection[Scope]]) -> tuple[Step, ...]:
    """Return the steps with ``depends_on`` completed; a step that writes nothing waits for nothing.

    A project deployment waits for the platform's; an access step for the deployment that creates its scope,
    or that declares it where what-if does not tell whether it is there; an assignment, and a deployment
    that names a custom role, for the role's definition, and for the end of the same role held in another
    mode; an eligibility for the rules of its activation; deleting a definition for its assignments.
    """
    writing = [step for step in steps if step.action.writes]
    creators = dict(_creators(writing, declared))
    definitions = {
        _role(step): step
        for step in writing
        if step.kind is StepKind.ROLE_DEFINITION and step.action is not Action.DELETE
    }
    removals: dict[tuple[str, str, str], list[str]] = {}
    policies: dict[tuple[str, str], list[str]] = {}
    for step in writing:
        if step.kind in HELD_KINDS and step.action is Action.DELETE:
            removals.setdefault(_tuple(step), []).append(step.id)
        if step.kind is StepKind.ROLE_POLICY:
            policies.setdefault((step.scope.key, _role(step)), []).append(step.id)
    platform = [step.id for step in writing if step.id.startswith(PLATFORM)]

    def needed(step: Step) -> Iterator[str]:
        match step.kind:
            case StepKind.DEPLOYMENT:
                yield from _defining(step, definitions, creators)
                if not step.id.startswith(PLATFORM):
                    yield from platform
            case kind if kind in ACCESS_KINDS and step.action is not Action.DELETE:
                yield from _creator(step.scope, creators)
                if kind is StepKind.ROLE_DEFINITION:
                    return
                if _role(step) in definitions:
                    yield definitions[_role(step)].id
                yield from removals.get(_tuple(step), ())
                if kind is StepKind.ROLE_ELIGIBILITY:
                    yield from policies.get(_tuple(step)[::2], ())
            case StepKind.ROLE_DEFINITION:
                yield from (
                    name for (_, _, role), names in removals.items() if role == _role(step) for name in names
                )
            case _:
                pass

    return tuple(
        replace(step, depends_on=tuple(sorted({*step.depends_on, *needed(step)})))
        if step.action.writes
        else step
        for step in steps
    )


def ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps so that each follows what it depends on; by distance from the start, then id.

    Raises ValueError for two steps with one id, an unknown dependency, or a cycle.
    """
    given = tuple(steps)
    by_id = {step.id: step for step in given}
    if len(by_id) < len(given):
        twice = sorted(name for name, uses in Counter(step.id for step in given).items() if uses > 1)
        raise ValueError(f"steps share an id: {', '.join(twice)}")
    depth: dict[str, int] = {}
    waiting = dict(by_id)
    level = 0
    while waiting:
        ready = [name for name, step in waiting.items() if all(one in depth for one in step.depends_on)]
        if not ready:
            raise ValueError(f"steps wait for each other or for unknown ones: {', '.join(sorted(waiting))}")
        depth.update(dict.fromkeys(ready, level))
        waiting = {name: step for name, step in waiting.items() if name not in depth}
        level += 1
    return tuple(sorted(given, key=lambda step: (depth[step.id], step.id)))


_PERHAPS_MADE = (ChangeType.CREATE, ChangeType.UNSUPPORTED)


def _creators(
    steps: Iterable[Step], declared: Mapping[str, Collection[Scope]]
) -> Iterator[tuple[Scope, str]]:
    """Yield what each deployment creates; what-if leaves out nested deployments that it cannot work out."""
    for step in sorted(steps, key=lambda step: step.id):
        told = {change.resource: change.change for change in step.changes}
        for resource in (*told, *declared.get(step.id, ())):
            if told.get(resource, ChangeType.CREATE) in _PERHAPS_MADE:
                yield resource, step.id


def _creator(scope: Scope, creators: dict[Scope, str]) -> Iterator[str]:
    """Yield the deployment that creates a scope or, failing that, the nearest scope above it."""
    path = scope.path
    while path:
        if Scope(path) in creators:
            yield creators[Scope(path)]
            return
        path = path.rpartition("/")[0]


def _defining(step: Step, definitions: dict[str, Step], creators: dict[Scope, str]) -> Iterator[str]:
    """Yield the definitions of the custom roles a deployment names, those in a scope it creates aside."""
    text = json.dumps(step.after).lower() if definitions else ""
    for guid, definition in definitions.items():
        if guid in text and step.id not in _creator(definition.scope, creators):
            yield definition.id


def _role(step: Step) -> str:
    payload = step.after or step.before or {}
    role = payload.get("role", "")
    return str(role if isinstance(role, str) else role.get("guid", "")).lower()


def _tuple(step: Step) -> tuple[str, str, str]:
    payload = step.after or step.before or {}
    return step.scope.key, str(payload.get("principal", "")).lower(), _role(step)


def _finding_order(finding: Finding) -> tuple[object, ...]:
    return (
        -finding.severity.rank,
        finding.rule,
        finding.subject,
        finding.path,
        finding.outcome.value,
        finding.message,
        finding.location,
        finding.title,
        finding.owner,
        finding.fix,
        digest([finding.actual, finding.expected]),
    )
