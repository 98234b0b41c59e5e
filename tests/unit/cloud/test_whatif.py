"""What-if answers that tell no changes are no answers."""

from __future__ import annotations

from typing import Any

import pytest

from coe_scaffold.cloud.whatif import changes, stack_changes
from coe_scaffold.errors import CloudError


@pytest.mark.parametrize(
    "answer", [{}, {"properties": {}}, {"properties": {"provisioningState": "initializing", "changes": None}}]
)
def test_an_answer_without_changes_is_refused(answer: dict[str, Any]) -> None:
    for read in (changes, stack_changes):
        with pytest.raises(CloudError, match="without telling any changes") as refused:
            read(answer, "coe-platform-dev")
        assert refused.value.code == "WhatIfWithoutChanges"


def test_an_empty_list_says_that_nothing_changes() -> None:
    assert changes({"properties": {"changes": []}}, "x") == ()
    assert stack_changes({"properties": {"changes": {"resourceChanges": []}}}, "x") == ()
