"""ARM's errors in all their forms, as one cause and one fix."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.cloud.errors import chain_of, cloud_error, innermost
from coe_scaffold.cloud.fixes import FIXES, fix_for
from coe_scaffold.cloud.whatif import changes, stack_changes
from coe_scaffold.errors import CloudError
from coe_scaffold.model.resources import ChangeType, PropertyChange

LEAF = {"code": "SkuNotAvailable", "message": "Not here."}
WRAPPED = {"code": "DeploymentFailed", "message": "At least one failed.", "details": [LEAF]}


def inside(message: Any) -> dict[str, str]:
    return {"code": "Conflict", "message": json.dumps(message, indent=2).replace("\n", "\r\n")}


@pytest.mark.parametrize(
    "body",
    [
        LEAF,
        {"error": LEAF},
        {"error": WRAPPED},
        {"status": "Failed", "error": WRAPPED},
        {"error": {**WRAPPED, "details": [inside({"error": LEAF})]}},
        {"error": {**WRAPPED, "details": [inside({"status": "Failed", "error": WRAPPED})]}},
        {"error": {"code": "BadRequest", "message": "failed: " + json.dumps({"error": LEAF}) + "."}},
        json.dumps({"error": WRAPPED}),
    ],
)
def test_the_innermost_error_is_the_cause(body: Any) -> None:
    error = cloud_error(list(chain_of(body)), what="deploying", correlation_id="c-1")
    assert (error.code, error.summary) == ("SkuNotAvailable", "deploying: Not here.")
    assert error.fix == "Choose another size or region."
    assert "correlation id c-1" in error.detail


def test_wrappers_alone_still_say_something() -> None:
    found = innermost(list(chain_of({"error": {"code": "Conflict", "message": "Busy."}})))
    assert (found.code, found.message) == ("Conflict", "Busy.")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["error", "code", "message", "details", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_no_answer_breaks_the_translation(body: Any) -> None:
    for info in chain_of(body):
        assert isinstance(info.code, str)
        assert isinstance(info.message, str)


def test_what_if_paths_follow_objects_and_lists() -> None:
    result = {
        "status": "Succeeded",
        "properties": {
            "changes": [
                {
                    "resourceId": "/subscriptions/s/resourceGroups/g",
                    "changeType": "Modify",
                    "delta": [
                        {"path": "tags.a", "propertyChangeType": "Modify", "before": "1", "after": "2"},
                        {"path": "properties.etag", "propertyChangeType": "NoEffect", "after": "x"},
                        {
                            "path": "properties.rules",
                            "propertyChangeType": "Array",
                            "children": [
                                {
                                    "path": "0",
                                    "propertyChangeType": "Modify",
                                    "children": [
                                        {"path": "name", "propertyChangeType": "Delete", "before": "old"}
                                    ],
                                },
                                {"path": "1", "propertyChangeType": "Create", "after": "new"},
                            ],
                        },
                    ],
                },
                {"resourceId": "/subscriptions/s", "changeType": "unsupported", "unsupportedReason": "why"},
            ]
        },
    }
    first, second = changes(result, "main")
    assert (first.change, first.reason) == (ChangeType.UNSUPPORTED, "why")
    assert second.delta == (
        PropertyChange("tags.a", "1", "2"),
        PropertyChange("properties.rules[0].name", "old", None),
        PropertyChange("properties.rules[1]", None, "new"),
    )


def test_a_failed_what_if_is_an_error() -> None:
    with pytest.raises(CloudError, match="Not here"):
        changes({"status": "Failed", "error": WRAPPED}, "main")


@pytest.mark.parametrize("code", [*FIXES, "NobodyKnows", ""])
@pytest.mark.parametrize("status", [0, 400, 401, 403, 409, 429, 503])
def test_every_error_has_one_line_of_what_to_do(code: str, status: int) -> None:
    fix = fix_for(code, status)
    assert fix.endswith(".")
    assert "\n" not in fix
    assert fix_for(code.upper(), status) == fix


def test_a_provider_that_is_not_registered_is_said_in_one_line() -> None:
    refusal = {
        "code": "MissingSubscriptionRegistration",
        "message": "The subscription is not registered to use namespace 'Microsoft.Search'.",
    }
    error = cloud_error(list(chain_of({"error": {**WRAPPED, "details": [inside({"error": refusal})]}})))
    assert error.summary == refusal["message"]
    assert "coe doctor --env ENV --register" in error.fix


def test_a_stack_what_if_result_has_one_path_for_each_difference_and_says_what_it_is_not_sure_of() -> None:
    delta = [{"path": "properties.mode", "changeType": "modify", "before": "a", "after": "b"}]
    noise = [{"path": "x", "changeType": "noEffect", "before": 1, "after": 2}]
    found = [
        {"id": "/subscriptions/s/a", "changeType": "detach", "changeCertainty": "potential"},
        {
            "id": "/subscriptions/s/b",
            "changeType": "modify",
            "changeCertainty": "definite",
            "resourceConfigurationChanges": {"delta": delta + noise},
        },
    ]
    first, second = stack_changes({"properties": {"changes": {"resourceChanges": found}}}, "main")
    assert (first.change, first.reason) == (ChangeType.DETACH, "may happen, ARM is not sure")
    assert second.delta == (PropertyChange("properties.mode", "a", "b"),)
    with pytest.raises(CloudError, match="Not here"):
        stack_changes({"properties": {"provisioningState": "failed", "error": WRAPPED}}, "main")
