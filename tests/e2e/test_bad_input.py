"""Bad input: a clear message with the fix, the right exit code, nothing half-written."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import coe

Edit = Callable[[Path, str, str], None]


def test_every_problem_of_coe_yaml_is_said_at_once(workspace: Path, edit: Edit) -> None:
    edit(workspace / "coe.yaml", "prefix:", "prefx:")
    edit(workspace / "coe.yaml", "data-engineer:", "data-enginer:")
    ran = coe("plan", "--env", "dev", cwd=workspace)
    assert ran.code == 2
    assert "Did you mean 'prefix'?" in ran.err
    assert "Did you mean 'data-engineer'?" in ran.err
    assert "coe.yaml:" in ran.err


def test_a_location_outside_the_allowed_list(workspace: Path) -> None:
    ran = coe("check", "--env", "dev", cwd=workspace, env={"COE_LOCATIONS__DEFAULT": "brazilsouth"})
    assert ran.code == 2
    assert "'brazilsouth' is not in locations.allowed" in ran.err


def test_a_name_azure_would_refuse(workspace: Path, edit: Edit) -> None:
    parameters = workspace / "claims-chat/infra/project/dev.bicepparam"
    edit(parameters, "claims-chat", "claims_chat_with_a_name_that_is_far_too_long_for_a_vault")
    ran = coe("plan", "--env", "dev", cwd=workspace)
    assert ran.code in (1, 2)
    assert "dev.bicepparam" in ran.err or "main.bicep" in ran.err


@pytest.mark.parametrize("name", ["x", "Claims Chat", "a--b", "-a", "a" * 30])
def test_a_project_name_azure_would_refuse(workspace: Path, name: str) -> None:
    before = sorted(workspace.iterdir())
    ran = coe("new", "project", "--kind", "rag", "--no-input", "--", name, cwd=workspace)
    assert ran.code == 2
    assert "3 to 20" in ran.err
    assert sorted(workspace.iterdir()) == before


def test_an_unknown_kind_lists_the_known_ones(workspace: Path) -> None:
    ran = coe("new", "project", "other", "--kind", "rga", "--no-input", cwd=workspace)
    assert ran.code == 2
    assert "rag" in ran.err
    assert not (workspace / "other").exists()


def test_existing_folders_are_never_overwritten(workspace: Path) -> None:
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    for arguments in (
        ("new", "landing-zone", "--no-input"),
        ("new", "project", "claims-chat", "--kind", "rag", "--no-input"),
        ("init", "--no-input", "--name", "Contoso", "--prefix", "cto", "--dir", "."),
    ):
        ran = coe(*arguments, cwd=workspace)
        assert ran.code == 2, arguments
        assert "fix:" in ran.err
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before


def test_a_broken_bicep_file_names_its_line(workspace: Path, edit: Edit) -> None:
    main = workspace / "landing-zone/platform/main.bicep"
    main.write_text(main.read_text(encoding="utf-8") + "\nresource broken 'x' = {\n", encoding="utf-8")
    ran = coe("plan", "--env", "dev", cwd=workspace)
    assert ran.code == 1
    assert "main.bicep" in ran.err
    assert "BCP" in ran.err


def test_a_template_that_cannot_be_evaluated_names_its_line(workspace: Path, edit: Edit) -> None:
    main = workspace / "landing-zone/platform/main.bicep"
    edit(main, "name: 'rg-", "name: 'rg-${substring('a', 5, 2)}")
    lines = main.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines, start=1) if "substring('a', 5, 2)" in line)
    ran = coe("check", "--env", "dev", cwd=workspace)
    assert ran.code == 1
    assert f"main.bicep:{at - 1}:" in ran.err
    assert "substring" in ran.err


def test_a_parameter_file_that_does_not_match(workspace: Path) -> None:
    parameters = workspace / "landing-zone/platform/dev.bicepparam"
    parameters.write_text(parameters.read_text(encoding="utf-8") + "\nparam nosuch = 1\n", encoding="utf-8")
    ran = coe("plan", "--env", "dev", cwd=workspace)
    assert ran.code in (1, 2)
    assert "nosuch" in ran.err
    assert "dev.bicepparam" in ran.err


def test_a_missing_parameter_file_names_the_command_that_makes_it(workspace: Path) -> None:
    (workspace / "landing-zone/platform/dev.bicepparam").unlink()
    ran = coe("plan", "--env", "dev", cwd=workspace)
    assert ran.code == 2
    assert "coe new landing-zone" in ran.err


def test_an_unknown_environment(workspace: Path) -> None:
    ran = coe("plan", "--env", "production", cwd=workspace)
    assert ran.code == 2
    assert "dev, test, prod" in ran.err


def test_no_workspace(tmp_path: Path) -> None:
    ran = coe("plan", "--env", "dev", cwd=tmp_path)
    assert ran.code == 2
    assert "coe init" in ran.err


def test_a_sandbox_port_in_use(workspace: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = coe("plan", "--env", "dev", cwd=workspace, env={"COE_SANDBOX__PORT": port})
    assert ran.code == 2
    assert port in ran.err


def test_a_corrupted_state_file(workspace: Path) -> None:
    state = workspace / ".coe" / "sandbox.db"
    state.parent.mkdir(exist_ok=True)
    state.write_bytes(b"this is no database" * 100)
    ran = coe("plan", "--env", "dev", cwd=workspace)
    assert ran.code == 1
    assert "sandbox.db" in ran.err
    assert "fix:" in ran.err


def test_without_a_terminal_apply_wants_yes(workspace: Path) -> None:
    ran = coe("apply", "--env", "dev", cwd=workspace)
    assert ran.code == 2
    assert "--yes" in ran.err


def test_a_plan_file_that_is_no_plan(workspace: Path) -> None:
    (workspace / "plan.json").write_text("{}", encoding="utf-8")
    ran = coe("apply", "plan.json", "--yes", cwd=workspace)
    assert ran.code == 2
    assert "plan.json" in ran.err


def test_a_missing_credential_is_told_once_with_the_fix(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("AZURE_")]:
        monkeypatch.delenv(name)
    arguments = ("plan", "--env", "dev", "--credential", "environment")
    ran = coe(*arguments, cwd=workspace, env={"COE_CLOUD": "azure"})
    assert ran.code == 1
    assert ran.err.lower().count("environment variables are not fully configured") == 1
    assert "no credential could be used" in ran.err
    assert "--credential" in ran.err


def test_a_malformed_credential_is_a_mistake_of_the_environment(workspace: Path) -> None:
    blank = {"AZURE_CLIENT_ID": "not an id", "AZURE_CLIENT_SECRET": "x", "AZURE_TENANT_ID": "y"}
    arguments = ("plan", "--env", "dev", "--credential", "environment")
    ran = coe(*arguments, cwd=workspace, env={"COE_CLOUD": "azure", **blank})
    assert ran.code in (1, 2)
    assert "AZURE_*" in ran.err or "--credential" in ran.err
