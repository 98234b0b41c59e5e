"""A guardrail as a value: what is demanded of which resources, who owns it, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coe_scaffold.checks.operators import Default, Demand, Operator
from coe_scaffold.model.finding import Severity

__all__ = ["Demand", "Inline", "Rule", "Severity", "Where"]


class Where(StrEnum):
    """Where a guardrail is judged."""

    TEMPLATE = "template"
    POLICY = "policy"
    RUNTIME = "runtime"
    REPOSITORY = "repository"


@dataclass(frozen=True)
class Inline:
    """Another place the same thing may be declared: elements at ``path`` inside a resource of a type.

    Without a path it is the resource itself.
    """

    resource_type: str
    path: str = ""


@dataclass(frozen=True)
class Rule:
    """One guardrail.

    ``resource_type`` is what it is judged on (``*`` = every resource, ``template`` = the compiled template
    itself); ``path`` and ``operator`` say what is demanded there, ``when`` narrows it to the resources it
    is meant for, ``default`` what Azure takes where nothing is said (its documented default, and only where
    the built-in policy counts it too), and ``inline`` names further places. ``profiles`` say when it
    applies (``all``, ``prod``, ``nonprod``, ``regulated`` or a kind of project). ``owner`` is the id of the
    CoE function that may grant an exception. ``azure_policy`` are GUIDs of built-in definitions and
    initiatives, ``alz`` names of Azure landing zone policies, ``mcsb`` controls of the Microsoft cloud
    security benchmark v2. A rule that is not judged on templates has no operator, and ``judged_at`` says
    where and how it is judged instead.
    """

    id: str
    title: str
    severity: Severity
    category: str
    owner: str
    resource_type: str
    rationale: str
    fix: str
    path: str = ""
    operator: Operator | None = None
    when: tuple[Demand, ...] = ()
    default: Default | None = None
    inline: Inline | None = None
    profiles: tuple[str, ...] = ("all",)
    where: Where = Where.TEMPLATE
    judged_at: str = ""
    azure_policy: tuple[str, ...] = ()
    alz: tuple[str, ...] = ()
    checkov: tuple[str, ...] = ()
    psrule: tuple[str, ...] = ()
    mcsb: tuple[str, ...] = ()
    source: tuple[str, ...] = ()

    @property
    def demand(self) -> Demand | None:
        """The operator on its path, or None when the rule is not judged on templates."""
        if self.operator is None:
            return None
        return Demand(self.path, self.operator, default=self.default)
