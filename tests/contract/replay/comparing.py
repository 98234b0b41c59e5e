"""What counts as the same answer: status, error code, protocol headers and the names of all members."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.contract.replay.conversation import Step

_FREE = frozenset(
    {
        "tags", "template", "metadata", "policyrule", "before", "after", "delta", "value", "defaultvalue",
        "allowedvalues", "userassignedidentities", "additionalinfo", "statusmessage", "identity",
    }
)  # fmt: skip
"""Members below which the names are the user's own or a provider's."""

_NAMED = frozenset({"parameters", "outputs"})
"""Members whose members are named by the user; below those names ARM's own begin again."""


def shape(value: Any, at: str = "", *, items: bool = True) -> set[str]:
    """Return the paths of all members of a JSON value; items of a list count as one."""
    if isinstance(value, list):
        return {path for item in value for path in shape(item, at + "[]")}
    if not isinstance(value, Mapping):
        return set()
    value = {key: item for key, item in value.items() if key != "nextLink"}  # how many there are is not ours
    found: set[str] = set()
    own_names = at.rpartition(".")[2].lower() in _NAMED
    for key, item in value.items():
        here = f"{at}.*" if own_names else f"{at}.{key}"
        found.add(here)
        if key.lower() not in _FREE or own_names:
            found |= shape(item, here)
    return found


def differences(step: Step, status: int, headers: Mapping[str, str], body: Any) -> list[str]:
    """Return what differs between a recorded answer and another one."""
    if status != step.status:
        return [f"status {status} instead of {step.status} {_said(body)}"]
    found = []
    code = str(_error(body).get("code", ""))
    if step.code and code != step.code:
        found.append(f"code {code} instead of {step.code}")
    for name in ("location", "azure-asyncoperation"):
        if (name in headers) != (name in step.headers):
            found.append(f"{name} {'unexpected' if name in headers else 'missing'}")
    if "x-ms-failure-cause" in step.headers and "x-ms-failure-cause" not in headers:
        found.append("x-ms-failure-cause missing")
    found += _members(step.response, body)
    if found and (said := _said(body)) and not step.code:
        found.append(said)
    return found


def _members(recorded: Any, answered: Any) -> list[str]:
    if isinstance(recorded, Mapping) and "__omitted__" in recorded:
        return []
    if bool(recorded) != bool(answered):
        return [f"body {'missing' if recorded else 'unexpected'}"]
    want, have = shape(recorded), shape(answered)
    for base in {path for path in want ^ have if path.endswith("[]") or "[]" in path}:
        root = base[: base.index("[]") + 2]  # a list that is empty on one side says nothing of its items
        if not any(p.startswith(root) for p in want) or not any(p.startswith(root) for p in have):
            want = {p for p in want if not p.startswith(root)}
            have = {p for p in have if not p.startswith(root)}
    missing, more = sorted(want - have), sorted(have - want)
    return ([f"without {', '.join(missing)}"] if missing else []) + (
        [f"with {', '.join(more)}"] if more else []
    )


def _error(body: Any) -> Mapping[str, Any]:
    own = body.get("properties") if isinstance(body, Mapping) else None
    inner = own.get("error") if isinstance(own, Mapping) else None
    found = (body.get("error") or inner) if isinstance(body, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _said(body: Any) -> str:
    error = _error(body)
    while error.get("details"):
        error = error["details"][0]
    return re.sub(r"\s+", " ", f"{error.get('code', '')}: {error.get('message', '')}")[:160] if error else ""
