"""Every template function against known values (tables in tests/cases/template)."""

from __future__ import annotations

from typing import Any

import pytest

from coe_scaffold.errors import CompileError
from coe_scaffold.model.json import Unknown
from coe_scaffold.template.functions import PURE
from coe_scaffold.template.functions.deployment import FACTS
from tests.fakes.template import cases, value_of

TABLE = [case for name in ("strings", "collections", "scalars") for case in cases(name)]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: str(case["of"])[:90])
def test_an_expression_has_the_known_value(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(CompileError) as refused:
            value_of(case["of"])
        assert case["error"] in refused.value.problems[0].message
        return
    value = value_of(case["of"])
    if case.get("unknown"):
        assert isinstance(value, Unknown)
        assert value.expression
    else:
        assert value == case["is"]
        assert type(value) is type(case["is"])


ONLY_AZURE = {"providers", "pickzones", "roledefinitions"}
ZONES = {"tologicalzone", "tologicalzones", "tophysicalzone", "tophysicalzones"}


def test_no_function_is_without_a_case() -> None:
    written = " ".join(str(case["of"]).lower() for case in TABLE)
    missing = {name for name in (*PURE, *FACTS) if f"{name}(" not in written.replace(" (", "(")}
    assert missing == ONLY_AZURE | ZONES


def test_a_function_only_azure_can_answer_is_unknown() -> None:
    for name in sorted(ONLY_AZURE | ZONES):
        assert isinstance(value_of(f"[{name}('a', 'b')]"), Unknown)
