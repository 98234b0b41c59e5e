"""The README.md of each module, rendered from the module itself and the guardrails on its resources.

``python -m tests.templates.bicep.readmes`` writes them and the pages of the topologies; tests compare them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coe_scaffold.assets import templates
from coe_scaffold.bicep import compile_bicep
from coe_scaffold.checks import Rule, Where, all_rules
from tests.templates.bicep import diagrams

ROOT = templates() / "bicep"


def modules() -> list[str]:
    """Paths of the modules' templates, relative to the packaged folder."""
    return sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("modules/*/main.bicep"))


def render(path: str) -> str:
    """Return the text of the README beside a module."""
    template = compile_bicep(path, lambda name: (ROOT / name).read_bytes()).template
    lines = [f"# {template['metadata']['name']}", "", template["metadata"]["description"], ""]
    created = sorted(set(_resources(template["resources"])))
    lines += _table(("Resource", "API version"), [(f"`{name}`", version) for name, version in created])
    lines += _table(
        ("Parameter", "Type", "Default", "What it is"),
        [
            (f"`{name}`", f"`{_type(body)}`", _default(body), _described(body))
            for name, body in template.get("parameters", {}).items()
        ],
    )
    lines += _table(
        ("Output", "Type", "What it is"),
        [
            (f"`{name}`", f"`{_type(body)}`", _described(body))
            for name, body in template.get("outputs", {}).items()
        ],
    )
    guarded = {name for name, _ in created}
    lines += _table(
        ("Guardrail that it keeps", "What it demands"),
        [
            (f"`{rule.id}`", rule.title)
            for rule in all_rules()
            if rule.where is Where.TEMPLATE
            and rule.profiles != ("regulated",)
            and {rule.resource_type, *_inline(rule)} & guarded
        ],
    )
    return "\n".join(lines).rstrip() + "\n"


def _inline(rule: Rule) -> tuple[str, ...]:
    return (rule.inline.resource_type,) if rule.inline else ()


def _resources(resources: Any) -> Iterable[tuple[str, str]]:
    items = resources.values() if isinstance(resources, Mapping) else resources
    return [(item["type"], item["apiVersion"]) for item in items if not item.get("existing")]


def _type(body: Mapping[str, Any]) -> str:
    if "$ref" in body:
        return str(body["$ref"]).rpartition("/")[2]
    if body["type"] == "array" and "items" in body:
        return _type(body["items"]) + "[]"
    return str(body["type"])


def _default(body: Mapping[str, Any]) -> str:
    if body.get("nullable"):
        return "none"
    return f"`{body['defaultValue']}`" if "defaultValue" in body else "required"


def _described(body: Mapping[str, Any]) -> str:
    return str(body["metadata"]["description"])


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [" | ".join(row) for row in rows]
    if not lines:
        return []
    return [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads), *(f"| {line} |" for line in lines), ""]


if __name__ == "__main__":
    for module in modules():
        (ROOT / module).with_name("README.md").write_text(render(module))
    diagrams.write()
