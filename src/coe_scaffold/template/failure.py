"""How a template is refused: ARM's error code and a message in ARM's words."""

from __future__ import annotations

from coe_scaffold.errors import CompileError, Problem

INVALID_TEMPLATE = "InvalidTemplate"
OUTPUT_FAILED = "DeploymentOutputEvaluationFailed"


class TemplateFailure(Exception):  # noqa: N818 - a refusal on its way to becoming a CompileError
    """Something a template may not do; ``pointer`` is where in the template, once that is known."""

    def __init__(self, message: str, *, code: str = INVALID_TEMPLATE, pointer: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.pointer = pointer

    def at(self, pointer: str) -> TemplateFailure:
        """Return this failure placed at a JSON pointer, unless an inner one is known already."""
        return self if self.pointer else TemplateFailure(self.message, code=self.code, pointer=pointer)

    def of(self, resource: str, pointer: str) -> TemplateFailure:
        """Return this failure as one of a resource's expressions, unless its place is known already."""
        if self.pointer:
            return self
        message = (
            f"Unable to process template language expressions for resource '{resource}'. '{self.message}'"
        )
        return TemplateFailure(message, code=self.code, pointer=pointer)


def refusal(failures: list[TemplateFailure], source: str = "") -> CompileError:
    """Return the failures of the template at ``source`` as one CompileError with ARM's code."""
    problems = [
        Problem(f"{source}{failure.pointer}" or "/", 0, 0, failure.message, code=failure.code)
        for failure in failures
    ]
    first = failures[0]
    summary = first.message if len(failures) == 1 else f"{len(failures)} problems in the template"
    return CompileError(problems, summary=summary, code=first.code)
