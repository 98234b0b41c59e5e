"""Where long-running work is asked for: ``operationresults`` answers 202 until the work is done."""

from __future__ import annotations

from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route
from coe_scaffold.sandbox.surfaces.groups import DELETION
from coe_scaffold.sandbox.surfaces.moves import MOVE

DEPLOYMENT_DELETION = "DeploymentDeletionJob"
WHAT_IF = "DeploymentWhatIfJob"
VALIDATION = "DeploymentPreflightJob"


def poll(call: Call) -> Reply:
    """Return 202 with Location while a job runs, then its result: 200, 204 or the error's status."""
    job = call.params["job"]
    with call.world.store.transaction() as tx:
        record = call.jobs.look(tx, job)
    if record is None:
        raise ArmError(404, "NotFound", f"The operation '{job}' is not known.")
    match record["status"]:
        case "Running":
            return Reply(202, None, {"Location": call.url(call.path)})
        case "Failed":
            return Reply(record["code"], {"error": record["error"]})
    match record["kind"]:
        case kind if kind == DELETION:
            return Reply(200)
        case kind if kind in (DEPLOYMENT_DELETION, MOVE):
            return Reply(204)
    return Reply(200, record["result"])


ROUTES = (
    Route("GET", "/subscriptions/{subscription}/operationresults/{job}", poll),
    Route("GET", "/providers/Microsoft.Resources/operationResults/{job}", poll),
)
