"""Templates and parameters by link, and the way back to an earlier deployment when one fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.contract.sandbox.place import Answer, Client, eventually

SPEC = "Microsoft.Resources/templateSpecs"


def template(*names: str, parameters: Any = None) -> dict[str, Any]:
    resources = [
        {
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
            "apiVersion": "2023-01-31",
            "name": name,
            "location": "westus",
        }
        for name in names
    ]
    return {"contentVersion": "1.0.0.0", "parameters": parameters or {}, "resources": resources}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def files(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address at which a server on this machine shows it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def deploy(arm: Client, name: str, **properties: Any) -> Answer:
    group = arm.group("rg-links")
    path = f"{group}/providers/Microsoft.Resources/deployments/{name}"
    return arm.call("PUT", path, {"properties": {"mode": "Incremental", **properties}})


def ended(arm: Client, name: str, **properties: Any) -> Any:
    answer = deploy(arm, name, **properties)
    assert answer.status in (200, 201), answer.body
    arm.poll(answer.headers["azure-asyncoperation"])
    path = f"{arm.scope.group('rg-links')}/providers/Microsoft.Resources/deployments/{name}"
    return arm.call("GET", path).body["properties"]


def test_template_and_parameters_come_from_links_on_this_machine(
    arm: Client, files: tuple[Path, str]
) -> None:
    folder, url = files
    (folder / "main.json").write_text(
        json.dumps(template("[parameters('n')]", parameters={"n": {"type": "string"}}))
    )
    given = {"contentVersion": "1.0.0.0", "parameters": {"n": {"value": "id-x"}}}
    (folder / "given.json").write_text(json.dumps(given))
    shown = ended(
        arm,
        "linked",
        templateLink={"uri": f"{url}/other.json", "relativePath": "main.json"},
        parametersLink={"uri": f"{url}/given.json"},
    )
    assert shown["provisioningState"] == "Succeeded"
    assert shown["outputResources"][0]["id"].endswith("/id-x")
    assert shown["templateLink"] == {
        "uri": f"{url}/other.json",
        "relativePath": "main.json",
        "contentVersion": "1.0.0.0",
    }
    assert shown["parametersLink"] == {"uri": f"{url}/given.json", "contentVersion": "1.0.0.0"}


@pytest.mark.parametrize(
    "uri", ["https://example.invalid/t.json", "http://10.0.0.1/t.json", "file:///t.json"]
)
def test_no_link_leaves_this_machine(arm: Client, uri: str) -> None:
    answer = deploy(arm, "away", templateLink={"uri": uri})
    assert (answer.status, answer.code) == (400, "InvalidContentLink")
    assert f"Unable to download deployment content from '{uri}'" in answer.body["error"]["message"]


def test_a_link_to_nothing_and_a_link_to_no_template(arm: Client, files: tuple[Path, str]) -> None:
    folder, url = files
    assert deploy(arm, "none", templateLink={"uri": f"{url}/none.json"}).code == "InvalidContentLink"
    (folder / "broken.json").write_text("{")
    assert deploy(arm, "broken", templateLink={"uri": f"{url}/broken.json"}).code == "InvalidTemplate"


def test_a_template_spec_is_shown_as_the_link_it_is(arm: Client) -> None:
    spec = f"{arm.group('rg-links')}/providers/{SPEC}/s"
    arm.call("PUT", spec, {"location": "westus", "properties": {}}, version="2022-02-01")
    version = f"{spec}/versions/v1"
    body = {"location": "westus", "properties": {"mainTemplate": template("id-spec")}}
    earlier = {"location": "westus", "properties": {"template": template("id-spec")}}
    arm.call("PUT", f"{spec}/versions/v0", earlier, version="2019-06-01-preview")
    assert ended(arm, "spec0", templateLink={"id": f"{spec}/versions/v0"})["provisioningState"] == "Succeeded"
    assert arm.call("PUT", version, body, version="2022-02-01").status == 201
    shown = ended(arm, "spec", templateLink={"id": version})
    assert shown["templateLink"] == {"id": version, "contentVersion": "1.0.0.0"}


def broken() -> dict[str, Any]:
    """A template whose second resource fails after the first was made."""
    bad = template("id-new")
    lock = {
        "type": "Microsoft.Authorization/roleAssignments",
        "apiVersion": "2022-04-01",
        "name": "11111111-1111-4111-8111-111111111111",
        "dependsOn": ["id-new"],
        "properties": {
            "roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/"
            "acdd72a7-3385-48ef-bd42-f606fba81ae7",
            "principalId": "99999999-9999-4999-8999-999999999999",
        },
    }
    return {**bad, "resources": [*bad["resources"], lock]}


def identities(arm: Client) -> set[str]:
    kind = "Microsoft.ManagedIdentity/userAssignedIdentities"
    found = arm.call("GET", f"{arm.scope.group('rg-links')}/resources").body["value"]
    return {item["name"] for item in found if item["type"] == kind}


@pytest.mark.parametrize(
    ("wanted", "back"),
    [
        ({"type": "LastSuccessful"}, "second"),
        ({"type": "SpecificDeployment", "deploymentName": "first"}, "first"),
    ],
)
def test_a_failure_leads_back_to_an_earlier_deployment(arm: Client, wanted: Any, back: str) -> None:
    ended(arm, "first", template=template("id-first"))
    ended(arm, "second", template=template("id-second"))
    ended(arm, "third", template=broken(), onErrorDeployment=wanted)
    path = f"{arm.scope.group('rg-links')}/providers/Microsoft.Resources/deployments/third"

    def led_back() -> Any:
        properties = arm.call("GET", path).body["properties"]
        return properties if "provisioningState" in properties["onErrorDeployment"] else None

    shown = eventually(led_back, "the earlier deployment was never done again")
    assert shown["provisioningState"] == "Failed"
    assert shown["onErrorDeployment"] == {
        "type": wanted["type"],
        "deploymentName": back,
        "provisioningState": "Succeeded",
    }
    assert identities(arm) == {f"id-{back}"}, "mode Complete"


def test_nothing_happens_when_nothing_fails(arm: Client) -> None:
    ended(arm, "first", template=template("id-first"))
    shown = ended(arm, "more", template=template("id-more"), onErrorDeployment={"type": "LastSuccessful"})
    assert shown["onErrorDeployment"] == {"type": "LastSuccessful", "deploymentName": "first"}
    assert identities(arm) == {"id-first", "id-more"}


@pytest.mark.parametrize("wanted", [{"type": "SpecificDeployment", "deploymentName": "none"}, {"type": "x"}])
def test_no_way_back_is_refused_before_anything_is_done(arm: Client, wanted: Any) -> None:
    answer = deploy(arm, "lost", template=template("id-lost"), onErrorDeployment=wanted)
    assert answer.status in (400, 501)
    assert identities(arm) == set()
