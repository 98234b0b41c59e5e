"""What the report shows: a whole workspace at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from coe_scaffold.model.access import Assignment
from coe_scaffold.model.coe import CoeFunction
from coe_scaffold.model.finding import Finding
from coe_scaffold.model.plan import Plan
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.settings import Environment, Settings


@dataclass(frozen=True)
class EnvironmentReport:
    """One environment: what would exist there, who would have access, and what the guardrails say.

    ``plan`` is absent when the cloud was not asked what exists already.
    """

    environment: Environment
    graph: ResourceGraph
    assignments: tuple[Assignment, ...] = ()
    findings: tuple[Finding, ...] = ()
    plan: Plan | None = None


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence a project owes: at which gate, who approves it, and whether it is there.

    ``approver`` is the id of a CoE function; ``status`` is a short word such as ``present``,
    ``missing`` or ``not required``.
    """

    project: str
    id: str
    title: str
    gate: str
    approver: str
    status: str
    file: str = ""


@dataclass(frozen=True)
class ReportData:
    """A whole workspace at one moment. ``made_at`` is in UTC; ``version`` is this tool's."""

    settings: Settings
    functions: tuple[CoeFunction, ...]
    environments: tuple[EnvironmentReport, ...]
    made_at: datetime
    version: str
    evidence: tuple[Evidence, ...] = field(default=())
