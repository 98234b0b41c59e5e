"""Role assignment conditions, version 2.0: parsed, and evaluated for one call.

Grammar and precedence (not, and, or) of azure-docs role-based-access-control/conditions-format.md. An
attribute that is absent makes every comparison with it false.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from coe_scaffold.access.effective import matches
from coe_scaffold.errors import CoeError
from coe_scaffold.model.access import PrincipalType

Attributes: TypeAlias = Mapping[str, tuple[str, ...]]
"""Values by attribute in lower case: ``request[microsoft.authorization/roleassignments:principalid]``."""


@dataclass(frozen=True)
class Matches:
    """``ActionMatches{'pattern'}``."""

    pattern: str


@dataclass(frozen=True)
class SubOperation:
    """``SubOperationMatches{'name'}``."""

    name: str


@dataclass(frozen=True)
class Exists:
    """``Exists @source[attribute]``; ``wanted`` is False for ``NotExists``."""

    attribute: str
    wanted: bool


@dataclass(frozen=True)
class Comparison:
    """``@source[attribute] [quantifier:]operator value(s)``; ``other`` is an attribute instead of values."""

    attribute: str
    quantifier: str
    operator: str
    values: tuple[str, ...]
    other: str = ""


@dataclass(frozen=True)
class Not:
    """``!expression``."""

    inner: Condition


@dataclass(frozen=True)
class AllOf:
    """Expressions joined with ``AND``."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """Expressions joined with ``OR``."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = Matches | SubOperation | Exists | Comparison | Not | AllOf | AnyOf


class ConditionError(CoeError):
    """A condition that cannot be read; ``detail`` names the place."""


def holds(condition: str, action: str, attributes: Attributes, *, sub_operation: str = "") -> bool:
    """Return whether a condition is met by a call. Raises ConditionError for one that cannot be read."""
    return _holds(parse(condition), action, attributes, sub_operation)


def may_assign(
    condition: str, *, verb: str, role: str, principal: str, principal_type: PrincipalType
) -> bool:
    """Return whether a delegated role administrator may ``write`` or ``delete`` an assignment.

    An empty condition allows everything. Raises ConditionError for one that cannot be read.
    """
    if not condition:
        return True
    action, attributes = _assigning(verb, role, principal, principal_type)
    return holds(condition, action, attributes)


def _assigning(verb: str, role: str, principal: str, principal_type: PrincipalType) -> tuple[str, Attributes]:
    """Return the action and the attributes of writing or deleting a role assignment."""
    named = {"roledefinitionid": role, "principalid": principal, "principaltype": principal_type.value}
    return f"Microsoft.Authorization/roleAssignments/{verb}", assignment_attributes(verb, named)


def assignment_attributes(verb: str, named: Mapping[str, str]) -> Attributes:
    """Return attributes of an assignment by name (``roledefinitionid``) as conditions look them up."""
    source = "request" if verb == "write" else "resource"
    return {
        f"{source}[microsoft.authorization/roleassignments:{name}]": (value,)
        for name, value in named.items()
        if value
    }


def why_not(
    condition: str, *, verb: str, role: str, principal: str, principal_type: PrincipalType
) -> tuple[str, ...]:
    """Return which comparisons keep a role administrator from an assignment, one line each; none if it may.

    Raises ConditionError for a condition that cannot be read.
    """
    if may_assign(condition, verb=verb, role=role, principal=principal, principal_type=principal_type):
        return ()
    action, attributes = _assigning(verb, role, principal, principal_type)
    found = dict.fromkeys(_failing(parse(condition), action, attributes))
    return tuple(found) or ("no part of it is met",)


def _failing(condition: Condition, action: str, attributes: Attributes) -> Iterable[str]:
    """Yield the comparisons that a call fails, below what is not met."""
    if _holds(condition, action, attributes, ""):
        return
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _failing(part, action, attributes)
        case Comparison(attribute, _, _, values, other):
            label = attribute.rpartition(":")[2].removesuffix("]")
            own = ", ".join(attributes.get(attribute, ())) or "unknown"
            if len(values) > 1:
                yield f"{_NAMES.get(label, label)} {own} is not among the {len(values)} it lists"
            else:
                yield f"{_NAMES.get(label, label)} {own} is not {other or values[0]}"
        case Exists(attribute, wanted):
            yield f"{attribute} is {'missing' if wanted else 'there'}"


_NAMES = {
    "roledefinitionid": "RoleDefinitionId",
    "principaltype": "PrincipalType",
    "principalid": "PrincipalId",
}


@lru_cache(maxsize=512)
def parse(text: str) -> Condition:
    """Return a condition as a tree; raise ConditionError naming the column where reading stops."""
    reader = _Reader(text)
    found = reader.disjunction()
    reader.end()
    return found


def _holds(condition: Condition, action: str, attributes: Attributes, sub_operation: str) -> bool:
    match condition:
        case Matches(pattern):
            return matches(pattern, action)
        case SubOperation(name):
            return name.lower() == sub_operation.lower()
        case Exists(attribute, wanted):
            return (attribute in attributes) is wanted
        case Not(inner):
            return not _holds(inner, action, attributes, sub_operation)
        case AllOf(parts):
            return all(_holds(part, action, attributes, sub_operation) for part in parts)
        case AnyOf(parts):
            return any(_holds(part, action, attributes, sub_operation) for part in parts)
        case Comparison():
            return _compare(condition, attributes)


def _compare(item: Comparison, attributes: Attributes) -> bool:
    wanted = attributes.get(item.other, ()) if item.other else item.values
    own = attributes.get(item.attribute)
    if own is None:
        return False
    test = _OPERATORS[item.operator.replace("not", "", 1)]
    outer, inner = _QUANTIFIERS[item.quantifier]
    equal = "not" not in item.operator
    return outer(inner(test(left, right) is equal for right in wanted) for left in own)


def _like(left: str, right: str) -> bool:
    pattern = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in right)
    return re.fullmatch(pattern, left, re.DOTALL) is not None


_TEXT: Mapping[str, Callable[[str, str], bool]] = {
    "equals": operator.eq,
    "startswith": str.startswith,
    "like": _like,
}
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": operator.eq,
    "greaterthan": operator.gt,
    "greaterthanequals": operator.ge,
    "lessthan": operator.lt,
    "lessthanequals": operator.le,
}
_QUANTIFIERS: Mapping[str, tuple[Callable[[Iterable[bool]], bool], Callable[[Iterable[bool]], bool]]] = {
    "": (any, any),
    "foranyofanyvalues": (any, any),
    "forallofanyvalues": (all, any),
    "foranyofallvalues": (any, all),
    "forallofallvalues": (all, all),
}


def _ignoring_case(test: Callable[[str, str], bool]) -> Callable[[str, str], bool]:
    return lambda left, right: test(left.lower(), right.lower())


def _as_numbers(test: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    return lambda left, right: test(float(left), float(right))


def _operators() -> Mapping[str, Callable[[str, str], bool]]:
    """Return the tests by operator in lower case, without ``not``; dates are ISO 8601 text in UTC."""
    found: dict[str, Callable[[str, str], bool]] = {}
    for name, test in _TEXT.items():
        found[f"string{name}"] = test
        found[f"string{name}ignorecase"] = _ignoring_case(test)
    for name, compare in _ORDER.items():
        found[f"numeric{name}"] = _as_numbers(compare)
        found[f"datetime{name}"] = compare
    found["boolequals"] = found["stringequalsignorecase"]
    found["guidequals"] = lambda left, right: _bare(left) == _bare(right)
    return found


def _bare(guid: str) -> str:
    return guid.replace("-", "").lower()


_OPERATORS = _operators()
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<attribute>@\w+\[[^\]]+\])|(?P<mark>&&|\|\||[(){},!])"
    r"|(?P<word>[A-Za-z0-9_.:+-]+))"
)


class _Reader:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, int]] = []
        position = 0
        while text[position:].strip():
            found = _TOKEN.match(text, position)
            if not found:
                raise self._error("an unexpected character", position)
            self._tokens.append((found.group(0).strip(), found.end() - len(found.group(0).strip())))
            position = found.end()
        self._next = 0

    def disjunction(self) -> Condition:
        parts = [self._conjunction()]
        while self._take("or", "||"):
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def end(self) -> None:
        if self._peek():
            raise self._error("text after the end of the condition")

    def _conjunction(self) -> Condition:
        parts = [self._negation()]
        while self._take("and", "&&"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _negation(self) -> Condition:
        if self._take("!", "not"):
            return Not(self._negation())
        if self._take("("):
            found = self.disjunction()
            self._expect(")")
            return found
        if self._take("actionmatches"):
            return Matches(self._list()[0])
        if self._take("suboperationmatches"):
            return SubOperation(self._list()[0])
        if self._take("exists"):
            return Exists(self._attribute(), wanted=True)
        if self._take("notexists"):
            return Exists(self._attribute(), wanted=False)
        return self._comparison()

    def _comparison(self) -> Condition:
        attribute = self._attribute()
        quantifier, _, name = self._peek().lower().rpartition(":")
        if quantifier not in _QUANTIFIERS or name.replace("not", "", 1) not in _OPERATORS:
            raise self._error("an operator is expected")
        self._next += 1
        if self._peek().startswith("@"):
            return Comparison(attribute, quantifier, name, (), self._attribute())
        values = self._list() if self._peek() == "{" else (self._value(),)
        return Comparison(attribute, quantifier, name, values)

    def _attribute(self) -> str:
        if not self._peek().startswith("@"):
            raise self._error("an attribute is expected")
        self._next += 1
        return self._tokens[self._next - 1][0][1:].lower()

    def _list(self) -> tuple[str, ...]:
        self._expect("{")
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._expect("}")
        return tuple(values)

    def _value(self) -> str:
        token = self._peek()
        if not token or token in ("(", ")", "{", "}", ",", "!", "&&", "||") or token.startswith("@"):
            raise self._error("a value is expected")
        self._next += 1
        return token[1:-1].replace("''", "'") if token.startswith("'") else token

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _take(self, *words: str) -> bool:
        if self._peek().lower() not in words:
            return False
        self._next += 1
        return True

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise self._error(f"'{mark}' is expected")

    def _error(self, what: str, position: int | None = None) -> ConditionError:
        if position is None:
            position = self._tokens[self._next][1] if self._next < len(self._tokens) else len(self._text)
        return ConditionError(
            "a condition cannot be read",
            detail=f"column {position + 1}: {what}",
            fix="See conditions-format.md of Azure RBAC.",
            code="COE-ACC-005",
        )
