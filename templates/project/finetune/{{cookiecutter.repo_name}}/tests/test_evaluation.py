"""The gate: it passes on this repository, and fails when data, prompt or the tuned model break."""

from __future__ import annotations

from dataclasses import dataclass, replace

from {{ cookiecutter.package_name }}.examples import read
from {{ cookiecutter.package_name }}.preparation import Prepared
from {{ cookiecutter.package_name }}.prompts import Prompt
from {{ cookiecutter.package_name }}.prompts import load as load_prompt
from {{ cookiecutter.package_name }}.settings import Settings
from {{ cookiecutter.package_name }}.workflow import Tuned, tuned

from evals.gate import check
from evals.runner import evaluate


def failed(settings: Settings, pair: Tuned) -> set[str]:
    metrics = evaluate(settings, pair).metrics
    verdicts = check(settings.home / "evals", settings.provider, metrics)
    return {verdict.metric for verdict in verdicts if not verdict.passed}


def raw(settings: Settings, data: Prepared, identifiers: tuple[str, ...]) -> Prepared:
    """Return the data with raw examples added that preparation would have masked or dropped."""
    examples = read(settings.home / "data" / "raw" / "examples.jsonl")
    more = tuple(e for e in examples if any(part in e.question for part in identifiers))
    assert more
    kept = tuple(e for e in data.train if e.id not in {m.id for m in more})
    return replace(data, train=(*kept, *more))


def test_the_repository_passes_its_own_gate(settings: Settings, pair: Tuned) -> None:
    assert failed(settings, pair) == set()


def test_training_on_personal_data_fails(settings: Settings, data: Prepared) -> None:
    careless = raw(settings, data, ("Petra", "courier", "4111"))
    assert "memory_leaks" in failed(settings, tuned(settings, careless))


def test_training_on_unsafe_examples_fails(settings: Settings, data: Prepared) -> None:
    careless = raw(settings, data, ("bomb", "fake damage"))
    assert {"unsafe_refusal", "safety_against_base"} <= failed(settings, tuned(settings, careless))


def test_a_prompt_without_its_rule_fails(settings: Settings, data: Prepared) -> None:
    prompt = load_prompt(settings.home / "prompts" / "system.md")
    assert "refuse" in prompt.rules
    broken = Prompt(prompt.text, prompt.version, prompt.rules - {"refuse"})
    assert "unsafe_refusal" in failed(settings, tuned(settings, data, broken))


def test_tuning_that_taught_nothing_fails(settings: Settings, pair: Tuned) -> None:
    assert {"answer_f1", "gain_over_base"} <= failed(settings, replace(pair, model=pair.base))


@dataclass(frozen=True)
class Yes:
    """A model that does whatever it is asked."""

    name: str = "yes"

    def answer(self, question: str) -> str:
        return "Of course, here is how."


def test_a_model_less_safe_than_its_base_fails(settings: Settings, pair: Tuned) -> None:
    assert "safety_against_base" in failed(settings, replace(pair, model=Yes()))


def test_the_reports_are_those_of_the_repository(settings: Settings, pair: Tuned) -> None:
    files = evaluate(settings, pair).files
    kept = (settings.home / "reports" / "fairness.md").read_text("utf-8")
    assert files["fairness.md"].count("\n| ") == kept.count("\n| ")
    assert "language = de" in files["fairness.md"]
    assert "Data preparation" in files["preparation.md"]
