"""coe.yaml and project.yaml: what is accepted, and how everything wrong is said at once."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_scaffold.config.json_schema import json_schema
from coe_scaffold.config.schema import FunctionId
from coe_scaffold.config.source import Source
from coe_scaffold.config.workspace import load, load_project
from coe_scaffold.errors import ConfigError
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.settings import Limits, Settings

GOOD = """\
apiVersion: coe-scaffold/v1
organisation:
  {name: Contoso, prefix: cto, tenant: 10000000-0000-4000-8000-000000000000, managementGroup: mg-ai}
locations: {default: swedencentral, allowed: [swedencentral, westeurope]}
environments:
  dev: {subscription: 20000000-0000-4000-8000-000000000001, budget: {monthly: 500}}
functions:
""" + "".join(
    f"  {function}: [{{id: 30000000-0000-4000-8000-00000000000{number}}}]\n"
    for number, function in enumerate(FUNCTION_IDS)
)

PROJECT = """\
apiVersion: coe-scaffold/v1
name: claims-chat
kind: rag
title: Claims chat
owner: claims@contoso.example
environments: [dev]
"""


def read(text: str, *projects: Source, environ: dict[str, str] | None = None) -> Settings:
    return load(PurePosixPath("/w"), Source("coe.yaml", text), projects, environ=environ)


def complaints(text: str, *projects: Source, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(text, *projects, environ=environ)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_file_becomes_settings() -> None:
    settings = read(GOOD, Source("claims-chat/project.yaml", PROJECT, "claims-chat"))
    assert settings.environments["dev"].location == "swedencentral"
    assert settings.environments["dev"].profile == "standard"
    assert list(settings.functions) == list(FUNCTION_IDS)
    assert settings.projects[0].folder == "claims-chat"
    assert settings.projects[0].risk_tier == "limited"


def test_limits_have_defaults_and_can_be_set() -> None:
    assert read(GOOD).limits == Limits()
    given = "limits: {capacity: 60, nodes: 2, throughput: 1000, vmSizes: [Standard_D8s_v5]}\n"
    models = 'models: {allowed: [{name: m, version: "1", capacity: 7}]}\n'
    settings = read(GOOD + given + models)
    assert settings.limits == Limits(60, 2, 1000, ("Standard_D8s_v5",))
    assert settings.models[0].capacity == 7
    assert any("limits.nodes" in item for item in complaints(GOOD + "limits: {nodes: 0}\n"))


def test_everything_wrong_is_said_at_once_with_its_place() -> None:
    text = (
        GOOD.replace("prefix: cto", "prefx: cto")
        .replace("monthly: 500", "monthly: many")
        .replace("  ai-engineer:", "  ai-enginer:")
        .replace("default: swedencentral", "default: X1")
    )
    said = complaints(text)
    assert "coe.yaml:2:1: 'organisation.prefix' is missing. Add 'prefix:' with a value. [COE-CFG-010]" in said
    assert "coe.yaml:3:19: unknown key 'organisation.prefx'. Did you mean 'prefix'? [COE-CFG-011]" in said
    assert any(line.startswith("coe.yaml:4:13: 'locations.default' has the value 'X1'") for line in said)
    assert any("environments.dev.budget.monthly" in line and "'many'" in line for line in said)
    assert any("ai-enginer" in line and "Did you mean 'ai-engineer'?" in line for line in said)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("default: swedencentral", "default: northeurope", "'northeurope' is not in locations.allowed"),
        ("  ai-engineer: [{id: 30000000-0000-4000-8000-000000000005}]\n", "", "'ai-engineer' has no group"),
        ("prefix: cto", "prefix: CONTOSO", "2 to 6 lower-case letters or digits"),
        ("tenant: 1", "tenant: x", "'organisation.tenant'"),
        ("budget: {monthly: 500}", "budget: {monthly: 500}, profile: strct", "Did you mean 'strict'?"),
        ("environments:", "environments: {}\nx:", "unknown key 'x'"),
        ("functions:", "cloud: gcp\nfunctions:", "'cloud' cannot be 'gcp'"),
        ("coe-scaffold/v1", "coe-scaffold/v9", "coe-scaffold/v1"),
    ],
)
def test_each_mistake_has_its_message(old: str, new: str, words: str) -> None:
    assert old in GOOD
    assert words in "\n".join(complaints(GOOD.replace(old, new, 1)))


def excepted(scope: str) -> str:
    facts = "guardrail: kv-rbac, reason: a pilot in May, approver: compliance-officer, expires: '2027-01-01'"
    return f"{GOOD}exceptions: [{{scope: {scope}, {facts}}}]\n"


def test_an_exception_for_nowhere_is_an_error() -> None:
    (found,) = complaints(excepted("dve"))
    assert "an exception is for 'dve'" in found
    assert "Did you mean 'dev'?" in found
    for scope in ("dev", "governance", "/subscriptions/20000000-0000-4000-8000-000000000001"):
        assert read(excepted(scope)).exceptions[0].scope == scope


def test_two_environments_may_not_share_a_subscription() -> None:
    second = "  dev2: {subscription: 20000000-0000-4000-8000-000000000001, budget: {monthly: 1}}\nfunctions:"
    assert "share one subscription" in complaints(GOOD.replace("functions:", second))[0]


def test_a_key_that_is_no_name_is_an_error() -> None:
    assert complaints(GOOD + "? [cloud]\n: sandbox\n{}: 1\n")[0].startswith(
        "coe.yaml:17:3: a key cannot be a list or a mapping"
    )


def test_a_key_set_twice_is_an_error() -> None:
    assert complaints(GOOD + "cloud: sandbox\ncloud: azure\n")[0].startswith(
        "coe.yaml:18:1: 'cloud' is set twice"
    )


def test_an_alias_that_leads_to_itself_is_an_error() -> None:
    assert complaints(GOOD + "tags: &a {x: [*a]}\n")[0].startswith("coe.yaml:17:7: this contains itself")
    aliases = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    assert "more than 100000 values" in complaints(f"a0: &a0 [x]\n{aliases}")[0]


def test_bad_yaml_names_its_line() -> None:
    assert complaints("organisation: {name: [}\n")[0].startswith("coe.yaml:1:")


@pytest.mark.parametrize("text", ["", "- a\n", "hello\n"])
def test_what_is_not_a_mapping_is_refused(text: str) -> None:
    assert complaints(text)


def test_an_environment_variable_beats_the_file() -> None:
    assert read(GOOD, environ={"COE_CLOUD": "azure"}).cloud == "azure"
    assert read(GOOD, environ={"COE_LOCATIONS__DEFAULT": "westeurope"}).locations.default == "westeurope"
    settings = read(GOOD, environ={"COE_ORGANISATION__MANAGEMENT_GROUP": "mg-x", "COE_CORPUS": "/x"})
    assert settings.organisation.management_group == "mg-x"


def test_an_environment_variable_for_no_section_is_an_error() -> None:
    assert "sets no key of coe.yaml" in complaints(GOOD, environ={"COE_LOCATION__DEFAULT": "x"})[0]


def test_one_underscore_too_few_is_an_error_and_no_setting_that_is_not_there() -> None:
    for name in ("COE_LOCATIONS__DEFAULT", "COE_SANDBOX__PORT", "COE_SANDBOX__NOPE"):
        assert complaints(GOOD, environ={name: "mars"})[0].startswith(f"environment variable {name}: ")
    said = complaints(GOOD, environ={"COE_SANDBOX_FAULTS": "error:1"})[0]
    assert "sets nothing" in said
    assert "COE_SANDBOX__FAULTS" in said
    assert read(GOOD, environ={"COE_SANDBOX": "", "COE_ENV": "dev", "COE_SPECS": "/x"}) == read(GOOD)


def test_the_problems_of_all_files_come_together() -> None:
    project = Source(
        "p/project.yaml", PROJECT.replace("kind: rag", "kind: rga").replace("[dev]", "[dev, qa]")
    )
    said = complaints(GOOD.replace("prefix: cto", "prefix: C"), project)
    assert [line.split(":")[0] for line in said] == ["coe.yaml", "p/project.yaml"]
    assert "'kind' cannot be 'rga'. Did you mean 'rag'?" in said[1]


def test_an_environment_of_a_project_must_exist() -> None:
    with pytest.raises(ConfigError, match="1 problem") as caught:
        load_project(Source("project.yaml", PROJECT.replace("[dev]", "[dev, qa]")), read(GOOD))
    assert "environment 'qa' is not in coe.yaml" in str(caught.value.problems[0])


def test_a_service_connection_is_for_an_environment_of_the_project() -> None:
    guid = "bbbbbbbb-0000-4000-8000-00000000000b"
    connections = f"repository: {{connections: {{dev-plan: {guid}, deploy: {guid}}}}}\n"
    with pytest.raises(ConfigError, match="1 problem") as caught:
        load_project(Source("project.yaml", PROJECT + connections), read(GOOD))
    assert "service connection 'deploy'" in str(caught.value.problems[0])


def test_the_function_ids_of_the_schema_are_those_of_the_table() -> None:
    assert get_args(FunctionId) == FUNCTION_IDS


def test_the_schemas_are_closed() -> None:
    for document in ("workspace", "project"):
        schema = json_schema(document)
        assert schema["additionalProperties"] is False
        assert "apiVersion" in schema["required"]


def assert_settings_or_problems(text: str) -> None:
    try:
        read(text)
    except ConfigError as error:
        if not error.problems or not all(problem.message for problem in error.problems):
            raise AssertionError("an error without words") from error


@given(st.text(max_size=200))
def test_any_text_is_settings_or_a_list_of_problems(text: str) -> None:
    assert_settings_or_problems(text)


@given(st.sampled_from(GOOD.splitlines()), st.text("abc:{}[]- \t\"'#0", max_size=12))
def test_a_changed_line_never_breaks_the_reader(line: str, replacement: str) -> None:
    assert_settings_or_problems(GOOD.replace(line, replacement))


def test_an_unquoted_date_stays_text() -> None:
    models = "models: {allowed: [{name: gpt-5.2, version: 2026-01-15}]}\n"
    assert read(GOOD + models).models[0].version == "2026-01-15"
    assert read(GOOD + models.replace("01-15", "02-31")).models[0].version == "2026-02-31"


ACCESS = """\
access:
  pim: off
  activeDays: 60
  activation: {hours: 4, multiFactor: false, approval: [dev]}
  matrix:
    - change: replace
      function: data-scientist
      environment: dev
      scope: search
      role: 1407120A-92aa-4202-b7e9-c0e197c71c8f
      mode: eligible
      reason: indexes hold customer texts
"""


def test_access_overrides_have_their_place() -> None:
    access = read(GOOD + ACCESS).access
    assert (access.pim, access.active_days, access.eligible_days, access.activation_hours) == (
        "off",
        60,
        365,
        4,
    )
    assert (access.multi_factor, access.approval) == (False, ("dev",))
    (change,) = access.changes
    assert (change.verb, change.mode, change.role[:8]) == ("replace", "eligible", "1407120a")
    line = (GOOD + ACCESS).splitlines().index("    - change: replace") + 1
    assert change.location == f"coe.yaml:{line}"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("change: remove, scope: aisearch", "COE-CFG-031"),
        ("change: remove, environment: prd", "COE-CFG-024"),
        ("change: remove, role: 00000000-0000-4000-8000-000000000000", "COE-CFG-033"),
        ("change: remove, function: ai-strategist", "COE-CFG-035"),
        ("change: add, mode: eligible", "COE-CFG-034"),
        ("change: replace", "COE-CFG-036"),
        ("change: remove, mode: standing", "COE-CFG-036"),
        ("change: replace, mode: eligible, by: nobody", "COE-CFG-033"),
    ],
)
def test_every_problem_of_an_override_is_said_at_its_line(row: str, code: str) -> None:
    base = {
        "function": "data-scientist",
        "environment": "dev",
        "scope": "search",
        "role": "1407120a-92aa-4202-b7e9-c0e197c71c8f",
        "reason": "asked for in the review",
    }
    given = {key: text for key, text in base.items() if f"{key}:" not in row}
    members = ", ".join([row, *(f"{key}: {text}" for key, text in given.items())])
    text = f"{GOOD}access:\n  matrix:\n    - {{{members}}}\n"
    line = len(text.splitlines())
    found = [problem for problem in complaints(text) if f"[{code}]" in problem]
    assert found
    assert all(problem.startswith(f"coe.yaml:{line}:") for problem in found)


def test_a_project_may_not_change_what_projects_share() -> None:
    row = (
        "{change: remove, function: ai-coe-lead, environment: all, scope: management-group, "
        "role: ac63b705-f282-497d-ac71-919bf39d939d, reason: not needed by us}"
    )
    project = Source("p/project.yaml", f"{PROJECT}access:\n  matrix:\n    - {row}\n", "p")
    assert any("COE-CFG-032" in problem for problem in complaints(GOOD, project))


def test_renewal_comes_before_the_end() -> None:
    assert any("COE-CFG-030" in one for one in complaints(GOOD + "access: {renewDays: 120}\n"))


STACKS = GOOD.replace(
    "budget: {monthly: 500}}", "budget: {monthly: 500}, stacks: {denySettings: {mode: denyDelete}}}"
)


def test_stacks_are_used_where_a_cloud_has_them_and_delete_and_deny_nothing() -> None:
    found = read(GOOD).environments["dev"].stacks
    assert (found.use, found.settings.deletes, found.settings.deny.forbids) == ("auto", False, False)
    assert found.settings.tags == {"managed-by": "coe-scaffold", "coe-environment": "dev"}


def test_an_environment_has_its_own_stack_settings_key_by_key() -> None:
    shared = "stacks: {use: always, actionOnUnmanage: deleteResources, denySettings: {mode: denyDelete}}\n"
    found = read(STACKS + shared)
    dev = found.environments["dev"].stacks
    assert (dev.use, dev.settings.resources, dev.settings.resource_groups) == ("always", "delete", "detach")
    assert dev.settings.deny.mode == "denyDelete"
    assert not found.stacks.settings.deny.forbids, "there is no denial at a management group"
    deleting = read(GOOD + "stacks: {actionOnUnmanage: deleteAll}\n").environments["dev"].stacks.settings
    assert (deleting.resources, deleting.resource_groups) == ("delete", "delete")
    never = read(GOOD, environ={"COE_STACKS__USE": "never"}).environments["dev"].stacks
    assert never.use == "never"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stacks: {use: maybe}\n", "'stacks.use' cannot be"),
        ("stacks: {actionOnUnmanage: delete}\n", "deleteAll"),
        ("stacks: {denySetings: {mode: none}}\n", "Did you mean 'denySettings'?"),
        ("stacks: {denySettings: {mode: denyWrite}}\n", "denyWriteAndDelete"),
        ("stacks: {denySettings: {excludedActions: [a/b/write]}}\n", "mode is none"),
    ],
)
def test_a_wrong_stack_setting_is_said_with_its_line(text: str, words: str) -> None:
    (complaint,) = complaints(GOOD + text)
    assert complaint.startswith(f"coe.yaml:{GOOD.count(chr(10)) + 1}:")
    assert words in complaint
