"""Evaluates expressions, and whole pieces of template with property copies, in a frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.frame import Frame, Lazy, Stage
from coe_scaffold.template.functions import PURE, Policy, deployment
from coe_scaffold.template.functions.registry import LONGEST, check_count
from coe_scaffold.template.syntax import Access, Call, Literal, Node, is_expression, parse, plain, written
from coe_scaffold.template.values import UNDECIDED, Lambda, Partial, find, known, type_name

MAX_ITERATIONS = 800
"""Iterations a resource or property loop may have (documented limit of ARM)."""


def evaluate_text(text: str, frame: Frame) -> Value:
    """Return what a template string stands for: an expression's value, or plain text."""
    if text[:1] != "[":  # most texts are plain
        return text
    return value_of(parse(text), frame) if is_expression(text) else plain(text)


def value_of(node: Node, frame: Frame) -> Value:
    """Return the value of an expression tree; raise TemplateFailure when it has none."""
    if isinstance(node, Call):
        return _call(node, frame)
    if isinstance(node, Literal):
        return node.value
    return _access(node, frame)


def _call(call: Call, frame: Frame) -> Value:
    if call.namespace:
        return _user_function(call, frame)
    special = _SPECIAL.get(call.name)
    if special is not None:
        return special(call, frame)
    function = PURE.get(call.name)
    if function is not None:
        arguments = [value_of(item, frame) for item in call.arguments]
        check_count(call.written, len(arguments), function.least, function.most)
        if function.policy is not Policy.OPEN and _undecided(function.policy, arguments):
            return Unknown(written(call))
        result = function.run(*arguments)
        if isinstance(result, (str, list)) and len(result) > LONGEST:
            raise TemplateFailure(
                f"The result of the template language function '{call.written}' exceeds '{LONGEST}' items."
            )
        return Unknown(written(call)) if result is UNDECIDED else result
    given = tuple(value_of(item, frame) for item in call.arguments)
    fact = deployment.FACTS.get(call.name)
    return fact(call, given, frame) if fact is not None else frame.services.answer(call, given, frame)


def _undecided(policy: Policy, arguments: list[Value]) -> bool:
    if policy is Policy.WHOLE:
        return not all(map(known, arguments))
    return any(isinstance(argument, (Unknown, Partial)) for argument in arguments)


def _access(node: Access, frame: Frame) -> Value:
    target = value_of(node.target, frame)
    key = value_of(node.key, frame)
    if isinstance(target, Unknown):
        return Unknown(written(node))
    return member(target, key, node)


def member(target: Value, key: Value, node: Node) -> Value:
    """Return a member or element, as ``target.key`` or ``target[key]``."""
    if isinstance(key, Unknown):
        return Unknown(written(node))
    if isinstance(target, dict) and isinstance(key, str):
        found = find(target, key)
        if found is not None:
            return target[found]
        if isinstance(target, Partial):
            return Unknown(f"{target.expression}.{key}")
        names = ", ".join(target)
        raise TemplateFailure(
            f"The language expression property '{key}' doesn't exist, available properties are '{names}'."
        )
    if isinstance(target, list) and isinstance(key, int) and not isinstance(key, bool):
        if 0 <= key < len(target):
            return target[key]
        raise TemplateFailure(
            f"The language expression property array index '{key}' is out of bounds: '{len(target)}' items."
        )
    raise TemplateFailure(
        f"The language expression '{written(node)}' can't be evaluated: property '{key}' can't be selected "
        f"on a value of type '{type_name(target)}'."
    )


def _text_argument(call: Call, frame: Frame, index: int = 0) -> str:
    value = value_of(call.arguments[index], frame) if index < len(call.arguments) else None
    if not isinstance(value, str):
        raise TemplateFailure(f"The template function '{call.written}' expects a name of type 'String'.")
    return value


def _parameters(call: Call, frame: Frame) -> Value:
    return frame.parameters.get(_text_argument(call, frame))


def _variables(call: Call, frame: Frame) -> Value:
    if frame.variables is None:
        raise TemplateFailure("The template function 'variables' is not expected at this location.")
    return frame.variables.get(_text_argument(call, frame))


def _if(call: Call, frame: Frame) -> Value:
    _count(call, 3, 3)
    condition = value_of(call.arguments[0], frame)
    if isinstance(condition, Unknown):
        return Unknown(written(call))
    return value_of(call.arguments[1 if _boolean(call, condition) else 2], frame)


def _and(call: Call, frame: Frame) -> Value:
    return _until(call, frame, decisive=False)


def _or(call: Call, frame: Frame) -> Value:
    return _until(call, frame, decisive=True)


def _until(call: Call, frame: Frame, *, decisive: bool) -> Value:
    _count(call, 1, None)
    undecided = False
    for item in call.arguments:
        value = value_of(item, frame)
        if isinstance(value, Unknown):
            undecided = True
        elif _boolean(call, value) is decisive:
            return decisive
    return Unknown(written(call)) if undecided else not decisive


def _boolean(call: Call, value: Value) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise TemplateFailure(
        f"The template language function '{call.written}' expects a parameter of type 'Boolean'. "
        f"The provided value is of type '{type_name(value)}'."
    )


def _coalesce(call: Call, frame: Frame) -> Value:
    _count(call, 1, None)
    for item in call.arguments:
        value = value_of(item, frame)
        if isinstance(value, Unknown):
            return Unknown(written(call))
        if value is not None:
            return value
    return None


def _copy_index(call: Call, frame: Frame) -> Value:
    _count(call, 0, 2)
    arguments = [value_of(item, frame) for item in call.arguments]
    name = str(arguments.pop(0)).lower() if arguments and isinstance(arguments[0], str) else frame.loop
    if name not in frame.loops:
        raise TemplateFailure(
            "The template function 'copyIndex' is not expected at this location. The function can only be "
            "used in a resource with copy specified."
        )
    offset = arguments[0] if arguments else 0
    if not isinstance(offset, int):
        raise TemplateFailure("The template function 'copyIndex' expects an offset of type 'Integer'.")
    index = frame.loops[name]
    return Unknown(written(call)) if isinstance(index, Unknown) else index + offset


def _lambda(call: Call, frame: Frame) -> Value:
    _count(call, 1, None)
    names = tuple(_text_argument(call, frame, index) for index in range(len(call.arguments) - 1))
    body = call.arguments[-1]

    def run(values: dict[str, Value]) -> Value:
        return value_of(body, frame.changed(locals={**frame.locals, **values}))

    return Lambda(names, run)


def _lambda_variables(call: Call, frame: Frame) -> Value:
    name = _text_argument(call, frame)
    if name not in frame.locals:
        raise TemplateFailure(f"The lambda variable '{name}' is not found.")
    return frame.locals[name]


def _defaults_only(call: Call, frame: Frame) -> None:
    if frame.stage is not Stage.DEFAULT:
        raise TemplateFailure(
            f"The template function '{call.written}' is not expected at this location. "
            "It can only be used in the default value of a parameter."
        )


def _utc_now(call: Call, frame: Frame) -> Value:
    _defaults_only(call, frame)
    _count(call, 0, 1)
    return deployment.utc_now(frame.context, *(_text_argument(call, frame) for _ in call.arguments))


def _new_guid(call: Call, frame: Frame) -> Value:
    _defaults_only(call, frame)
    return frame.context.new_guid()


def _count(call: Call, least: int, most: int | None) -> None:
    check_count(call.written, len(call.arguments), least, most)


_SPECIAL: dict[str, Callable[[Call, Frame], Value]] = {
    "parameters": _parameters,
    "variables": _variables,
    "if": _if,
    "and": _and,
    "or": _or,
    "coalesce": _coalesce,
    "copyindex": _copy_index,
    "lambda": _lambda,
    "lambdavariables": _lambda_variables,
    "utcnow": _utc_now,
    "newguid": _new_guid,
}


def _user_function(call: Call, frame: Frame) -> Value:
    name = f"{call.namespace}.{call.written}".lower()
    definition = frame.functions.get(name)
    if definition is None:
        raise TemplateFailure(f"The template function '{call.namespace}.{call.written}' is not valid.")
    declared = definition.get("parameters") or []
    if len(call.arguments) != len(declared):
        raise TemplateFailure(
            f"The function '{call.namespace}.{call.written}' takes {len(declared)} argument(s), "
            f"{len(call.arguments)} given."
        )
    values = {
        parameter["name"]: value_of(item, frame)
        for parameter, item in zip(declared, call.arguments, strict=True)
    }
    own = Lazy("parameter", values, values.__getitem__)
    inner = frame.changed(parameters=own, variables=None, loops={}, locals={})
    return expand(definition["output"]["value"], inner)


def expand(value: Any, frame: Frame) -> Value:
    """Return a piece of template evaluated: expressions in values and keys, ``copy`` arrays unrolled."""
    if isinstance(value, str):
        return evaluate_text(value, frame)
    if isinstance(value, dict):
        return expand_object(value, frame)
    if isinstance(value, list):
        return [expand(item, frame) for item in value]
    return value


def expand_object(value: dict[str, Any], frame: Frame) -> Value:
    """Return an object evaluated; its ``copy`` array becomes one array per loop in it."""
    result: dict[str, Value] = {}
    for key, item in value.items():
        if len(key) == 4 and key.lower() == "copy" and isinstance(item, list):
            for loop in item:
                name, items = unroll(loop, frame)
                result[name] = items
            continue
        if key[:1] != "[":  # most keys are plain
            result[key] = expand(item, frame)
            continue
        name = evaluate_text(key, frame)
        if isinstance(name, Unknown):
            return name
        result[str(name)] = expand(item, frame)
    return result


def unroll(loop: Any, frame: Frame) -> tuple[str, Value]:
    """Return the name and items of one ``{name, count, input}`` loop; Unknown when the count is."""
    if not isinstance(loop, dict) or "count" not in loop or "input" not in loop:
        raise TemplateFailure("A copy loop needs the members 'name', 'count' and 'input'.")
    name = evaluate_text(str(loop.get("name", "")), frame)
    if not isinstance(name, str):
        raise TemplateFailure("The name of a copy loop must be known text.")
    count = loop_count(loop["count"], name, frame)
    if isinstance(count, Unknown):
        return name, count
    body = loop["input"]
    return name, [expand(body, frame.looping(name, index, default=False)) for index in range(count)]


def loop_count(written_count: Any, name: str, frame: Frame) -> int | Unknown:
    """Return how often a loop runs; raise TemplateFailure when that is no number ARM takes."""
    count = expand(written_count, frame)
    if isinstance(count, float) and count.is_integer():
        count = int(count)
    if isinstance(count, Unknown):
        return count
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= MAX_ITERATIONS:
        raise TemplateFailure(
            f"The copy count of loop '{name}' is not valid: '{count}'. It must be an integer from 0 to "
            f"{MAX_ITERATIONS}."
        )
    return count
