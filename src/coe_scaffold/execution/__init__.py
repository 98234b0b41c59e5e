"""Plan and ports to a journal of outcomes: the only package that makes anything change."""

from coe_scaffold.execution.outcome import RunOutcome, outcome, raise_for
from coe_scaffold.execution.run import CONCURRENCY, execute
from coe_scaffold.execution.steps import Ports

__all__ = ["CONCURRENCY", "Ports", "RunOutcome", "execute", "outcome", "raise_for"]
