"""Read exported Azure policies from files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from coe_scaffold.checks.policy import PolicyExport, read_export
from coe_scaffold.errors import ConfigError, Problem
from coe_scaffold.ports import FileStore


def read_policies(paths: Iterable[Path], files: FileStore) -> PolicyExport | None:
    """Return what exported files hold together; None without files.

    Raises ConfigError with every problem of every file, UsageError for one that cannot be read.
    """
    problems: list[Problem] = []
    whole: PolicyExport | None = None
    for path in paths:
        text = files.read(path).decode("utf-8-sig", errors="replace")
        try:
            found = read_export(text, path.as_posix())
        except ConfigError as error:
            problems += error.problems
            continue
        whole = whole or PolicyExport()
        for policy in whole.contradicted(found):
            message = f"another of the files says something else about {policy}"
            problems.append(Problem(path.as_posix(), 0, 0, message))
        whole = whole.joined(found)
    if problems:
        raise ConfigError(problems)
    return whole
