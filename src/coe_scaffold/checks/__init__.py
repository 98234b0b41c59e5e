"""Guardrails judged on evaluated resources; pure."""

from coe_scaffold.checks.context import CheckContext, context_for
from coe_scaffold.checks.rule import Rule, Where
from coe_scaffold.checks.rules import all_rules
from coe_scaffold.checks.run import open_findings, run

__all__ = ["CheckContext", "Rule", "Where", "all_rules", "context_for", "open_findings", "run"]
