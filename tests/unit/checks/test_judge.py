"""Operators: what passes, what fails, what stays unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.checks.context import CheckContext, Setting
from coe_scaffold.checks.judge import applies, judge, same
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
    Link,
    Matches,
    NotExists,
    NotIn,
    OneOf,
    Operator,
    Related,
    Subject,
)
from coe_scaffold.checks.relations import Relations
from coe_scaffold.checks.words import words
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope

UNKNOWN = Unknown("[reference('x')]")
CONTEXT = CheckContext(
    allowed_locations=("swedencentral",),
    allowed_models=(),
    deployment_types=(),
    profile="standard",
    exceptions=(),
    today=date(2026, 11, 24),
    required_tags=("owner",),
)
GROUP = Scope("/subscriptions/s/resourceGroups/g")
ACCOUNT = Resource("Microsoft.Storage/storageAccounts", "st", "2026-01-01", GROUP, {})
EACH = (
    Equals(value=True),
    OneOf(("a", None)),
    NotIn(("a", None)),
    Exists(),
    NotExists(),
    AtLeast(3),
    AtMost(3),
    CountAtLeast(1),
    ContainsAll(("a",)),
    ContainsAny(("a",)),
    HasKeys(("a",)),
    Matches("a+"),
    EndsWithNone(("a",)),
    HasElement(("a",)),
    All((Demand("", Exists()),)),
)
"""One of every operator that looks at a value."""


def subject(value: Any, *others: Resource) -> Subject:
    return Subject(ACCOUNT, Relations(ResourceGraph((ACCOUNT, *others))), CONTEXT, {"value": value})


def outcomes(operator: Operator, value: Any, path: str = "value") -> list[str]:
    return [verdict.outcome.value for verdict in judge(Demand(path, operator), subject(value))]


@pytest.mark.parametrize(
    ("operator", "passing", "failing"),
    [
        (Equals(value=True), [True], [False, None, "true", 1]),
        (Equals("Disabled"), ["Disabled", "disabled"], ["Enabled", None, True]),
        (Equals("false"), ["false", False], ["true", True, 0]),
        (Equals(0), [0], [False, None, "0"]),
        (Equals(["a"]), [["a"], ["A"]], [[], ["a", "a"], "a"]),
        (OneOf(("a", None)), ["a", "A", None], ["b", ""]),
        (OneOf(Setting.ALLOWED_LOCATIONS, also=("global",)), ["swedencentral", "Global"], ["eastus", None]),
        (OneOf(("swedencentral",), ignore_spaces=True), ["Sweden Central"], ["East US"]),
        (NotIn(("a",)), ["b", None], ["A"]),
        (NotIn((None,)), ["a"], [None]),
        (Exists(), ["a", 0, False, ["a"]], [None, "", [], {}]),
        (NotExists(), [None], ["", 0]),
        (AtLeast(3), [3, 4.5], [2, None, "3", True]),
        (AtMost(3), [3, 0], [4, None, "1", False]),
        (AtMost(Setting.MAX_NODES), [CONTEXT.max_nodes], [CONTEXT.max_nodes + 1]),
        (CountAtLeast(2), [["a", "b"], {"a": 1, "b": 2}], [["a"], None, "ab"]),
        (ContainsAll(("a", "b")), [["B", "a", "c"]], [["a"], None]),
        (ContainsAny(("a", "b")), [["b"], "a"], [["c"], [], None]),
        (HasKeys(("Owner",)), [{"owner": "x"}], [{"owner": ""}, {}, None]),
        (HasKeys(Setting.REQUIRED_TAGS), [{"owner": "x"}], [{"team": "x"}]),
        (Matches("a+"), ["aa", "AA"], ["ab", None, 1]),
        (EndsWithNone(("x",)), ["/roles/y"], ["/roles/X", None, ""]),
        (
            HasElement(("limit",)),
            ["<policies><limit a='1'/></policies>"],
            ["<limits/>", "limit", "<!-- <limit/> -->", None],
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_passes_and_what_fails(operator: Operator, passing: list[Any], failing: list[Any]) -> None:
    assert [outcomes(operator, value) for value in passing] == [["pass"]] * len(passing)
    assert [outcomes(operator, value) for value in failing] == [["fail"]] * len(failing)


@pytest.mark.parametrize("operator", EACH, ids=lambda operator: type(operator).__name__)
def test_an_unknown_value_is_never_a_pass(operator: Operator) -> None:
    assert outcomes(operator, UNKNOWN) == ["unknown"]
    assert outcomes(operator, UNKNOWN, "value.below[*].it") == ["unknown"]


@pytest.mark.parametrize("operator", EACH, ids=lambda operator: type(operator).__name__)
def test_every_operator_says_what_it_expects(operator: Operator) -> None:
    assert words(operator, CONTEXT) not in (None, "")


def test_nothing_to_compare_with_is_unknown() -> None:
    assert outcomes(OneOf(Setting.DEPLOYMENT_TYPES), "Standard") == ["unknown"]


def test_known_parts_decide_when_they_can() -> None:
    assert outcomes(ContainsAll(("a",)), ["a", UNKNOWN]) == ["pass"]
    assert outcomes(ContainsAll(("a", "b")), ["a", UNKNOWN]) == ["unknown"]
    assert outcomes(ContainsAny(("a",)), ["b", UNKNOWN]) == ["unknown"]
    assert outcomes(HasKeys(("a", "b")), {"a": UNKNOWN, "b": ""}) == ["fail"]
    assert outcomes(Equals({"a": 1}), {"a": UNKNOWN}) == ["unknown"]


def test_a_demand_holds_only_where_its_condition_does() -> None:
    demand = Demand("value.on", Equals(value=True), when=(Demand("value.kind", Equals("x")),))
    judged = {
        kind: [v.outcome.value for v in judge(demand, subject({"kind": kind, "on": False}))]
        for kind in ("x", "y", UNKNOWN)
    }
    assert judged == {"x": ["fail"], "y": [], UNKNOWN: ["unknown"]}


def test_all_reports_each_place_that_differs() -> None:
    demand = Demand("value[*]", All((Demand("a", Exists()), Demand("b", Equals(1)))))
    found = list(judge(demand, subject([{"a": "x", "b": 2}, {"b": 1}])))
    assert [(v.path, v.outcome.value) for v in found] == [
        ("value[0].a", "pass"),
        ("value[0].b", "fail"),
        ("value[1].a", "fail"),
        ("value[1].b", "pass"),
    ]


LOCK = Resource("Microsoft.Authorization/locks", "lock", "", GROUP, {"properties": {"level": "CanNotDelete"}})
ON_ACCOUNT = Resource("Microsoft.Authorization/locks", "lock", "", ACCOUNT.id, {"properties": {}})
CHILD = Resource("Microsoft.Storage/storageAccounts/blobServices", "st/default", "", GROUP, {})
OTHERS_CHILD = Resource("Microsoft.Storage/storageAccounts/blobServices", "st2/default", "", GROUP, {})


@pytest.mark.parametrize(
    ("link", "other", "expected"),
    [
        (Link.COVERS, LOCK, "pass"),
        (Link.COVERS, ON_ACCOUNT, "pass"),
        (Link.EXTENSION, LOCK, "fail"),
        (Link.EXTENSION, ON_ACCOUNT, "pass"),
        (Link.CHILD, CHILD, "pass"),
        (Link.CHILD, OTHERS_CHILD, "fail"),
    ],
)
def test_relations(link: Link, other: Resource, expected: str) -> None:
    demand = Demand("", Related(other.type, link))
    assert [v.outcome.value for v in judge(demand, subject(None, other))] == [expected]


def test_a_related_resource_must_meet_the_demands() -> None:
    level = Demand("properties.level", Equals("CanNotDelete"))
    demand = Demand("", Related(LOCK.type, Link.COVERS, (level,)))
    assert [v.outcome.value for v in judge(demand, subject(None, LOCK))] == ["pass"]
    (verdict,) = judge(demand, subject(None, ON_ACCOUNT))
    assert (verdict.outcome, verdict.actual) == (Outcome.FAIL, "1, none of which meets every demand")


def test_what_covers_a_repository_alone_may_be_of_the_platform() -> None:
    there = subject(None, CHILD)
    alone = replace(there, context=replace(there.context, alone=True))
    for link, expected in ((Link.COVERS, Outcome.UNKNOWN), (Link.EXTENSION, Outcome.FAIL)):
        (verdict,) = judge(Demand("", Related(LOCK.type, link)), alone)
        assert verdict.outcome is expected
    (verdict,) = judge(Demand("", Related(LOCK.type, Link.COVERS)), there)
    assert verdict.outcome is Outcome.FAIL


def test_conditions_are_as_good_as_the_worst_of_them() -> None:
    good, bad = Demand("value", Exists()), Demand("value", NotExists())
    assert applies((), None, subject(1)) is Outcome.PASS
    assert applies((good, bad), {"value": 1}, subject(1)) is Outcome.FAIL
    assert applies((good,), {"value": UNKNOWN}, subject(1)) is Outcome.UNKNOWN


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
VALUES = st.recursive(
    SCALARS | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(EACH), VALUES)
def test_every_value_gets_a_verdict(operator: Operator, value: Any) -> None:
    assert set(outcomes(operator, value)) <= {"pass", "fail", "unknown"}
    assert outcomes(operator, value)


@given(SCALARS)
def test_a_value_is_the_same_as_itself(value: Any) -> None:
    assert same(value, value)


@given(SCALARS, st.lists(SCALARS, max_size=4))
def test_one_of_and_not_in_are_opposites(value: Any, values: list[Any]) -> None:
    allowed = (*values, "one more")
    assert outcomes(OneOf(allowed), value) != outcomes(NotIn(allowed), value)
