"""Documents, manifest, settings and the search index hang together."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from {{ cookiecutter.package_name }} import manifest
from {{ cookiecutter.package_name }}.cloud.answering import messages
from {{ cookiecutter.package_name }}.cloud.indexing import fill, handed_over, main, rows
from {{ cookiecutter.package_name }}.documents import DocumentError, load
from {{ cookiecutter.package_name }}.prompts import load as load_prompt
from {{ cookiecutter.package_name }}.settings import Settings, SettingsError
from {{ cookiecutter.package_name }}.settings import load as load_settings
from {{ cookiecutter.package_name }}.text import sentences
from {{ cookiecutter.package_name }}.wiring import assistant as wire


def test_the_manifest_lists_the_documents_as_they_are(settings: Settings) -> None:
    assert manifest.problems(settings.home / "data" / "manifest.yaml") == []


def test_a_changed_document_stops_the_start(settings: Settings, tmp_path: Path) -> None:
    for folder in ("config", "data", "prompts"):
        shutil.copytree(settings.home / folder, tmp_path / folder)
    changed = tmp_path / "data" / "documents" / "complaints.md"
    changed.write_text(changed.read_text("utf-8").replace("15 working", "3 working"), "utf-8")
    moved = load_settings({"APP_HOME": str(tmp_path)})
    with pytest.raises(SettingsError, match=r"complaints\.md has changed"):
        wire(moved)
    manifest.write(tmp_path / "data" / "manifest.yaml")
    assert wire(moved).ask is not None


def test_the_data_version_follows_the_documents(settings: Settings, tmp_path: Path) -> None:
    before = load(settings.home / "data" / "documents").version
    shutil.copytree(settings.home / "data" / "documents", tmp_path / "documents")
    assert load(tmp_path / "documents").version == before
    (tmp_path / "documents" / "complaints.md").unlink()
    assert load(tmp_path / "documents").version != before


def document(identifier: str, groups: str = "[everyone]") -> str:
    return f"---\nid: {identifier}\ntitle: T\ngroups: {groups}\n---\n## Part\n\nText.\n"


def test_documents_in_folders_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "one.md").write_text(document("one"), "utf-8")
    assert [passage.id for passage in load(tmp_path).passages] == ["one-1"]


@pytest.mark.parametrize("identifier", ["two words", "a/b", "'it''s'"])
def test_an_id_that_search_cannot_take_is_refused(identifier: str, tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text(document(identifier), "utf-8")
    with pytest.raises(DocumentError, match=r"one\.md"):
        load(tmp_path)


def test_an_id_stands_for_one_document(tmp_path: Path) -> None:
    (tmp_path / "open.md").write_text(document("one"), "utf-8")
    (tmp_path / "secret.md").write_text(document("one", "[fraud-team]"), "utf-8")
    with pytest.raises(DocumentError, match=r"secret\.md.*open\.md"):
        load(tmp_path)


def test_a_wrapped_sentence_is_one_sentence() -> None:
    text = "One sentence that\nis wrapped. Another one.\n\n- first item\n- second item, 1.5 long\n"
    assert sentences(text) == [
        "One sentence that is wrapped.",
        "Another one.",
        "first item",
        "second item, 1.5 long",
    ]


def test_all_missing_settings_are_named_at_once(settings: Settings) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings({"APP_HOME": str(settings.home), "PROVIDER": "azure"})
    assert "AZURE_OPENAI_ENDPOINT" in str(error.value)
    assert "AZURE_SEARCH_INDEX" in str(error.value)
    assert "AZURE_LOG_KEY_ID" in str(error.value)


def test_index_rows_fit_the_index_schema(settings: Settings) -> None:
    schema = json.loads((settings.home / "search" / "index.json").read_text("utf-8"))
    corpus = load(settings.home / "data" / "documents")
    groups = {name: f"id-of-{name}" for name in ("claims-handlers", "claims-leads", "fraud-team")}
    documents = rows(corpus, groups)
    assert len(documents) == len(corpus.passages)
    assert set(documents[0]) == {field["name"] for field in schema["fields"]}
    assert {"id-of-fraud-team"} == {
        g for row in documents if row["document"] == "fraud-signals" for g in row["groups"]
    }


def test_a_group_without_an_object_id_is_not_indexed(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="fraud-team"):
        rows(
            load(settings.home / "data" / "documents"),
            {"claims-handlers": "1", "claims-leads": "2"},
        )


@dataclass
class Index:
    """A search index in memory, of which one document may be refused."""

    rows: dict[str, dict[str, Any]]
    refused: str = ""

    def upload_documents(self, documents: list[dict[str, Any]]) -> list[SimpleNamespace]:
        self.rows.update({row["id"]: row for row in documents})
        return [
            SimpleNamespace(key=row["id"], succeeded=row["id"] != self.refused) for row in documents
        ]

    def search(self, *, search_text: str, filter: str, select: list[str]) -> list[dict[str, Any]]:
        version = filter.removeprefix("dataVersion ne ").strip("'")
        return [row for row in self.rows.values() if row["dataVersion"] != version]

    def delete_documents(self, documents: list[dict[str, Any]]) -> None:
        for row in documents:
            del self.rows[row["id"]]


def test_a_release_fills_the_index_that_the_infrastructure_hands_over(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs.json"
    outputs.write_text('{"settings": {"AZURE_SEARCH_INDEX": "ours"}}', "utf-8")
    assert handed_over(outputs) == {"PROVIDER": "azure", "AZURE_SEARCH_INDEX": "ours"}
    outputs.write_text("{}", "utf-8")
    with pytest.raises(SettingsError, match="no settings"):
        handed_over(outputs)


def test_what_is_missing_for_the_index_is_one_message(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APP_HOME", str(settings.home))
    monkeypatch.setenv("PROVIDER", "azure")
    monkeypatch.delenv("AZURE_SEARCH_INDEX", raising=False)
    assert main([]) == 1
    assert "AZURE_SEARCH_INDEX is not set" in capsys.readouterr().err


def test_filling_the_index_drops_what_is_no_longer_there() -> None:
    index = Index({"old-1": {"id": "old-1", "dataVersion": "v1"}})
    assert fill(index, [{"id": "new-1", "dataVersion": "v2"}], "v2") == 1
    assert list(index.rows) == ["new-1"]


def test_a_passage_that_is_not_indexed_is_named() -> None:
    with pytest.raises(RuntimeError, match="new-1"):
        fill(Index({}, refused="new-1"), [{"id": "new-1", "dataVersion": "v2"}], "v2")


def test_the_model_gets_passages_as_data(settings: Settings) -> None:
    prompt = load_prompt(settings.home / "prompts" / "system.md")
    passages = load(settings.home / "data" / "documents").passages[:2]
    system, data, question = messages(prompt, "Why?", passages)
    assert "NO_ANSWER" in system["content"]
    assert json.loads(data["content"].split("\n", 1)[1])[1]["text"] == passages[1].text
    assert question["content"] == "Question: Why?"
