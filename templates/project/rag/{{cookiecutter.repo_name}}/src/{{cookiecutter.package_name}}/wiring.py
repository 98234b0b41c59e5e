"""Which parts run: local fakes or Azure, chosen by PROVIDER and by nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from . import documents, manifest, prompts
from .answer_log import AnswerLog
from .assistant import Assistant
from .settings import Settings, SettingsError
from .users import log_key


def assistant(
    settings: Settings,
    *,
    write: Callable[[str], None] | None = None,
    key: bytes = b"",
    more_documents: tuple[Path, ...] = (),
) -> Assistant:
    """Return the assistant for the settings; ``more_documents`` serve the red-team run only.

    ``key`` makes the user hashes of the log; left out, it is the one of the environment.
    """
    if found := manifest.problems(settings.home / "data" / "manifest.yaml"):
        raise SettingsError("the documents differ from data/manifest.yaml: " + "; ".join(found))
    prompt = prompts.load(settings.home / "prompts" / "system.md")
    top, support = int(settings.number("passages")), settings.number("minimumSupport")
    log = AnswerLog(write or _to_stdout, key or log_key(settings), settings.log_content)
    if settings.provider == "azure":
        from .cloud import connect

        retriever, answerer, safety = connect(settings.azure, prompt)
        return Assistant(retriever, answerer, safety, log, prompt.version, top, support)
    from .local.answering import ExtractiveAnswerer
    from .local.retrieval import Bm25Retriever
    from .local.safety import WordListSafety

    corpus = documents.load(settings.home / "data" / "documents", *more_documents)
    return Assistant(
        Bm25Retriever(corpus),
        ExtractiveAnswerer(prompt),
        WordListSafety(),
        log,
        prompt.version,
        top,
        support,
    )


def _to_stdout(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
