"""Where parameter files contradict coe.yaml, project.yaml or each other: people change all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from coe_scaffold.checks.context import below
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.json import Value
from coe_scaffold.model.settings import Environment, Settings
from coe_scaffold.operations.predict import Target
from coe_scaffold.scaffold.agreed import Agreed, agreed, agreed_governance

RULE = "parameters-agree"
SUBNETS = "subnets-of-their-own"
_FIX = "Write the value there; '{}' does. Or change what the other says."


def contradictions(
    settings: Settings, environment: Environment, targets: Iterable[Target]
) -> Iterator[Finding]:
    """Yield a finding of severity low for each value that a parameter file has otherwise.

    A parameter that a file does not set is left alone: then its template is not one of ours.
    """
    for target in targets:
        yield from _contradicted(settings, target, agreed(settings, environment, target.project))


def governance_contradictions(settings: Settings, target: Target) -> Iterator[Finding]:
    """Yield a finding of severity low for each value that the management group's file has otherwise."""
    yield from _contradicted(settings, target, agreed_governance(settings))


def _contradicted(settings: Settings, target: Target, wanted: Iterable[Agreed]) -> Iterator[Finding]:
    for one in wanted:
        for given in _given(target, one):
            if given != one.value:
                yield _finding(settings, target, one, given)


def shared_subnets(settings: Settings, targets: Iterable[Target]) -> Iterator[Finding]:
    """Yield a finding of severity high for each project whose subnets are another's, by their number."""
    holders: dict[int, Target] = {}
    twice: list[tuple[int, Target]] = []
    for target in targets:
        number = _slot(target)
        if number and holders.setdefault(number, target) is not target:
            twice.append((number, target))
    free = (number for number in count(1) if number not in holders)
    for (number, target), other in zip(twice, free, strict=False):
        yield Finding(
            rule=SUBNETS,
            title="Every project has subnets of its own",
            severity=Severity.HIGH,
            outcome=Outcome.FAIL,
            subject=below(settings.root, target.parameter_file.as_posix()),
            message=f"platform.slot is {number}, that of {holders[number].name}: they share their subnets",
            owner="mlops-engineer",
            fix=f"Write another number there that no project of the environment has, such as {other}.",
            path="platform.slot",
            actual=number,
            expected="a number that no other project has",
            location=place_of(settings, target, "platform", "slot"),
        )


def _slot(target: Target) -> int:
    """Return the number of a project's subnets; 0 for the platform, and where ids name the subnets."""
    parameter = target.deployment.parameters.get("platform")
    value = parameter.get("value") if isinstance(parameter, Mapping) else None
    if (
        target.project is None
        or not isinstance(value, Mapping)
        or {"appSubnetId", "agentsSubnetId"} & set(value)
    ):
        return 0
    number = value.get("slot")
    return number if isinstance(number, int) else 0


def _given(target: Target, one: Agreed) -> Iterator[Value]:
    """Yield what a file gives a parameter, or None for a member it lacks; nothing when it sets neither."""
    parameter = target.deployment.parameters.get(one.parameter)
    value = parameter.get("value") if isinstance(parameter, Mapping) else None
    if isinstance(value, Mapping) and one.member:
        yield {str(name).lower(): item for name, item in value.items()}.get(one.member.lower())
    elif value is not None and not one.member:
        yield value


def _finding(settings: Settings, target: Target, one: Agreed, given: Value) -> Finding:
    file = below(settings.root, target.parameter_file.as_posix())
    name = f"{one.parameter}.{one.member}" if one.member else one.parameter
    said = "absent" if given is None else _shown(given)
    return Finding(
        rule=RULE,
        title="A parameter file says what coe.yaml and project.yaml say",
        severity=Severity.LOW,
        outcome=Outcome.FAIL,
        subject=file,
        message=f"{name} is {said}, {one.source} says {_shown(one.value)}",
        owner="mlops-engineer",
        fix=_FIX.format("coe repo update" if target.project else "coe new landing-zone --update"),
        path=name,
        actual=given,
        expected=one.value,
        location=place_of(settings, target, one.parameter, one.member),
    )


def place_of(settings: Settings, target: Target, parameter: str, member: str) -> str:
    """Return file and line of a parameter, or of its member if spelled out; line 1 without either."""
    file = below(settings.root, target.parameter_file.as_posix())
    lines = target.parameter_file.read_text("utf-8", errors="replace").splitlines()
    starts = [n for n, line in enumerate(lines) if re.match(rf"\s*param\s+{re.escape(parameter)}\b", line)]
    if not starts:
        return f"{file}:1"
    spelled = re.compile(rf"\s*'?{re.escape(member)}'?\s*:", re.IGNORECASE)
    following = (n for n, line in enumerate(lines) if member and n > starts[0] and spelled.match(line))
    return f"{file}:{next(following, starts[0]) + 1}"


def _shown(value: Value) -> str:
    if isinstance(value, list):
        texts = [item for item in value if isinstance(item, str)]
        many = f"{len(value)} entr{'y' if len(value) == 1 else 'ies'}"
        return ", ".join(texts) if len(texts) == len(value) else many
    return str(value).lower() if isinstance(value, bool) else str(value)
