"""What-if results of stacks that are asked for again before the first answer is there."""

from __future__ import annotations

from tests.contract.sandbox.place import Client
from tests.contract.sandbox.test_guarded import storage_template

API = "2025-07-01"


def test_asking_again_gives_the_answer_to_what_was_asked_last(arm: Client) -> None:
    group = arm.group()
    what_if = f"{group}/providers/Microsoft.Resources/deploymentStacksWhatIfResults/w"

    def asked(*names: str) -> str:
        properties = {
            "template": storage_template(*names),
            "deploymentStackResourceId": f"{group}/providers/Microsoft.Resources/deploymentStacks/s",
            "retentionInterval": "P1D",
            "actionOnUnmanage": {"resources": "detach"},
            "denySettings": {"mode": "none"},
        }
        answer = arm.call("PUT", what_if, {"properties": properties}, version=API)
        assert answer.status in (200, 201)
        return answer.headers["azure-asyncoperation"]

    for number in range(8):
        asked(*(f"stfirst{item}" for item in range(200)))
        second = asked(f"stlast{number}", "stother")
        assert arm.poll(second).body["status"] == "succeeded"
        details = arm.poll(arm.call("POST", f"{what_if}/whatIf", version=API).headers["location"])
        changes = details.body["properties"]["changes"]["resourceChanges"]
        assert sorted(change["id"].rpartition("/")[2] for change in changes) == [f"stlast{number}", "stother"]
