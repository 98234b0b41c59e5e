"""The smoke test: against the server as it runs, and against answers that are no scores."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
import uvicorn

from {{ cookiecutter.package_name }}.asking import report
from {{ cookiecutter.package_name }}.scoring import Scorer
from {{ cookiecutter.package_name }}.smoke import problems, unlike_scores
from {{ cookiecutter.package_name }}.web import create_app

GOOD = {"scores": [0.1, 1], "late": [False, True], "model": {"data version": "1"}}


def test_the_server_scores_the_sample(scorer: Scorer, capsys: pytest.CaptureFixture[str]) -> None:
    server = uvicorn.Server(uvicorn.Config(create_app(scorer), port=0, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.01)
        address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        assert report(problems, [address]) == 0
        assert capsys.readouterr().out == f"{address} works\n"
    finally:
        server.should_exit = True
        thread.join()
    assert problems(address)[0].startswith("does not answer: ")
    assert report(problems, ["localhost"]) == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (GOOD, ""),
        ({"error": "row 0: channel is missing"}, "row 0: channel is missing"),
        (None, "no answer with scores"),
        ({**GOOD, "scores": [0.1]}, "each of 2 rows"),
        ({**GOOD, "scores": [0.1, 1.5]}, "no probability"),
        ({**GOOD, "model": {}}, "which model"),
    ],
)
def test_an_answer_must_score_every_row(body: Any, said: str) -> None:
    found = unlike_scores(body, 2)
    assert said in found
    assert bool(found) == bool(said)
