"""The meaning of the operators: from a demand and a value to verdicts.

Whatever depends on an unknown value is unknown, never a pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from coe_scaffold.checks.context import CheckContext
from coe_scaffold.checks.operators import (
    All,
    AtLeast,
    AtMost,
    ContainsAll,
    ContainsAny,
    CountAtLeast,
    Demand,
    EndsWithNone,
    Equals,
    Exists,
    HasElement,
    HasKeys,
    Judged,
    Link,
    Matches,
    NotExists,
    NotIn,
    OneOf,
    Operator,
    Related,
    Subject,
    Verdict,
)
from coe_scaffold.checks.paths import Hit, resolve
from coe_scaffold.checks.words import setting, words
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Json, Unknown, Value, unknowns

PASS, FAIL, UNKNOWN = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN


def judge(demand: Demand, subject: Subject) -> Iterator[Verdict]:
    """Yield the verdicts of one demand on one resource; none when its ``when`` does not hold."""
    yield from _judge(demand, subject.body, "", subject)


def applies(when: Iterable[Demand], root: Value, subject: Subject) -> Outcome:
    """Return PASS when every condition holds, FAIL when one does not, UNKNOWN when that is not known."""
    outcomes = [verdict.outcome for demand in when for verdict in _judge(demand, root, "", subject)]
    return _worst(outcomes)


def _judge(demand: Demand, root: Value, base: str, subject: Subject) -> Iterator[Verdict]:
    condition = applies(demand.when, root, subject) if demand.when else PASS
    if condition is FAIL:
        return
    for verdict in _verdicts(demand, root, base, subject):
        yield verdict if condition is PASS else _softened(verdict)


def _verdicts(demand: Demand, root: Value, base: str, subject: Subject) -> Iterator[Verdict]:
    operator = demand.operator
    expected = words(operator, subject.context)
    hits = resolve(root, demand.path)
    if base:
        hits = tuple(replace(hit, path=_join(base, hit.path)) for hit in hits)
    match operator:
        case Judged(function):
            for hit in hits:
                yield from function(subject, hit.value)
        case Related():
            yield _related(operator, subject, expected)
        case ContainsAll() | ContainsAny():
            yield _together(operator, hits, _join(base, demand.path), expected)
        case All(demands):
            for hit in hits:
                yield from _every(demands, hit, subject, expected)
        case _:
            for hit in hits:
                outcome = _test(operator, _taken(demand, hit, subject), subject.context)
                verdict = Verdict(outcome, hit.path, hit.value, expected)
                yield verdict if hit.certain else _softened(verdict)


def _taken(demand: Demand, hit: Hit, subject: Subject) -> Value:
    """Return the value at a place, or what Azure takes where there is none."""
    default = demand.default
    if hit.value is None and default is not None and default.counts(subject.resource.api_version):
        return default.value
    return hit.value


def _every(demands: tuple[Demand, ...], hit: Hit, subject: Subject, expected: Json) -> Iterator[Verdict]:
    if hit.value is None or isinstance(hit.value, Unknown):
        outcome = FAIL if hit.value is None and hit.certain else UNKNOWN
        yield Verdict(outcome, hit.path, hit.value, expected)
        return
    for demand in demands:
        for verdict in _judge(demand, hit.value, hit.path, subject):
            yield verdict if hit.certain else _softened(verdict)


def _test(operator: Operator, value: Value, context: CheckContext) -> Outcome:
    if isinstance(value, Unknown):
        return UNKNOWN
    match operator:
        case Equals(wanted):
            passed = same(value, wanted)
            return UNKNOWN if not passed and any(unknowns(value)) else _outcome(passed=passed)
        case OneOf(values, also, ignore_spaces, unsaid):
            allowed = setting(values, context)
            if not allowed:
                return PASS if any(same(value, item) for item in (*also, *unsaid)) else UNKNOWN
            actual = value.replace(" ", "") if ignore_spaces and isinstance(value, str) else value
            return _outcome(passed=any(same(actual, item) for item in (*allowed, *also)))
        case NotIn(values):
            return _outcome(passed=not any(same(value, item) for item in values))
        case Exists():
            return _outcome(passed=value is not None and value not in ("", [], {}))
        case NotExists():
            return _outcome(passed=value is None)
        case AtLeast(number):
            return _outcome(passed=_is_number(value) and value >= number)
        case AtMost(number):
            return _outcome(passed=_is_number(value) and value <= setting(number, context))
        case CountAtLeast(number):
            return _outcome(passed=isinstance(value, list | tuple | Mapping) and len(value) >= number)
        case HasKeys(keys):
            return _has_keys(value, setting(keys, context))
        case Matches(pattern):
            passed = isinstance(value, str) and re.fullmatch(pattern, value, re.IGNORECASE) is not None
            return _outcome(passed=passed)
        case EndsWithNone(suffixes):
            text = f"/{value.casefold()}" if isinstance(value, str) and value else ""
            ends = tuple(f"/{suffix.lstrip('/').casefold()}" for suffix in suffixes)
            return _outcome(passed=bool(text) and not text.endswith(ends))
        case HasElement(names):
            text = re.sub(r"(?s)<!--.*?-->", "", value) if isinstance(value, str) else ""
            return _outcome(passed=any(re.search(rf"<{re.escape(name)}[\s/>]", text) for name in names))
        case _:
            raise TypeError(f"{operator} is not judged value by value")


def _together(
    operator: ContainsAll | ContainsAny, hits: tuple[Hit, ...], path: str, expected: Json
) -> Verdict:
    found: list[Value] = []
    unclear = False
    for hit in hits:
        items = hit.value if isinstance(hit.value, list | tuple) else [hit.value]
        known = [item for item in items if item is not None and not isinstance(item, Unknown)]
        unclear = unclear or not hit.certain or any(isinstance(item, Unknown) for item in items)
        found.extend(known if hit.certain else [])
    held = [any(same(item, wanted) for item in found) for wanted in operator.values]
    passed = all(held) if isinstance(operator, ContainsAll) else any(held)
    outcome = PASS if passed else UNKNOWN if unclear else FAIL
    return Verdict(outcome, path, found, expected)


def _related(operator: Related, subject: Subject, expected: Json) -> Verdict:
    outcomes: list[Outcome] = []
    for root, linked in subject.relations.of(operator, subject.resource):
        met = applies(operator.demands, root, subject)
        outcomes.append(UNKNOWN if linked is UNKNOWN and met is not FAIL else met)
    outcome = PASS if PASS in outcomes else UNKNOWN if UNKNOWN in outcomes else FAIL
    if outcome is FAIL and operator.link is Link.COVERS and subject.context.alone:
        actual = "none in this repository; the subscription's platform may have one"
        return Verdict(UNKNOWN, operator.resource_type, actual, expected)
    actual = "none" if not outcomes else f"{len(outcomes)}, none of which meets every demand"
    return Verdict(outcome, operator.resource_type, "found" if outcome is PASS else actual, expected)


def same(actual: Value, wanted: Json) -> bool:
    """Return whether two JSON values are equal; texts without case, and ``"true"`` where a text is wanted."""
    if isinstance(wanted, str):
        text = str(actual) if isinstance(actual, str | bool) else None
        return text is not None and text.casefold() == wanted.casefold()
    if isinstance(wanted, bool) or isinstance(actual, bool):
        return actual is wanted
    if isinstance(wanted, list | tuple) and isinstance(actual, list | tuple):
        return len(actual) == len(wanted) and all(same(a, w) for a, w in zip(actual, wanted, strict=True))
    return bool(actual == wanted)


def _has_keys(value: Value, keys: Iterable[str]) -> Outcome:
    held = {str(key).casefold(): item for key, item in value.items()} if isinstance(value, Mapping) else {}
    items = [held.get(key.casefold()) for key in keys]
    if any(item is None or item == "" for item in items):
        return FAIL
    return UNKNOWN if any(isinstance(item, Unknown) for item in items) else PASS


def _worst(outcomes: Iterable[Outcome]) -> Outcome:
    seen = set(outcomes)
    return FAIL if FAIL in seen else UNKNOWN if UNKNOWN in seen else PASS


def _softened(verdict: Verdict) -> Verdict:
    return replace(verdict, outcome=UNKNOWN) if verdict.outcome is FAIL else verdict


def _outcome(*, passed: bool) -> Outcome:
    return PASS if passed else FAIL


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _join(base: str, path: str) -> str:
    if not base or not path:
        return base or path
    return base + path if path.startswith("[") else f"{base}.{path}"
