"""Which parts run: local stand-ins or Azure, chosen by PROVIDER and by nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable

import yaml

from . import manifest, prompts, tools
from .agent import Agent
from .content_safety import ContentSafety
from .ports import Business, Planner
from .settings import Settings, SettingsError
from .trace import Trace
from .users import log_key


def agent(
    settings: Settings, *, write: Callable[[str], None] | None = None, key: bytes = b""
) -> Agent:
    """Return the agent for the settings; raise SettingsError when data and manifest differ.

    ``key`` makes the user hashes of the trace; left out, it is the one of the environment.
    """
    if found := manifest.problems(settings.home / "data" / "manifest.yaml"):
        raise SettingsError("the data differs from data/manifest.yaml: " + "; ".join(found))
    prompt = prompts.load(settings.home / "prompts" / "system.md")
    planner, business, safety = _parts(settings, prompt)
    return Agent(
        planner,
        business,
        safety,
        tools.load(settings.home / "agents" / "tools.yaml"),
        Trace(write or _to_stdout, key or log_key(settings), settings.log_content),
        prompt.version,
        lambda: enabled(settings),
    )


def enabled(settings: Settings) -> bool:
    """Return whether the kill switch lets the agent work; it is read anew each time."""
    path = settings.home / "config" / "switch.yaml"
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")).get("enabled") is True
    except (OSError, yaml.YAMLError, AttributeError):
        return False


def _parts(settings: Settings, prompt: prompts.Prompt) -> tuple[Planner, Business, ContentSafety]:
    if settings.provider == "azure":
        from .cloud import connect

        return connect(settings, prompt)
    from .local.business import FileShop
    from .local.planning import PatternPlanner
    from .local.safety import WordListSafety

    return PatternPlanner(prompt), FileShop(settings.home / "data"), WordListSafety()


def _to_stdout(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
