"""Whatever the workspace and whatever is there before: applying reaches a fixed point, undoing goes back.

Real planning, real SDK clients, over HTTP to a sandbox. Two workspaces in the normal suite, a rich one and
any other; ``COE_EXAMPLES=50`` asks for more.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings

from coe_scaffold.cli.context import Workplace, seed
from coe_scaffold.cloud.session import Session, connect
from coe_scaffold.execution import Ports
from coe_scaffold.local.compilers import choose
from coe_scaffold.model.plan import Plan
from coe_scaffold.model.settings import Cloud
from coe_scaffold.operations.apply import apply_plan
from coe_scaffold.operations.plan import make_plan
from coe_scaffold.operations.remembered import Remembered
from coe_scaffold.operations.runs import find_run
from coe_scaffold.operations.undo import make_undo_plan
from coe_scaffold.sandbox import running
from tests.contract.generated.workspaces import FOREIGN, Shape, plant, shapes, write
from tests.contract.kill.place import state

EXAMPLES = int(os.environ.get("COE_EXAMPLES", "1"))
RICH = Shape(
    environments=("dev", "prod"),
    groups=(1, 2, 1, 1, 1, 1, 1, 1, 1),
    kinds=("rag", "ml"),
    topology="hub",
    pim="on",
    stacks="auto",
    location="swedencentral",
    foreign=frozenset(FOREIGN),
)


@pytest.fixture(scope="module")
def remembered() -> Remembered:
    """The compiler; every workspace is written to one folder and has the same templates."""
    return Remembered(choose("embedded"))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@example(shape=RICH)
@given(shape=shapes)
def test_applying_twice_changes_nothing_and_undoing_restores_what_was_there(
    remembered: Remembered, tmp_path_factory: pytest.TempPathFactory, shape: Shape
) -> None:
    place = write(shape, tmp_path_factory.getbasetemp() / "generated")
    environment = shape.environments[0]
    database = place.root / "sandbox.db"
    with running(database, seed(place.settings)) as endpoint:
        session = connect(Cloud.SANDBOX, endpoint=endpoint.url, token=endpoint.token)
        plant(shape, session, place, environment)
        before = state(database)

        def planned() -> Plan:
            return make_plan(
                place.settings,
                environment,
                compiler=remembered,
                clock=place.clock,
                observer=session.observer,
            ).plan

        apply = _applying(place, session)
        first = planned()
        assert not first.blocking
        run = apply(first, "runs")
        assert planned().writes == (), "plan(apply(plan(x))) is empty"
        after = state(database)
        apply(first, "again")
        assert state(database) == after, "apply is idempotent"
        known = find_run(place.root / "runs", run, place.files)
        undo = make_undo_plan(
            place.settings,
            known,
            observer=session.observer,
            inspector=session.inspector,
            deployer=session.deployer,
        )
        apply(undo, "undo")
        assert state(database) == before, "undo ∘ apply is the identity on what was there before"
        session.close()


def _applying(place: Workplace, session: Session) -> Callable[[Plan, str], str]:
    """Return what applies a plan with a journal in a folder; everything must succeed."""

    def apply(plan: Plan, folder: str) -> str:
        ports = Ports(session.deployer, session.access)
        result = apply_plan(
            plan,
            ports,
            clock=place.clock,
            files=place.files,
            runs=place.root / folder,
            on_event=lambda entry: None,
        )
        assert result.exit_code == 0, result.failures
        return result.run

    return apply
