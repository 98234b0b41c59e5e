"""What operators demand, in words: for findings, for the catalogue and for ``coe explain``."""

from __future__ import annotations

from datetime import date

from coe_scaffold.checks.context import CheckContext, Setting
from coe_scaffold.checks.operators import (
    All,
    AtLeast,
    AtMost,
    ContainsAll,
    ContainsAny,
    CountAtLeast,
    Demand,
    EndsWithNone,
    Equals,
    Exists,
    HasElement,
    HasKeys,
    Judged,
    Link,
    Matches,
    NotExists,
    NotIn,
    OneOf,
    Operator,
    Related,
)
from coe_scaffold.model.json import Json, shown

UNSAID = "one of the values coe.yaml allows, which nobody said"
"""What is expected where the organisation's choice is not known: outside a workspace."""

_ANYWHERE = CheckContext(
    allowed_locations=(),
    allowed_models=(),
    deployment_types=(),
    profile="standard",
    exceptions=(),
    today=date.min,
)
_LINKS = {
    Link.CHILD: "a child",
    Link.PARENT: "a parent",
    Link.EXTENSION: "attached to it a",
    Link.COVERS: "attached to it or to a scope above a",
    Link.REFERENCE: "pointing at it a",
}
_KEYS = {
    Setting.ALLOWED_LOCATIONS: "locations.allowed",
    Setting.DEPLOYMENT_TYPES: "models.deploymentTypes",
    Setting.REQUIRED_TAGS: "tags",
    Setting.ALLOWED_VM_SIZES: "limits.vmSizes",
    Setting.MAX_NODES: "limits.nodes",
    Setting.MAX_THROUGHPUT: "limits.throughput",
}


def words(operator: Operator, context: CheckContext) -> Json:
    """Return what an operator expects: a JSON value where one says it all, else words."""
    match operator:
        case Equals(value):
            return value
        case OneOf(values, also):
            allowed = setting(values, context)
            return [*allowed, *also] if allowed else UNSAID
        case AtMost(number):
            return f"at most {setting(number, context)}"
        case HasKeys(keys):
            return "the keys " + ", ".join(setting(keys, context))
        case All(demands):
            return _all(demands, context)
        case Related(resource_type, _, demands):
            inner = _all(demands, context)
            return f"a {resource_type}" + (f" with {inner}" if inner else "")
        case _:
            return _fixed(operator)


def operation(operator: Operator) -> str:
    """Return the name of an operator as the catalogue spells it, such as ``equals`` or ``atLeast``."""
    name = type(operator).__name__
    return name[0].lower() + name[1:]


def of_catalogue(operator: Operator) -> str:
    """Return what an operator expects anywhere: an organisation's choices as keys of coe.yaml."""
    match operator:
        case OneOf(Setting() as chosen, also):
            return " or ".join([f"one of {_KEYS[chosen]} in coe.yaml", *(str(item) for item in also)])
        case AtMost(Setting() as chosen):
            return f"at most {_KEYS[chosen]} in coe.yaml"
        case HasKeys(Setting() as chosen):
            return f"{words(operator, _ANYWHERE)}, and those of {_KEYS[chosen]} in coe.yaml"
        case All(demands):
            return ", ".join(_placed(one.path, of_catalogue(one.operator)) for one in demands)
        case Related(_, link, demands):
            inner = ", ".join(_placed(one.path, of_catalogue(one.operator)) for one in demands)
            return f"{_LINKS[link]} {operator.resource_type}" + (f" with {inner}" if inner else "")
        case _:
            return shown(words(operator, _ANYWHERE))


def setting(value: Json, context: CheckContext) -> Json:
    """Return a value, or the organisation's choice where it names one."""
    return getattr(context, value.value) if isinstance(value, Setting) else value


def _fixed(operator: Operator) -> str:
    match operator:
        case NotIn(values):
            some = "a value other than " if None in values else "anything but "
            return some + " or ".join(shown(value) for value in values if value is not None)
        case Exists():
            return "a value"
        case NotExists():
            return "no value"
        case AtLeast(number):
            return f"at least {number}"
        case CountAtLeast(number):
            return f"at least {number} entries"
        case ContainsAll(values):
            return "all of " + ", ".join(shown(value) for value in values)
        case ContainsAny(values):
            return "one of " + ", ".join(shown(value) for value in values)
        case Matches(pattern):
            return f"a text like {pattern}"
        case EndsWithNone(suffixes):
            return "a text that ends with none of " + ", ".join(suffixes)
        case HasElement(names):
            return "an element " + " or ".join(f"<{name}>" for name in names)
        case Judged(_, expected):
            return expected
        case _:
            raise TypeError(f"{operator} depends on its context")


def _all(demands: tuple[Demand, ...], context: CheckContext) -> str:
    return ", ".join(_placed(one.path, shown(words(one.operator, context))) for one in demands)


def _placed(path: str, wanted: str) -> str:
    return f"{path}: {wanted}" if path else wanted
