"""Writes ``.env`` from what the infrastructure of an environment hands over: ``make env ENV=dev``."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .azure_cli import Az, CommandError, az
from .outputs import outputs

_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)")
_PLAIN = re.compile(r"[\w./:@+-]*", re.ASCII)
_SECRET = re.compile(r"_(KEY|SECRET|PASSWORD|TOKEN|CONNECTION_STRING)$")


@dataclass(frozen=True)
class Filled:
    """A file with values put in. ``other`` are names whose value somebody chose, and chose otherwise."""

    text: str
    put: tuple[str, ...]
    other: tuple[str, ...]
    missing: tuple[str, ...]


def filled(example: str, now: str, values: Mapping[str, str], *, replace: bool) -> Filled:
    """Return ``now`` with the values of the names that ``example`` lists, comments and order kept.

    What stands there as in the example was never chosen, so it gives way; what was chosen stays unless
    ``replace``.
    """
    start, wanted = _values(example), {n: v for n, v in values.items() if n in _values(example)}
    have = _values(now)
    other = tuple(
        name
        for name, value in wanted.items()
        if name in have and have[name] not in ("", start[name], value)
    )
    put = {n: v for n, v in wanted.items() if have.get(n) != v and (replace or n not in other)}
    lines = [_line(line, put) for line in now.splitlines()]
    lines += [f"{name}={_quoted(put[name])}" for name in put if name not in have]
    text = "\n".join(lines) + "\n"
    missing = tuple(name for name, value in _values(text).items() if "<" in value)
    return Filled(text, tuple(put), () if replace else other, missing)


def handed_over(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the output ``settings`` as texts; raise CommandError for what must not be in a file."""
    found = {n: v if isinstance(v, str) else json.dumps(v) for n, v in settings.items()}
    wrong = [n for n, v in found.items() if _SECRET.search(n) or "\n" in v or "\r" in v]
    if wrong:
        raise CommandError(f"no file may hold what the output settings has as {', '.join(wrong)}")
    return {"PROVIDER": "azure", **found}


def main(arguments: Sequence[str] | None = None, *, az: Az = az) -> int:
    """Write the file; exit code 1 when nothing was written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deployment", required=True, help="stack or deployment of infra/")
    parser.add_argument("--folder", type=Path, default=Path(), help="where .env.example is")
    parser.add_argument("--replace", action="store_true", help="also values that somebody chose")
    given = parser.parse_args(arguments)
    file, example = given.folder / ".env", (given.folder / ".env.example").read_text("utf-8")
    now = file.read_text("utf-8") if file.exists() else example
    try:
        values = handed_over(outputs(az, given.deployment)["settings"])
    except (CommandError, KeyError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    result = filled(example, now, values, replace=given.replace)
    if result.other:
        names = ", ".join(result.other)
        sys.stderr.write(f"error: {file} has other values of {names}; REPLACE=1 replaces them\n")
        return 1
    if file.exists() and not result.put:
        sys.stdout.write(f"{file} is as {given.deployment} has it\n")
    else:
        beside = file.with_name(".env.new")
        beside.write_text(result.text, encoding="utf-8")
        beside.replace(file)
        sys.stdout.write(f"{file} has {len(result.put)} values of {given.deployment}\n")
    if result.missing:
        sys.stdout.write(f"yours to fill in: {', '.join(result.missing)}\n")
    return 0


def _values(text: str) -> dict[str, str]:
    found = (_LINE.fullmatch(line) for line in text.splitlines())
    return {match[1]: _unquoted(match[2].strip()) for match in found if match}


def _line(line: str, put: Mapping[str, str]) -> str:
    match = _LINE.fullmatch(line)
    return f"{match[1]}={_quoted(put[match[1]])}" if match and match[1] in put else line


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1].replace("'\\''", "'")
    return value


def _quoted(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else "'" + value.replace("'", "'\\''") + "'"


if __name__ == "__main__":
    sys.exit(main())
