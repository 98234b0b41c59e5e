"""Documents on stdout are JSON, one line for each record."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.cli.output import written

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), VALUES))
def test_what_is_written_is_read_again(document: dict[str, Any]) -> None:
    assert json.loads(written(document)) == document


def test_each_item_has_a_line() -> None:
    assert written({"format": "x/v1", "items": [{"a": 1}, {"a": "ü"}], "none": []}) == (
        '{\n  "format": "x/v1",\n  "items": [\n    {"a": 1},\n    {"a": "ü"}\n  ],\n  "none": []\n}'
    )
    assert written({"counts": {"pass": 1, "fail": [2]}}) == (
        '{\n  "counts": {\n    "pass": 1,\n    "fail": [2]\n  }\n}'
    )
