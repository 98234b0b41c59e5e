"""Evaluates a template: walks it in dependency order, nested deployments in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from coe_scaffold.model.json import JsonObject, Unknown, Value
from coe_scaffold.model.resources import Declared, Need, Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.template.answers import Answers, DeploymentRecord
from coe_scaffold.template.context import DeploymentContext
from coe_scaffold.template.declarations import UNKNOWN_NAME, Declaration, Instance, declarations, instances
from coe_scaffold.template.dependencies import Index, circle, connect, ordered
from coe_scaffold.template.failure import TemplateFailure, refusal
from coe_scaffold.template.frame import Frame, Lazy, Stage
from coe_scaffold.template.functions.formatting import in_words
from coe_scaffold.template.interpreter import expand
from coe_scaffold.template.nested import begun
from coe_scaffold.template.offline import OfflineRuntime
from coe_scaffold.template.outputs import output_values
from coe_scaffold.template.parameters import misfitting, parameter_values
from coe_scaffold.template.runtime import Runtime
from coe_scaffold.template.sections import section, user_functions
from coe_scaffold.template.values import settled
from coe_scaffold.template.variables import variable_values

MAX_NESTING = 5
"""Levels of nested deployments ARM accepts below the first."""

_NOT_SENT = frozenset(
    [
        "type",
        "apiversion",
        "name",
        "scope",
        "copy",
        "condition",
        "existing",
        "dependson",
        "comments",
        "resources",
        "subscriptionid",
        "resourcegroup",
        "metadata",
        "@options",
        "asserts",
    ]
)
"""Members of a declaration that are instructions to ARM and no part of the resource."""


def evaluate(
    template: JsonObject,
    parameters: JsonObject,
    context: DeploymentContext,
    runtime: Runtime | None = None,
    *,
    begins: bool = False,
) -> ResourceGraph:
    """Return what deploying a template would create, in dependency order.

    ``parameters`` has ARM's shape ``{"name": {"value": ...}}``; so have the outputs of the result:
    ``{"name": {"type": ..., "value": ...}}``. Without ``runtime`` nothing outside the template is known.
    ``begins`` leaves out what ARM judges only when a deployment ends: whether outputs fit their types.
    Raises CompileError with ARM's error code; the problems' files are JSON pointers into the template.
    """
    session = Session(runtime if runtime is not None else OfflineRuntime())
    try:
        run = Run(session, template, context)
        run.parameterise(parameters)
        run.walk()
        outputs = run.outputs(typed=not begins)
    except TemplateFailure as failure:
        raise refusal([failure]) from None
    except RecursionError:
        raise refusal(
            [TemplateFailure("The template's expressions refer to each other too deeply.")]
        ) from None
    return ResourceGraph(tuple(session.resources), outputs, tuple(run.declared))


@dataclass
class Session:
    """What all deployments of one evaluation share. ``leaves`` maps nested deployments to what ends them."""

    runtime: Runtime
    resources: list[Resource] = field(default_factory=list)
    records: dict[Scope, DeploymentRecord] = field(default_factory=dict)
    leaves: dict[Scope, tuple[str, ...]] = field(default_factory=dict)
    placeholders: dict[str, int] = field(default_factory=dict)


class Run:
    """One deployment: the outermost one, or a nested one inside its parent's walk.

    ``inherited`` are lower-case ids its first resources wait for; ``condition`` is True or Unknown;
    ``known_scope`` is False when what it deploys into is known only after apply.
    """

    def __init__(
        self,
        session: Session,
        template: JsonObject,
        context: DeploymentContext,
        *,
        outer: Frame | None = None,
        inherited: tuple[str, ...] = (),
        condition: Value = True,
        known_scope: bool = True,
    ) -> None:
        self.session = session
        self.template = template
        self.context = context
        self.inherited = inherited
        self.condition = condition
        self.known_scope = known_scope
        self.outer = outer
        self.outermost = not context.depth
        self.created: list[Resource] = []
        self.declared: list[Declared] = []
        self.processed: set[int] = set()
        self.working: list[Instance] = []
        self.waits: dict[int, tuple[str, ...]] = {}
        self.definitions = section(template, "definitions")
        self.parameters = Lazy("parameter", {}, lambda name: None)
        self.answers = Answers(session.runtime, session.records, context, self.ensure)
        self.frame = self._frame()

    def _frame(self) -> Frame:
        if self.outer is not None:
            return self.outer.changed(services=self.answers)
        frame = Frame(self.context, self.parameters, None, user_functions(self.template), self.answers)
        written = section(self.template, "variables")
        return frame.changed(variables=variable_values(written, lambda: self.frame))

    def parameterise(self, given: JsonObject) -> None:
        """Take the parameters' values; raise CompileError with everything that is wrong with them."""
        declared = section(self.template, "parameters")

        def default(written: object) -> Value:
            return expand(written, self.frame.at(Stage.DEFAULT).changed(variables=None))

        values = parameter_values(declared, given, self.definitions, default, self.answers.secret)
        self.parameters = values
        self.frame = self.frame.changed(parameters=values)
        failures = misfitting(values, declared, given, self.definitions)
        if failures:
            raise refusal(failures, self.context.source)

    def walk(self) -> None:
        """Process every resource in dependency order."""
        try:
            found: list[Instance] = []
            loops: list[tuple[str, str]] = []
            for declaration in declarations(self.template):
                found += instances(declaration, self.frame, self.context.scope)
                loops += _loop_names(declaration)
            _refuse_repeats(found)
            self.answers.index = Index(found, loops)
            connect(found, self.answers.index)
            for instance in ordered(found):
                self.ensure(instance)
        except TemplateFailure as failure:
            raise refusal([failure], self.context.source) from None

    def ensure(self, instance: Instance, *, soft: bool = False) -> bool:
        """Process an instance unless that is done; a reference to one in the making is a circle.

        With ``soft`` it is left alone when it is in the making or waits for one that is: returns False.
        """
        if id(instance) in self.processed or not instance.deployed:
            return True
        if soft and any(instance.waits_for(item) for item in self.working):
            return False
        if instance in self.working:
            raise circle(self.working, instance)
        for needed in instance.depends_on:
            if needed in self.working:
                raise circle([*self.working, instance], needed)
            self.ensure(needed)
        caller = self.working[-1] if self.working else None
        self.working.append(instance)
        self.answers.used.append([])
        self.answers.asked.append([Need(item.id) for item in instance.depends_on if item.deployed])
        try:
            self._declare(instance, self._process(instance))
        except TemplateFailure as failure:
            raise failure.of(instance.id.path, instance.declaration.pointer) from None
        finally:
            self.working.pop()
            self.answers.used.pop()
            self.answers.asked.pop()
        self.processed.add(id(instance))
        if caller is not None and instance not in caller.depends_on:
            caller.depends_on.append(instance)
        return True

    def _declare(self, instance: Instance, location: Value) -> None:
        if self.outermost:
            needs = tuple(dict.fromkeys(self.answers.asked[-1]))
            self.declared.append(Declared(instance.id, instance.type, instance.name, location, needs))

    def _process(self, instance: Instance) -> Value:
        """Make a resource or nested deployment; return where it is placed, None for nowhere of its own."""
        frame = instance.frame.at(Stage.RUNTIME)
        condition = self.condition if instance.condition is True else instance.condition
        if instance.is_deployment:
            return self._nest(instance, frame, condition)
        body: dict[str, Value] = {}
        if isinstance(condition, Unknown):
            body["condition"] = condition
        for key, value in instance.declaration.body.items():
            if key.lower() not in _NOT_SENT:
                body[key] = settled(expand(value, frame))
        resource = Resource(
            type=instance.type,
            name=self._placed(instance),
            api_version=instance.api_version,
            scope=instance.scope,
            body=body,
            depends_on=self._waiting_for(instance),
            source=f"{self.context.source}{instance.declaration.pointer}",
            known_id=instance.known_id and self.known_scope,
        )
        self.session.resources.append(resource)
        self.created.append(resource)
        self.session.runtime.create(resource)
        return body.get("location")

    def _placed(self, instance: Instance) -> str:
        """The name; one that is unknown gets a number, so that two of them stay two."""
        if instance.known_id:
            return instance.name
        count = self.session.placeholders[instance.id.key] = (
            self.session.placeholders.get(instance.id.key, 0) + 1
        )
        if count > 1 or UNKNOWN_NAME not in instance.name:
            return instance.name.replace(UNKNOWN_NAME, f"{UNKNOWN_NAME[:-1]} {count}>")
        return instance.name

    def _waiting_for(self, instance: Instance) -> tuple[str, ...]:
        """Lower-case ids an instance waits for; what its deployment waits for when it waits for none."""
        ids: dict[str, None] = {}
        for needed in [*instance.depends_on, *self.answers.used[-1]]:
            if not needed.deployed or needed is instance:
                continue
            if needed.is_deployment:
                ids |= dict.fromkeys(self.session.leaves.get(needed.id, ()))
            else:
                ids[needed.id.key] = None
        return tuple(ids) or self.inherited

    def _nest(self, instance: Instance, frame: Frame, condition: Value) -> Value:
        start = begun(instance, frame, self.context)
        if start.context.depth > MAX_NESTING:
            raise TemplateFailure(f"Deployments are nested deeper than {MAX_NESTING} levels.")
        waits = self._waiting_for(instance)
        run = Run(
            self.session,
            start.template,
            start.context,
            outer=start.outer,
            inherited=waits,
            condition=condition,
            known_scope=instance.known_id and self.known_scope,
        )
        if start.outer is None:
            run.parameterise(start.parameters)
        given = {name: {"value": settled(run.parameters.get(name))} for name in run.parameters.names}
        self.session.runtime.begin(start.context, start.template, given)
        run.walk()
        outputs = run.outputs()
        self.session.runtime.end(start.context, settled(outputs))
        self.session.records[instance.id] = DeploymentRecord(start.context, given, run.raw_outputs)
        self.session.leaves[instance.id] = run.leaves() or waits
        self.created += run.created
        return start.context.location or None

    def leaves(self) -> tuple[str, ...]:
        """Return the ids of the resources that no other resource of this deployment waits for."""
        awaited = {key for resource in self.created for key in resource.depends_on}
        return tuple(resource.id.key for resource in self.created if resource.id.key not in awaited)

    def outputs(self, *, typed: bool = True) -> dict[str, Value]:
        """Return the outputs in ARM's shape, fit to leave the evaluator."""
        frame = self.frame.at(Stage.RUNTIME)
        self.answers.used.append([])
        try:
            declared = section(self.template, "outputs")
            self.raw_outputs = output_values(declared, self.definitions, frame, typed=typed)
            return {name: settled(item) for name, item in self.raw_outputs.items()}
        except TemplateFailure as failure:
            raise refusal([failure], self.context.source) from None
        finally:
            self.answers.used.pop()


def _loop_names(declaration: Declaration) -> Iterator[tuple[str, str]]:
    loop = declaration.body.get("copy")
    if isinstance(loop, dict):
        yield declaration.symbol, in_words(loop.get("name", ""))


def _refuse_repeats(found: list[Instance]) -> None:
    seen: dict[Scope, Instance] = {}
    for instance in found:
        if not instance.deployed or not instance.known_id or isinstance(instance.condition, Unknown):
            continue
        if instance.id in seen:
            raise TemplateFailure(
                f"The resource '{instance.id}' is defined multiple times in a template. "
                "Please see https://aka.ms/arm-syntax-resources for usage details.",
                pointer=instance.declaration.pointer,
            )
        seen[instance.id] = instance
