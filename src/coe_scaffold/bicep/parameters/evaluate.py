"""Evaluating Bicep expressions that need nothing but themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import (
    Base,
    Func,
    Imported,
    LocalVar,
    Namespace,
    Param,
    Symbol,
    Var,
    Wildcard,
)
from coe_scaffold.bicep.parameters.collection_functions import COLLECTION_FUNCTIONS
from coe_scaffold.bicep.parameters.failure import EvaluationError
from coe_scaffold.bicep.parameters.text_functions import TEXT_FUNCTIONS, to_text
from coe_scaffold.bicep.refusals import CODE, Refusal
from coe_scaffold.bicep.syntax import tree

Locals = Mapping[LocalVar, Any]

_FUNCTIONS: dict[str, Callable[..., Any]] = {**TEXT_FUNCTIONS, **COLLECTION_FUNCTIONS}


class Lambda:
    """A lambda as a Python function; ``arity`` is how many arguments it takes."""

    def __init__(self, evaluator: Evaluator, node: tree.Lambda, locals_: Locals) -> None:
        self.arity = len(node.params)
        self._evaluator = evaluator
        self._node = node
        self._locals = locals_

    def __call__(self, *args: Any) -> Any:
        """Return the value of the body."""
        refs = self._evaluator.model.refs
        scope = dict(self._locals)
        for local, value in zip(self._node.params, args, strict=False):
            symbol = refs[local]
            if isinstance(symbol, LocalVar):
                scope[symbol] = value
        return self._evaluator.value(self._node.body, scope)


class Evaluator:
    """Evaluates the expressions of one file."""

    def __init__(
        self,
        model: Model,
        environment: Mapping[str, str],
        parameter: Callable[[Param], Any] | None = None,
        base: Callable[[], Any] | None = None,
    ) -> None:
        self.model = model
        self.environment = environment
        self.parameter = parameter
        self.base = base
        self._values: dict[Symbol, Any] = {}
        self._running: set[Symbol] = set()
        self._others: dict[Model, Evaluator] = {model: self}

    def value(self, node: tree.Node, locals_: Locals) -> Any:
        """Return the value of an expression; raise EvaluationError with its place."""
        try:
            return self._value(node, locals_)
        except EvaluationError as error:
            if error.offset is None:
                error.offset = node.start
            raise
        except (TypeError, ValueError, AttributeError, KeyError, IndexError, OverflowError) as problem:
            raise EvaluationError(
                f"The expression cannot be evaluated: {problem}", offset=node.start
            ) from problem

    def _value(self, node: tree.Node, locals_: Locals) -> Any:
        match node:
            case tree.Str():
                return "".join(self._pieces(node, locals_))
            case tree.Int() | tree.Bool():
                return node.value
            case tree.Null():
                return None
            case tree.Paren():
                return self.value(node.inner, locals_)
            case tree.NonNull():
                return self.value(node.base, locals_)
            case tree.Name():
                return self._name(node, locals_)
            case tree.Object():
                return self._object(node, locals_)
            case tree.Array():
                return self._array(node, locals_)
            case tree.Unary():
                value = self.value(node.operand, locals_)
                return not value if node.operator == "!" else -value
            case tree.Binary():
                return self._binary(node, locals_)
            case tree.Ternary():
                chosen = node.yes if self.value(node.condition, locals_) else node.no
                return self.value(chosen, locals_)
            case tree.Property() | tree.Index():
                return self._access(node, locals_)
            case tree.Call() | tree.MethodCall():
                return self._call(node, locals_)
            case tree.Lambda():
                return Lambda(self, node, locals_)
            case tree.For():
                return self._loop(node, locals_)
        raise EvaluationError(f"A {type(node).__name__} cannot be evaluated here.")

    def _pieces(self, node: tree.Str, locals_: Locals) -> list[str]:
        pieces = [node.segments[0]]
        for hole, segment in zip(node.holes, node.segments[1:], strict=True):
            pieces += [to_text(self.value(hole, locals_)), segment]
        return pieces

    def _object(self, node: tree.Object, locals_: Locals) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for item in node.items:
            if isinstance(item, tree.Spread):
                found |= self.value(item.value, locals_)
            elif isinstance(item, tree.ObjectProperty):
                found["".join(self._pieces(item.key, locals_))] = self.value(item.value, locals_)
        return found

    def _array(self, node: tree.Array, locals_: Locals) -> list[Any]:
        found: list[Any] = []
        for item in node.items:
            if isinstance(item, tree.Spread):
                found += self.value(item.value, locals_)
            else:
                found.append(self.value(item, locals_))
        return found

    def _loop(self, node: tree.For, locals_: Locals) -> list[Any]:
        found = []
        item = self.model.refs[node.item]
        index = self.model.refs[node.index] if node.index else None
        for number, value in enumerate(self.value(node.source, locals_)):
            scope = dict(locals_)
            if isinstance(item, LocalVar):
                scope[item] = value
            if isinstance(index, LocalVar):
                scope[index] = number
            found.append(self.value(node.body, scope))
        return found

    def _name(self, node: tree.Name, locals_: Locals) -> Any:
        symbol = self.model.refs.get(node)
        if isinstance(symbol, LocalVar):
            return locals_[symbol]
        if isinstance(symbol, Imported):
            if not isinstance(symbol.target, Var):
                raise EvaluationError(f'"{node.name}" has no value here.')
            return self._variable(symbol.target)
        if isinstance(symbol, Var):
            return self._variable(symbol)
        if isinstance(symbol, Base) and self.base is not None:
            return self.base()
        if isinstance(symbol, Param) and self.parameter is not None:
            return self.parameter(symbol)
        raise EvaluationError(f'"{node.name}" has no value here.')

    def _variable(self, symbol: Var) -> Any:
        other = self._of(symbol.model)
        if symbol not in other._values:
            if symbol in other._running:
                raise EvaluationError("The expression is involved in a cycle.", code="BCP080")
            other._running.add(symbol)
            try:
                other._values[symbol] = other.value(symbol.node.value, {})
            finally:
                other._running.discard(symbol)
        return other._values[symbol]

    def _of(self, model: Model) -> Evaluator:
        if model not in self._others:
            other = Evaluator(model, self.environment)
            other._others = self._others
            self._others[model] = other
        return self._others[model]

    # --- operators and accesses ---

    def _binary(self, node: tree.Binary, locals_: Locals) -> Any:
        left = self.value(node.left, locals_)
        match node.operator:
            case "&&":
                return bool(left) and bool(self.value(node.right, locals_))
            case "||":
                return bool(left) or bool(self.value(node.right, locals_))
            case "??":
                return self.value(node.right, locals_) if left is None else left
        right = self.value(node.right, locals_)
        match node.operator:
            case "==":
                return left == right
            case "!=":
                return left != right
            case "=~":
                return left.lower() == right.lower()
            case "!~":
                return left.lower() != right.lower()
            case "<":
                return left < right
            case "<=":
                return left <= right
            case ">":
                return left > right
            case ">=":
                return left >= right
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
        if right == 0:
            raise EvaluationError("Division by zero is not supported.", code="BCP410")
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        return quotient if node.operator == "/" else left - quotient * right

    def _access(self, node: tree.Property | tree.Index, locals_: Locals) -> Any:
        if isinstance(node, tree.Property):
            wildcard = self.model.refs.get(node.base)
            if isinstance(wildcard, Wildcard) and isinstance(wildcard.target, Model):
                exported = wildcard.target.exports().get(node.name)
                if isinstance(exported, Var):
                    return self._variable(exported)
        base = self.value(node.base, locals_)
        key: Any = node.name if isinstance(node, tree.Property) else self.value(node.index, locals_)
        if isinstance(node, tree.Index) and node.from_end:
            key = len(base) - key
        found, value = _lookup(base, key)
        if found:
            return value
        if node.safe or (base is None and _is_covered(node.base)):
            return None
        raise EvaluationError(f"The language expression property '{key}' doesn't exist.")

    # --- calls ---

    def _call(self, node: tree.Call | tree.MethodCall, locals_: Locals) -> Any:
        if node in self.model.files:
            return self.model.files[node]
        function = self._user_function(node)
        if function is not None:
            return self._run(function, [self.value(argument, locals_) for argument in node.args])
        if isinstance(node, tree.MethodCall) and not isinstance(self.model.refs.get(node.base), Namespace):
            raise EvaluationError(f'The function "{node.name}" cannot be evaluated here.')
        name = node.name
        if name == "readEnvironmentVariable":
            return self._environment([self.value(argument, locals_) for argument in node.args])
        if name == "any":
            return self.value(node.args[0], locals_)
        if name == "nameof":
            return getattr(node.args[0], "name", "")
        if name == "fail":
            raise EvaluationError(to_text(self.value(node.args[0], locals_)))
        builtin = _FUNCTIONS.get(name)
        if builtin is None:
            raise EvaluationError(Refusal.PARAMETER_FUNCTION.message(name), code=CODE)
        return builtin(*(self.value(argument, locals_) for argument in node.args))

    def _environment(self, args: list[Any]) -> str:
        name = args[0]
        if name in self.environment:
            return self.environment[name]
        if len(args) > 1:
            return str(args[1])
        raise EvaluationError(
            f'Environment variable "{name}" does not exist and there\'s no default value set.',
            code="BCP427",
        )

    def _user_function(self, node: tree.Call | tree.MethodCall) -> Func | None:
        symbol = self.model.refs.get(node)
        if isinstance(node, tree.MethodCall):
            base = self.model.refs.get(node.base)
            if isinstance(base, Wildcard) and isinstance(base.target, Model):
                symbol = base.target.exports().get(node.name)
        if isinstance(symbol, Imported) and isinstance(symbol.target, Func):
            symbol = symbol.target
        return symbol if isinstance(symbol, Func) else None

    def _run(self, function: Func, args: list[Any]) -> Any:
        other = self._of(function.model)
        body = function.node.lambda_
        if not isinstance(body, tree.Lambda):
            raise EvaluationError(f'The function "{function.name}" cannot be evaluated.')
        return Lambda(other, body, {})(*args)


def _lookup(base: Any, key: Any) -> tuple[bool, Any]:
    if isinstance(base, dict) and isinstance(key, str):
        if key in base:
            return True, base[key]
        for name, value in base.items():
            if name.lower() == key.lower():
                return True, value
    elif isinstance(base, list | str) and isinstance(key, int) and 0 <= key < len(base):
        return True, base[key]
    return False, None


def _is_covered(node: tree.Node) -> bool:
    """Whether a safe access before this one makes its absence null."""
    while isinstance(node, tree.Property | tree.Index | tree.NonNull):
        if isinstance(node, tree.Property | tree.Index) and node.safe:
            return True
        node = node.base
    return False
