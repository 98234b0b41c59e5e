"""Settings are read and judged once, and again whenever anything they depend on has changed."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from pathlib import Path

import pytest

from coe_scaffold.config import workspace as config
from coe_scaffold.config.source import Source
from coe_scaffold.errors import ConfigError
from coe_scaffold.local import kept
from coe_scaffold.local.settings import load_settings
from coe_scaffold.model import settings as shapes
from coe_scaffold.model.settings import Settings
from tests.unit.config.test_workspace import ACCESS, GOOD, PROJECT

TEXT = (
    GOOD
    + "models: {allowed: [{name: gpt-4.1, version: '2025-04-14', format: OpenAI, capacity: 50}]}\n"
    + "repository: {provider: azure-devops, organisation: contoso, project: ai}\n"
    + "stacks: {use: always, denySettings: {mode: denyDelete}}\n"
    + "exceptions: [{guardrail: NET-001, scope: dev, reason: a pilot in May, approver: compliance-officer,"
    + " expires: '2027-01-01'}]\n"
    + ACCESS
)
WORKSPACE = Source("coe.yaml", TEXT)
CHAT = Source("claims-chat/project.yaml", PROJECT, "claims-chat")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "coe-scaffold" / "kept"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that really were read."""
    texts: list[str] = []
    really = config.load

    def noted(root: Path, workspace: Source, *given: object, **named: object) -> Settings:
        texts.append(workspace.text)
        return really(root, workspace, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(config, "load", noted)
    return texts


def load(
    workspace: Source = WORKSPACE,
    *projects: Source,
    root: Path = Path("/w"),
    environ: Mapping[str, str] | None = None,
) -> Settings:
    return load_settings(root, workspace, projects, environ or {})


def test_the_next_run_reads_nothing_and_gets_the_same(read: list[str]) -> None:
    first = load(WORKSPACE, CHAT)
    again = load(WORKSPACE, CHAT)
    assert again == first
    assert repr(again) == repr(first)
    assert read == [TEXT]


def content(record: Path) -> str:
    """What a record holds behind its digest."""
    return zlib.decompress(record.read_bytes().partition(b"\n")[2]).decode()


def test_every_shape_of_settings_survives(cache: Path) -> None:
    load(WORKSPACE, CHAT)
    (record,) = cache.iterdir()
    names = {name for name, shape in vars(shapes).items() if isinstance(shape, type) and is_dataclass(shape)}
    names -= {"Scope"}  # what Environment works out
    text = content(record)
    assert {name for name in names if f'["{name}"' not in text} == set()


@pytest.mark.parametrize(
    "changed",
    [
        {"workspace": replace(WORKSPACE, text=TEXT.replace("monthly: 500", "monthly: 501"))},
        {"project": replace(CHAT, text=PROJECT.replace("Claims chat", "Chat"))},
        {"project": replace(CHAT, folder="elsewhere")},
        {"root": Path("/other")},
        {"environ": {"COE_LOCATIONS__DEFAULT": "westeurope"}},
        {"environ": {"COE_CLOUD": "sandbox"}},
    ],
)
def test_a_change_is_read(changed: dict[str, object], read: list[str]) -> None:
    load(WORKSPACE, CHAT)
    now = {"workspace": WORKSPACE, "project": CHAT, "root": Path("/w"), "environ": {}} | changed
    got = load_settings(now["root"], now["workspace"], [now["project"]], now["environ"])  # type: ignore[arg-type,list-item]
    fresh = config.load(now["root"], now["workspace"], [now["project"]], environ=now["environ"])  # type: ignore[arg-type,list-item]
    assert got == fresh
    assert len(read) == 3


def test_a_project_more_or_less_is_noticed() -> None:
    assert [len(load(WORKSPACE, *projects).projects) for projects in ((CHAT,), (), (CHAT,))] == [1, 0, 1]


def test_variables_that_set_no_key_change_nothing(read: list[str]) -> None:
    load()
    load(environ={"COE_DEBUG": "1", "HOME": "/h"})
    assert len(read) == 1


def test_a_variable_that_is_refused_is_refused_every_time() -> None:
    load()
    for _ in range(2):
        with pytest.raises(ConfigError):
            load(environ={"COE_SANDBOX_FAULTS": "error:1"})


def test_other_code_judges_anew(read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    load()
    monkeypatch.setattr(kept, "_code", lambda *packages: ("next", *packages))
    load()
    assert len(read) == 2


def test_files_with_problems_are_refused_every_time(cache: Path) -> None:
    wrong = replace(WORKSPACE, text=TEXT.replace("monthly: 500", "monthly: much"))
    for _ in range(2):
        with pytest.raises(ConfigError):
            load(wrong)
    assert not list(cache.iterdir())


def test_a_record_somebody_changed_is_not_used(cache: Path, read: list[str]) -> None:
    first = load()
    (record,) = cache.iterdir()
    digest = record.read_bytes().partition(b"\n")[0]
    changed = content(record).replace("Contoso", "Fabrikam")
    assert json.loads(changed)
    record.write_bytes(digest + b"\n" + zlib.compress(changed.encode()))
    assert load() == first
    assert len(read) == 2
