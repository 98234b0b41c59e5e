"""The automated checks of evidence: each takes a row of the catalogue and yields what lacks."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from coe_scaffold.catalog.review import Check
from coe_scaffold.model.review import Lack
from coe_scaffold.scaffold.alert_evidence import alert_lacks
from coe_scaffold.scaffold.markdown import tables_of

_TO_DO = re.compile(r"\*\*To do \(([^)]+)\):?\*\*:?\s*(.*)")


@dataclass(frozen=True)
class Evidence:
    """A repository's files as a review reads them: ``find`` a glob's paths, sorted, and ``read`` one."""

    find: Callable[[str], tuple[str, ...]] = field(hash=False)
    read: Callable[[str], bytes] = field(hash=False)
    tier: str
    today: date

    def text(self, path: str) -> str:
        """Return a file as text."""
        return self.read(path).decode("utf-8", errors="replace")

    def data(self, path: str) -> Any:
        """Return a YAML or JSON file, or a Markdown file's front matter; None when it is neither."""
        import yaml

        text = self.text(path)
        if path.endswith(".md"):
            parts = text.split("---\n", 2)
            text = parts[1] if len(parts) == 3 and not parts[0].strip() else ""
        try:
            return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        except (yaml.YAMLError, ValueError):
            return None


def judge(check: Check, evidence: Evidence) -> Iterator[Lack]:
    """Yield what lacks by one check; a file that is not there is the only lack it then has."""
    if evidence.tier not in check.get("tiers", (evidence.tier,)):
        return
    paths = evidence.find(check["file"])
    person = bool(check.get("person"))
    if not paths:
        yield Lack(check["file"], "the file is not there", person)
        return
    operation = _OPERATIONS[check["op"]]
    for lack in operation(check, paths, evidence):
        yield Lack(lack.file, lack.message, lack.person or person, lack.line)


def _there(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    yield from ()


def _front(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    """Front matter: approved by a person, review date ahead, nothing left to do."""
    for path in paths:
        facts = evidence.data(path)
        if not isinstance(facts, dict) or not facts.get("owner") or not facts.get("approver"):
            yield Lack(path, "it has no front matter with owner, approver, status and review_by")
            continue
        if facts.get("status") != "approved":
            yield Lack(
                path, f"{facts['approver']} has not approved it (status: {facts.get('status')})", person=True
            )
        day = _date(facts.get("review_by"))
        if day is None or day < evidence.today:
            yield Lack(path, f"its review date has passed or is none: {facts.get('review_by')}")
        for number, line in enumerate(evidence.text(path).splitlines(), 1):
            if found := _TO_DO.search(line):
                yield Lack(path, f"to do by {found[1]}: {found[2]}".rstrip(":| "), person=True, line=number)


def _text(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    pattern = re.compile(_flags_first(check["pattern"]))
    if not any(pattern.search(evidence.text(path)) for path in paths):
        yield Lack(paths[0], check["message"])


def _absent(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    for path in paths:
        for number, line in enumerate(evidence.text(path).splitlines(), 1):
            if re.search(check["pattern"], line):
                yield Lack(path, check["message"], line=number)


def _headings(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    for path in paths:
        found = [
            line.lstrip("#").strip().lower() for line in evidence.text(path).splitlines() if line[:1] == "#"
        ]
        for heading in check["headings"]:
            if not any(item.startswith(heading.lower()) for item in found):
                yield Lack(path, f"the section '{heading}' is not there")


def _value(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    for path in paths:
        value = _at(evidence.data(path), check["path"])
        if (
            ("in" in check and value not in check["in"])
            or ("not" in check and value in check["not"])
            or (check.get("filled") and value in (None, "", []))
        ):
            wanted = f" ({' or '.join(map(str, check['in']))})" if "in" in check else ""
            yield Lack(
                path, f"'{check['path']}' is {'empty' if value in (None, '') else repr(value)}{wanted}"
            )


def _same(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    other = evidence.find(check["other"])
    there = _at(evidence.data(other[0]), check["otherPath"]) if other else None
    here = _at(evidence.data(paths[0]), check["path"])
    if here != there:
        yield Lack(paths[0], f"'{check['path']}' is {here!r}, but {check['other']} says {there!r}")


def _rows(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    for path in paths:
        value = _at(evidence.data(path), check["path"])
        rows = list(value.items()) if isinstance(value, dict) else list(enumerate(value or (), 1))
        if len(rows) < check.get("minimum", 0):
            yield Lack(
                path, f"'{check['path']}' has {len(rows)} entries, at least {check['minimum']} are needed"
            )
        for name, row in rows:
            row = row if isinstance(row, dict) else {}
            label = row.get("id") or row.get("name") or row.get("path") or name
            if empty := [key for key in check.get("filled", ()) if row.get(key) in (None, "", [])]:
                yield Lack(path, f"{label}: {', '.join(empty)} not filled in")
            for wrong in check.get("forbid", ()):
                if all(row.get(key) == item for key, item in wrong.items()):
                    yield Lack(path, f"{label}: {', '.join(f'{key} {item}' for key, item in wrong.items())}")
            if "within" in check:
                day = _date(row.get(check["within"]["field"]))
                if day is None or not 0 <= (day - evidence.today).days <= check["within"]["days"]:
                    yield Lack(path, f"{label}: expired, or more than {check['within']['days']} days ahead")


def _hashes(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    folder = paths[0].rpartition("/")[0]
    rows = {
        row["path"]: row.get("sha256") for row in _at(evidence.data(paths[0]), "files") or () if "path" in row
    }
    found = {path.removeprefix(f"{folder}/") for path in evidence.find(f"{folder}/**/*")} - {"manifest.yaml"}
    for path in sorted(rows.keys() - found):
        yield Lack(paths[0], f"{path} is listed and not there")
    for path in sorted(found - rows.keys()):
        yield Lack(paths[0], f"{path} is there and not listed")
    for path in sorted(found & rows.keys()):
        if hashlib.sha256(evidence.read(f"{folder}/{path}")).hexdigest() != rows[path]:
            yield Lack(paths[0], f"{path} has changed since it was listed")


def _datasheets(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    for row in _at(evidence.data(paths[0]), "files") or ():
        if not row.get("datasheet") or not evidence.find(row["datasheet"]):
            yield Lack(paths[0], f"{row.get('path')} has no datasheet")


def _libraries(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    """Every run-time dependency of pyproject.toml is listed with its licence."""
    import tomllib

    listed = {_plain(row.get("name", "")) for row in _at(evidence.data(paths[0]), check["path"]) or ()}
    if not evidence.find("pyproject.toml"):
        return
    project = tomllib.loads(evidence.text("pyproject.toml")).get("project", {})
    groups = project.get("optional-dependencies", {})
    wanted = [
        *project.get("dependencies", ()),
        *(row for name in groups if name != "dev" for row in groups[name]),
    ]
    for name in sorted({_plain(row) for row in wanted} - listed):
        yield Lack(paths[0], f"the dependency {name} is not listed")


def _lines(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    for path in paths:
        lines = [line for line in evidence.text(path).splitlines() if line.strip()]
        if len(lines) < check["minimum"]:
            yield Lack(path, f"it has {len(lines)} rows, at least {check['minimum']} are needed")
        for number, line in enumerate(lines, 1):
            try:
                json.loads(line)
            except ValueError:
                yield Lack(path, "this row is no JSON", line=number)


def _cells(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    """A column has something in every row of the Markdown tables that have it."""
    for path in paths:
        tables = [table for table in tables_of(evidence.text(path)) if check["column"] in table[0].cells]
        if not tables:
            yield Lack(path, f"no table with a column '{check['column']}'")
        for table in tables:
            column = table[0].cells.index(check["column"])
            for row in table[2:]:
                if len(row.cells) <= column or not row.cells[column]:
                    yield Lack(path, f"{row.cells[0]}: no {check['column'].lower()}", line=row.line)


def _alerts(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    """The monitoring plan's alert rules are those of the parameter files, with the same thresholds."""
    given = evidence.find(check["other"])
    if not given:
        yield Lack(check["other"], "the file is not there")
    for path in given:
        yield from alert_lacks(paths[0], evidence.text(paths[0]), path, evidence.read)


def _recent(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    day = _date(str(_at(evidence.data(paths[0]), "date") or "")[:10])
    if day is None or (evidence.today - day).days > check["days"]:
        yield Lack(paths[0], f"the last run is older than {check['days']} days, or has no date")


def _ahead(check: Check, paths: tuple[str, ...], evidence: Evidence) -> Iterator[Lack]:
    value = _at(evidence.data(paths[0]), check["path"])
    day, days = _date(value), check["days"][evidence.tier]
    if day is None or not 0 <= (day - evidence.today).days <= days:
        yield Lack(paths[0], f"'{check['path']}' is {value}; it must lie within {days} days from today")


_OPERATIONS: dict[str, Callable[[Check, tuple[str, ...], Evidence], Iterator[Lack]]] = {
    "file": _there,
    "front": _front,
    "text": _text,
    "absent": _absent,
    "headings": _headings,
    "value": _value,
    "same": _same,
    "rows": _rows,
    "hashes": _hashes,
    "datasheets": _datasheets,
    "libraries": _libraries,
    "lines": _lines,
    "cells": _cells,
    "alerts": _alerts,
    "recent": _recent,
    "ahead": _ahead,
}


def _flags_first(pattern: str) -> str:
    """Return a pattern with its inline flags in front, where Python wants them."""
    flags = "".join(sorted(set(re.findall(r"\(\?([ims])\)", pattern))))
    plain = re.sub(r"\(\?[ims]\)", "", pattern)
    return f"(?{flags}){plain}" if flags else plain


def _at(data: Any, path: str) -> Any:
    for part in path.split("."):
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _date(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _plain(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0].lower().replace("_", "-")
