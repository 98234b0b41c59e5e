"""One guardrail, one file: ``rules/<category>/<id with underscores>.py`` holds one value ``RULE``."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from coe_scaffold.checks.rule import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every guardrail, sorted by category and id; imports their modules on first use."""
    found: list[Rule] = []
    for category in pkgutil.iter_modules(__path__, f"{__name__}."):
        package = import_module(category.name)
        for module in pkgutil.iter_modules(package.__path__, f"{category.name}."):
            found.append(import_module(module.name).RULE)
    return tuple(sorted(found, key=lambda rule: (rule.category, rule.id)))
