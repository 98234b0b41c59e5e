"""Settings: ``config/app.yaml`` for what is reviewed, environment variables for what differs by place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_AZURE_VARIABLES = (
{%- for name in cookiecutter.facts.settings.azure %}
    "{{ name }}",
{%- endfor %}
)
_KEYS = (
{%- for name in cookiecutter.facts.settings.app %}
    "{{ name }}",
{%- endfor %}
)


class SettingsError(ValueError):
    """Settings that cannot be used; the message names every one of them."""


@dataclass(frozen=True)
class Settings:
    """Everything the application can be told. ``azure`` holds endpoints and is empty in local mode."""

    home: Path
    provider: str
    app: Mapping[str, Any]
    azure: Mapping[str, str]
    log_content: bool

    def text(self, key: str) -> str:
        """Return a text of ``config/app.yaml``."""
        return str(self.app[key])

    def number(self, key: str) -> float:
        """Return a number of ``config/app.yaml``."""
        return float(self.app[key])


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings; raise SettingsError with every problem at once."""
    home = Path(environ.get("APP_HOME", "."))
    provider = environ.get("PROVIDER", "local")
    problems = (
        [] if provider in ("local", "azure") else [f"PROVIDER is '{provider}': use local or azure"]
    )
    wanted = _AZURE_VARIABLES if provider == "azure" else ()
    azure = {name: environ.get(name, "") for name in wanted}
    problems += [f"{name} is not set" for name, value in azure.items() if not value]
    path = home / "config" / "app.yaml"
    if not path.is_file():
        problems.append(f"{path} is missing: start in the repository, or set APP_HOME")
    if problems:
        raise SettingsError("; ".join(problems))
    return Settings(
        home=home,
        provider=provider,
        app=_app(path),
        azure=azure,
        log_content=environ.get("LOG_CONTENT", "").lower() == "true",
    )


def _app(path: Path) -> dict[str, Any]:
    try:
        app = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise SettingsError(f"{path} is no YAML: {error}") from error
    missing = [key for key in _KEYS if not isinstance(app, dict) or app.get(key) in (None, "")]
    if missing:
        raise SettingsError(f"{path} lacks {', '.join(missing)}")
    return dict(app)
