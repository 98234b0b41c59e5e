"""What ``/readyz`` tries: the document of ``config/smoke.yaml``, and the place of the review queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import yaml

from .pipeline import Pipeline, Result
from .printing import printed
from .readiness import Trial
from .reviews import ReviewQueue
from .settings import Settings


def trials(settings: Settings, pipeline: Pipeline, queue: ReviewQueue) -> Mapping[str, Trial]:
    """Return the trials of reader and extractor, and of the records; nothing is queued or logged."""
    case = yaml.safe_load((settings.home / "config" / "smoke.yaml").read_text("utf-8"))
    text = (settings.home / case["document"]).read_text("utf-8")
    content = text.encode("utf-8") if settings.provider == "local" else printed(text)
    quiet = replace(pipeline, write=_quiet)
    return {
        "document": lambda: wrong(quiet.process(content), case["fields"]),
        "records": lambda: _reached(queue),
    }


def wrong(result: Result, fields: Mapping[str, str]) -> str:
    """Return which fields were not read, or not as they stand in the document."""
    found = [name for name, value in fields.items() if result.value(name) != value]
    return f"not read as it stands there: {', '.join(found)}" if found else ""


def _reached(queue: ReviewQueue) -> str:
    queue.open(most=1)
    return ""


def _quiet(line: str) -> None:
    """A trial is nobody's document: it stays out of the log."""
