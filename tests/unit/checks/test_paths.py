"""Paths: names, lists, filters, quoted names, unknown values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.checks.paths import parts, resolve
from coe_scaffold.model.json import Unknown

UNKNOWN = Unknown("[reference('x')]")
FILTERS = {
    "filters": [
        {"name": "Jailbreak", "source": "Prompt", "enabled": True},
        {"name": "Hate", "source": "Prompt", "enabled": False},
        {"name": "Hate", "source": "Completion", "enabled": True},
    ]
}


def found(value: Any, path: str) -> list[tuple[str, Any, bool]]:
    return [(hit.path, hit.value, hit.certain) for hit in resolve(value, path)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", [("", FILTERS, True)]),
        (
            "filters[*].enabled",
            [(f"filters[{number}].enabled", number != 1, True) for number in range(3)],
        ),
        ("filters[name=Hate,source=Completion].enabled", [("filters[2].enabled", True, True)]),
        ("FILTERS[NAME=hate,source=prompt].Enabled", [("FILTERS[1].Enabled", False, True)]),
        ("filters[name=Violence].enabled", [("filters[name=Violence].enabled", None, True)]),
        ("nothing.there[*].at.all", [("nothing.there[*].at.all", None, True)]),
        ("filters.name", [("filters.name", None, True)]),
    ],
)  # fmt: skip
def test_places_and_values(path: str, expected: list[tuple[str, Any, bool]]) -> None:
    assert found(FILTERS, path) == expected


def test_a_quoted_name_may_have_dots() -> None:
    value = {"custom": {"Microsoft.Gateway.Tls10": "false"}}
    assert found(value, "custom['Microsoft.Gateway.Tls10']") == [
        ("custom['Microsoft.Gateway.Tls10']", "false", True)
    ]


def test_what_is_below_an_unknown_value_is_unknown() -> None:
    assert found({"a": UNKNOWN}, "a.b[*].c") == [("a.b[*].c", UNKNOWN, True)]


def test_an_element_with_an_unknown_filter_value_is_uncertain() -> None:
    value = {"rules": [{"access": UNKNOWN, "port": 22}, {"access": "Deny", "port": 443}]}
    assert found(value, "rules[access=Allow].port") == [
        ("rules[0].port", 22, False),
        ("rules[access=Allow].port", None, False),
    ]


def test_a_certain_match_needs_no_place_holder() -> None:
    value = [{"name": UNKNOWN, "on": False}, {"name": "a", "on": True}]
    assert found(value, "[name=a].on") == [("[0].on", False, False), ("[1].on", True, True)]


@pytest.mark.parametrize("path", ["a[", "a[b", "a]b", "[]", "a[name]"])
def test_a_malformed_path_is_an_error(path: str) -> None:
    with pytest.raises(ValueError, match="is not a path"):
        resolve({}, path)


NAMES = st.text(alphabet="abcXYZ", min_size=1, max_size=4)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=15,
)
STEPS = st.lists(NAMES | st.just("[*]") | NAMES.map(lambda name: f"[{name}=x]"), max_size=4)


@given(JSON, STEPS)
def test_every_path_leads_somewhere_in_every_value(value: Any, steps: list[str]) -> None:
    path = "".join(step if step.startswith("[") else f".{step}" for step in steps).lstrip(".")
    hits = resolve(value, path)
    assert hits
    assert len({hit.path for hit in hits}) == len(hits)


@given(st.lists(NAMES, min_size=1, max_size=4), st.integers())
def test_a_value_is_found_where_it_was_put(names: list[str], leaf: int) -> None:
    value: Any = leaf
    for name in reversed(names):
        value = {name: value}
    assert found(value, ".".join(names)) == [(".".join(names), leaf, True)]
    assert found(value, ".".join(names).swapcase())[0][1] == leaf


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("properties.rules[0].from", ("properties", "rules", "0", "from")),
        ("properties.filters[name=Hate,source=Prompt].enabled", ("properties", "filters")),
        ("tags['a.b/c'].d", ("tags", "a.b/c", "d")),
        ("", ()),
        ("a[b", ()),
    ],
)
def test_the_names_and_numbers_on_the_way(path: str, expected: tuple[str, ...]) -> None:
    assert parts(path) == expected
