"""A new workspace: ``coe.yaml`` with comments, ``.gitignore`` and a README."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from coe_scaffold.catalog import functions
from coe_scaffold.errors import UsageError
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.settings import Cloud, Group, Settings
from coe_scaffold.scaffold.provenance import quoted
from coe_scaffold.scaffold.tree import FileTree

APPROVE_THE_LAST = ("ai-coe-lead", "compliance-officer")
"""Who approves plans of production in a new workspace: functions that apply none themselves."""

ENVIRONMENTS: Mapping[str, tuple[str, int]] = {
    "dev": ("standard", 500),
    "test": ("standard", 1000),
    "prod": ("strict", 5000),
}
"""Environments of a new workspace: guardrail profile and monthly budget."""

_PREFIX = re.compile(r"[a-z][a-z0-9]{1,5}")
_GUID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SAMPLE_IDS = uuid.UUID("5b0c7a52-6f0e-5d0b-9a53-0d0a2f1f7c11")


@dataclass(frozen=True)
class WorkspaceAnswers:
    """What a new workspace needs to know.

    ``subscriptions`` (by environment), ``groups`` (by function) and ``tenant`` may stay empty for the
    sandbox only: it gets sample ids made from the organisation's name. ``locations`` starts with the default.
    """

    name: str
    prefix: str
    cloud: Cloud = Cloud.SANDBOX
    tenant: str = ""
    management_group: str = "mg-ai"
    locations: tuple[str, ...] = ("swedencentral", "westeurope")
    data_zone: str = "eu"
    currency: str = "EUR"
    github: str = ""
    subscriptions: Mapping[str, str] = field(default_factory=dict, hash=False)
    groups: Mapping[str, tuple[Group, ...]] = field(default_factory=dict, hash=False)


SAMPLE = WorkspaceAnswers("Contoso", "cto")
"""The organisation of the quickstart, and of projects made outside a workspace."""


def sample_id(organisation: str, what: str) -> str:
    """Return a well-formed GUID that is always the same for an organisation's name and a purpose."""
    return str(uuid.uuid5(_SAMPLE_IDS, f"{organisation.lower()}/{what}"))


def is_sample(settings: Settings) -> bool:
    """Return whether an organisation's ids are made from its name: no cloud but the sandbox knows them."""
    organisation = settings.organisation
    return organisation.tenant.lower() == sample_id(organisation.name, "tenant")


def render_workspace(answers: WorkspaceAnswers) -> FileTree:
    """Return the files of a new workspace; raise UsageError with everything a real cloud still needs."""
    _refuse_missing(answers)
    text = "\n".join(
        [
            *_head(answers),
            *_environments(answers),
            *_functions(answers),
            *_models(answers),
        ]
    )
    return FileTree(
        {
            "coe.yaml": (text + "\n").encode("utf-8"),
            ".gitignore": _GITIGNORE.encode("utf-8"),
            "README.md": _readme(answers).encode("utf-8"),
        }
    )


def _refuse_missing(answers: WorkspaceAnswers) -> None:
    if not answers.name.isprintable() or not answers.name.strip():
        raise UsageError("the organisation's name is empty or holds control characters", fix="Give --name.")
    if not _PREFIX.fullmatch(answers.prefix):
        raise UsageError(
            f"'{answers.prefix}' cannot be a prefix",
            fix="Use 2 to 6 lower-case letters or digits, starting with a letter: --prefix cto.",
        )
    _refuse_wrong(answers)
    if answers.cloud is Cloud.SANDBOX:
        return
    missing = [] if answers.tenant else ["tenant: the Entra tenant id"]
    missing += [f"subscription of {name}" for name in ENVIRONMENTS if not answers.subscriptions.get(name)]
    missing += [f"group of {function}" for function in FUNCTION_IDS if not answers.groups.get(function)]
    if missing:
        raise UsageError(
            f"a workspace for {answers.cloud.value} needs {len(missing)} more value{'s'[: len(missing) > 1]}",
            detail="\n".join(missing),
            fix="Give them all, or start with the sandbox and put real ids into coe.yaml later.",
        )


def _refuse_wrong(answers: WorkspaceAnswers) -> None:
    """Raise UsageError that names what would be left out of coe.yaml, and ids that are none."""
    wrong = [f"'{name}' is no environment" for name in answers.subscriptions if name not in ENVIRONMENTS]
    wrong += [f"'{name}' is no CoE function" for name in answers.groups if name not in FUNCTION_IDS]
    ids = {"tenant": answers.tenant}
    ids |= {f"subscription of {name}": value for name, value in answers.subscriptions.items()}
    ids |= {f"group of {name}": group.id for name, groups in answers.groups.items() for group in groups}
    wrong += [
        f"{what}: '{value}' is no GUID" for what, value in ids.items() if value and not _GUID.fullmatch(value)
    ]
    if wrong:
        raise UsageError(
            f"{len(wrong)} of the values cannot be used",
            detail="\n".join(wrong),
            fix=f"A new workspace has the environments {', '.join(ENVIRONMENTS)}; add others to coe.yaml "
            f"afterwards. The functions are {', '.join(FUNCTION_IDS)}.",
        )


def _head(answers: WorkspaceAnswers) -> list[str]:
    tenant = answers.tenant or sample_id(answers.name, "tenant")
    sandbox = answers.cloud is Cloud.SANDBOX
    allowed = ", ".join(answers.locations)
    return [
        "# One organisation's workspace. 'coe schema workspace' prints the JSON Schema of this file;",
        "# every key can be overridden by COE_* variables, such as COE_LOCATIONS__DEFAULT.",
        *(
            ["# The ids below are samples for the sandbox: replace them before cloud: azure."]
            if sandbox
            else []
        ),
        "apiVersion: coe-scaffold/v1",
        "",
        "organisation:",
        f"  name: {quoted(answers.name)}",
        f"  prefix: {quoted(answers.prefix)}  # starts every resource name",
        f"  tenant: {tenant}  # Entra tenant id",
        f"  managementGroup: {quoted(answers.management_group)}",
        "",
        f"cloud: {answers.cloud.value}  # sandbox | azure | usgovernment | china",
        "",
        "locations:",
        f"  default: {answers.locations[0]}",
        f"  allowed: [{allowed}]  # nothing is deployed elsewhere",
        f"  dataZone: {answers.data_zone}  # where models may process data: eu | us",
        "",
    ]


def _environments(answers: WorkspaceAnswers) -> list[str]:
    lines = ["environments:  # one subscription each; the profile 'strict' lets fewer guardrails pass"]
    for name, (profile, monthly) in ENVIRONMENTS.items():
        subscription = answers.subscriptions.get(name) or sample_id(answers.name, f"subscription/{name}")
        lines += [
            f"  {name}:",
            f"    subscription: {subscription}",
            f"    profile: {profile}",
            f"    budget: {{monthly: {monthly}, currency: {answers.currency}}}",
        ]
    asked = ", ".join(APPROVE_THE_LAST)
    return [
        *lines,
        f"    approvals: [{asked}]  # functions that must approve a plan file before it is applied",
        "",
    ]


def _functions(answers: WorkspaceAnswers) -> list[str]:
    lines = ["functions:  # Entra groups (object ids) that fill each function; name and email are for people"]
    for function in functions():
        lines.append(f"  {function.id}:  # {function.title}")
        for group in answers.groups.get(function.id) or (_sample_group(answers, function.id),):
            email = f", email: {quoted(group.email)}" if group.email else ""
            lines.append(f"    - {{id: {group.id}, name: {quoted(group.name)}{email}}}")
    return [*lines, ""]


def _sample_group(answers: WorkspaceAnswers, function: str) -> Group:
    name = f"{answers.prefix}-{function}"
    domain = re.sub(r"[^a-z0-9]+", "-", answers.name.lower()).strip("-") or "organisation"
    return Group(sample_id(answers.name, f"group/{function}"), name, f"{name}@{domain}.example")


def _models(answers: WorkspaceAnswers) -> list[str]:
    return [
        "tags:  # on every resource that takes tags",
        '  costCenter: "4711"',
        "",
        "models:",
        "  allowed:  # only these models and versions may be deployed",
        '    - {name: gpt-5.2, version: "2025-12-11"}',
        "  deploymentTypes: [DataZoneStandard]",
        "",
        "limits:  # 'coe check' and the policies of the management group hold resources against these",
        "  capacity: 500  # of one model deployment, in thousands of tokens per minute",
        "  nodes: 8  # of one Machine Learning cluster",
        "  throughput: 4000  # request units per second of a Cosmos DB account outside production",
        "",
        "bicep:",
        "  compiler: auto  # auto | embedded | official",
        *(
            ["", "repository:", "  provider: github", f"  organisation: {quoted(answers.github)}"]
            if answers.github
            else []
        ),
    ]


def _readme(answers: WorkspaceAnswers) -> str:
    return f"""# AI workspace of {answers.name}

`coe.yaml` says who fills which function of the AI Center of Excellence, where AI may run and what it may
cost. Everything else here is generated from it and can be changed by hand afterwards.

```
coe new landing-zone                    # Bicep and one parameter file per environment
coe new project claims-chat --kind rag  # a project repository whose tests run offline
coe check --env dev                     # guardrails on what would really be deployed
coe plan --env dev                      # resources and access in one preview
coe apply --env dev                     # do it; 'coe undo' takes back what a run created
coe drift --env prod                    # what differs from this folder, read-only
coe report                              # who has what, which control, which evidence
```

## From the sandbox to Azure

1. Put real ids into `coe.yaml`: tenant, one subscription per environment, one Entra group per function.
2. Set `cloud: azure` and sign in, for example with `az login`.
3. `coe plan --env dev` only reads. Look at it before you apply.

Runs are recorded in `.coe/runs/`; they serve resume and undo, and are not the truth about Azure.
"""


_GITIGNORE = """# Runs, sandbox state and reports of coe
/.coe/
/plan.json
/report.html

# Project repositories have a git history of their own when they have a .git folder
.venv/
__pycache__/
"""
