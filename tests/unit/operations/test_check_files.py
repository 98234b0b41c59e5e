"""Judging files that somebody brings: what is found, what is judged, and what could not be."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from coe_scaffold.errors import UsageError
from coe_scaffold.local.compilers import EmbeddedCompiler
from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.model.judgement import Judgement
from coe_scaffold.operations.check_files import Surroundings, check_files
from coe_scaffold.operations.found_files import entries
from tests.fakes.clock import FakeClock
from tests.fakes.workspace import settings

STORAGE = """param name string
param open bool = false
resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: 'swedencentral'
  sku: { name: 'Standard_ZRS' }
  kind: 'StorageV2'
  properties: { allowBlobPublicAccess: open }
}
"""
ARM = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "parameters": {"open": {"type": "bool"}},
    "resources": [
        {
            "type": "Microsoft.Storage/storageAccounts",
            "apiVersion": "2024-01-01",
            "name": "stexample",
            "properties": {"allowBlobPublicAccess": "[parameters('open')]"},
        }
    ],
}
PARAMETERS = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
    "contentVersion": "1.0.0.0",
    "parameters": {"open": {"value": True}},
}
RULE = "storage-blob-anonymous-off"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A module, a main file that uses it openly, parameters, and files that are no templates."""
    files = {
        "modules/storage.bicep": STORAGE,
        "types.bicep": "@export()\ntype tier = 'hot' | 'cool'\n",
        "main.bicep": "import { tier } from 'types.bicep'\nparam name string\nparam level tier = 'hot'\n"
        "module store 'modules/storage.bicep' = {\n  name: 'store'\n  params: { name: name, open: true}\n}\n",
        "dev.bicepparam": "using 'main.bicep'\nparam name = 'stexample'\n",
        "bicepconfig.json": "{}",
        "tsconfig.json": "{ // a comment\n}",
        ".hidden/broken.bicep": "param",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def check(path: Path, parameters: Path | None = None, around: Surroundings | None = None) -> Judgement:
    return check_files(
        path, parameters, around or Surroundings(), compiler=EmbeddedCompiler(), clock=FakeClock()
    )


def bad(judgement: Judgement, rule: str = RULE) -> list[Finding]:
    return [f for f in judgement.findings if f.rule == rule and f.outcome is Outcome.FAIL]


def written(path: Path, document: object) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_folder_is_judged_by_its_entry_points(folder: Path) -> None:
    assert [entry.file.name for entry in entries(folder, None)] == ["dev.bicepparam"]
    judgement = check(folder)
    assert not judgement.unchecked
    (finding,) = bad(judgement)
    assert finding.location == f"{folder.as_posix()}/modules/storage.bicep:8"
    assert (finding.actual, finding.expected) == (True, False)
    assert finding.fix
    assert finding.owner


def test_the_master_of_a_copy_that_has_values_is_judged_through_the_copy(folder: Path) -> None:
    (folder / "master").mkdir()
    (folder / "master" / "modules").mkdir()
    for name in ("main.bicep", "types.bicep", "modules/storage.bicep"):
        (folder / "master" / name).write_text((folder / name).read_text("utf-8"), encoding="utf-8")
    judgement = check(folder)
    assert (len(judgement.units), judgement.unchecked) == (1, ())
    assert len(check(folder / "master").unchecked) == 1
    (folder / "master" / "modules" / "storage.bicep").write_text(f"{STORAGE}output x int = 1\n")
    assert len(check(folder).unchecked) == 1


def test_a_module_nobody_uses_is_judged_itself(folder: Path) -> None:
    (folder / "modules" / "spare.bicep").write_text(STORAGE, encoding="utf-8")
    judgement = check(folder)
    (missed,) = judgement.unchecked
    assert missed.file.endswith("modules/spare.bicep")
    assert "no value for the parameter name" in missed.problems[0].message
    assert any(unit.name == missed.file for unit in judgement.units)


def test_modules_that_only_use_each_other_are_no_pass(folder: Path) -> None:
    for name, other in (("a", "b"), ("b", "a"), ("self", "self")):
        (folder / f"{name}.bicep").write_text(f"module m '{other}.bicep' = {{ name: 'm' }}\n", "utf-8")
    missed = check(folder).unchecked
    assert [Path(item.file).name for item in missed] == ["self.bicep", "a.bicep"]


@pytest.mark.parametrize(
    "mention",
    [
        "// module s 'modules/spare.bicep' = {}",
        "/*\nmodule s 'modules/spare.bicep' = {}\n*/",
        "import {t} from 'modules/spare.bicep'",
    ],
)
def test_a_file_that_is_only_mentioned_is_judged_itself(folder: Path, mention: str) -> None:
    spare = folder / "modules" / "spare.bicep"
    spare.write_text(f"@export()\ntype t = string\n{STORAGE}", encoding="utf-8")
    (folder / "other.bicep").write_text(f"{mention}\nvar web = 'https://a/*'\n", encoding="utf-8")
    assert spare in [entry.file for entry in entries(folder, None)]


def test_a_file_that_does_not_compile_is_named_and_the_others_are_judged(folder: Path) -> None:
    (folder / "broken.bicep").write_text("param x string\nvar y = zzz\n", encoding="utf-8")
    judgement = check(folder)
    assert [Path(item.file).name for item in judgement.unchecked] == ["broken.bicep"]
    assert judgement.unchecked[0].problems[0].line == 2
    assert bad(judgement)


@pytest.mark.parametrize("suffix", ["bicepparam", "json"])
def test_parameters_for_a_template(folder: Path, suffix: str) -> None:
    file = folder / "modules" / "storage.bicep"
    values = folder / f"closed.{suffix}"
    if suffix == "json":
        written(values, {"parameters": {"name": {"value": "stexample"}}})
    else:
        values.write_text("using 'modules/storage.bicep'\nparam name = 'stexample'\n", encoding="utf-8")
    judgement = check(file, values)
    assert not judgement.unchecked
    assert not bad(judgement)
    assert any(f.rule == RULE and f.outcome is Outcome.PASS for f in judgement.findings)


def test_every_parameter_without_a_value_is_named(folder: Path) -> None:
    (missed,) = check(folder / "main.bicep").unchecked
    assert "no value for the parameter name" in missed.problems[0].message
    assert "--parameters" in missed.problems[0].fix


def test_what_does_not_depend_on_a_missing_value_is_judged_and_the_rest_is_unknown(folder: Path) -> None:
    template = folder / "modules" / "storage.bicep"
    template.write_text(f"param count int\n{STORAGE}", encoding="utf-8")
    outcomes = {finding.rule: finding.outcome for finding in check(template).findings}
    assert outcomes["storage-min-tls"] is Outcome.FAIL
    assert outcomes["naming-convention"] is Outcome.UNKNOWN


def test_a_file_that_needs_the_missing_value_to_be_evaluated_says_both(folder: Path) -> None:
    template = folder / "length.bicep"
    template.write_text("param name string\noutput half int = int('x${1}y')\n", encoding="utf-8")
    (missed,) = check(template).unchecked
    told = " ".join(problem.message for problem in missed.problems)
    assert "no value for the parameter name" in told
    assert "int" in told


def test_an_arm_template_with_its_parameter_file(tmp_path: Path) -> None:
    written(tmp_path / "azuredeploy.json", ARM)
    values = written(tmp_path / "azuredeploy.prod.parameters.json", PARAMETERS)
    assert bad(check(values))
    judgement = check(tmp_path)
    assert [unit.name for unit in judgement.units] == [values.as_posix()]
    assert bad(judgement)


def test_a_parameter_file_of_any_name_is_for_the_main_template_beside_it(tmp_path: Path) -> None:
    written(tmp_path / "azuredeploy.json", ARM)
    values = written(tmp_path / "params.dev.json", PARAMETERS)
    assert bad(check(values))
    alone = written(tmp_path / "alone" / "params.json", PARAMETERS)
    (missed,) = check(alone).unchecked
    assert "no template" in missed.problems[0].message


def test_a_broken_arm_template_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "main.json").write_text(json.dumps(ARM)[:-1], encoding="utf-8")
    (missed,) = check(tmp_path).unchecked
    assert missed.file.endswith("main.json")


def test_json_built_from_a_bicep_file_is_left_to_it(folder: Path) -> None:
    written(folder / "main.json", {**ARM, "metadata": {"_generator": {"name": "bicep"}}})
    assert len(entries(folder, None)) == 1
    written(folder / "main.json", ARM)
    assert len(entries(folder, None)) == 2


@pytest.mark.parametrize("name", ["empty", "bicepconfig.json", "types.bicep"])
def test_nothing_to_judge_is_no_pass(folder: Path, name: str) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(UsageError):
        check(folder / name)


def test_parameters_do_not_go_with_a_folder(folder: Path) -> None:
    with pytest.raises(UsageError):
        check(folder, folder / "dev.bicepparam")


def test_without_a_workspace_its_choices_are_unknown(folder: Path) -> None:
    (finding,) = [f for f in check(folder).findings if f.rule == "allowed-locations"]
    assert finding.outcome is Outcome.UNKNOWN
    (inside,) = [
        f for f in check(folder, around=Surroundings(settings())).findings if f.rule == "allowed-locations"
    ]
    assert inside.outcome is Outcome.PASS


def test_what_a_secure_parameter_holds_is_not_told(tmp_path: Path) -> None:
    tags = {"environment": "[parameters('key')]"}
    parameters = {**ARM["parameters"], "key": {"type": "secureString"}}  # type: ignore[dict-item]
    (resource,) = ARM["resources"]
    tagged = {**resource, "location": "westeurope", "tags": tags}  # type: ignore[dict-item]
    written(tmp_path / "main.json", {**ARM, "parameters": parameters, "resources": [tagged]})
    values = {**PARAMETERS, "parameters": {"open": {"value": True}, "key": {"value": "hunter2-hunter2"}}}
    (finding,) = bad(check(written(tmp_path / "main.parameters.json", values)), "required-tags")
    assert finding.actual == {"environment": "<secret>"}
    assert "hunter2" not in repr(finding)


def test_what_a_secure_parameter_of_a_module_holds_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "main.bicep").write_text("module inner 'inner.bicep' = {\n  name: 'inner'\n}\n")
    (tmp_path / "inner.bicep").write_text(
        "@secure()\nparam key string = 'hunter2-hunter2'\n\n"
        "resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {\n  name: 'stown'\n"
        "  location: 'westeurope'\n  kind: 'StorageV2'\n  sku: { name: 'Standard_LRS' }\n"
        "  tags: { environment: key }\n}\n"
    )
    (finding,) = bad(check(tmp_path / "main.bicep"), "required-tags")
    assert finding.actual == {"environment": "<secret>"}
    assert "hunter2" not in repr(finding)


def test_a_finding_in_an_arm_template_names_the_line_of_the_value(tmp_path: Path) -> None:
    (tmp_path / "main.json").write_text(json.dumps(ARM, indent=1), encoding="utf-8")
    (finding,) = bad(check(written(tmp_path / "main.parameters.json", PARAMETERS)))
    text = (tmp_path / "main.json").read_text("utf-8").splitlines()
    file, _, line = finding.location.rpartition(":")
    assert file == (tmp_path / "main.json").as_posix()
    assert "allowBlobPublicAccess" in text[int(line) - 1]


@pytest.mark.parametrize(("kind", "outcome"), [("Standard", "pass"), ("GlobalStandard", "unknown")])
def test_without_a_workspace_models_may_run_wherever_data_stay(
    tmp_path: Path, kind: str, outcome: str
) -> None:
    body = {
        "type": "Microsoft.CognitiveServices/accounts/deployments",
        "apiVersion": "2024-10-01",
        "name": "a/b",
        "sku": {"name": kind, "capacity": 1},
        "properties": {},
    }
    written(tmp_path / "main.json", {**ARM, "parameters": {}, "resources": [body]})
    (finding,) = [f for f in check(tmp_path).findings if f.rule == "deploy-sku-residency"]
    assert finding.outcome.value == outcome


def test_a_parameter_file_named_after_an_environment_is_judged_for_it(folder: Path) -> None:
    (folder / "prod.bicepparam").write_text("using 'main.bicep'\nparam name = 'stprod'\n", encoding="utf-8")
    sample = replace(settings(), root=folder)
    judgement = check(folder, around=Surroundings(sample))
    subscriptions = {f.subject.split("/")[2] for f in bad(judgement)}
    assert subscriptions == {sample.environments[name].subscription for name in ("dev", "prod")}
    chosen = Surroundings(sample, sample.environments["prod"])
    assert [unit.name for unit in check(folder, around=chosen).units] == [
        (folder / "prod.bicepparam").as_posix()
    ]


def test_a_file_that_is_nested_too_deeply_could_not_be_checked(tmp_path: Path) -> None:
    deep = "[" * 9000 + "]" * 9000
    (tmp_path / "main.json").write_text(f'{json.dumps(ARM)[:-1]}, "variables": {deep}}}')
    (left,) = check(tmp_path / "main.json").unchecked
    assert "nested more than 200 levels deep" in str(left.problems[0])


def test_what_a_broken_file_holds_does_not_steer_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "main.bicep").write_bytes(b"resource \x1b[2J\x00\n")
    (missed,) = check(tmp_path).unchecked
    assert "\x1b" in missed.problems[0].message + missed.problems[1].message
    assert all(str(problem).isprintable() for problem in missed.problems)


@pytest.mark.parametrize(
    ("kind", "properties", "told"),
    [
        (
            "deployments",
            {"templateLink": {"uri": "https://example.org/x.json"}},
            "https://example.org/x.json",
        ),
        ("deployments", {"templateLink": {"id": "/subscriptions/s/specs/x"}}, "/subscriptions/s/specs/x"),
        ("deploymentStacks", {"template": {"resources": []}}, "not evaluated here"),
    ],
)
def test_a_template_from_elsewhere_is_no_pass(
    tmp_path: Path, kind: str, properties: dict[str, object], told: str
) -> None:
    body = {
        "type": f"Microsoft.Resources/{kind}",
        "apiVersion": "2024-03-01",
        "name": "far",
        "properties": {"mode": "Incremental", **properties},
    }
    written(tmp_path / "main.json", {**ARM, "parameters": {}, "resources": [body]})
    (missed,) = check(tmp_path).unchecked
    (problem,) = missed.problems
    assert told in problem.message
    assert (problem.line, Path(problem.file).name) == (1, "main.json")
