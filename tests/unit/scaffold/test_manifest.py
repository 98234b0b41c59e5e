from __future__ import annotations

import pytest

from coe_scaffold.catalog import evidence
from coe_scaffold.errors import UsageError
from coe_scaffold.scaffold.manifest import RISK_TIERS, Manifest, Ownership, Question, kind, kinds


@pytest.fixture
def rag() -> Manifest:
    return kind("rag")


def test_the_kinds_are_found_by_their_manifest() -> None:
    assert [manifest.id for manifest in kinds()] == ["agent", "docproc", "finetune", "ml", "rag"]


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="'rug'") as error:
        kind("rug")
    assert "rag" in error.value.fix


def test_defaults_answer_every_question_but_the_open_ones(rag: Manifest) -> None:
    answers = rag.answers({})
    assert answers["risk_tier"] == "limited"
    assert answers["title"] == ""
    assert set(answers) == {question.id for question in rag.questions}


def test_all_answers_that_cannot_be_used_are_named_at_once(rag: Manifest) -> None:
    with pytest.raises(UsageError) as error:
        rag.answers({"risk_tier": "limitd", "owner": "nobody", "titel": "x", "sponsor": "a\nb"})
    problems = error.value.detail.splitlines()
    assert len(problems) == 4
    assert any("did you mean 'title'" in problem for problem in problems)
    assert any("did you mean 'limited'" in problem for problem in problems)
    assert any("give an e-mail address" in problem for problem in problems)
    assert any("line break" in problem for problem in problems)


def test_a_choice_that_is_far_off_lists_the_choices() -> None:
    question = Question("colour", "?", type="choice", choices=("red", "blue"))
    assert question.problem("zzz") == "'colour' cannot be 'zzz': choose one of red, blue"
    assert question.problem("red") == ""


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        (".github/workflows/deploy.yaml", Ownership.PLATFORM),
        ("infra/modules/foundry/main.bicep", Ownership.PLATFORM),
        ("infra/project/dev.bicepparam", Ownership.SHARED),
        ("data/documents/complaints.md", Ownership.PROJECT),
        ("evals/gate.py", Ownership.PLATFORM),
        ("evals/metrics.py", Ownership.SHARED),
        ("Makefile", Ownership.SHARED),
    ],
)
def test_every_file_has_one_owner(rag: Manifest, path: str, owner: Ownership) -> None:
    assert rag.owner_of(path) is owner


def test_a_tier_gets_its_files_and_those_of_lower_tiers(rag: Manifest) -> None:
    found = {tier: rag.needed("docs/threat-model.md", tier) for tier in RISK_TIERS}
    assert found == {"minimal": False, "limited": True, "high": True}
    assert [rag.needed("governance/fria.md", tier) for tier in RISK_TIERS] == [False, False, True]
    assert rag.needed("README.md", "minimal")


def test_tiers_are_those_of_the_evidence_list() -> None:
    assert evidence().tiers == RISK_TIERS
