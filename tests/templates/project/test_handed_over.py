"""What a project's code asks for on Azure is what its infrastructure hands over, under the same names."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from coe_scaffold.model.json import Unknown
from coe_scaffold.scaffold.components import KINDS, TOOL_IDENTITIES
from coe_scaffold.scaffold.tree import FileTree
from tests.templates.bicep.landing_zones import graph

APP = "Microsoft.App/containerApps"


@pytest.fixture
def module(repository: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The rendered settings module, loaded as the application loads it."""
    (file,) = repository.glob("src/*/settings.py")
    spec = importlib.util.spec_from_file_location("rendered_settings", file)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, loaded)
    spec.loader.exec_module(loaded)
    return loaded


def asked_for(module: ModuleType, home: Path) -> set[str]:
    with pytest.raises(module.SettingsError) as error:
        module.load({"APP_HOME": str(home), "PROVIDER": "azure"})
    return {part.removesuffix(" is not set") for part in str(error.value).split("; ")}


def handed_over(kind: str, environment: str) -> dict[str, Any]:
    """The container's variables, or what pipelines and people read where nothing is hosted."""
    if "app" not in KINDS[kind]:
        settings = graph("project", environment, kind).outputs["settings"]
        assert isinstance(settings, Mapping)
        return dict(settings["value"])
    image = {"image": "registry.example/app:1"}
    (app,) = graph("project", environment, kind, application=image).of_type(APP)
    (container,) = app.properties["template"]["containers"]
    return {row["name"]: row["value"] for row in container["env"]}


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_landing_zone_hands_over_everything_the_code_asks_for(
    kind: str, environment: str, module: ModuleType, repository: Path
) -> None:
    given = handed_over(kind, environment)
    asked = asked_for(module, repository)
    assert asked
    assert asked <= {name for name, value in given.items() if value != ""}
    known = {name: "known later" if isinstance(value, Unknown) else value for name, value in given.items()}
    settings = module.load({**known, "PROVIDER": "azure", "APP_HOME": str(repository)})
    assert set(settings.azure) == asked


def test_the_output_settings_fills_an_env_file(kind: str, module: ModuleType, repository: Path) -> None:
    output = graph("project", "dev", kind).outputs["settings"]
    assert isinstance(output, Mapping)
    asked = asked_for(module, repository)
    assert asked <= output["value"].keys()
    example = (repository / ".env.example").read_text("utf-8")
    assert all(f"\n{name}=" in example for name in asked)


def test_nothing_secret_is_among_it(kind: str) -> None:
    for name, value in handed_over(kind, "dev").items():
        assert not isinstance(value, str) or "listkeys" not in value.lower(), name
        assert not name.endswith(("_SECRET", "_PASSWORD", "_TOKEN", "_KEY")), name


def test_every_tool_has_an_identity_of_its_own(kind: str, tree: FileTree) -> None:
    if "agents/tools.yaml" not in tree.files:
        assert kind not in TOOL_IDENTITIES
        return
    tools = yaml.safe_load(tree.text("agents/tools.yaml"))["tools"].values()
    assert set(TOOL_IDENTITIES[kind]) == {tool["identity"] for tool in tools}
    assert handed_over(kind, "dev")["TOOL_IDENTITIES"]
    whole = graph("project", "dev", kind, application={"image": "registry.example/app:1"})
    (app,) = whole.of_type(APP)
    attached = " ".join(app.body["identity"]["userAssignedIdentities"])
    assert all(f"/id-tool-{name}-" in attached for name in TOOL_IDENTITIES[kind])


def test_applications_are_evaluated_on_azure_where_the_identity_may(tree: FileTree, kind: str) -> None:
    """What the job signs in as is what the parameter files let ask models and search."""
    text = tree.text(".github/workflows/evaluate.yaml")
    found = yaml.safe_load(text)["jobs"]
    files = {name: tree.text(f"infra/project/{name}.bicepparam") for name in ("dev", "test", "prod")}
    named = [name for name, file in files.items() if "param evaluates = true" in file]
    if kind == "finetune":  # the identity that deploys promotes, and asks the model for that
        assert (named, found["azure"]["environment"]) == ([], "dev")
        assert "cloud.deployments evaluate" in text
        return
    if "app" not in KINDS[kind]:
        assert (named, list(found)) == ([], ["evaluate"])
        assert "only: " in text.partition("\nname:")[0]
        return
    assert [found["azure"]["environment"]] == named == ["dev"]
    assert found["azure"]["permissions"] == {"contents": "read", "id-token": "write"}
    assert "schedule" in found["azure"]["if"]
    assert "make setup env ENV=dev" in text
