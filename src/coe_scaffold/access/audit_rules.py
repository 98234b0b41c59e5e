"""The rules of an access audit by id, and what breaking one is told as."""

from __future__ import annotations

from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.scope import Scope

AUDIT_TITLES = {
    "COE-AUD-01": "A wanted assignment is missing",
    "COE-AUD-02": "An assignment nobody asked for",
    "COE-AUD-03": "A function holds more than its rows",
    "COE-AUD-04": "Standing access where the matrix says eligible or time-bound",
    "COE-AUD-05": "An assignment's condition differs",
    "COE-AUD-06": "An assignment to a principal that is gone",
    "COE-AUD-07": "An assignment that adds nothing",
    "COE-AUD-08": "A role given to a user instead of a group",
    "COE-AUD-09": "Somebody may assign any role",
    "COE-AUD-10": "A role the catalogue does not know",
    "COE-AUD-11": "A custom role differs from its definition",
    "COE-AUD-12": "A role held for a while ends soon or has no end",
    "COE-AUD-13": "Activating a role takes less than it should",
    "COE-AUD-14": "A role is called by a name it no longer has",
    "COE-AUD-15": "A deny assignment takes what the matrix gives",
    "COE-AUD-16": "A subscription has more than three owners",
}
"""What each rule finds, by its id."""


def finding_of(rule: str, severity: Severity, subject: Scope | str, message: str, fix: str) -> Finding:
    """Return the finding of a rule about a scope or a role's GUID; the Compliance Officer owns it."""
    return Finding(
        rule=rule,
        title=AUDIT_TITLES[rule],
        severity=severity,
        outcome=Outcome.FAIL,
        subject=subject.path if isinstance(subject, Scope) else subject,
        message=message,
        owner="compliance-officer",
        fix=fix,
    )
