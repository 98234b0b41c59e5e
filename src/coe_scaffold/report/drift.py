"""Drift for people, as text, and for programs, as a JSON document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from coe_scaffold.model.json import Json, printable
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.planning.drift import DRIFT_FORMAT, DriftEntry, DriftKind, Subject
from coe_scaffold.report.plan_lines import described, shown
from coe_scaffold.report.style import clean, paint

_SYMBOLS = {DriftKind.MISSING: "-", DriftKind.CHANGED: "~", DriftKind.EXTRA: "+"}
_MISSING_RESOURCE = (Subject.RESOURCE, DriftKind.MISSING)
_TITLES = {
    Subject.RESOURCE: "Resources",
    Subject.ASSIGNMENT: "Role assignments",
    Subject.ROLE: "Custom roles",
    Subject.ELIGIBILITY: "Eligible roles",
    Subject.TIME_BOUND: "Time-bound roles",
    Subject.ACTIVATION: "Activation rules",
}


def text(entries: Sequence[DriftEntry], *, environment: str, colour: bool = False) -> str:
    """Return drift for people: ``-`` is missing in the cloud, ``~`` differs there, ``+`` is extra there.

    The resources of a resource group that is missing are a count on its line.
    """
    if not entries:
        return f"No drift in {environment}: the cloud is as the files say."
    blocks = [paint(f"Drift in {environment}", "heading", colour=colour)]
    gone = _gone(entries)
    told = [one for one in entries if not _inside(one, gone)]
    for subject, members in groupby(told, key=lambda entry: entry.subject):
        lines = [line for entry in members for line in _lines(entry, gone, colour=colour)]
        blocks.append("\n".join([paint(_TITLES[subject], "heading", colour=colour), *lines]))
    counts = Counter(entry.kind for entry in entries)
    total = ", ".join(f"{counts[kind]} {kind.value}" for kind in DriftKind)
    fix = f"'coe plan --env {environment}' shows what would repair it."
    return "\n\n".join([*blocks, f"{total}. {fix}"])


def document(entries: Sequence[DriftEntry], *, environment: str) -> dict[str, Json]:
    """Return drift as a JSON document of format ``coe-scaffold/drift/v1``."""
    counts = Counter(entry.kind for entry in entries)
    return {
        "format": DRIFT_FORMAT,
        "environment": environment,
        "drifted": bool(entries),
        "counts": {kind.value: counts[kind] for kind in DriftKind},
        "entries": [_entry(entry) for entry in entries],
    }


def documents(found: Mapping[str, Sequence[DriftEntry]]) -> dict[str, Json]:
    """Return the drift of several environments as one document: that of each, in their order."""
    return {
        "format": "coe-scaffold/drift-all/v1",
        "drifted": any(found.values()),
        "environments": [document(entries, environment=name) for name, entries in found.items()],
    }


def _gone(entries: Sequence[DriftEntry]) -> dict[Scope, int]:
    """Return the resource groups that are missing, with how many missing resources each would hold."""
    missing = [one.scope for one in entries if (one.subject, one.kind) == _MISSING_RESOURCE]
    groups = {scope: 0 for scope in missing if scope.kind is ScopeKind.RESOURCE_GROUP}
    for scope in missing:
        group = scope.group(scope.resource_group)
        if scope != group and group in groups:
            groups[group] += 1
    return groups


def _inside(entry: DriftEntry, gone: Mapping[Scope, int]) -> bool:
    group = entry.scope.group(entry.scope.resource_group)
    return (entry.subject, entry.kind) == _MISSING_RESOURCE and group in gone and entry.scope != group


def _lines(entry: DriftEntry, gone: Mapping[Scope, int], *, colour: bool) -> Iterator[str]:
    symbol = _SYMBOLS[entry.kind]
    plain = entry.subject is Subject.RESOURCE and entry.title == entry.scope.name
    what = clean(described(entry.scope) if plain else entry.title)
    if gone.get(entry.scope) and entry.subject is Subject.RESOURCE:
        what += f", and {gone[entry.scope]} resources in it"
    if entry.function:
        what = f"{entry.function}: {what}"
    yield "  " + paint(f"{symbol} {entry.kind.value:<7}  {what}", symbol, colour=colour)
    yield clean(f"      {entry.reason}; {entry.scope}")
    for one in entry.differences:
        yield f"      {clean(one.path)}: {shown(one.before)} in the cloud, {shown(one.after)} in the files"


def _entry(entry: DriftEntry) -> dict[str, Json]:
    return {
        "kind": entry.kind.value,
        "subject": entry.subject.value,
        "scope": entry.scope.path,
        "title": entry.title,
        "reason": entry.reason,
        "function": entry.function,
        "step": entry.step,
        "differences": [
            {"path": one.path, "cloud": printable(one.before), "files": printable(one.after)}
            for one in entry.differences
        ],
    }
