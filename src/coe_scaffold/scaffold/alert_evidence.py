"""Whether a monitoring plan says of its alert rules what a parameter file of the landing zone says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from coe_scaffold.bicep import compile_parameters
from coe_scaffold.errors import CoeError
from coe_scaffold.model.review import Lack
from coe_scaffold.scaffold.markdown import Row, tables_of

_COLUMN, _WHEN = "Alert rule", "Act when"
_NUMBER = re.compile(r"[0-9][0-9,]*")


def alert_lacks(plan: str, text: str, path: str, read: Callable[[str], bytes]) -> Iterator[Lack]:
    """Yield what a plan and the parameter file at ``path`` say of alert rules and do not agree on.

    ``plan`` is the path of the document, ``text`` its content; ``read`` reads the repository's files.
    """
    table = next((table for table in tables_of(text) if {_COLUMN, _WHEN} <= {*table[0].cells}), None)
    if table is None:
        yield Lack(plan, f"no table with the columns '{_WHEN}' and '{_COLUMN}'")
        return
    try:
        alerts = compile_parameters(path, read, {}).parameters.get("alerts", {}).get("value", {})
    except CoeError as error:
        yield Lack(path, f"its alert rules cannot be read: {error.summary}")
        return
    columns = [table[0].cells.index(name) for name in (_COLUMN, _WHEN)]
    said = {
        row.cells[columns[0]].strip("`"): (row, row.cells[columns[1]])
        for row in table[2:]
        if len(row.cells) > max(columns)
    }
    for rule, (row, when) in said.items():
        yield from _disagreement(plan, row, rule, when, path, alerts)
    for rule in alerts.keys() - said.keys():
        yield Lack(plan, f"the alert rule '{rule}' of {path} is not in the table")


def _disagreement(
    plan: str, row: Row, rule: str, when: str, path: str, alerts: Mapping[str, Any]
) -> Iterator[Lack]:
    if rule not in alerts:
        yield Lack(plan, f"{row.cells[0]}: {path} has no alert rule '{rule}'", line=row.line)
        return
    threshold = alerts[rule]["threshold"]
    if threshold not in {int(number.replace(",", "")) for number in _NUMBER.findall(when)}:
        message = f"{row.cells[0]}: {path} says {threshold:,}, the plan says '{when}'"
        yield Lack(plan, message, line=row.line)
