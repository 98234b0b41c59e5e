"""``bicepconfig.json``: aliases of module registries and the switches that change the output."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PUBLIC = ("mcr.microsoft.com", "bicep")
"""Registry and path behind the alias ``public``, which needs no configuration."""

_REFUSED_FEATURES = (
    "resourceInfoCodegen",
    "waitUntil",
    "localDeploy",
    "moduleExtensionConfigs",
    "userDefinedConstraints",
    "deployCommands",
    "runtimeValuesInTagsAndSku",
    "azExtensionConfig",
)
"""Those with which the official compiler writes an experimental language version, without ``assertions``."""

_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\r\n]*|/\*.*?\*/|,(?=\s*[}\]])', re.DOTALL)


@dataclass(frozen=True)
class Config:
    """The nearest configuration above a file; empty when there is none."""

    path: str = ""
    document: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def symbolic_names(self) -> bool:
        """Whether the configuration asks for resources by symbolic name everywhere."""
        return self.enabled("symbolicNameCodegen")

    @property
    def assertions(self) -> bool:
        """Whether the configuration allows ``assert``."""
        return self.enabled("assertions")

    @property
    def refused_features(self) -> tuple[str, ...]:
        """The experimental features that are on and change the template in ways not supported here."""
        return tuple(name for name in _REFUSED_FEATURES if self.enabled(name))

    def enabled(self, feature: str) -> bool:
        """Whether the configuration switches an experimental feature on."""
        features = self.document.get("experimentalFeaturesEnabled", {})
        return isinstance(features, dict) and features.get(feature) is True

    def alias(self, scheme: str, name: str) -> dict[str, str] | None:
        """Return what an alias of ``br`` or ``ts`` stands for."""
        found = self.document.get("moduleAliases", {}).get(scheme, {}).get(name)
        if found is None and (scheme, name) == ("br", "public"):
            return {"registry": PUBLIC[0], "modulePath": PUBLIC[1]}
        return found if isinstance(found, dict) else None


def nearest(path: str, read: Callable[[str], bytes]) -> Config:
    """Return the configuration in the folder of a file or in the nearest folder above it."""
    folder = posixpath.dirname(path)
    while True:
        candidate = posixpath.join(folder, "bicepconfig.json")
        try:
            document = json.loads(without_comments(read(candidate).decode("utf-8-sig", "replace")))
            return Config(candidate, document if isinstance(document, dict) else {})
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
            pass
        except json.JSONDecodeError:
            return Config(candidate)
        parent = posixpath.dirname(folder)
        if parent == folder:
            return Config()
        folder = parent


def without_comments(text: str) -> str:
    """Return JSON text without ``//`` and ``/* */`` comments and trailing commas."""

    def keep(found: re.Match[str]) -> str:
        return found.group() if found.group().startswith('"') else ""

    return _JSON_TOKEN.sub(keep, _JSON_TOKEN.sub(keep, text))
