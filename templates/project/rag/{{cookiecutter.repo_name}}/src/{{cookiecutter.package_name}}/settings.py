"""Settings: ``config/app.yaml`` for what is reviewed, environment variables for what differs by place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_AZURE_VARIABLES = (
    "AZURE_OPENAI_ENDPOINT",
    "AZURE_OPENAI_DEPLOYMENT",
    "AZURE_SEARCH_ENDPOINT",
    "AZURE_SEARCH_INDEX",
    "AZURE_CONTENT_SAFETY_ENDPOINT",
)


class SettingsError(ValueError):
    """Settings that cannot be used; the message names every one of them."""


@dataclass(frozen=True)
class Settings:
    """Everything the application can be told. ``azure`` holds endpoints and is empty in local mode."""

    home: Path
    provider: str
    title: str
    disclosure: str
    contact: str
    top: int
    min_support: float
    max_question: int
    log_content: bool
    log_key: bytes
    azure: Mapping[str, str]

    @property
    def documents(self) -> Path:
        """Where the grounding documents are."""
        return self.home / "data" / "documents"


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings; raise SettingsError with every problem at once."""
    home = Path(environ.get("APP_HOME", "."))
    provider = environ.get("PROVIDER", "local")
    problems = (
        [] if provider in ("local", "azure") else [f"PROVIDER is '{provider}': use local or azure"]
    )
    azure = (
        {name: environ.get(name, "") for name in _AZURE_VARIABLES} if provider == "azure" else {}
    )
    problems += [f"{name} is not set" for name, value in azure.items() if not value]
    if provider == "azure" and not environ.get("LOG_KEY"):
        problems.append("LOG_KEY is not set")
    path = home / "config" / "app.yaml"
    if not path.is_file():
        problems.append(f"{path} is missing: start in the repository, or set APP_HOME")
    if problems:
        raise SettingsError("; ".join(problems))
    app = _app(path)
    return Settings(
        home=home,
        provider=provider,
        title=app["title"],
        disclosure=app["disclosure"],
        contact=app["contact"],
        top=int(app["passages"]),
        min_support=float(app["minimumSupport"]),
        max_question=int(app["maximumQuestionLength"]),
        log_content=environ.get("LOG_CONTENT", "").lower() == "true",
        log_key=environ.get("LOG_KEY", "local").encode("utf-8"),
        azure=azure,
    )


def _app(path: Path) -> dict[str, Any]:
    app = yaml.safe_load(path.read_text(encoding="utf-8"))
    keys = ("title", "disclosure", "contact", "passages", "minimumSupport", "maximumQuestionLength")
    missing = [key for key in keys if not isinstance(app, dict) or app.get(key) in (None, "")]
    if missing:
        raise SettingsError(f"{path} lacks {', '.join(missing)}")
    return dict(app)
