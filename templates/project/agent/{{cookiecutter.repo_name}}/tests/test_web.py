"""The page: tasks, approvals by others, and nothing decided twice."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from {{ cookiecutter.package_name }} import runs as run_store
from {{ cookiecutter.package_name }}.agent import Agent
from {{ cookiecutter.package_name }}.local.records import SqliteRecords
from {{ cookiecutter.package_name }}.runs import RunStore, UnknownRunError
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.users import User
from {{ cookiecutter.package_name }}.web import create_app

LEAD = {"X-Demo-User": "hugo-lead"}
REFUND = {"task": "Please refund order O-1005."}


def test_the_page_tells_people_that_they_use_an_ai(client: TestClient, settings: Settings) -> None:
    page = client.get("/")
    assert 'id="disclosure"' in page.text
    assert "http" not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert client.get("/api/info").json()["disclosure"] == settings.text("disclosure")
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_task_shows_every_step(client: TestClient) -> None:
    run = client.post("/api/tasks", json={"task": "Where is order O-1001?"}).json()
    assert run["state"] == "done"
    assert run["steps"][0]["arguments"] == {"order": "O-1001"}


def test_a_change_is_decided_by_somebody_else_and_once(client: TestClient) -> None:
    run = client.post("/api/tasks", json=REFUND).json()
    assert run["pending"] == {
        "tool": "refund_order",
        "arguments": {"order": "O-1005", "amount": 75.0},
    }
    path = f"/api/approvals/{run['id']}"
    assert client.post(path, json={"approve": True}).status_code == 403
    assert [item["id"] for item in client.get("/api/approvals", headers=LEAD).json()] == [run["id"]]
    decided = client.post(path, json={"approve": True}, headers=LEAD).json()
    assert "75.00 EUR go back" in decided["answer"]
    assert client.post(path, json={"approve": True}, headers=LEAD).status_code == 404
    assert client.get("/api/approvals", headers=LEAD).json() == []


def test_ones_own_task_stays_for_others(client: TestClient) -> None:
    run = client.post("/api/tasks", json=REFUND, headers=LEAD).json()
    path = f"/api/approvals/{run['id']}"
    assert client.post(path, json={"approve": True}, headers=LEAD).status_code == 403
    assert len(client.get("/api/approvals", headers=LEAD).json()) == 1


def test_who_gave_a_task_sees_what_was_decided_and_nobody_else(client: TestClient) -> None:
    run = client.post("/api/tasks", json=REFUND).json()
    path = f"/api/tasks/{run['id']}"
    assert client.get(path).json()["state"] == "waiting"
    client.post(f"/api/approvals/{run['id']}", json={"approve": True}, headers=LEAD)
    assert "75.00 EUR go back" in client.get(path).json()["answer"]
    assert client.get(path, headers=LEAD).status_code == 404


def test_approvers_stop_the_agent_and_let_it_work_again(client: TestClient, log: list[str]) -> None:
    off = {"enabled": False}
    assert client.post("/api/switch", json=off).status_code == 403
    assert client.post("/api/switch", json=off, headers=LEAD).json() == off
    assert json.loads(log[-1])["event"] == "switch"
    asked = {"task": "Where is order O-1001?"}
    assert client.post("/api/tasks", json=asked).json()["reason"] == "stopped"
    assert client.get("/api/switch", headers=LEAD).json() == off
    client.post("/api/switch", json={"enabled": True}, headers=LEAD)
    assert client.post("/api/tasks", json=asked).json()["reason"] == ""


def test_a_switch_that_cannot_be_read_is_off(
    settings: Settings, agent: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = RunStore(SqliteRecords(tmp_path / "runs.sqlite"))
    app = create_app(settings, agent, runs)
    monkeypatch.setattr(RunStore, "stopped", lambda _: 1 / 0)
    with TestClient(app) as client:
        answer = client.post("/api/tasks", json={"task": "Where is order O-1001?"}).json()
    assert answer["reason"] == "stopped"


@pytest.mark.parametrize(
    "body", [{"task": ""}, {"task": "x" * 1001}, {"task": "x", "approve": True}]
)
def test_tasks_of_another_shape_are_refused(client: TestClient, body: dict[str, object]) -> None:
    assert client.post("/api/tasks", json=body).status_code == 422
    assert client.post("/api/tasks", json=REFUND, headers={"X-Demo-User": "eve"}).status_code == 401


def test_a_restart_loses_no_run_that_waits(agent: Agent, gina: User, tmp_path: Path) -> None:
    run = agent.start(gina, REFUND["task"])
    RunStore(SqliteRecords(tmp_path / "runs.sqlite")).save(run)
    again = RunStore(SqliteRecords(tmp_path / "runs.sqlite"))
    assert again.take(run.id) == run
    with pytest.raises(UnknownRunError):
        again.take(run.id)


def test_decided_runs_are_deleted_in_time(
    agent: Agent, gina: User, hugo: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = RunStore(SqliteRecords(tmp_path / "runs.sqlite"))
    runs.save(agent.start(gina, REFUND["task"]))
    (waiting,) = runs.waiting()
    runs.save(agent.decide(waiting, hugo, approve=False))
    assert runs.purge(30) == 0
    later = run_store._now() + timedelta(days=31)
    monkeypatch.setattr(run_store, "_now", lambda: later)
    assert runs.purge(30) == 1
    with pytest.raises(UnknownRunError):
        runs.of(gina, waiting.id)
