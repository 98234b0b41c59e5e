"""The access sections of coe.yaml and project.yaml: how roles are given; overrides as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coe_scaffold.config.document import Document
from coe_scaffold.config.problems import suggest
from coe_scaffold.config.schema import AccessSection, RowChangeSection
from coe_scaffold.errors import Problem
from coe_scaffold.model.settings import AccessSettings, Pim, RowChange, RowVerb


def access_settings(section: AccessSection, document: Document) -> AccessSettings:
    """Return how an organisation gives access."""
    return AccessSettings(
        pim=Pim(section.pim),
        eligible_days=section.eligible_days,
        active_days=section.active_days,
        renew_days=section.renew_days,
        activation_hours=section.activation.hours,
        multi_factor=section.activation.multi_factor,
        approval=tuple(section.activation.approval),
        changes=row_changes(section.matrix, document),
    )


def row_changes(sections: Iterable[RowChangeSection], document: Document) -> tuple[RowChange, ...]:
    """Return the overrides of one file, each with its place there."""
    return tuple(
        RowChange(
            verb=RowVerb(item.change),
            function=item.function,
            environment=item.environment,
            scope_kind=item.scope,
            role=item.role.lower(),
            reason=item.reason,
            mode=item.mode or "",
            new_role=(item.by or "").lower(),
            name=item.name,
            location=f"{document.file}:{document.place(('access', 'matrix', number))[0]}",
        )
        for number, item in enumerate(sections)
    )


def term_problems(
    section: AccessSection, environments: Iterable[str], document: Document
) -> Iterator[Problem]:
    """Yield what is wrong with the days and the environments of coe.yaml's access section."""
    for name, days in (("eligibleDays", section.eligible_days), ("activeDays", section.active_days)):
        if section.renew_days >= days:
            message = f"renewDays ({section.renew_days}) is not below {name} ({days})"
            fix = "Everything would be renewed each time: give renewDays a smaller number."
            yield document.problem(("access", "renewDays"), message, fix=fix, code="COE-CFG-030")
    for number, name in enumerate(section.activation.approval):
        path = ("access", "activation", "approval", number)
        if name not in environments and path in document.places:
            message = f"environment '{name}' is not in coe.yaml"
            yield document.problem(path, message, fix=suggest(name, environments), code="COE-CFG-024")
