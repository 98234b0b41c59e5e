"""Which parts run: local stand-ins or Azure, chosen by PROVIDER and by nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable

from . import manifest, prompts, schema
from .pipeline import Pipeline
from .ports import Extractor, Reader
from .settings import Settings, SettingsError


def pipeline(settings: Settings, *, write: Callable[[str], None] | None = None) -> Pipeline:
    """Return the pipeline for the settings; raise SettingsError when data and manifest differ."""
    if found := manifest.problems(settings.home / "data" / "manifest.yaml"):
        raise SettingsError("the documents differ from data/manifest.yaml: " + "; ".join(found))
    prompt = prompts.load(settings.home / "prompts" / "system.md")
    reader, extractor = _parts(settings, prompt)
    threshold = settings.number("confidenceThreshold")
    return Pipeline(
        reader,
        extractor,
        schema.load(settings.home / "config" / "schema.yaml", threshold),
        prompt.version,
        settings.number("auditShare"),
        write or _to_stdout,
    )


def _parts(settings: Settings, prompt: prompts.Prompt) -> tuple[Reader, Extractor]:
    if settings.provider == "azure":
        from .cloud import connect

        return connect(settings.azure, prompt)
    from .local.extracting import RuleExtractor
    from .local.reading import TextReader

    return TextReader(), RuleExtractor(prompt)


def _to_stdout(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
