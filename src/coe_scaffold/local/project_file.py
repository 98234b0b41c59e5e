"""Change the intake part of a project.yaml and keep its comments."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from coe_scaffold.errors import UsageError
from coe_scaffold.scaffold.use_case import as_written


def change_use_case(path: Path, answers: Mapping[str, str]) -> bytes:
    """Return a project.yaml with answers of its intake put in; raise UsageError when it is no mapping."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    document = yaml.load(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict):
        raise UsageError(f"{path} is no mapping")
    document.setdefault("useCase", {}).update(as_written(answers))
    for name in ("owner", "title"):
        if answers.get(name):
            document[name] = answers[name]
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue().encode("utf-8")
