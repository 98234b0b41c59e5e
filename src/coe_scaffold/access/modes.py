"""How roles that are not standing are given: as the matrix says, as active ones that end, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from coe_scaffold.access.effective import role_lookup
from coe_scaffold.access.separation import Situation, separation
from coe_scaffold.catalog import RuleKind, separation_rules
from coe_scaffold.model.access import Assignment, Mode
from coe_scaffold.model.settings import Pim, Settings


class Held(Protocol):
    """Something that carries an assignment."""

    @property
    def assignment(self) -> Assignment:
        """The assignment as the matrix asks for it."""


def in_mode(item: Held, settings: Settings, environment: str) -> Assignment | None:
    """Return an assignment in the mode it is given in; None when it cannot be given. Never a standing one.

    Without eligibility an eligible row becomes a time-bound one where its activation needs no approval and
    the rules on separation of duties would let it stand: a role that is active for months is judged as one.
    """
    given = item.assignment
    match settings.access.pim:
        case _ if given.mode is Mode.STANDING:
            return given
        case Pim.ON:
            return given
        case Pim.OFF if given.mode is Mode.TIME_BOUND:
            return given
        case Pim.OFF:
            return _bound(given, settings, environment)
        case Pim.NONE:
            return None


def mode_notes(settings: Settings, given: Iterable[tuple[Assignment, Assignment | None]]) -> Iterator[str]:
    """Yield what is given otherwise than the matrix says, one line per cause; nothing when PIM is on."""
    if settings.access.pim is Pim.ON:
        return
    told: Counter[str] = Counter()
    roles: dict[str, dict[str, None]] = {}
    for wanted, got in given:
        if got == wanted:
            continue
        if got is not None:
            cause = (
                "eligible in the matrix, held active without activation and ended by Azure after "
                f"{settings.access.active_days} days, because access.pim is off"
            )
        elif settings.access.pim is Pim.NONE:
            cause = f"{wanted.mode} in the matrix, not given, because access.pim is none"
        else:
            cause = (
                "eligible in the matrix, not given, because it needs approval, or separation of duties "
                "forbids it to be active for long"
            )
        told[cause] += 1
        roles.setdefault(cause, {})[wanted.role.name] = None
    for cause, count in sorted(told.items()):
        yield f"{count} assignment{'s' if count != 1 else ''} ({', '.join(roles[cause])}): {cause}"


def _bound(given: Assignment, settings: Settings, environment: str) -> Assignment | None:
    if environment in settings.access.approval:
        return None
    situation = Situation(environment, role_lookup(settings.organisation.management_group))
    modes = (Mode.STANDING, Mode.TIME_BOUND)
    # Whether a resource takes keys at all is judged with the resources, when the plan is made.
    keys = {rule.id for rule in separation_rules() if rule.kind is RuleKind.KEYS}
    found = [one for mode in modes for one in separation((replace(given, mode=mode),), situation)]
    return None if any(one.rule not in keys for one in found) else replace(given, mode=Mode.TIME_BOUND)
