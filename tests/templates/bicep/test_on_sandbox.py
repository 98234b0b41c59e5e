"""The sandbox takes the templates: each kind of project, topologies that need no hub, and governance."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coe_scaffold.bicep import compile_bicep, compile_parameters
from coe_scaffold.cloud import session
from coe_scaffold.cloud.session import Session
from coe_scaffold.model.resources import Deployment
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Cloud
from coe_scaffold.sandbox import Seed, running
from coe_scaffold.scaffold.components import KINDS
from coe_scaffold.scaffold.landing_zone import landing_zone
from tests.fakes.workspace import TENANT, settings
from tests.templates.bicep.landing_zones import TODAY, TOPOLOGIES, combination, compiled, reader, values

ENVIRONMENT = settings().environments["prod"]
PROVIDERS = {
    resource.type.split("/")[0] for kind in KINDS for resource in combination("prod", kind, "hub").resources
} | {"Microsoft.Dashboard"}


@pytest.fixture(scope="module")
def cloud() -> Iterator[Session]:
    seed = Seed(TENANT, (ENVIRONMENT.subscription,), ("mg-ai",), ())
    with running(None, seed) as endpoint:
        connected = session.connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token, tenant=TENANT)
        for provider in sorted(PROVIDERS - {"Microsoft.Resources", "Microsoft.Authorization"}):
            connected.deployer.register_provider(ENVIRONMENT.scope, provider)
        yield connected


def deploy(cloud: Session, template: str, name: str, given: dict[str, object]) -> tuple[str, ...]:
    parameters = {key: {"value": value} for key, value in given.items()}
    deployment = Deployment(
        name, ENVIRONMENT.scope, compiled(template).template, parameters, ENVIRONMENT.location
    )
    return cloud.deployer.deploy(deployment, lambda _: None)


@pytest.mark.parametrize("topology", ["standalone", "closed", "hub"])
def test_platforms_and_every_kind_of_project_deploy(cloud: Session, topology: str) -> None:
    network, others, _ = TOPOLOGIES[topology]
    written = values("platform", "prod")
    made = deploy(
        cloud, "platform", topology, {**written, "network": {**written["network"], **network}, **others}
    )
    assert len(made) > 70
    for kind in KINDS:
        given = values("project", "prod", kind)
        given |= {"projectName": f"sample-{kind}", "guardrailPublisherRoleId": None}
        if "app" in KINDS[kind]:
            given["application"] = {"image": "registry.example/app:1"}
        assert len(deploy(cloud, "project", f"{topology}-{kind}", given)) > 50


def test_governance_deploys(cloud: Session) -> None:
    """Without the placement of subscriptions, which the sandbox does not model."""
    read = reader(landing_zone(settings(), today=TODAY))
    given = compile_parameters("governance/organisation.bicepparam", read, {}).parameters
    deployment = Deployment(
        "governance",
        Scope.management_group("mg-ai"),
        compile_bicep("governance/main.bicep", read).template,
        {**given, "subscriptions": {"value": []}},
        "swedencentral",
    )
    made = cloud.deployer.deploy(deployment, lambda _: None)
    assert sum("/policyDefinitions/" in item for item in made) == 5
    assert sum("/roleDefinitions/" in item for item in made) == 4
