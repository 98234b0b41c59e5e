"""Who acts: the principal of the request or of the long-running work that this thread does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Actor:
    """A caller. ``principals`` are its object id and those of its groups; empty means owner of everything.

    ``stack`` is the id of the deployment stack on whose behalf the work is done: its deny settings do not
    hold for itself.
    """

    principals: tuple[str, ...] = ()
    stack: str = ""

    @property
    def owner(self) -> bool:
        """Whether the actor may do everything."""
        return not self.principals


OWNER = Actor()
_CURRENT: ContextVar[Actor] = ContextVar("actor", default=OWNER)


def current() -> Actor:
    """Return who acts now."""
    return _CURRENT.get()


def shown() -> str:
    """Return how the service names the caller in ``systemData``."""
    return current().principals[0] if current().principals else "owner@sandbox.local"


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Act as somebody for the length of a block."""
    token = _CURRENT.set(actor)
    try:
        yield
    finally:
        _CURRENT.reset(token)


@contextmanager
def on_behalf_of_stack(stack: str) -> Iterator[None]:
    """Act for a deployment stack, as whoever acts now."""
    with acting(replace(current(), stack=stack)):
        yield
