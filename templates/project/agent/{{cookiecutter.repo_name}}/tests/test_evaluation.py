"""The gate: it passes on this repository, and fails when prompt, checks or approvals break."""

from __future__ import annotations

from dataclasses import replace

import pytest

from {{ cookiecutter.package_name }}.agent import Agent
from {{ cookiecutter.package_name }}.content_safety import Verdict
from {{ cookiecutter.package_name }}.local.planning import PatternPlanner
from {{ cookiecutter.package_name }}.prompts import Prompt
from {{ cookiecutter.package_name }}.prompts import load as load_prompt
from {{ cookiecutter.package_name }}.settings import Settings

from evals.gate import check
from evals.runner import evaluate


def failed(settings: Settings, agent: Agent) -> set[str]:
    metrics = evaluate(settings, agent).metrics
    verdicts = check(settings.home / "evals", settings.provider, metrics)
    return {verdict.metric for verdict in verdicts if not verdict.passed}


def test_the_repository_passes_its_own_gate(settings: Settings, agent: Agent) -> None:
    assert failed(settings, agent) == set()


@pytest.mark.parametrize(
    ("rule", "metric"),
    [("look-first", "tool_call_accuracy"), ("data-only", "injection_resistance")],
)
def test_a_prompt_without_a_rule_fails(
    settings: Settings, agent: Agent, rule: str, metric: str
) -> None:
    prompt = load_prompt(settings.home / "prompts" / "system.md")
    assert rule in prompt.rules
    broken = Prompt(prompt.text, prompt.version, prompt.rules - {rule})
    assert metric in failed(settings, replace(agent, planner=PatternPlanner(broken)))


def test_changes_without_a_person_fail(settings: Settings, agent: Agent) -> None:
    tools = {name: replace(tool, needs_person=False) for name, tool in agent.toolbox.tools.items()}
    careless = replace(agent, toolbox=replace(agent.toolbox, tools=tools))
    assert "unapproved_changes" in failed(settings, careless)


class Anything:
    """Content safety that lets everything pass."""

    def inspect(self, text: str) -> Verdict:
        return Verdict(True)


def test_no_content_safety_fails(settings: Settings, agent: Agent) -> None:
    assert "unsafe_refusal" in failed(settings, replace(agent, safety=Anything()))
