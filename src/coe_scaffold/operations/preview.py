"""How deploying would change the cloud, from the best source that answers: it is named with the changes.

ARM's deployment-stack what-if for a stack, else its deployment what-if, else the template evaluated here
against what was read. Reads only; the record of a stack's what-if is deleted again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from coe_scaffold.errors import CloudError
from coe_scaffold.model.deployment_json import masked, secret_values
from coe_scaffold.model.resources import Deployment, ResourceChange, ResourceGraph
from coe_scaffold.model.settings import Settings, Stacks, StackUse
from coe_scaffold.model.stacks import STACK_TYPE, STACK_WHAT_IF_TYPE, ObservedStack
from coe_scaffold.operations.predict import Target, context_of
from coe_scaffold.operations.reading import ReadingRuntime
from coe_scaffold.planning.deployments import check_size
from coe_scaffold.planning.evaluated import evaluated_changes
from coe_scaffold.planning.stacks import explained, let_go, stack_change
from coe_scaffold.ports import Observer
from coe_scaffold.template import evaluate


class Source(StrEnum):
    """Who said how resources would change."""

    STACK = "ARM's deployment-stack what-if"
    DEPLOYMENT = "ARM's deployment what-if"
    LOCAL = "local evaluation against what was read"


@dataclass(frozen=True)
class Compared:
    """Changes and who said so; ``refused`` tells why the better sources did not answer."""

    changes: tuple[ResourceChange, ...]
    source: Source
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """A deployment as it will be sent (a stack only where the cloud has them), and what it would change.

    ``leftover`` is the stack of an earlier deployment, where stacks are not used any more.
    """

    deployment: Deployment
    compared: Compared
    changes: tuple[ResourceChange, ...] = field(hash=False)
    leftover: ObservedStack | None = None


def previews(
    settings: Settings, targets: Iterable[Target], stacks: Stacks, observer: Observer, now: datetime
) -> tuple[Preview, ...]:
    """Return the previews of targets, asked for at the same time."""
    given = tuple(targets)
    with ThreadPoolExecutor(max_workers=settings.pace.concurrency) as pool:
        asked = [pool.submit(preview, settings, one, stacks, observer, now) for one in given]
        return tuple(one.result() for one in asked)


def preview(settings: Settings, target: Target, stacks: Stacks, observer: Observer, now: datetime) -> Preview:
    """Return what one target would change, its stack included.

    Raises CloudError, also when stacks are asked for always and the cloud has none.
    """
    check_size(target.deployment)
    offered = observer.offered(target.deployment.scope)
    has_stacks = _kind(STACK_TYPE) in offered
    if stacks.use is StackUse.ALWAYS and not has_stacks:
        raise CloudError(
            f"{settings.cloud} has no deployment stacks",
            fix="Set stacks.use to auto in coe.yaml.",
            code="COE-STK-001",
        )
    wanted = target.deployment.stack if has_stacks else None
    deployment = replace(target.deployment, stack=wanted)
    there = observer.stack(deployment.stack_id) if has_stacks else None
    compared = _compared(
        settings, deployment, observer, now, stack_what_if=_kind(STACK_WHAT_IF_TYPE) in offered
    )
    if wanted is None:
        return Preview(deployment, compared, compared.changes, leftover=there)
    gone = (
        let_go(wanted, compared.changes, there, unnamed=_unnamed(target.graph))
        if there is not None and compared.source is not Source.STACK
        else ()
    )
    stack = stack_change(deployment, wanted, compared.changes, there)
    return Preview(deployment, compared, (*map(explained, compared.changes), *gone, stack))


def differences(
    settings: Settings, deployment: Deployment, observer: Observer, now: datetime
) -> tuple[ResourceChange, ...]:
    """Return how resources differ from a deployment, leaving its stack aside."""
    check_size(deployment)
    plain = replace(deployment, stack=None)
    return _compared(settings, plain, observer, now, stack_what_if=False).changes


def _compared(
    settings: Settings, deployment: Deployment, observer: Observer, now: datetime, *, stack_what_if: bool
) -> Compared:
    sources: list[tuple[Source, Callable[[Deployment], tuple[ResourceChange, ...]]]] = []
    if deployment.stack is not None and stack_what_if:
        sources.append((Source.STACK, observer.stack_what_if))
    sources.append((Source.DEPLOYMENT, observer.what_if))
    refused: list[str] = []
    for source, ask in sources:
        try:
            return Compared(_masking(deployment, ask), source, tuple(refused))
        except CloudError as error:
            if not _no_answer(error):
                raise
            refused.append(f"{source} did not answer ({error.code or error.status})")
    changes = _masking(deployment, lambda one: _evaluated(settings, one, observer, now))
    return Compared(changes, Source.LOCAL, tuple(refused))


_NO_ANSWER = frozenset(
    {
        "authorizationfailed",
        "linkedauthorizationfailed",
        "denyassignmentauthorizationfailed",
        "scopelocked",
        "invalidresourcetype",
        "invalidapiversionparameter",
        "noregisteredproviderfound",
        "unsupportedapiversion",
        "deploymentstackwhatifoperationfailed",
        "sandboxnotmodelled",
        "whatifwithoutchanges",
    }
)
"""Codes that say that nobody answers the question, not that the template is wrong."""


def _no_answer(error: CloudError) -> bool:
    return error.code.lower() in _NO_ANSWER or error.status in (404, 405, 501)


def _evaluated(
    settings: Settings, deployment: Deployment, observer: Observer, now: datetime
) -> tuple[ResourceChange, ...]:
    runtime = ReadingRuntime(observer)
    context = context_of(settings, deployment, now)
    graph = evaluate(deployment.template, deployment.parameters, context, runtime)
    wanted = {one.id: one.api_version for one in graph.resources if one.known_id and not one.existing}
    return evaluated_changes(graph, observer.read(wanted))


def _masking(
    deployment: Deployment, ask: Callable[[Deployment], tuple[ResourceChange, ...]]
) -> tuple[ResourceChange, ...]:
    """Return an answer; secrets that ARM's refusal quotes are masked."""
    try:
        return ask(deployment)
    except CloudError as error:
        secrets = set(secret_values({"template": deployment.template, "parameters": deployment.parameters}))
        raise CloudError(
            masked(error.summary, secrets),
            detail=masked(error.detail, secrets),
            fix=error.fix,
            code=error.code,
            status=error.status,
            correlation_id=error.correlation_id,
        ) from None


def _unnamed(graph: ResourceGraph) -> frozenset[str]:
    return frozenset(one.type.lower() for one in graph.resources if not one.known_id)


def _kind(resource_type: str) -> str:
    return resource_type.partition("/")[2].lower()
