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
    }
)
"""Codes that only say that something inside failed."""

_FIXES: Mapping[str, str] = {
    "authorizationfailed": "Ask for a role with the named action at that scope, then run the command again.",
    "linkedauthorizationfailed": "Ask for a role with the named action on the linked resource.",
    "invalidauthenticationtoken": "Sign in again, for example with 'az login'.",
    "authenticationfailed": "Sign in again, for example with 'az login'.",
    "expiredauthenticationtoken": "Sign in again, for example with 'az login'.",
    "invalidauthenticationtokentenant": "Sign in to the tenant that coe.yaml names.",
    "subscriptionnotfound": "Check the subscription id in coe.yaml and that you may see it.",
    "resourcegroupnotfound": "Deploy what creates the resource group first, or check its name.",
    "resourcegroupbeingdeleted": "Wait until the resource group is gone, then run the command again.",
    "scopelocked": "Remove the lock (it protects this environment), or leave the resource in place.",
    "requestdisallowedbypolicy": "Change the setting the policy names, or ask its owner for an exemption.",
    "missingsubscriptionregistration": "Register it with 'coe doctor --env ENV --register', then apply.",
    "principalnotfound": "Check the object id in coe.yaml; a new group takes minutes to be known everywhere.",
    "unmatchedprincipaltype": "The id belongs to another kind of principal: name a group's id in coe.yaml.",
    "roleassignmentlimitexceeded": "Remove assignments that are not needed: a subscription holds 4000.",
    "roleassignmentupdatenotpermitted": "Delete the old assignment of that name, then run the command again.",
    "roledefinitionhasassignments": "Remove the assignments of the role first.",
    "roledefinitiondoesnotexist": "Create the role definition first, or check its GUID.",
    "invalidresourcelocation": "Use the location the resource already has, or another name.",
    "invalidresourcegrouplocation": "Use the location the resource group already has, or another name.",
    "invalidtemplate": "Correct the template or its parameters.",
    "deploymentquotaexceeded": (
        "Delete old deployments of that scope: coe removes its own, never those of others."
    ),
    "denyassignmentauthorizationfailed": (
        "The stack's denySettings forbid it: change them in coe.yaml and apply, or exclude a principal."
    ),
    "deploymentstackoutofsync": (
        "Compare what 'coe plan' says would be deleted with the stack, then apply with --accept-out-of-sync."
    ),
    "deploymentstackdeleteresourcesfailed": (
        "Remove what protects them (locks, deny assignments), then run the command again."
    ),
    "deploymentstackinnonterminalstate": "Wait until the stack's running deployment has ended.",
    "deploymentactive": "Wait for the running deployment of that name, or cancel it.",
    "quotaexceeded": "Ask for more quota in that region, or use another one.",
    "insufficientquota": "Ask for more quota in that region, or lower the capacity.",
    "skunotavailable": "Choose another size or region.",
    "flagmustbesetforrestore": "A deleted resource holds the name: restore or purge it, or use another name.",
    "sandboxnotmodelled": "The sandbox cannot do this; use a real subscription.",
    "resourcerequeststhrottled": "Wait a minute, then run the command again.",
    "subjectnotfound": "Check the object id in coe.yaml; a new group takes minutes to be known everywhere.",
    "roleassignmentrequestpolicyvalidationfailed": (
        "Shorten eligibleDays or activeDays in coe.yaml, or let the role's management policy allow so long."
    ),
    "aadpremiumlicenserequired": (
        "The tenant has no licence for Privileged Identity Management: set access.pim to none in coe.yaml."
    ),
    "toomanyrequests": "Wait a minute, then run the command again.",
}


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
        fix=_delegated_fix(cause) or fix_for(cause.code),
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


def fix_for(code: str) -> str:
    """Return one line of what to do about an error code, or an empty string."""
    return _FIXES.get(code.lower(), "")


def _delegated_fix(cause: ArmErrorInfo) -> str:
    """Return what to do about a refused role assignment: the right may be there, under a condition."""
    refused = cause.code.lower() in ("authorizationfailed", "invalidtemplatedeployment")
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
