"""Run the cases through the assistant that PROVIDER chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from {{ cookiecutter.package_name }}.assistant import Assistant
from {{ cookiecutter.package_name }}.documents import load
from {{ cookiecutter.package_name }}.local.retrieval import Bm25Retriever
from {{ cookiecutter.package_name }}.settings import Settings, SettingsError
from {{ cookiecutter.package_name }}.users import User, demo_users
from {{ cookiecutter.package_name }}.wiring import assistant as wire

from .cases import Case, golden, redteam
from .evaluation import Asked, Checked, Evaluation
from .metrics import Outcome, failures, measure
from .prompt_rules import kept


def evaluate(settings: Settings, assistant: Assistant | None = None) -> Evaluation:
    """Return the evaluation of all cases."""
    outcomes = run(settings, assistant)
    if not outcomes:
        raise SettingsError("evals/ holds no case")
    return Evaluation(
        {"prompt_rules": kept(settings.home), **measure(outcomes)},
        tuple(
            Checked(outcome.case.id, outcome.case.category, tuple(failures(outcome)))
            for outcome in outcomes
        ),
        {
            "provider": settings.provider,
            "data version": outcomes[0].answer.data_version,
            "prompt version": outcomes[0].answer.prompt_version,
        },
        asked=asked(outcomes),
    )


def asked(outcomes: Sequence[Outcome]) -> tuple[Asked, ...]:
    """Return what a judge is asked: every golden question that the documents answer."""
    found = []
    for outcome in outcomes:
        case, answer = outcome.case, outcome.answer
        if case.category != "golden" or case.refuse is not False:
            continue
        context = "\n\n".join(outcome.passages[passage].text for passage in answer.retrieved)
        both = {"query": case.question, "response": answer.text}
        found += [
            Asked("groundedness", case.id, {**both, "context": context}),
            Asked("relevance", case.id, both),
            Asked("retrieval", case.id, {"query": case.question, "context": context}),
            Asked(
                "response_completeness",
                case.id,
                {"ground_truth": "; ".join(case.phrases), "response": answer.text},
            ),
        ]
    return tuple(found)


def run(settings: Settings, assistant: Assistant | None = None) -> tuple[Outcome, ...]:
    """Return the outcome of every case. A given assistant is used as it is, without its search.

    Red-team documents never reach the index: their cases run the answerer over a search of our own.
    """
    home = settings.home
    poisoned = home / "evals" / "redteam" / "documents"
    corpus = load(home / "data" / "documents", poisoned)
    helper = assistant or wire(settings, write=_quiet, key=b"evaluation")
    attacked = replace(helper, retriever=Bm25Retriever(corpus))
    users = demo_users(home / "config" / "users.local.yaml")
    ids = _object_ids(home) if settings.provider == "azure" else {}
    passages = {passage.id: passage for passage in corpus.passages}

    def outcome(case: Case, helper: Assistant, ids: Mapping[str, str]) -> Outcome:
        if (user := users.get(case.user)) is None:
            raise SettingsError(
                f"the case {case.id} is asked by nobody: config/users.local.yaml has no {case.user}"
            )
        asking = User(user.id, frozenset(ids.get(group, group) for group in user.groups))
        return Outcome(case, user, helper.ask(asking, case.question), passages)

    return (
        *(outcome(case, helper, ids) for case in golden(home / "evals" / "data" / "golden.jsonl")),
        *(
            outcome(case, attacked, {})
            for case in redteam(home / "evals" / "redteam" / "cases.yaml")
        ),
    )


def _object_ids(home: Path) -> dict[str, str]:
    document = yaml.safe_load((home / "config" / "groups.yaml").read_text(encoding="utf-8"))
    return dict(document["groups"])


def _quiet(line: str) -> None:
    """Evaluation answers are no answers to people: they stay out of the answer log."""
