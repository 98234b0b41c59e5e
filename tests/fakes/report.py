"""A sample report: three environments with resources, access, findings, exceptions, evidence and plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from coe_scaffold.checks import all_rules, context_for, run
from coe_scaffold.model.access import Assignment, Mode, PrincipalType, RoleRef
from coe_scaffold.model.coe import FUNCTION_IDS, CoeFunction
from coe_scaffold.model.finding import Severity
from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.model.plan import Action, Plan, Step, StepKind
from coe_scaffold.model.report import EnvironmentReport, Evidence, ReportData
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.settings import Environment, GuardrailException, Settings
from tests.fakes.workspace import settings as sample_settings

TODAY = date(2026, 11, 24)
LOCATIONS = {
    "/resources/0": "landing-zone/modules/foundry/main.bicep:42",
    "/resources/1": "landing-zone/modules/storage/main.bicep:18",
}


def resource(
    environment: Environment, kind: str, name: str, source: str = "", group: str = "", **properties: Value
) -> Resource:
    scope = environment.scope.group(group or f"rg-cto-claims-chat-{environment.name}-sdc")
    top = kind.count("/") == 1
    body: dict[str, Value] = {"properties": properties}
    if top:
        body |= {"location": environment.location, "tags": {"managed-by": "coe-scaffold"}}
    return Resource(kind, name, "2026-01-01", scope, body, source=source)


def graph(environment: Environment) -> ResourceGraph:
    name = environment.name
    storage = f"stctoclaims{name}"
    platform = f"rg-cto-platform-{name}-sdc"
    groups = tuple(
        Resource(
            "Microsoft.Resources/resourceGroups",
            group,
            "2025-04-01",
            environment.scope,
            {"location": environment.location, "tags": {"managed-by": "coe-scaffold"}},
        )
        for group in (platform, f"rg-cto-claims-chat-{name}-sdc")
    )
    return ResourceGraph(
        (
            *groups,
            resource(environment, "Microsoft.CognitiveServices/accounts", f"ai-cto-claims-{name}",
                     "/resources/0", publicNetworkAccess="Enabled" if name == "dev" else "Disabled",
                     disableLocalAuth=name != "test"),
            resource(environment, "Microsoft.CognitiveServices/accounts/deployments",
                     f"ai-cto-claims-{name}/chat", "/resources/0",
                     model={"format": "OpenAI", "name": "gpt-5.2", "version": "2026-01-15"},
                     raiPolicyName="baseline"),
            resource(environment, "Microsoft.Storage/storageAccounts", storage, "/resources/1",
                     publicNetworkAccess=Unknown("[reference('x').access]") if name == "dev" else "Disabled",
                     allowBlobPublicAccess=False),
            resource(environment, "Microsoft.Storage/storageAccounts/blobServices/containers",
                     f"{storage}/default/data", publicAccess="None"),
            resource(environment, "Microsoft.Search/searchServices", f"srch-cto-claims-{name}",
                     publicNetworkAccess="Disabled", disableLocalAuth=True),
            resource(environment, "Microsoft.KeyVault/vaults", f"kv-cto-claims-{name}",
                     publicNetworkAccess="Disabled"),
            resource(environment, "Microsoft.OperationalInsights/workspaces", f"log-cto-{name}",
                     group=platform, retentionInDays=180),
            resource(environment, "Microsoft.Network/virtualNetworks", f"vnet-cto-{name}", group=platform),
        )
    )  # fmt: skip


def assignments(settings: Settings, environment: Environment) -> tuple[Assignment, ...]:
    group = environment.scope.group(f"rg-cto-claims-chat-{environment.name}-sdc")
    reader = RoleRef("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader")
    user = RoleRef("53ca6127-db72-4b80-b1b0-d745d6d5456d", "Foundry User")
    contributor = RoleRef("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor")
    made: list[Assignment] = []
    for function in FUNCTION_IDS:
        principal = settings.functions[function][0].id
        made.append(Assignment(environment.scope, principal, PrincipalType.GROUP, reader, function=function))
        if function in ("ai-engineer", "data-scientist", "mlops-engineer"):
            role = contributor if environment.name == "dev" else user
            mode = Mode.ELIGIBLE if environment.name == "prod" else Mode.STANDING
            made.append(Assignment(group, principal, PrincipalType.GROUP, role, mode, function=function))
    return tuple(made)


def plan(environment: Environment) -> Plan:
    steps = (
        Step("platform", StepKind.DEPLOYMENT, Action.CREATE, environment.scope, "Deploy platform", "missing"),
        Step("reader", StepKind.ROLE_ASSIGNMENT, Action.ADOPT, environment.scope, "Assign Reader", "same"),
    )
    return Plan(environment.name, "sandbox", "0" * 64, "1" * 64, steps, notes=("PIM is not licensed.",))


def evidence() -> tuple[Evidence, ...]:
    return (
        Evidence("claims-chat", "intake-record", "Intake record with sponsor, users and value", "intake",
                 "ai-coe-lead", "present", "governance/intake.yaml"),
        Evidence("claims-chat", "impact-assessment", "Responsible AI impact assessment", "design",
                 "ai-ethics-officer", "missing", "governance/impact-assessment.md"),
        Evidence("claims-chat", "fria", "Fundamental rights impact assessment", "release",
                 "compliance-officer", "not required"),
    )  # fmt: skip


def report_data() -> ReportData:
    settings = replace(
        sample_settings(),
        exceptions=(
            GuardrailException("cogsvc-public-access-disabled", "dev",
                               "Private DNS comes with the hub", "compliance-officer", "2027-01-31"),
            GuardrailException("cogsvc-local-auth-disabled", "test", "Old client needs a key",
                               "ai-engineer", "2027-01-31"),
        ),
    )  # fmt: skip
    criticals = tuple(rule for rule in all_rules() if rule.severity is Severity.CRITICAL)
    reports = []
    for environment in settings.environments.values():
        resources = graph(environment)
        context = context_for(settings, environment, today=TODAY, locations=LOCATIONS)
        reports.append(
            EnvironmentReport(
                environment,
                resources,
                assignments(settings, environment),
                run(resources, context, criticals),
                plan(environment) if environment.name == "dev" else None,
            )
        )
    functions = tuple(
        CoeFunction(identifier, identifier.replace("-", " ").capitalize().replace("Ai ", "AI "), "", "", "")
        for identifier in FUNCTION_IDS
    )
    return ReportData(
        settings, functions, tuple(reports), datetime(2026, 11, 24, 2, 7, tzinfo=UTC), "0.1.0", evidence()
    )
