"""From assignments to the definitions that apply: parameters, effect, scope, overrides and selectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from coe_scaffold.checks.policy import related
from coe_scaffold.checks.policy.expressions import Place, Sight, parameter_values
from coe_scaffold.checks.policy.model import Assignment, Definition, Member, NotSupportedError, PolicyExport
from coe_scaffold.model.json import Json, JsonObject
from coe_scaffold.model.judgement import NotJudged
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope, ScopeKind

JUDGED_EFFECTS = ("deny", "audit", "modify", "append", *related.EFFECTS)
DENY_ACTION = "denyaction"
"""The effect that is about deletions, not about what is written."""
_NOT_ENFORCED = {
    "deny": "audit",
    "modify": "audit",
    "append": "audit",
    "deployifnotexists": "auditifnotexists",
    DENY_ACTION: "disabled",
}
"""What is left of an effect with enforcementMode DoNotEnforce: the verdict on compliance."""
_NOT_TRACKED = ("microsoft.resources/resourcegroups", "microsoft.resources/subscriptions")


@dataclass(frozen=True)
class Applied:
    """A definition with the values and the effect it has where it is assigned.

    ``assignment`` is absent when the export assigns nothing: then it applies to every resource. ``only``
    are selectors that a resource must meet for this effect: overrides may give others elsewhere.
    """

    definition: Definition
    effect: str
    parameters: Mapping[str, Json] = field(hash=False)
    assignment: Assignment | None = None
    initiative: str = ""
    reference: str = ""
    only: tuple[JsonObject, ...] = field(default=(), hash=False)

    @property
    def key(self) -> tuple[str, str, str]:
        """Assignment, reference and definition: the same for all effects that overrides give it."""
        return (self.assignment.id if self.assignment else "", self.reference, self.definition.id)

    @property
    def title(self) -> str:
        """The definition's title, after the assignment's when that says something else."""
        above = self.assignment.title if self.assignment else ""
        return (
            self.definition.title
            if above in ("", self.definition.title)
            else f"{above}: {self.definition.title}"
        )

    def covers(self, resource: Resource) -> bool:
        """Return whether a resource is within the scope and of the mode this applies to.

        Mode Indexed means resources with a location. A management group stands for every resource,
        since a path does not show what is placed below it.
        """
        if self.definition.mode.lower() == "indexed" and (
            resource.type.lower() in _NOT_TRACKED or "location" not in resource.body
        ):
            return False
        given = self.assignment
        if given is None:
            return True
        inside = not given.scope or _above_everything(given.scope) or contains(given.scope, resource)
        if not inside and not (given.anywhere and _may_hold(given.scope)):
            return False
        outside = any(contains(scope, resource) for scope in given.not_scopes)
        chosen = all(_one_selected(item, resource) for item in self.only)
        return chosen and not outside and selected(given.selectors, resource)


def contains(scope: str, resource: Resource) -> bool:
    """Return whether a resource is at or below a scope."""
    return Scope("/" + scope.strip("/")).contains(resource.id)


def applied(export: PolicyExport, place: Place) -> tuple[tuple[Applied, ...], tuple[NotJudged, ...]]:
    """Return what applies, and what could not be made out. Disabled policies are neither.

    An export without assignments stands for each initiative, and each definition outside of one, assigned
    everywhere with the default values.
    """
    found: list[Applied] = []
    missed: list[NotJudged] = []
    for target, given in _assigned(export):
        for title, make in _definitions(export, target, given, place):
            try:
                all_made = make()
            except NotSupportedError as error:
                missed.append(NotJudged(title, str(error)))
                continue
            for made in all_made:
                if made.effect == "disabled":
                    continue
                problem = _problem(made)
                if problem:
                    missed.append(NotJudged(made.title, problem))
                else:
                    found.append(made)
    return tuple(found), tuple(sorted(set(missed)))


def _assigned(export: PolicyExport) -> Iterator[tuple[str, Assignment | None]]:
    if export.assignments:
        yield from ((item.definition, item) for item in export.assignments)
        return
    members = {member.definition for item in export.initiatives.values() for member in item.members}
    yield from ((identifier, None) for identifier in export.initiatives)
    yield from ((identifier, None) for identifier in export.definitions if identifier not in members)


class _Make:
    """Makes each :class:`Applied` of one definition when called, so that its failure is its own."""

    def __init__(
        self,
        export: PolicyExport,
        member: Member,
        assignment: Assignment | None,
        outer: Sight | None,
        place: Place,
        initiative: str,
    ) -> None:
        self.export, self.member, self.assignment = export, member, assignment
        self.outer, self.place, self.initiative = outer, place, initiative

    def __call__(self) -> tuple[Applied, ...]:
        definition = self.export.definitions.get(self.member.definition)
        if definition is None:
            raise NotSupportedError("its definition could not be read")
        given = {
            name: self.outer.value(value) if self.outer else value
            for name, value in self.member.values.items()
        }
        values = parameter_values(definition.parameters, given, self.place)
        then = definition.rule.get("then")
        written = then.get("effect", "") if isinstance(then, dict) else ""
        effect = str(Sight(self.place, values).value(written)).lower()
        assigned, overrides = self.assignment, self.assignment.overrides if self.assignment else ()
        return tuple(
            Applied(
                definition,
                one if assigned is None or assigned.enforced else _NOT_ENFORCED.get(one, one),
                values,
                assigned,
                self.initiative,
                self.member.reference,
                only,
            )
            for one, only in _overridden(effect, overrides, self.member.reference)
        )


def _definitions(
    export: PolicyExport, target: str, given: Assignment | None, place: Place
) -> Iterator[tuple[str, _Make]]:
    """Yield each definition a target stands for, with the title it would be named by."""
    values = given.values if given else {}
    above = given.title if given else ""
    initiative = export.initiatives.get(target)
    if initiative is None:
        definition = export.definitions.get(target)
        title = definition.title if definition else target.rpartition("/")[2]
        yield above or title, _Make(export, Member("", target, values), given, None, place, "")
        return
    try:
        outer = Sight(place, parameter_values(initiative.parameters, values, place))
    except NotSupportedError as error:
        outer = _Refusing(place, {}, reason=str(error))
    for member in initiative.members:
        definition = export.definitions.get(member.definition)
        title = definition.title if definition else member.definition.rpartition("/")[2]
        named = f"{above or initiative.title}: {title}"
        yield named, _Make(export, member, given, outer, place, initiative.id)


@dataclass(frozen=True)
class _Refusing(Sight):
    """Stands for the parameters of an initiative that has not all of them."""

    reason: str = ""

    def value(self, text: Json) -> Json:
        raise NotSupportedError(self.reason)


def _problem(policy: Applied) -> str:
    mode = policy.definition.mode.lower()
    if mode not in ("all", "indexed"):
        return f"its mode {policy.definition.mode} is about data, not about resources"
    if policy.effect not in (*JUDGED_EFFECTS, DENY_ACTION):
        return f"its effect {policy.effect or '(none)'} is not evaluated"
    if not isinstance(policy.definition.rule.get("if"), dict):
        return "its rule has no 'if'"
    return ""


def _overridden(
    effect: str, overrides: tuple[JsonObject, ...], reference: str
) -> Iterator[tuple[str, tuple[JsonObject, ...]]]:
    """Yield the effects a definition has, each with the selectors of the resources it has it on.

    Overrides count in their order: the first that is for a resource decides.
    """
    rest: tuple[JsonObject, ...] = ()
    for override in overrides:
        if str(override.get("kind", "")).lower() != "policyeffect":
            raise NotSupportedError(f"an override of kind {override.get('kind')} is not evaluated")
        selectors = override.get("selectors") or []
        places = [item for item in selectors if str(item.get("kind", "")).lower() == "resourcelocation"]
        others = [item for item in selectors if item not in places]
        if any(str(item.get("kind", "")).lower() != "policydefinitionreferenceid" for item in others):
            raise NotSupportedError(f"an override selects by {others[0].get('kind')}, which is not known")
        if not all(_listed(item, reference) for item in others):
            continue
        value = str(override.get("value", effect)).lower()
        yield value, (*rest, *places)
        if not places:
            return
        rest = (*rest, *(_inverse(item) for item in places))
    yield effect, rest


def _inverse(selector: JsonObject) -> JsonObject:
    return {
        "kind": selector.get("kind"),
        "in": selector.get("notIn") or [],
        "notIn": selector.get("in") or [],
    }


def selected(selectors: tuple[JsonObject, ...], resource: Resource) -> bool:
    """Return whether a resource meets any resource selector; each is met by meeting all it lists.

    Without selectors every resource is meant. Raises NotSupportedError for a kind that is not known.
    """
    return not selectors or any(
        all(_one_selected(item, resource) for item in one.get("selectors") or []) for one in selectors
    )


def _one_selected(selector: JsonObject, resource: Resource) -> bool:
    location = resource.body.get("location")
    match str(selector.get("kind", "")).lower():
        case "resourcetype":
            return _listed(selector, resource.type)
        case "resourcelocation" if location is None or isinstance(location, str):
            return _listed(selector, (location or "global").replace(" ", ""))
        case "resourcewithoutlocation":
            return location is None
    raise NotSupportedError(f"a resource selector of kind {selector.get('kind')} cannot be evaluated")


def _listed(selector: JsonObject, value: str) -> bool:
    wanted = {
        str(item).replace(" ", "").lower() for item in selector.get("in") or selector.get("notIn") or []
    }
    return (value.lower() in wanted) is bool(selector.get("in"))


def _may_hold(scope: str) -> bool:
    """Whether a scope may be the subscription of resources of which nobody said where they go."""
    kind = Scope("/" + scope.strip("/")).kind
    if kind is ScopeKind.SUBSCRIPTION:
        return True
    raise NotSupportedError(
        f"it is assigned at {scope}: choose an environment, or it is not known what is there"
    )


def _above_everything(scope: str) -> bool:
    return Scope("/" + scope.strip("/")).kind in (ScopeKind.MANAGEMENT_GROUP, ScopeKind.TENANT)
