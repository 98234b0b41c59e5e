"""The smoke test: ``python -m`` this module with the address of a running server, which must score."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .asking import ask, report

SAMPLE = Path("deploy") / "sample-request.json"


def problems(address: str) -> Sequence[str]:
    """Return everything that is wrong with a server; raise AddressError for no address."""
    sample = json.loads((Path(os.environ.get("APP_HOME", ".")) / SAMPLE).read_text("utf-8"))
    try:
        reply = ask(address, "POST", "/score", body=sample)
    except OSError as error:
        return [f"does not answer: {error}"]
    if reply.status != 200:
        return [f"answers {reply.status} to {SAMPLE}"]
    problem = unlike_scores(reply.body, len(sample["rows"]))
    return [problem] if problem else []


def unlike_scores(body: Any, rows: int) -> str:
    """Return what an answer to a request of so many rows lacks; an empty text when nothing."""
    if not isinstance(body, dict) or "scores" not in body:
        said = body.get("error") if isinstance(body, dict) else body
        return f"is no answer with scores: {said}"
    scores, facts = body["scores"], body.get("model")
    if not isinstance(scores, list) or len(scores) != rows:
        return f"does not score each of {rows} rows"
    if not all(isinstance(score, float | int) and 0 <= score <= 1 for score in scores):
        return "has a score that is no probability"
    return "" if facts else "does not say which model scored"


if __name__ == "__main__":
    sys.exit(report(problems))
