"""Plays a recorded conversation against a sandbox.

Recordings leave steps out, so before each step the world is given what the recorded answer presupposes
(a group, a parent, the thing itself, a principal) and relieved of what the answer shows to be gone.
Names that the service chose (GUIDs, ids, URLs of long-running work) are mapped from answer to answer.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from coe_scaffold.model.json import strings
from coe_scaffold.sandbox import Endpoint, store
from coe_scaffold.sandbox.store import Store
from tests.contract.replay.comparing import differences
from tests.contract.replay.conversation import (
    PENDING,
    Step,
    left_out,
    members,
    parameter_values,
    read,
    state_of,
)
from tests.contract.sandbox.place import PATIENCE, Answer, Client

_GUID = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_GROUP = re.compile(r"(?i)/subscriptions/[\w-]+/resourceGroups/[\w.()-]+")
_IDENTITY = re.compile(r"(?i)" + _GROUP.pattern[4:] + r"/providers/Microsoft.ManagedIdentity/\w+/[\w-]+")
_BUILT_IDENTITY = re.compile(
    r"(?i)'(/resourceGroups/[\w.()-]+/providers/Microsoft.ManagedIdentity/\w+/[\w-]+)'"
)
"""An identity in an expression that puts the subscription before it."""
_MANAGEMENT_GROUP = re.compile(r"(?i)/providers/Microsoft.Management/managementGroups/([^/]+)")
_OWN = re.compile(r"(?i)/providers/Microsoft\.(Authorization|Resources|Management)/")


_EMPTY = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "resources": [],
}
"""A template without resources."""


@dataclass
class Outcome:
    """What became of one step: ``differences`` empty is a pass; ``skipped`` says why it was not judged."""

    step: Step
    differences: list[str] = field(default_factory=list)
    skipped: str = ""


@dataclass(frozen=True)
class Facts:
    """What a whole conversation tells of its groups: their bodies by lower-case path."""

    groups: Mapping[str, Mapping[str, Any]]


def facts_of(steps: Sequence[Step]) -> Facts:
    """Gather the groups that the answers of a conversation show or name.

    A group that none shows is assumed to be where the first thing is made that names it.
    """
    groups: dict[str, Mapping[str, Any]] = {}
    named: dict[str, Mapping[str, Any]] = {}
    for step in steps:
        body = step.response if isinstance(step.response, dict) else {}
        listed = body.get("value")
        for item in (body, *(listed if isinstance(listed, list) else ())):
            if isinstance(item, dict) and _GROUP.fullmatch(str(item.get("id", ""))) and "location" in item:
                groups.setdefault(item["id"].lower(), item)
        place = step.request.get("location") if isinstance(step.request, dict) else None
        for text in (step.path, *strings(step.request), *strings(body)):
            for path in _GROUP.findall(text):
                if not named.get(path.lower()):
                    named[path.lower()] = {"location": place} if place else {}
    return Facts({**named, **groups})


@dataclass
class Player:
    """Plays steps against one sandbox."""

    client: Client
    state: Store
    facts: Facts
    owner: Endpoint
    names: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    started: set[str] = field(default_factory=set)

    def play(self, step: Step) -> Outcome:
        """Play one step; steps out of scope are only tried, for what they leave behind."""
        if not step.in_scope:
            if step.method in ("PUT", "DELETE") and step.status < 300:
                self._prepare(step)
                self._send(step)
            return Outcome(step, skipped="not in scope")
        if step.polls:
            return self._poll(step)
        if reason := self._unplayable(step):
            return Outcome(step, skipped=reason)
        self._prepare(step)
        self.settle(step)
        if step.code == "AuthorizationFailed":
            self.client.endpoint = self.client.endpoint.acting_as("nobody")
        answer = self._send(step)
        self.client.endpoint = self.owner
        if step.method == "GET" and not step.pending:
            answer = _ended(lambda: self._send(step), answer)
        self._learn(step, answer)
        if step.op.endswith(".cancel") and step.status == 204 and answer.status == 409:
            self.unknown.add(step.path.lower().removesuffix("/cancel"))
            return Outcome(step, skipped="the recorded work was still going on")
        if step.pending and answer.status == 404 and step.method == "GET":
            return Outcome(step, skipped="the recorded work was still going on")
        if step.pending and step.method == "GET" and state_of(answer.body) not in PENDING:
            return Outcome(
                step, _without_members(differences(step, answer.status, answer.headers, answer.body))
            )
        return Outcome(step, differences(step, answer.status, answer.headers, answer.body))

    def _unplayable(self, step: Step) -> str:
        """Say why a step cannot be played: what it needs is not in the recording, nor can it be guessed."""
        target = re.sub(r"(?i)/(validate|whatIf|cancel|exportTemplate|operations(/[^/]+)?)$", "", step.path)
        target = re.sub(
            r"(?i)(/resourcegroups/[^/]+)/deployments/",
            r"\1/providers/Microsoft.Resources/deployments/",
            target,
        )
        names = target.lower()
        if left_out(step.request) and step.status < 400:
            self.unknown.add(names)
            return "its body is not in the recording"
        if any("templateLink" in key for key in members(step.request)) and not self._linked(step):
            self.unknown.add(names)
            return "the linked template is not in the recording"
        if step.method == "PUT" and step.op.startswith(("deployments.", "stacks.")):
            self.unknown.discard(names)
            self.started.add(names)
        if names in self.unknown:
            return "what it was made from is not in the recording"
        whole = re.search(r"(?i)/deployments/[^/]+$", names)
        reads = step.op.startswith("deployments.") and not step.op.endswith((".validate", ".whatIf", ".put"))
        if whole and reads and step.status < 300 and names not in self.started and not self._there(target):
            return "its start is not in the recording"
        return ""

    def _linked(self, step: Step) -> bool:
        """Whether a step's template is a template spec that was made earlier in the conversation."""
        body = step.request if isinstance(step.request, dict) else {}
        link = (body.get("properties") or {}).get("templateLink") or {}
        spec = str(link.get("id") or "")
        return bool(spec) and self.client.call("GET", self._mapped(spec), version="2022-02-01").status == 200

    def settle(self, step: Step) -> None:
        """Wait for the deletion of a group that the step expects to be gone."""
        if "/deploymentstacks/" in step.path.lower() and step.method == "PUT":
            _ended(lambda: self.client.call("GET", self._mapped(step.path), version="2024-03-01"))
        if step.method in ("GET", "HEAD") and step.status != 404:
            return
        for found in _GROUP.findall(self._mapped(step.path)):
            _ended(lambda path=found: self.client.call("GET", path, version="2024-11-01"))  # type: ignore[misc]

    def _poll(self, step: Step) -> Outcome:
        path = step.path.lower()
        url = self.jobs.get(path) or self.jobs.get(path.rpartition("/")[2])
        if url is None:
            return Outcome(step, skipped="its start is not in the recording")
        answer = self.client.call("GET", url)
        if not step.pending:
            answer = _ended(lambda: self.client.call("GET", url), answer)
        elif not _goes_on(answer):
            return Outcome(step)  # the sandbox was faster
        self._learn(step, answer)
        return Outcome(step, differences(step, answer.status, answer.headers, answer.body))

    def _send(self, step: Step, path: str = "", method: str = "", body: Any = None) -> Answer:
        query = re.sub(r"(^|&)api-version=[^&]*", "", step.query).strip("&")
        version = re.search(r"(?:^|&)api-version=([^&]*)", step.query)
        return self.client.call(
            method or step.method,
            path or self._mapped(step.path),
            body if body is not None else self._mapped_body(step.request),
            version=version[1] if version else "",
            query=query,
        )

    def _mapped(self, text: str) -> str:
        for old, new in self.names.items():
            if old in text:
                text = text.replace(old, new)
        return text

    def _mapped_body(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._mapped(value)
        if isinstance(value, Mapping):
            return {key: self._mapped_body(item) for key, item in value.items()}
        return [self._mapped_body(item) for item in value] if isinstance(value, list) else value

    def _learn(self, step: Step, answer: Answer) -> None:
        for name in ("location", "azure-asyncoperation"):
            if name in step.headers and name in answer.headers:
                path = step.headers[name].partition("?")[0]
                path = re.sub(r"https?://[^/]+", "", path).lower()
                self.jobs[path] = self.jobs[path.rpartition("/")[2]] = answer.headers[name]
        self._learn_names(step.response, answer.body)

    def _learn_names(self, recorded: Any, answered: Any) -> None:
        if isinstance(recorded, dict) and isinstance(answered, dict):
            for key in recorded.keys() & answered.keys():
                if key == "deploymentId" and recorded[key] and answered[key]:
                    old, new = (str(text).rpartition("/")[2] for text in (recorded[key], answered[key]))
                    self.names[old] = new
                elif key in ("principalId", "operationId") and recorded[key] != answered[key]:
                    if isinstance(recorded[key], str) and isinstance(answered[key], str):
                        self.names[recorded[key]] = answered[key]
                else:
                    self._learn_names(recorded[key], answered[key])
        elif isinstance(recorded, list) and isinstance(answered, list):
            for old, new in _pairs(recorded, answered):
                self._learn_names(old, new)

    def _prepare(self, step: Step) -> None:
        path = self._mapped(step.path)
        if step.status == 404 and (above := self._absent(step, path)):
            if self._there(above):
                self._remove(above)
            return
        gone = step.status == 404 and step.method in ("GET", "HEAD")
        if gone or (step.status, step.method) == (204, "DELETE"):
            if step.code != "ResourceGroupNotFound" or not _GROUP.search(path):
                self._ancestors(path)
            if not path.lower().endswith(("/operations",)) and self._there(path):
                self._remove(path)
            return
        if step.status == 404:
            return
        if step.op == "rg.delete" and step.status == 202:
            self._unlock(path)
        if step.method == "GET" and state_of(step.response) == "canceled":
            self.client.call("POST", f"{path}/cancel", version=_version(path))
        if step.op in ("rg.moveResources", "rg.exportTemplate"):
            for named in step.request["resources"]:
                if named != "*":
                    self._resource(named)
        self._ancestors(path)
        makes = {text.lower() for text in strings(step.request)} & {"microsoft.resources/resourcegroups"}
        deploys = step.op.startswith(("deployments.", "stacks.")) and not makes
        for text in strings(step.request):
            for found in _GROUP.findall(self._mapped(text)):
                self._group(found)
            for identity in _IDENTITY.findall(self._mapped(text)):
                self._resource(identity)
            subscription = re.match(r"(?i)/subscriptions/[\w-]+", path)
            for identity in _BUILT_IDENTITY.findall(text) if subscription else ():
                home = subscription[0] if subscription else ""
                self._group(_GROUP.findall(home + identity)[0])
                self._resource(home + identity)
        for text in parameter_values(step.request) if deploys else ():
            if re.search(r"(?i)(rg|group)", text) and re.fullmatch(r"[\w.()-]{3,90}", text):
                subscription = re.match(r"(?i)/subscriptions/[\w-]+", path)
                if subscription:
                    self._group(f"{subscription[0]}/resourceGroups/{text}")
        self._principals(step)
        self._earlier(step, path)
        if step.method == "PUT" and step.status == 201 and self._new_is_201(path) and self._there(path):
            self._remove(path)
        expects = step.method in ("GET", "HEAD", "PATCH", "DELETE") and step.status in (200, 202, 204)
        if (expects or (step.method == "PUT" and step.status == 200)) and not self._there(path):
            self._plant(step, path)
        if isinstance(step.response, dict) and isinstance(step.response.get("value"), list):
            for item in step.response["value"]:
                if isinstance(item, dict) and str(item.get("id", "")).startswith("/"):
                    self._plant_body(self._mapped(item["id"]), item)

    def _earlier(self, step: Step, path: str) -> None:
        """Make the deployment that a failure leads back to: one that succeeded before."""
        body = step.request if isinstance(step.request, dict) else read(step.request)
        back = (body.get("properties") or {}).get("onErrorDeployment") if isinstance(body, dict) else None
        if step.status >= 300 or not isinstance(back, dict):
            return
        name = self._mapped(str(back.get("deploymentName") or "earlier"))
        home = path[: path.lower().index("/deployments/")]
        if not self._there(f"{home}/deployments/{name}"):
            empty = {"properties": {"mode": "Incremental", "template": _EMPTY}}
            version = _version(path)
            self._work(self.client.call("PUT", f"{home}/deployments/{name}", empty, version=version))

    def _absent(self, step: Step, path: str) -> str:
        """Return what a 404 says is not there, when that is not the thing itself."""
        group = _GROUP.match(path)
        if step.code == "ResourceGroupNotFound" and group:
            return group[0]
        own = list(_OWN.finditer(path))
        extends = own and own[-1][1].lower() == "authorization" and "/providers/" in path[: own[-1].start()]
        return path[: own[-1].start()] if step.code == "ResourceNotFound" and own and extends else ""

    def _unlock(self, group: str) -> None:
        """Take away the locks of a group whose recorded deletion began: their own deletion was left out."""
        listed = self.client.call(
            "GET", f"{group}/providers/Microsoft.Authorization/locks", version="2020-05-01"
        )
        for lock in (listed.body or {}).get("value", []):
            self._remove(lock["id"])

    def _ancestors(self, path: str) -> None:
        above = _MANAGEMENT_GROUP.match(path)
        if above and len(path) > len(above[0]) and not self._there(above[0]):
            self._work(self.client.call("PUT", above[0], {}, version="2021-04-01"))
        group = _GROUP.match(path)
        if group and len(path) > len(group[0]):
            self._group(group[0])
        own = list(_OWN.finditer(path))
        if (
            own
            and "/providers/" in path[: own[-1].start()].lower()
            and not _MANAGEMENT_GROUP.fullmatch(path[: own[-1].start()])
        ):
            self._resource(path[: own[-1].start()])

    def _resource(self, path: str) -> None:
        head, _, tail = path.rpartition("/providers/")
        parts = tail.split("/")
        for end in range(3, len(parts) + 1, 2):
            one = f"{head}/providers/{'/'.join(parts[:end])}"
            if not self._there(one):
                self.client.call("PUT", one, {"location": "westus", "properties": {}}, version="2023-01-01")

    def _group(self, path: str) -> None:
        answer = _ended(lambda: self.client.call("GET", path, version="2024-11-01"))
        if answer.status == 404:
            known = self.facts.groups.get(path.lower()) or {}
            body = {"location": known.get("location", "westus"), **_tagged(known)}
            self.client.call("PUT", path, body, version="2024-11-01")

    def _there(self, path: str) -> bool:
        return self.client.call("GET", path, version=_version(path)).status == 200

    def _remove(self, path: str) -> None:
        self._work(self.client.call("DELETE", path, version=_version(path)))

    def _work(self, answer: Answer) -> None:
        """Wait for the end of long-running work."""
        url = answer.headers.get("azure-asyncoperation") or answer.headers.get("location")
        if url:
            _ended(lambda: self.client.call("GET", url))

    def _new_is_201(self, path: str) -> bool:
        return bool(re.search(r"(?i)/(locks|deployments|deploymentStacks)/[^/]+$", path)) or bool(
            _GROUP.fullmatch(path)
        )

    def _plant(self, step: Step, path: str) -> None:
        body = step.request if step.method == "PUT" else step.response
        if isinstance(body, dict) and "value" not in body:
            self._plant_body(path, body)
        elif step.method in ("DELETE", "HEAD"):
            self._plant_body(path, {})
        if step.method == "PUT" and re.search(r"(?i)/(deployments|deploymentStacks)/[^/]+$", path):
            self._work(self._send(step))

    def _plant_body(self, path: str, body: Mapping[str, Any]) -> None:
        if "__omitted__" in body or self._there(path):
            return
        if _GROUP.fullmatch(path):
            self._group(path)
        elif re.search(r"(?i)/Microsoft.Authorization/(locks|roleAssignments)/[^/]+$", path):
            scope = str((body.get("properties") or {}).get("scope") or "")
            if scope and scope != "/":
                self._ancestors(scope + "/x")
            self._know(str((body.get("properties") or {}).get("principalId") or ""))
            given = {"level": "CanNotDelete"} if "locks" in path else {}
            self.client.call(
                "PUT",
                path,
                {"properties": {**given, **(body.get("properties") or {})}},
                version=_version(path),
            )
        elif _MANAGEMENT_GROUP.fullmatch(path):
            self._management_group(path, body)
        elif built_in := re.fullmatch(r"(?i)/providers/Microsoft.Authorization/(policy\w+)/[^/]+", path):
            sets = built_in[1].lower() == "policysetdefinitions"
            with self.state.transaction() as tx:  # nobody can create these
                kind = store.POLICY_SET if sets else store.POLICY_DEFINITION
                tx.put(kind, path, {"shown": {**body, "id": path}, "submitted": {}})
        elif re.search(r"(?i)/Microsoft.(Authorization|Management)/\w+/[^/]+$", path):
            self._work(self.client.call("PUT", path, _mutable(body), version=_version(path)))

    def _management_group(self, path: str, body: Mapping[str, Any]) -> None:
        own = body.get("properties") or {}
        parent = ((own.get("details") or {}).get("parent") or {}).get("id") or ""
        given: dict[str, Any] = {"displayName": own.get("displayName")}
        if parent and not _GUID.search(parent):
            self._management_group(parent, {})
            given["details"] = {"parent": {"id": parent}}
        self._work(self.client.call("PUT", path, {"properties": given}, version="2021-04-01"))
        for child in own.get("children") or []:
            self._management_group(child["id"], {"properties": {"details": {"parent": {"id": path}}}})

    def _principals(self, step: Step) -> None:
        if step.code == "PrincipalNotFound":
            for guid in {g for text in strings(step.request) for g in _GUID.findall(self._mapped(text))}:
                with self.state.transaction() as tx:
                    tx.delete(store.PRINCIPAL, guid)
            return
        if step.status < 300 and step.method == "PUT":
            for text in strings(step.request):
                for guid in _GUID.findall(self._mapped(text))[:50]:
                    self._know(guid)

    def _know(self, guid: str) -> None:
        if guid:
            with self.state.transaction() as tx:
                if tx.get(store.PRINCIPAL, guid) is None:
                    tx.put(store.PRINCIPAL, guid, {"type": ""})


def _goes_on(answer: Answer) -> bool:
    return answer.status == 202 or state_of(answer.body) in PENDING


def _ended(ask: Callable[[], Answer], answer: Answer | None = None) -> Answer:
    """Return the first answer that tells of no work under way, the last one when it never ends.

    ``answer`` was given already.
    """
    ends, found = time.monotonic() + PATIENCE, answer or ask()
    while _goes_on(found) and time.monotonic() < ends:
        time.sleep(0.01)
        found = ask()
    return found


def _pairs(recorded: list[Any], answered: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Pair the items of two lists: operations by what they work on, everything else by its place."""
    about = {_target(item): item for item in answered if _target(item)}
    for old, new in zip_longest(recorded, answered):
        target = _target(old)
        yield old, about.get(target, new) if target else new


def _target(item: Any) -> str:
    own = item.get("properties") if isinstance(item, dict) else None
    target = own.get("targetResource") if isinstance(own, dict) else None
    return str(target.get("id", "")).lower() if isinstance(target, dict) else ""


def _without_members(found: list[str]) -> list[str]:
    """A recorded answer in the middle of the work against one at its end: their members differ."""
    return [text for text in found if not text.startswith(("with ", "without ", "code "))]


def _tagged(body: Mapping[str, Any]) -> dict[str, Any]:
    return {"tags": body["tags"]} if "tags" in body else {}


def _mutable(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key in ("properties", "location", "identity", "sku")}


def _version(path: str) -> str:
    if re.search(r"(?i)/roleAssignments/|/roleDefinitions/", path):
        return "2022-04-01"
    if re.search(r"(?i)/locks/", path):
        return "2020-05-01"
    return "2023-04-01" if re.search(r"(?i)managementGroups/[^/]+$", path) else "2024-03-01"
