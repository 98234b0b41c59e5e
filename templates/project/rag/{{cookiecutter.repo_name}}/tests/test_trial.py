"""The trial of every release: a golden case, and no answer but a cited one passes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import yaml

from {{ cookiecutter.package_name }}.assistant import Assistant
from {{ cookiecutter.package_name }}.ports import Retrieval
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.trial import trials
from {{ cookiecutter.package_name }}.users import User

from evals.cases import golden


class EmptyIndex:
    """A search service whose index nobody filled."""

    def search(self, user: User, question: str, top: int) -> Retrieval:
        return Retrieval((), "")


class Talker:
    """A model that answers without looking at the passages."""

    name = "talker"

    def answer(self, question: str, passages: object) -> str:
        return "Everything is covered."


def test_it_is_one_of_the_golden_cases(settings: Settings) -> None:
    case = yaml.safe_load((settings.home / "config" / "smoke.yaml").read_text("utf-8"))
    cases = {item.question: item for item in golden(Path(settings.home, "evals/data/golden.jsonl"))}
    assert case["document"] in cases[case["question"]].documents


def test_only_a_cited_answer_passes(settings: Settings, assistant: Assistant) -> None:
    def said(helper: Assistant) -> str:
        return trials(settings, helper)["question"]()

    assert said(assistant) == ""
    assert said(replace(assistant, retriever=EmptyIndex())) == "refused (no-source)"
    assert said(replace(assistant, answerer=Talker())) == "refused (no-citation)"
