"""The access matrix, the RACI table, the review sheet and the audit as tables."""

from __future__ import annotations

from collections.abc import Iterable

from coe_scaffold.catalog import function, functions, scope_kind
from coe_scaffold.model.finding import Finding
from coe_scaffold.operations.access import MatrixView
from coe_scaffold.operations.people import RaciRow, ReviewRow, matrix_cells
from coe_scaffold.report.findings import place
from coe_scaffold.report.tables import Table

RACI_NOTE = "R: may do it. r: may do it once activated, or for a while. A: answers for it. I: may see it."


def matrix_tables(rows: Iterable[MatrixView], environments: tuple[str, ...]) -> tuple[Table, ...]:
    """Return the matrix twice: a function's roles by environment, then every row with its reason."""
    found = tuple(rows)
    by_function = Table("Roles by function", ("Function", *environments), matrix_cells(found, environments))
    lines = tuple(
        (
            function(row.function).title,
            row.environment,
            scope_kind(row.scope_kind).title,
            row.role_name,
            row.role,
            row.mode,
            row.why,
            row.source,
        )
        for row in found
    )
    headings = ("Function", "Environment", "Place", "Role", "Role GUID", "Mode", "Why", "Source")
    return (by_function, Table("Rows", headings, lines))


def raci_table(rows: Iterable[RaciRow], environment: str) -> Table:
    """Return the RACI table of an environment."""
    return Table(
        f"Who does what in {environment}",
        ("Activity", *(item.title for item in functions())),
        tuple((row.activity, *row.cells) for row in rows),
    )


def review_tables(rows: Iterable[ReviewRow]) -> tuple[Table, ...]:
    """Return one table per function, with empty columns for the decision."""
    found = tuple(rows)
    headings = ("Role", "Scope", "Mode", "Group", "State", "Last change", "Ends", "Reason", "Keep?", "By, on")
    return tuple(
        Table(
            item.title,
            headings,
            tuple(
                (
                    row.role,
                    row.scope,
                    row.mode,
                    row.group,
                    row.state,
                    row.changed,
                    row.ends,
                    row.reason,
                    "",
                    "",
                )
                for row in found
                if row.function == item.id
            ),
        )
        for item in functions()
        if any(row.function == item.id for row in found)
    )


def findings_table(findings: Iterable[Finding]) -> Table:
    """Return findings as a table, the worst first."""
    ordered = sorted(findings, key=lambda item: (-item.severity.rank, item.rule, item.subject))
    rows = tuple(
        (item.rule, item.severity.value, item.outcome.value, item.message, place(item.subject)[0], item.fix)
        for item in ordered
    )
    return Table("Findings", ("Rule", "Severity", "Outcome", "What", "Where", "Fix"), rows)
