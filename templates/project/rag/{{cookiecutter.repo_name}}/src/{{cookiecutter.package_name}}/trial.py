"""What ``/readyz`` tries: the question of ``config/smoke.yaml``, asked as somebody in no group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import yaml

from .answer_log import AnswerLog
from .assistant import Answer, Assistant
from .readiness import Trial
from .settings import Settings
from .users import User

_ASKING = User("smoke-test", frozenset())


def trials(settings: Settings, assistant: Assistant) -> Mapping[str, Trial]:
    """Return the trial of search, model, content safety and citations; nobody's answer is logged."""
    case = yaml.safe_load((settings.home / "config" / "smoke.yaml").read_text("utf-8"))
    quiet = replace(assistant, log=AnswerLog(_quiet))
    return {"question": lambda: wrong(quiet.ask(_ASKING, case["question"]), case["document"])}


def wrong(answer: Answer, document: str) -> str:
    """Return what an answer lacks; the assistant itself refuses where nothing supports one."""
    if answer.refused:
        return f"refused ({answer.reason})"
    if document not in {citation.document for citation in answer.citations}:
        return f"the answer does not cite {document}"
    return ""


def _quiet(line: str) -> None:
    """A trial is nobody's question: it stays out of the answer log."""
