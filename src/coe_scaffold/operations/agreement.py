"""Where parameter files contradict coe.yaml or project.yaml: written once, and people change both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from coe_scaffold.checks.context import below
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.json import Value
from coe_scaffold.model.settings import Environment, Settings
from coe_scaffold.operations.predict import Target
from coe_scaffold.scaffold.agreed import Agreed, agreed

RULE = "parameters-agree"
_FIX = (
    "Write the value there; in a project's repository, 'coe repo update' does. Or change what the other says."
)


def contradictions(
    settings: Settings, environment: Environment, targets: Iterable[Target]
) -> Iterator[Finding]:
    """Yield a finding of severity low for each value that a parameter file has otherwise.

    A parameter that a file does not set is left alone: then its template is not one of ours.
    """
    for target in targets:
        for one in agreed(settings, environment, target.project):
            for given in _given(target, one):
                if given != one.value:
                    yield _finding(settings, target, one, given)


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
        fix=_FIX,
        path=name,
        actual=given,
        expected=one.value,
        location=f"{file}:{_line(target, one)}",
    )


def _line(target: Target, one: Agreed) -> int:
    """Return the line of a parameter, or of its member if spelled out, in the parameter file; else 1."""
    lines = target.parameter_file.read_text("utf-8", errors="replace").splitlines()
    starts = [
        n for n, line in enumerate(lines) if re.match(rf"\s*param\s+{re.escape(one.parameter)}\b", line)
    ]
    if not starts:
        return 1
    member = re.compile(rf"\s*'?{re.escape(one.member)}'?\s*:", re.IGNORECASE)
    following = (n for n, line in enumerate(lines) if one.member and n > starts[0] and member.match(line))
    return next(following, starts[0]) + 1


def _shown(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
