"""JSON that somebody else wrote: nesting has one limit, whatever this version of Python can read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.model.json import LEVELS, from_text

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values)
def test_a_value_is_read_as_it_was_written(value: object) -> None:
    assert from_text(json.dumps(value)) == value


@pytest.mark.parametrize(("start", "end"), [("[", "]"), ('{"a":', "}")])
def test_nesting_ends_at_the_limit(start: str, end: str) -> None:
    assert from_text(start * (LEVELS - 1) + "[]" + end * (LEVELS - 1))
    for levels in (LEVELS, 5000, 200_000):
        with pytest.raises(json.JSONDecodeError, match="nested more than 200 levels deep"):
            from_text(start * levels + "[]" + end * levels)


def test_texts_may_span_lines_when_asked() -> None:
    assert from_text('"a\nb"', strict=False) == "a\nb"
    with pytest.raises(json.JSONDecodeError):
        from_text('"a\nb"')
