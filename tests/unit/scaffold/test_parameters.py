"""Values printed as a parameter file come back from the compiler unchanged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coe_scaffold.bicep import compile_parameters
from coe_scaffold.scaffold.parameters import Parameter, print_parameters
from coe_scaffold.scaffold.tree import FileTree
from tests.templates.bicep.landing_zones import reader

VALUES = st.recursive(
    st.booleans() | st.integers(-(2**31), 2**31) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab'$\\{}-1 é", min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)


def read_back(text: str) -> Any:
    tree = FileTree({"dev.bicepparam": text.encode(), "main.bicep": b"param value object\n"})
    return compile_parameters("dev.bicepparam", reader(tree), {}).parameters["value"]["value"]


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_any_json_value_survives(value: Any) -> None:
    text = print_parameters("main.bicep", [Parameter("value", {"it": value})])
    assert read_back(text) == {"it": value}


def test_what_a_file_looks_like() -> None:
    text = print_parameters(
        "main.bicep",
        [
            Parameter("plain", "it's ${here}"),
            Parameter("sizes", [1, -2], "Two lines\nof comment."),
            Parameter("tags", {"cost-center": "4711", "owner": "x", "absent": None, "none": {}, "no": []}),
            Parameter("on", value=True),
        ],
        header="What it is.",
    )
    assert text == (
        "// What it is.\n"
        "using 'main.bicep'\n"
        "\n"
        "param plain = 'it\\'s \\${here}'\n"
        "\n"
        "// Two lines\n"
        "// of comment.\n"
        "param sizes = [\n  1\n  -2\n]\n"
        "\n"
        "param tags = {\n  'cost-center': '4711'\n  owner: 'x'\n  none: {}\n  no: []\n}\n"
        "\n"
        "param on = true\n"
    )


@pytest.mark.parametrize("value", [1.5, object(), {"a": {1}}])
def test_what_has_no_literal_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="has no Bicep literal"):
        print_parameters("main.bicep", [Parameter("value", value)])


@pytest.mark.parametrize("names", [("a", "a"), ("not-a-name",), ("",)])
def test_names_must_be_identifiers_and_differ(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="cannot name a parameter"):
        print_parameters("main.bicep", [Parameter(name, 1) for name in names])


def test_a_comment_cannot_leave_its_lines() -> None:
    text = print_parameters("main.bicep", [Parameter("value", {}, "a\r\nparam b = 1\x0b")], header="x\n\ny")
    assert "\nparam b" not in text
    assert read_back(text) == {}
