from __future__ import annotations

from datetime import date

import pytest
import yaml
from pydantic.alias_generators import to_camel

from coe_scaffold.catalog import evidence
from coe_scaffold.catalog.intake import intake
from coe_scaffold.config.json_schema import json_schema
from coe_scaffold.errors import BlockedError, UsageError
from coe_scaffold.operations.intake import classify, complete, project_answers, record, refuse_prohibited
from coe_scaffold.scaffold.manifest import kind, kinds

PLAIN = {
    "owner": "a@contoso.example",
    "sponsor": "Claims",
    "value_metric": "minutes",
    "users": "handlers",
    "data_classification": "internal",
    "personal_data": "no",
    "autonomy": "assistive",
    "influence": "none",
    "profiling": "no",
    "affected_people": "nobody",
    "practice": "none",
    "area": "none",
    "interacts": "no",
    "generates": "no",
}


@pytest.mark.parametrize(
    ("changed", "tier", "basis"),
    [
        ({}, "minimal", ""),
        ({"interacts": "yes"}, "limited", "Article 50(1)"),
        ({"personal_data": "yes"}, "limited", "2016/679"),
        ({"autonomy": "autonomous"}, "limited", "Rule of the AI Center"),
        ({"area": "employment", "influence": "material"}, "high", "Annex III"),
        ({"area": "employment", "influence": "preparatory"}, "limited", "Article 6(3)"),
        ({"area": "employment", "influence": "preparatory", "profiling": "yes"}, "high", "Article 6(3)"),
        ({"area": "product-safety"}, "high", "Annex I,"),
        ({"practice": "social-scoring", "interacts": "yes"}, "prohibited", "Article 5(1)(c)"),
    ],
)
def test_the_strictest_rule_decides_and_says_on_what_it_rests(
    changed: dict[str, str], tier: str, basis: str
) -> None:
    case = classify(complete({**PLAIN, **changed}))
    assert case.tier == tier
    assert basis in (case.reasons[0].basis if case.reasons else "")


def test_every_practice_of_article_5_is_prohibited() -> None:
    (practice,) = (question for question in intake().questions if question.id == "practice")
    for choice in practice.choices[1:]:
        with pytest.raises(BlockedError, match="prohibited") as error:
            refuse_prohibited(classify(complete({**PLAIN, "practice": choice})))
        assert "Article 5(1)" in error.value.detail


def test_everything_missing_or_wrong_is_said_at_once() -> None:
    with pytest.raises(UsageError) as error:
        complete({**PLAIN, "area": "moon", "aera": "x", "owner": "", "users": "a\nb"})
    problems = error.value.detail.splitlines()
    assert len(problems) == 4
    assert any("did you mean 'area'" in problem for problem in problems)


def test_rules_ask_about_questions_that_are_asked_and_have_dates() -> None:
    known = {question.id: question.choices for question in intake().questions}
    for rule in intake().rules:
        assert rule.tier in intake().tiers
        date.fromisoformat(rule.applies)
        for name, values in rule.when.items():
            assert set(values) <= set(known[name]), rule.id
    assert intake().tiers[:-1] == evidence().tiers


def test_the_record_starts_a_project() -> None:
    case = classify(complete({**PLAIN, "interacts": "yes", "title": 'A "quoted" title'}))
    text = yaml.safe_load(record(case, "claims-chat", kind("rag"), date(2026, 11, 24)))
    assert text["answers"] == project_answers(case, kind("rag"))
    assert kind("rag").answers(text["answers"])["risk_tier"] == "limited"
    assert text["intake"]["title"] == 'A "quoted" title'
    assert text["reasons"][0]["basis"].startswith("Article 50(1)")


def test_what_the_intake_may_answer_every_kind_and_project_yaml_take() -> None:
    known = json_schema("project")["$defs"]["UseCaseSection"]["properties"]
    taken = 0
    for asked in (question for question in intake().questions if question.choices):
        for manifest in kinds():
            for question in manifest.questions:
                if question.id == asked.id:
                    taken += 1
                    assert set(asked.choices) <= set(question.choices), asked.id
                    assert set(question.choices) <= set(known[to_camel(asked.id)]["enum"]), asked.id
    assert taken == 5 * len(kinds()), "classification, personal data, autonomy, affected people, area"
