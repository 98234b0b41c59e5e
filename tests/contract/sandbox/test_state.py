"""The state file: kept, shared, damaged; work that a killed process left behind; faults."""

from __future__ import annotations

import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from coe_scaffold.errors import CorruptStateError, UsageError
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.sandbox import deployments, rollout, running, store
from coe_scaffold.sandbox.buckets import REGIONS, Buckets, Caller
from coe_scaffold.sandbox.deployments import Request
from coe_scaffold.sandbox.faults import FaultPlan, Faults, parse
from coe_scaffold.sandbox.store import Store
from coe_scaffold.sandbox.world import World
from tests.contract.sandbox.place import SEED, SUBSCRIPTIONS, TENANT, Client, outer_template

ROOT = f"/subscriptions/{SUBSCRIPTIONS[0]}"


def leave_behind(path: Path, *, cancelled: bool = False) -> Request:
    """Write what a process leaves that is killed right after it accepted a deployment."""
    request = Request("main", ROOT, "swedencentral", outer_template(), {"name": {"value": "abc"}})
    state = Store(path)
    with state.transaction() as tx:
        entry = deployments.record(request, ResourceGraph(()), job="0123", state="Accepted")
        tx.put(store.DEPLOYMENT, request.id.key, entry)
        tx.put(store.DEPLOYMENT_REQUEST, request.id.key, request.payload())
        job = {"kind": "DeploymentJob", "target": request.id.path, "payload": None}
        tx.put(
            store.JOB, "0123", {**job, "owner": "gone", "status": "Running", "principals": [], "started": 0}
        )
        if cancelled:
            tx.put(store.CANCELLATION, request.id.key, True)
    state.close()
    return request


def test_state_survives_a_restart_and_tokens_do_not(tmp_path: Path) -> None:
    with running(tmp_path / "s.db", SEED) as first:
        Client(first).group("rg-kept")
    with running(tmp_path / "s.db", SEED) as second:
        assert Client(second).call("GET", f"{ROOT}/resourceGroups/rg-kept").status == 200
        old = Client(type(second)(second.url, first.token)).call("GET", ROOT)
        assert (old.status, old.code) == (401, "InvalidAuthenticationToken")


def test_without_a_file_nothing_is_kept() -> None:
    with running(None, SEED) as first:
        Client(first).group("rg-gone")
    with running(None, SEED) as second:
        assert Client(second).call("GET", f"{ROOT}/resourceGroups/rg-gone").status == 404


def test_two_sandboxes_share_one_file(tmp_path: Path) -> None:
    with running(tmp_path / "s.db", SEED) as one, running(tmp_path / "s.db", SEED) as two:
        clients = [Client(one), Client(two)]
        Client(one).group("rg-a")
        path = f"{ROOT}/resourceGroups/rg-a/providers/Microsoft.KeyVault/vaults/kv-"

        def write(number: int) -> int:
            client = clients[number % 2]
            return client.call("PUT", f"{path}{number:03d}", {"location": "swedencentral"}).status

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(write, range(60))) == {201}
        for client in clients:
            listed = client.call("GET", f"{ROOT}/resourceGroups/rg-a/resources").body["value"]
            assert len(listed) == 60


def test_a_full_disk_is_told_and_nothing_waits_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.db"
    with running(path, SEED) as endpoint:
        Client(endpoint).group("rg-a")
    with closing(sqlite3.connect(path)) as state:
        (pages,) = state.execute("PRAGMA page_count").fetchone()
    monkeypatch.setattr(store, "_SCHEMA", f"{store._SCHEMA}; PRAGMA max_page_count = {pages + 30};")
    with running(path, SEED) as first:
        client = Client(first)
        body = {"location": "swedencentral", "properties": {"template": many(), "mode": "Incremental"}}
        deployment = f"{ROOT}/providers/Microsoft.Resources/deployments/d"
        started = client.call("PUT", deployment, body)
        assert started.status == 201
        ended = client.poll(started.headers["azure-asyncoperation"]).body
        assert (ended["status"], ended["error"]["code"]) == ("Failed", "SandboxStateNotWritable")
        assert client.call("GET", f"{ROOT}/resourceGroups/rg-a").status == 200
    monkeypatch.undo()
    with running(path, SEED) as endpoint:
        client = Client(endpoint)
        url = f"{endpoint.url}{started.headers['azure-asyncoperation'].partition(str(first.url))[2]}"
        assert client.poll(url).body == {"status": "Succeeded"}
        assert client.call("GET", f"{ROOT}/resourceGroups/rg-399").status == 200


def many() -> dict[str, object]:
    """A small template that makes more than a few pages hold."""
    group = {"type": "Microsoft.Resources/resourceGroups", "apiVersion": "2024-11-01", "location": "westus"}
    looped = {"name": "[format('rg-{0}', copyIndex())]", "copy": {"name": "groups", "count": 400}}
    resource = {**group, **looped, "tags": {"t": "[padLeft('', 200, 'x')]"}}
    return {"contentVersion": "1.0.0.0", "resources": [resource]}


def test_a_deployment_left_behind_is_finished(tmp_path: Path) -> None:
    request = leave_behind(tmp_path / "s.db")
    with running(tmp_path / "s.db", SEED) as endpoint:
        client = Client(endpoint)
        done = client.poll(f"{endpoint.url}{request.id}/operationStatuses/0123?api-version=2025-04-01")
        assert done.body == {"status": "Succeeded"}
        shown = client.call("GET", request.id.path).body
        assert shown["properties"]["outputs"]["blob"]["value"] == "https://stabc.blob.core.windows.net/"


def test_an_active_deployment_is_not_overwritten(tmp_path: Path) -> None:
    with running(tmp_path / "s.db", SEED) as endpoint:
        request = leave_behind(tmp_path / "s.db", cancelled=True)
        body = {
            "location": "swedencentral",
            "properties": {"template": outer_template(), "mode": "Incremental"},
        }
        body["properties"]["parameters"] = {"name": {"value": "abc"}}  # type: ignore[index]
        client = Client(endpoint)
        refused = client.call("PUT", request.id.path, body)
        assert (refused.status, refused.code) == (409, "DeploymentActive")
        done = client.poll(f"{endpoint.url}{request.id}/operationStatuses/0123?api-version=2025-04-01")
        assert done.body == {"status": "Canceled"}
        assert client.call("GET", f"{ROOT}/resourceGroups/rg-a").status == 404


def test_cancelling_stops_between_two_resources(tmp_path: Path) -> None:
    request = leave_behind(tmp_path / "s.db")
    with running(tmp_path / "s.db", SEED):
        pass
    state = Store(tmp_path / "s.db")
    world = World(state, TENANT, Faults(FaultPlan()))
    with state.transaction() as tx:
        entry = tx.get(store.DEPLOYMENT, request.id.key)
        tx.put(store.DEPLOYMENT, request.id.key, {**(entry or {}), "state": "Accepted"})
        tx.put(store.CANCELLATION, request.id.key, True)
    rollout.carry_out(world, request.id.path, None)
    with state.transaction() as tx:
        assert (tx.get(store.DEPLOYMENT, request.id.key) or {})["state"] == "Canceled"
    state.close()


def broken(path: Path, how: str) -> None:
    if how == "text":
        path.write_text("not a database, but long enough to be looked at " * 100)
    elif how == "other":
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE t (x)")
        connection.commit()
        connection.close()
    else:
        Store(path).close()
        content = bytearray(path.read_bytes())
        content[4096:] = b"\xff" * (len(content) - 4096)
        path.write_bytes(bytes(content))


@pytest.mark.parametrize("how", ["text", "other", "damaged"])
def test_a_damaged_file_is_named_with_the_fix(tmp_path: Path, how: str) -> None:
    path = tmp_path / "s.db"
    broken(path, how)
    before = path.read_bytes()
    with pytest.raises(CorruptStateError) as caught, running(path, SEED):
        pass
    assert str(path) in caught.value.summary
    assert str(path) in caught.value.fix
    assert path.read_bytes() == before, "a file that cannot be read is left alone"


@pytest.mark.parametrize("layout", [0, store.LAYOUT + 1])
def test_a_file_of_another_layout_is_named_with_the_fix(tmp_path: Path, layout: int) -> None:
    path = tmp_path / "s.db"
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {layout}")
    connection.execute("INSERT INTO documents VALUES ('job', 'j', '{\"status\": \"Succeeded\"}')")
    connection.commit()
    connection.close()
    with pytest.raises(CorruptStateError) as caught, running(path, SEED):
        pass
    assert f"layout {layout}" in caught.value.detail
    assert "coe sandbox reset" in caught.value.fix


def test_a_port_in_use_is_named_with_the_fix(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError) as caught, running(tmp_path / "s.db", SEED, port=port):
            pass
    assert str(port) in caught.value.summary
    assert "port 0" in caught.value.fix


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"), running(tmp_path / "no" / "s.db", SEED):
        pass


def test_a_folder_is_not_called_corrupt(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="it is a folder"), running(tmp_path, SEED):
        pass


def test_a_port_can_be_chosen_and_is_free_again(tmp_path: Path) -> None:
    with running(None, SEED) as endpoint:
        port = int(endpoint.url.rpartition(":")[2])
    with running(None, SEED, port=port) as again:
        assert again.url == endpoint.url


def test_fault_strings() -> None:
    plan = parse("throttle:0.2, reset:.05,error:0.1,latency:50ms,principal-delay:3,seed:7")
    assert plan == FaultPlan(0.2, 0.05, 0.1, 0.05, 3, 7)
    assert parse("") == FaultPlan()
    assert parse("latency:2s").latency == 2.0
    assert parse("expired:1,after:90").after == 90
    asked = "refuse:A.B/c=QuotaExceeded,refuse:A.B/d=InsufficientQuota"
    assert parse(asked).refuse == {"a.b/c": "QuotaExceeded", "a.b/d": "InsufficientQuota"}


@pytest.mark.parametrize(
    "text",
    [
        "throttle",
        "throttle:2",
        "latency:50",
        "flood:0.1",
        "seed:x",
        "throttle:0.6,reset:0.6",
        "refuse:A.B/c=Unheard",
        "refuse:x=QuotaExceeded",
    ],
)
def test_wrong_fault_strings_are_named(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text)
    assert text.split(",")[0] in caught.value.summary


def test_faults_are_the_same_for_the_same_seed() -> None:
    plan = parse("throttle:0.2,error:0.2,reset:0.2,seed:3")
    first, second = ([faults.draw() for _ in range(200)] for faults in (Faults(plan), Faults(plan)))
    assert first == second
    assert set(first) == {"", "throttle", "error", "reset-before", "reset-after"}
    assert first != [Faults(parse("throttle:0.2,error:0.2,reset:0.2,seed:4")).draw() for _ in range(200)]


def test_faults_begin_after_so_many_requests() -> None:
    faults = Faults(parse("expired:1,after:2"))
    assert [faults.draw() for _ in range(4)] == ["", "", "expired", "expired"]


def test_buckets_empty_and_refill() -> None:
    now = [0.0]
    buckets = Buckets(lambda: now[0])
    caller = Caller("me", "s")
    assert [buckets.take("writes", caller) for _ in range(3)] == [(199, 2999), (198, 2998), (197, 2997)]
    for _ in range(300):
        left, shared = buckets.take("writes", caller)
    assert (left, shared) == (0, 2697)
    now[0] = 5.0
    assert buckets.take("writes", caller)[0] == 49
    now[0] = 500.0
    assert (buckets.take("writes", caller)[0], buckets.take("reads", caller)[0]) == (199, 249)


@pytest.mark.parametrize("other", [Caller("you", "s"), Caller("me", "t"), Caller("me", "s", REGIONS[1])])
def test_buckets_belong_to_principal_subscription_and_region(other: Caller) -> None:
    buckets = Buckets(lambda: 0.0, speed=1.0)
    caller = Caller("me", "s")
    assert [buckets.wait("writes", caller) for _ in range(200)] == [0.0] * 200
    assert buckets.wait("writes", caller) == pytest.approx(0.1)
    assert buckets.wait("writes", other) == 0.0


def test_all_principals_of_a_subscription_share_a_bucket() -> None:
    buckets = Buckets(lambda: 0.0, speed=1.0)
    for number in range(15):
        assert not any(buckets.wait("deletes", Caller(str(number), "s")) for _ in range(200))
    assert buckets.wait("deletes", Caller("late", "s")) > 0
