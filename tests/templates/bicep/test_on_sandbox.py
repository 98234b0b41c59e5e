"""The sandbox takes the templates: each kind of project, topologies that need no hub, and governance."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coe_scaffold.bicep import compile_bicep, compile_parameters
from coe_scaffold.cloud import raw, session
from coe_scaffold.cloud.session import Session
from coe_scaffold.model.resources import ChangeType, Deployment
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Cloud
from coe_scaffold.planning.noise import mark
from coe_scaffold.sandbox import Seed, running
from coe_scaffold.scaffold.components import KINDS
from coe_scaffold.scaffold.landing_zone import landing_zone
from tests.fakes.workspace import TENANT, settings
from tests.templates.bicep.landing_zones import TODAY, TOPOLOGIES, combination, compiled, reader, values

API = "2025-01-01"
ENVIRONMENT = settings().environments["prod"]


@pytest.fixture(scope="module")
def cloud() -> Iterator[Session]:
    made = (one for kind in KINDS for one in combination("prod", kind, "hub").resources)
    providers = {one.type.split("/")[0] for one in made} | {"Microsoft.Dashboard"}
    seed = Seed(TENANT, (ENVIRONMENT.subscription,), ("mg-ai",), ())
    with running(None, seed) as endpoint:
        connected = session.connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token, tenant=TENANT)
        for provider in sorted(providers - {"Microsoft.Resources", "Microsoft.Authorization"}):
            connected.deployer.register_provider(ENVIRONMENT.scope, provider)
        yield connected


def deployment(template: str, name: str, given: dict[str, object]) -> Deployment:
    parameters = {key: {"value": value} for key, value in given.items()}
    return Deployment(name, ENVIRONMENT.scope, compiled(template).template, parameters, ENVIRONMENT.location)


def deploy(cloud: Session, template: str, name: str, given: dict[str, object]) -> tuple[str, ...]:
    return cloud.deployer.deploy(deployment(template, name, given), lambda _: None)


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
    governance = Deployment(
        "governance",
        Scope.management_group("mg-ai"),
        compile_bicep("governance/main.bicep", read).template,
        {**given, "subscriptions": {"value": []}},
        "swedencentral",
    )
    made = cloud.deployer.deploy(governance, lambda _: None)
    assert sum("/policyDefinitions/" in item for item in made) == 5
    assert sum("/roleDefinitions/" in item for item in made) == 4


def test_a_deployment_keeps_what_releases_did_to_the_application(cloud: Session) -> None:
    network, others, _ = TOPOLOGIES["standalone"]
    platform = values("platform", "prod")
    deploy(cloud, "platform", "below", {**platform, "network": {**platform["network"], **network}, **others})
    given = values("project", "prod", "rag")
    given |= {"projectName": "released", "guardrailPublisherRoleId": None}
    made = deploy(cloud, "project", "released", {**given, "application": {"image": "registry.example/app:1"}})
    path = next(item for item in made if "/containerApps/" in item)
    before = raw.get(cloud.clients, path, API)
    ingress = before["properties"]["configuration"]["ingress"]
    assert ingress["traffic"] == [{"latestRevision": True, "weight": 100}]
    assert before["properties"]["configuration"]["activeRevisionsMode"] == "Multiple"

    shares = [
        {"revisionName": "app--1", "weight": 90, "label": "current"},
        {"revisionName": "app--2", "weight": 10, "label": "candidate"},
    ]
    ingress["traffic"] = shares
    del ingress["fqdn"]
    identities = before["identity"]["userAssignedIdentities"]
    before["identity"]["userAssignedIdentities"] = {name: {} for name in identities}
    before["properties"]["template"]["containers"][0]["image"] = "registry.example/app:2"
    raw.put(cloud.clients, path, API, before)

    kept = {**given, "application": {}}
    changes = cloud.observer.what_if(deployment("project", "released", kept))
    (change,) = (mark(change) for change in changes if str(change.resource).lower() == path.lower())
    assert change.change is ChangeType.NO_CHANGE, [
        (one.path, one.before, one.after) for one in change.differences
    ]
    deploy(cloud, "project", "released", kept)
    after = raw.get(cloud.clients, path, API)["properties"]
    assert after["configuration"]["ingress"]["traffic"] == shares
    assert after["template"]["containers"][0]["image"] == "registry.example/app:2"
