"""Which identities a project's pipelines sign in as, from what its landing zone would create."""

from __future__ import annotations

from collections.abc import Mapping

from coe_scaffold.errors import CoeError
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Project, Settings
from coe_scaffold.operations.predict import predict
from coe_scaffold.ports import Clock, Compiler
from coe_scaffold.scaffold.wiring import Wiring, wiring

_TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities"
_CREDENTIAL = f"{_TYPE}/federatedIdentityCredentials"
_USES = ("plan", "deploy", "guardrail")


def wire(settings: Settings, project: Project, *, compiler: Compiler, clock: Clock) -> Wiring:
    """Return the commands that wire a project's pipelines; read-only and offline.

    Raises CoeError when its landing zone has no identities for pipelines.
    """
    identities: dict[str, Mapping[str, Scope]] = {}
    subjects: dict[str, frozenset[str]] = {}
    for environment in project.environments:
        found: dict[str, Scope] = {}
        for target in predict(settings, environment, compiler, clock):
            if target.project is None or target.project.name != project.name:
                continue
            for resource in target.graph.of_type(_TYPE):
                use = resource.name.removeprefix("id-").partition("-")[0]
                if use in _USES:
                    found[use] = resource.id
            subjects[environment] = frozenset(
                str(resource.properties.get("subject")) for resource in target.graph.of_type(_CREDENTIAL)
            )
        if not {"plan", "deploy"} <= found.keys():
            raise CoeError(
                f"{project.name} has no identities for pipelines in {environment}",
                fix="Its infra/ must create the identities 'plan' and 'deploy'.",
            )
        identities[environment] = found
    return wiring(settings, project, identities, subjects=subjects)
