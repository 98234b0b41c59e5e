"""The smoke test: against the application as it is served, and against ones that are broken."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Response
from fastapi.testclient import TestClient

from {{ cookiecutter.package_name }}.asking import report
from {{ cookiecutter.package_name }}.readiness import Readiness, add_readiness
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.smoke import problems

OPEN = "sign-in: anybody can say who he is; turn on built-in authentication"


@contextmanager
def served(app: Any) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def application(status: int, trials: Mapping[str, Callable[[], str]]) -> FastAPI:
    """An application on Azure that answers this status to whoever says himself who he is."""
    app = FastAPI()
    add_readiness(app, "azure", trials)
    app.add_api_route("/api/user", lambda: Response(status_code=status))
    return app


def broken() -> str:
    raise ConnectionError("the secret details")


def test_this_application_does_a_piece_of_its_real_work(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(client.app) as address:
        assert report(problems, [address]) == 0
        assert capsys.readouterr().out == f"{address} works\n"
    told = client.get("/readyz").json()
    assert told["provider"] == "local"
    assert set(told["trials"].values()) == {"works"}


def test_a_trial_leaves_nothing_behind(client: TestClient, log: list[str]) -> None:
    assert client.get("/readyz").status_code == 200
    assert log == []


def test_what_does_not_work_is_named_without_details(capsys: pytest.CaptureFixture[str]) -> None:
    trials: dict[str, Callable[[], str]] = {
        "search": lambda: "refused (no-source)",
        "model": broken,
        "records": str,
    }
    with served(application(401, trials)) as address:
        assert problems(address) == [
            "search: refused (no-source)",
            "model: failed with ConnectionError",
        ]
        assert report(problems, [address]) == 1
    assert "secret details" not in capsys.readouterr().err


@pytest.mark.parametrize(("status", "found"), [(401, []), (302, []), (200, [OPEN]), (404, [OPEN])])
def test_whoever_says_himself_who_he_is_must_be_turned_away(status: int, found: list[str]) -> None:
    with served(application(status, {"model": str})) as address:
        assert problems(address) == found


def test_an_application_that_tries_nothing_or_hides_it_does_not_pass() -> None:
    with served(application(401, {})) as address:
        assert problems(address) == ["/readyz answers 200 and names no trial"]
    hidden = FastAPI()
    hidden.add_api_route("/readyz", lambda: Response(status_code=401))
    with served(hidden) as address:
        assert problems(address) == [
            "sign-in hides /readyz: exclude /healthz and /readyz from it",
        ]
    assert problems(address)[0].startswith("does not answer: ")
    assert report(problems, ["localhost"]) == 2


def test_however_many_ask_the_work_is_done_once_in_a_while() -> None:
    now, done = [0.0], []

    def work() -> str:
        done.append(now[0])
        return ""

    readiness = Readiness({"model": work}, clock=lambda: now[0])
    assert [readiness.look() for _ in range(3)] == [{"model": "works"}] * 3
    now[0] = 31.0
    readiness.look()
    assert done == [0.0, 31.0]


def test_the_application_says_which_groups_somebody_is_in(
    client: TestClient, settings: Settings
) -> None:
    assert isinstance(client.get("/api/user").json()["groups"], list)
    assert client.get("/api/user", headers={"X-Demo-User": "eve"}).status_code == 401
