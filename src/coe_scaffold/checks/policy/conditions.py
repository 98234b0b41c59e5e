"""The conditions of policy rules: ``equals``, ``like``, ``in``, ``exists``, ``greater`` and their kin.

Three-valued: None when a value that only a deployment can know decides. Texts are compared without case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from coe_scaffold.checks.policy.model import NotSupportedError
from coe_scaffold.model.json import Json, Unknown, Value, unknowns

Test = Callable[[Value, Json], bool]


def holds(condition: str, actual: Value, wanted: Value) -> bool | None:
    """Return whether a condition holds; raise NotSupportedError for an unknown one or for unlike types."""
    name = condition.lower()
    if name == "exists":
        return _exists(actual, wanted)
    negated = name in _NEGATED
    test = _TESTS.get(_NEGATED.get(name, name))
    if test is None:
        raise NotSupportedError(f"the condition '{condition}' is not known")
    if any(unknowns(actual)) or any(unknowns(wanted)):
        return None
    return test(actual, wanted) is not negated


def known_condition(name: str) -> bool:
    """Return whether a member of a rule is a condition this evaluator knows."""
    lowered = name.lower()
    return lowered == "exists" or lowered in _NEGATED or lowered in _TESTS


def _exists(actual: Value, wanted: Value) -> bool | None:
    if isinstance(actual, Unknown) or isinstance(wanted, Unknown):
        return None
    return (actual is not None) is (_text(wanted) == "true")


def _equals(actual: Value, wanted: Json) -> bool:
    if isinstance(actual, list | Mapping) or isinstance(wanted, list | Mapping):
        return bool(actual == wanted)
    if actual is None or wanted is None:
        return actual is wanted
    return _text(actual) == _text(wanted)


def _like(actual: Value, wanted: Json) -> bool:
    if not _is_plain(actual):
        return False
    parts = [re.escape(part) for part in _text(wanted).split("*")]
    return re.fullmatch(".*".join(parts), _text(actual), re.DOTALL) is not None


def _match(actual: Value, wanted: Json) -> bool:
    return _is_plain(actual) and re.fullmatch(_pattern(str(wanted)), str(actual)) is not None


def _match_insensitively(actual: Value, wanted: Json) -> bool:
    return _is_plain(actual) and re.fullmatch(_pattern(str(wanted)), str(actual), re.IGNORECASE) is not None


def _pattern(written: str) -> str:
    """``#`` is a digit, ``?`` a letter, ``.`` anything, the rest stands for itself."""
    return "".join({"#": "[0-9]", "?": "[A-Za-z]", ".": "."}.get(sign) or re.escape(sign) for sign in written)


def _contains(actual: Value, wanted: Json) -> bool:
    if isinstance(actual, list | tuple):
        return any(_equals(item, wanted) for item in actual)
    return _is_plain(actual) and _text(wanted) in _text(actual)


def _in(actual: Value, wanted: Json) -> bool:
    if not isinstance(wanted, list | tuple):
        raise NotSupportedError("'in' and 'notIn' need a list")
    return any(_equals(actual, item) for item in wanted)


def _contains_key(actual: Value, wanted: Json) -> bool:
    return isinstance(actual, Mapping) and _text(wanted) in {str(key).casefold() for key in actual}


def _ordered(compare: Callable[[Json, Json], bool]) -> Test:
    def test(actual: Value, wanted: Json) -> bool:
        if actual is None:
            return False
        if _is_number(actual) and _is_number(wanted):
            return compare(actual, wanted)
        if isinstance(actual, str) and isinstance(wanted, str):
            return compare(actual.casefold(), wanted.casefold())
        raise NotSupportedError(f"{type(actual).__name__} and {type(wanted).__name__} cannot be ordered")

    return test


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_plain(value: Value) -> bool:
    return isinstance(value, str | int | float | bool)


def _text(value: Value) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value).casefold()


_TESTS: Mapping[str, Test] = {
    "equals": _equals,
    "like": _like,
    "match": _match,
    "matchinsensitively": _match_insensitively,
    "contains": _contains,
    "in": _in,
    "containskey": _contains_key,
    "less": _ordered(lambda a, b: a < b),
    "lessorequals": _ordered(lambda a, b: a <= b),
    "greater": _ordered(lambda a, b: a > b),
    "greaterorequals": _ordered(lambda a, b: a >= b),
}
_NEGATED: Mapping[str, str] = {
    "notequals": "equals",
    "notlike": "like",
    "notmatch": "match",
    "notmatchinsensitively": "matchinsensitively",
    "notcontains": "contains",
    "notin": "in",
    "notcontainskey": "containskey",
}
