"""Whether members of a function's group own it: an owner adds members, so he gives himself its roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coe_scaffold.catalog import RuleKind, separation_rules, titles
from coe_scaffold.model.access import DirectoryView
from coe_scaffold.model.finding import Finding, Outcome


def owned_by_members(directory: DirectoryView, functions: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """Yield a finding for every group that one of its members owns; ``functions`` are by the group's id."""
    (rule,) = (rule for rule in separation_rules() if rule.kind is RuleKind.OUTSIDE)
    for group, who in sorted(directory.people.items()):
        both = sorted(who.owners & who.members)
        if both:
            filling = functions.get(group, ())
            fills = f" ({titles(filling)})" if filling else ""
            yield Finding(
                rule=rule.id,
                title=rule.title,
                severity=rule.severity,
                outcome=Outcome.FAIL,
                subject=f"/groups/{group}",
                message=f"group {group}{fills} is owned by its members {', '.join(both)}",
                owner=rule.owner,
                fix=rule.fix,
            )
