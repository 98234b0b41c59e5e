"""References to modules in registries, and where the local module cache keeps them."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from coe_scaffold.bicep.binding.config import Config

_BR = re.compile(r"br(?:/(?P<alias>[\w\-]+))?:(?P<rest>.+)\Z")
_TS = re.compile(r"ts(?:/(?P<alias>[\w\-]+))?:(?P<rest>.+)\Z")


@dataclass(frozen=True)
class Artifact:
    """A module elsewhere: its full reference, its place in the cache, and the id of a template spec."""

    reference: str
    cached: str
    template_spec: str = ""


@dataclass(frozen=True)
class BadReference:
    """A reference that cannot be understood: official code and message."""

    code: str
    message: str


def resolve(text: str, config: Config, cache: str) -> Artifact | BadReference:
    """Return the artifact that a ``br:``, ``br/alias:``, ``ts:`` or ``ts/alias:`` reference names."""
    found = _BR.match(text)
    if found:
        return _oci(found["alias"], found["rest"], text, config, cache)
    found = _TS.match(text)
    if found:
        return _template_spec(found["alias"], found["rest"], text, config, cache)
    scheme = text.partition(":")[0]
    return BadReference(
        "BCP189",
        f'The specified module reference scheme "{scheme}" is not recognized. Specify a path to a local '
        'module file or a module reference using one of the following schemes: "br", "ts"',
    )


def _unknown_alias(kind: str, name: str) -> BadReference:
    code = "BCP213" if kind == "OCI artifact" else "BCP212"
    return BadReference(
        code, f'The {kind} module alias name "{name}" does not exist in the Bicep configuration.'
    )


def _oci(alias: str | None, rest: str, text: str, config: Config, cache: str) -> Artifact | BadReference:
    if alias is not None:
        target = config.alias("br", alias)
        if target is None:
            return _unknown_alias("OCI artifact", alias)
        prefix = "/".join(part for part in (target.get("registry", ""), target.get("modulePath", "")) if part)
        rest = f"{prefix}/{rest}"
    registry, _, path = rest.partition("/")
    digest = "@" in path
    repository, _, tag = path.rpartition("@" if digest else ":")
    if not registry or not repository or not tag:
        return BadReference(
            "BCP193",
            f'The specified OCI artifact reference "{text}" is not valid. Specify a reference in the format '
            'of "br:<artifact-uri>:<tag>", or "br/<module-alias>:<module-name-or-path>:<tag>".',
        )
    mark = "@" if digest else ":"
    folder = tag.replace(":", "#") if digest else f"{tag}$"
    place = posixpath.join(
        cache, "br", registry.replace(":", "$"), repository.replace("/", "$"), folder, "main.json"
    )
    return Artifact(f"br:{registry}/{repository}{mark}{tag}", place)


def _template_spec(
    alias: str | None, rest: str, text: str, config: Config, cache: str
) -> Artifact | BadReference:
    if alias is not None:
        target = config.alias("ts", alias)
        if target is None:
            return _unknown_alias("template spec", alias)
        rest = f"{target.get('subscription', '')}/{target.get('resourceGroup', '')}/{rest}"
    path, _, version = rest.rpartition(":")
    parts = path.split("/")
    if len(parts) != 3 or not version or not all(parts):
        return BadReference(
            "BCP241",
            f'The specified template spec reference "{text}" is not valid. Specify a reference in the format '
            'of "ts:<subscriptionId>/<resourceGroupName>/<templateSpecName>:<version>".',
        )
    subscription, group, name = parts
    place = posixpath.join(cache, "ts", subscription, group, name, version, "main.json").lower()
    spec = (
        f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/templateSpecs/"
        f"{name}/versions/{version}"
    )
    full = posixpath.join(cache, "ts", subscription, group, name, version, "main.json")
    return Artifact(f"ts:{subscription}/{group}/{name}:{version}", full or place, spec)
