"""Drift as SARIF 2.1.0, for scheduled pipelines that upload to code scanning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coe_scaffold.model.json import Json
from coe_scaffold.planning.drift import DriftEntry, DriftKind
from coe_scaffold.report.plan_lines import shown
from coe_scaffold.report.style import clean

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_RULES = {
    DriftKind.MISSING: ("error", "Declared in the files, not in the cloud"),
    DriftKind.CHANGED: ("warning", "In the cloud with another value than in the files"),
    DriftKind.EXTRA: ("warning", "In the cloud, not declared in the files"),
}


def sarif(found: Mapping[str, Sequence[DriftEntry]], *, version: str) -> dict[str, Json]:
    """Return drift by environment as a SARIF 2.1.0 log of one run; ``version`` is this tool's.

    A result is known again by its fingerprint: environment, kind and the id of what drifted.
    """
    kinds = list(_RULES)
    rules = [
        {
            "id": f"drift-{kind.value}",
            "shortDescription": {"text": text},
            "help": {"text": "See 'coe plan' of the environment for what would repair it."},
            "defaultConfiguration": {"level": level},
            "properties": {"tags": ["drift"]},
        }
        for kind, (level, text) in _RULES.items()
    ]
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "coe-scaffold", "version": version, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(one, kinds.index(one.kind), environment)
                    for environment, entries in found.items()
                    for one in entries
                ],
            }
        ],
    }


def _result(entry: DriftEntry, index: int, environment: str) -> dict[str, Json]:
    changes = "".join(
        f"; {one.path}: {shown(one.before)} in the cloud, {shown(one.after)} in the files"
        for one in entry.differences
    )
    logical = {
        "name": entry.title,
        "fullyQualifiedName": entry.scope.path,
        "kind": "resource",
    }
    return {
        "ruleId": f"drift-{entry.kind.value}",
        "ruleIndex": index,
        "kind": "fail",
        "level": _RULES[entry.kind][0],
        "message": {"text": clean(f"{environment}: {entry.title}: {entry.reason}{changes}")},
        "locations": [{"physicalLocation": _FILE, "logicalLocations": [logical]}],
        "partialFingerprints": {
            "drift/v1": "|".join(
                (environment, entry.kind.value, entry.subject.value, entry.scope.key, entry.step)
            )
        },
    }


_FILE = {"artifactLocation": {"uri": "coe.yaml"}, "region": {"startLine": 1}}
"""Code scanning asks for a file: the workspace's own, since drift is in the cloud."""
