"""What Azure answered, as one line of cause and one of fix.

ARM nests errors in two ways, and both are followed to the innermost one: ``details[].details[]``, and JSON
text inside ``message``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coe_scaffold.cloud.fixes import fix_for
from coe_scaffold.errors import CloudError
from coe_scaffold.model.json import Json

if TYPE_CHECKING:
    from azure.core.exceptions import HttpResponseError

WRAPPERS = frozenset(
    {
        "deploymentfailed",
        "resourcedeploymentfailure",
        "invalidtemplatedeployment",
        "multipleerrorsoccurred",
        "conflict",
        "badrequest",
        "forbidden",
        "notfound",
        "deploymentstackdeploymentfailed",
        "deploymentstackupdatefailed",
        "deploymentstackdeleteresourcesfailed",
    }
)
"""Codes that only say that something inside failed."""


@dataclass(frozen=True)
class ArmErrorInfo:
    """One error of ARM's: its code, its text and what it is about."""

    code: str
    message: str
    target: str = ""


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn the Azure SDK's exceptions into CloudError; ``what`` says what was being done."""
    from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

    try:
        yield
    except ClientAuthenticationError as error:
        if error.response is None:
            raise _unreachable(error, what) from error
        raise from_response(error, what) from error
    except HttpResponseError as error:
        raise from_response(error, what) from error
    except AzureError as error:
        raise _unreachable(error, what) from error


def from_response(error: HttpResponseError, what: str = "") -> CloudError:
    """Return the CloudError of an HTTP answer; the cause is the innermost error ARM reports."""
    body = error_body(error)
    chain = list(chain_of(body))
    status = int(error.status_code or 0)
    if not chain:
        code = f"HTTP{status}" if status else type(error).__name__
        chain = [ArmErrorInfo(code, one_line(str(error.reason or error.message or code)))]
    return cloud_error(chain, what=what, status=status, correlation_id=correlation_of(error))


def cloud_error(
    chain: list[ArmErrorInfo], *, what: str = "", status: int = 0, correlation_id: str = ""
) -> CloudError:
    """Return the CloudError of a chain of errors, the outermost first."""
    cause = innermost(chain)
    about = f" ({cause.target})" if cause.target and cause.target not in cause.message else ""
    head = f"{what}: " if what else ""
    detail = [f"{info.code}: {one_line(info.message)}" for info in chain]
    if correlation_id:
        detail.append(f"correlation id {correlation_id}")
    return CloudError(
        f"{head}{one_line(cause.message)}{about}",
        detail="\n".join(detail),
        fix=_told_by_text(cause) or fix_for(cause.code, status),
        code=cause.code,
        status=status,
        correlation_id=correlation_id,
    )


def error_body(error: HttpResponseError) -> Json:
    """Return the JSON of an error answer, or None."""
    response = error.response
    try:
        return json.loads(response.text()) if response is not None else None
    except (ValueError, AttributeError, TypeError):
        return None


def chain_of(body: Json) -> Iterator[ArmErrorInfo]:
    """Yield the errors in an answer, the outermost first, all branches, JSON inside messages unpacked."""
    if isinstance(body, str):
        inner = _json_in(body)
        if inner is not None:
            yield from chain_of(inner)
        return
    if not isinstance(body, Mapping):
        return
    if "error" in body and not body.get("code"):
        yield from chain_of(body["error"])
        return
    message = str(body.get("message") or "")
    inner = _json_in(message)
    if body.get("code") or message:
        text = message if inner is None else "see the nested error"
        yield ArmErrorInfo(str(body.get("code") or ""), text, str(body.get("target") or ""))
    if inner is not None:
        yield from chain_of(inner)
    details = body.get("details")
    for detail in details if isinstance(details, list) else []:
        yield from chain_of(detail)


def innermost(chain: list[ArmErrorInfo]) -> ArmErrorInfo:
    """Return the error that says why: the last one that is no wrapper, or the last one."""
    telling = [info for info in chain if info.code.lower() not in WRAPPERS and info.message]
    spoken = [info for info in chain if info.message and info.message != "see the nested error"]
    return (telling or spoken or chain)[-1 if not telling else 0]


def _told_by_text(cause: ArmErrorInfo) -> str:
    """Return what to do where only the text tells: quota of Compute, and refused role assignments.

    The right to make an assignment may be there, under a condition.
    """
    refused = cause.code.lower() in ("authorizationfailed", "invalidtemplatedeployment")
    if cause.code.lower() == "operationnotallowed" and "quota" in cause.message.lower():
        return fix_for("quotaexceeded")
    if refused and "microsoft.authorization/roleassignments/" in cause.message.lower():
        return (
            "Ask for the right to assign roles there; if you have it, a condition of your role excludes "
            "this: 'coe doctor' says which."
        )
    return ""


def correlation_of(error: HttpResponseError) -> str:
    """Return ARM's correlation id of an answer, or an empty string."""
    headers = getattr(error.response, "headers", None) or {}
    return str(headers.get("x-ms-correlation-request-id") or headers.get("x-ms-request-id") or "")


def one_line(text: str) -> str:
    """Return a text with its white space collapsed."""
    return re.sub(r"\s+", " ", text).strip()


def _unreachable(error: Exception, what: str) -> CloudError:
    from azure.core.exceptions import ClientAuthenticationError

    head = f"{what}: " if what else ""
    if isinstance(error, ClientAuthenticationError) or "credential" in type(error).__name__.lower():
        return CloudError(
            f"{head}no credential could be used",
            detail=str(error),
            fix="Sign in with 'az login', or choose another one with --credential.",
            code="CredentialUnavailable",
        )
    return CloudError(
        f"{head}Azure Resource Manager did not answer",
        detail=one_line(str(error)),
        fix="Check the network and the proxy settings, then run the command again.",
        code="Unreachable",
    )


def _json_in(text: str) -> Json | None:
    """Return the JSON object a message consists of, or ends with, else None."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        inner = json.loads(text[start:].strip().rstrip("."))
    except ValueError:
        return None
    return inner if isinstance(inner, Mapping) and ("error" in inner or "code" in inner) else None
