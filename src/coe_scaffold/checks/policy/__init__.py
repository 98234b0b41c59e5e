"""Azure Policy, evaluated on resources: exported definitions, initiatives, assignments and exemptions; pure.

Sources of the rules: Microsoft Learn, "Azure Policy definition structure" (policy rule, alias, parameters),
"Author policies for array properties", "Azure Policy assignment structure" and "exemption structure".
"""

from coe_scaffold.checks.policy.applied import Applied, applied
from coe_scaffold.checks.policy.decision import Decision, Setting, decide
from coe_scaffold.checks.policy.deletion import Deletion, Denial, denied_deletions
from coe_scaffold.checks.policy.judge import judge_policies
from coe_scaffold.checks.policy.model import NotSupportedError, PolicyExport
from coe_scaffold.checks.policy.reading import read_documents, read_export

__all__ = [
    "Applied",
    "Decision",
    "Deletion",
    "Denial",
    "NotSupportedError",
    "PolicyExport",
    "Setting",
    "applied",
    "decide",
    "denied_deletions",
    "judge_policies",
    "read_documents",
    "read_export",
]
