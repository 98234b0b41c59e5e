"""Whether the application can do its work: ``/readyz`` does a small piece of it and says how that went.

Anybody may ask, so an answer holds no content, and the work is done once in a while however many ask.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Response

Trial = Callable[[], str]
"""Does a piece of work and returns what is wrong with the result; an empty text when nothing is."""

SECONDS = 30.0
"""For so long a result is told again."""


class Readiness:
    """Trials by name. One look at a time, and at most one every ``SECONDS``."""

    def __init__(
        self, trials: Mapping[str, Trial], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._trials = trials
        self._clock = clock
        self._lock = threading.Lock()
        self._told: dict[str, str] = {}
        self._until = 0.0

    def look(self) -> dict[str, str]:
        """Return for each trial ``works`` or what is wrong."""
        with self._lock:
            if not self._told or self._clock() >= self._until:
                self._told = {name: _tried(name, trial) for name, trial in self._trials.items()}
                self._until = self._clock() + SECONDS
            return dict(self._told)


def add_readiness(app: FastAPI, provider: str, trials: Mapping[str, Trial]) -> None:
    """Add ``/readyz``: 200 when every trial works, else 503."""
    readiness = Readiness(trials)

    @app.get("/readyz")
    def ready(response: Response) -> dict[str, Any]:
        told = readiness.look()
        works = all(said == "works" for said in told.values())
        response.status_code = 200 if works else 503
        return {"status": "ready" if works else "not ready", "provider": provider, "trials": told}


def _tried(name: str, trial: Trial) -> str:
    """A service that fails has details for the log only: whoever asks learns the kind of failure."""
    try:
        return trial() or "works"
    except Exception as error:
        logging.exception("the trial '%s' failed", name)
        return f"failed with {type(error).__name__}"
