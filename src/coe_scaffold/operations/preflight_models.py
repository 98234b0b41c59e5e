"""Whether the models that a plan deploys are offered in their region, with enough quota."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from coe_scaffold.model.estate import OfferedModel
from coe_scaffold.model.preflight import Check, Verdict
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope
from coe_scaffold.ports import Inspector

_DEPLOYMENT = "microsoft.cognitiveservices/accounts/deployments"


def check_models(
    new: Iterable[Resource], whole: Iterable[Resource], home: Scope, inspector: Inspector
) -> Iterator[Check]:
    """Yield one check per new model deployment that is not offered, and one per quota that they share.

    ``whole`` holds the accounts that the deployments are in.
    """
    locations = {one.id: str(one.body.get("location", "")) for one in whole}
    offers: dict[str, tuple[OfferedModel, ...]] = {}
    needed: dict[tuple[str, str], float] = defaultdict(float)
    for resource in new:
        if resource.type.lower() != _DEPLOYMENT:
            continue
        location = locations.get(Scope(resource.id.path.rsplit("/", 2)[0]), "")
        if location not in offers:
            offers[location] = inspector.offered_models(home, location)
        found = _offer(resource, location, offers[location])
        if isinstance(found, Check):
            yield found
        else:
            needed[location, found.usage or f"{found.format}.{found.sku}.{found.name}"] += _capacity(resource)
    for (location, usage), capacity in needed.items():
        yield _quota(usage, capacity, home, location, inspector)


def _offer(resource: Resource, location: str, offered: Iterable[OfferedModel]) -> OfferedModel | Check:
    model = resource.properties.get("model") or {}
    sku = resource.body.get("sku") or {}
    name, version, kind = (str(one) for one in (model.get("name"), model.get("version"), sku.get("name")))
    what = f"{name} {version} as {kind} in {location}"
    offers = tuple(offered)
    if not offers:
        return Check("models", Verdict.UNKNOWN, f"{what}: the API lists no models there")
    for one in offers:
        if (one.name, one.version, one.sku) == (name, version, kind):
            return one
    others = sorted({one.version for one in offers if (one.name, one.sku) == (name, kind)})
    kinds = sorted({one.sku for one in offers if (one.name, one.version) == (name, version)})
    fix = "Choose another region or model."
    if others:
        fix = f"Versions offered there: {', '.join(others)}."
    elif kinds:
        fix = f"Deployment types offered there: {', '.join(kinds)}."
    return Check("models", Verdict.PROBLEM, f"{what} is not offered", fix)


def _capacity(resource: Resource) -> float:
    capacity = (resource.body.get("sku") or {}).get("capacity")
    return float(capacity) if isinstance(capacity, (int, float)) else 0.0


def _quota(name: str, wanted: float, home: Scope, location: str, inspector: Inspector) -> Check:
    for quota in inspector.model_quotas(home, location):
        if quota.name.lower() == name.lower():
            left = quota.limit - quota.used
            message = f"{name} in {location}: {left:g} of {quota.limit:g} left, {wanted:g} needed"
            verdict = Verdict.OK if left >= wanted else Verdict.PROBLEM
            return Check("models", verdict, message, "" if left >= wanted else "Ask for more quota there.")
    return Check("models", Verdict.UNKNOWN, f"{name} in {location}: the API tells no quota")
