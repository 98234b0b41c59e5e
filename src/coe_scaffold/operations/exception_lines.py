"""The lines of coe.yaml that findings about exceptions are about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from coe_scaffold.checks.exceptions import PATH
from coe_scaffold.model.finding import Finding
from coe_scaffold.model.settings import Settings

_FILE = "coe.yaml"
_START = re.compile(rf"^{PATH}\s*:")
_ENTRY = re.compile(r"""(?:^|[\s{,'"-])guardrail['"]?\s*:""")


def at_exceptions(settings: Settings, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with the line of the exception where they are about one of coe.yaml.

    A file whose entries cannot be told apart line by line, or that is not there, leaves them as they are.
    """
    told = tuple(findings)
    if not any(_about_one(finding) for finding in told):
        return told
    lines = _lines(Path(settings.root) / _FILE)
    if len(lines) != len(settings.exceptions):
        return told
    places = {
        (given.guardrail, given.scope): line
        for given, line in reversed([*zip(settings.exceptions, lines, strict=True)])
    }
    return tuple(
        replace(finding, location=f"{_FILE}:{places[finding.rule, finding.subject]}")
        if _about_one(finding) and (finding.rule, finding.subject) in places
        else finding
        for finding in told
    )


def _about_one(finding: Finding) -> bool:
    return finding.path == PATH and finding.location == _FILE


def _lines(file: Path) -> list[int]:
    """Return the line of each entry below ``exceptions``: the one that names its guardrail."""
    try:
        text = file.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []
    start = next((number for number, line in enumerate(text) if _START.match(line)), len(text))
    found = []
    for number, line in enumerate(text[start:], start + 1):
        if number > start + 1 and re.match(r"[A-Za-z]", line):
            break
        found += [number] * len(_ENTRY.findall(line.partition(" #")[0]))
    return found
