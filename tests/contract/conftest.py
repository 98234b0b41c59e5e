"""Every exchange of the contract tests with a sandbox, against the official OpenAPI files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from coe_scaffold.sandbox import relaxed
from coe_scaffold.sandbox.app import Application
from tests.contract.sandbox import specs
from tests.contract.sandbox.deviations import known

Exchange = tuple[str, str, Any, int, Any]
"""Method, path, body, status, answered body."""

Said = dict[tuple[object, ...], Exchange]
"""One exchange of each kind."""


@pytest.fixture(scope="session", autouse=True)
def published_schemas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Said]:
    """With COE_SPECS: what SDK clients and tests send and what sandboxes in this process answer is judged.

    Yields what is to be judged in the end.
    """
    said: Said = {}
    files = specs.given(tmp_path_factory.mktemp("specs"))
    if files is None:
        yield said
        return
    answer = Application._answer

    def recorded(self: Application, request: Any, content: bytes, fault: str, caller: Any) -> Any:
        reply = answer(self, request, content, fault, caller)
        try:
            sent = relaxed.loads(content.decode("utf-8-sig")) if content.strip() else None
        except ValueError:
            sent = None
        path = request.url.path
        if request.method != "HEAD" and not specs.own(path):
            said.setdefault(
                _kind(request.method, path, sent, reply),
                (request.method, path, sent, reply.status, reply.body),
            )
        return reply

    Application._answer = recorded  # type: ignore[method-assign]
    try:
        yield said
    finally:
        Application._answer = answer  # type: ignore[method-assign]
    judged: Counter[str] = Counter()
    problems = set()
    for exchange in said.values():
        operation, found = files.judge(*exchange)
        judged[operation] += 1
        problems |= {problem for problem in found if not known(problem)}
    assert not problems, "\n".join(sorted(problems))
    assert not said or any(judged), "no exchange was judged"


def _kind(method: str, path: str, sent: Any, reply: Any) -> tuple[object, ...]:
    """What makes two exchanges alike enough to judge only one: operation, status and shapes."""
    return method, tuple(path.lower().split("/")[1::2]), reply.status, _shape(sent), _shape(reply.body)


def _shape(value: Any) -> frozenset[str]:
    own = value.get("properties") if isinstance(value, dict) else None
    return (
        frozenset(value) | frozenset(own if isinstance(own, dict) else ())
        if isinstance(value, dict)
        else frozenset()
    )
