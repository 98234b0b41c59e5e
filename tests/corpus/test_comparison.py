"""The corpus runner itself: it tells equal from different."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.corpus.pairs import find, first_difference, forget_existing, judge, normal


def write(folder: Path, source: str, template: dict[str, object], version: str = "0.44.1.1") -> None:
    (folder / "x.bicep").write_text(source, encoding="utf-8")
    document = {"metadata": {"_generator": {"name": "bicep", "version": version}}, **template}
    (folder / "x.json").write_text(json.dumps(document), encoding="utf-8")


BODY = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "resources": [],
}


@pytest.mark.parametrize(
    ("source", "template", "kind"),
    [
        ("var a = 1\n", {**BODY, "variables": {"a": 1}}, "equal"),
        ("var a = 1\n", {**BODY, "variables": {"a": 2}}, "different"),
        ("var a = 1\n", {**BODY, "variables": {"a": True}}, "different"),
        ("var a = b\n", BODY, "rejected"),
        ("extension x\n", BODY, "unsupported"),
        ("module m 'br:x.io/a:1' = { name: 'm' }\n", BODY, "registry"),
        ("param a resourceInput<'A.B/c@1'>\n", BODY, "derived"),
    ],
)
def test_the_class_of_a_pair(tmp_path: Path, source: str, template: dict[str, object], kind: str) -> None:
    write(tmp_path, source, template)
    (pair,) = find(tmp_path)
    assert judge(pair).kind == kind


def test_json_of_no_compiler_is_no_pair(tmp_path: Path) -> None:
    (tmp_path / "x.bicep").write_text("var a = 1\n", encoding="utf-8")
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    assert list(find(tmp_path)) == []


def test_the_first_difference_is_named() -> None:
    assert first_difference({"a": [1, 2]}, {"a": [1, 3]}) == "/a/1: '2', not '3'"
    assert first_difference({"a": 1}, {}) == "/a only in ours"
    assert first_difference({}, {"a": 1}) == "/a only in theirs"
    assert first_difference([1], [1, 2]) == ": 1 items, not 2"
    assert first_difference({"a": 1}, {"a": 1}) == ""


def test_drift_hides_only_what_is_documented() -> None:
    old = {"scope": "[format('A.B/c/{0}', variables('n'))]", "x": "[reference('i', '2020-01-01').y]"}
    new = {"scope": "[resourceId('A.B/c', variables('n'))]", "x": "[reference('i').y]"}
    assert normal(old, drift=True) == normal(new, drift=True)
    assert normal(old, drift=False) != normal(new, drift=False)


def test_waits_for_existing_resources_are_forgotten() -> None:
    document = {
        "resources": {"a": {"existing": True}, "b": {"dependsOn": ["a", "c"]}, "c": {"dependsOn": ["a"]}}
    }
    forget_existing(document)
    assert document["resources"] == {"a": {"existing": True}, "b": {"dependsOn": ["c"]}, "c": {}}
