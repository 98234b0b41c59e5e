"""What to do about an error of ARM's: one line for each code, and one for each kind of answer."""

from __future__ import annotations

from collections.abc import Mapping


def fix_for(code: str, status: int = 0) -> str:
    """Return one line of what to do about an error code; for one that is not known, about its HTTP status."""
    return FIXES.get(code.lower()) or _BY_STATUS.get(status) or (_LATER if status >= 500 else _OTHERWISE)


_LATER = "Azure failed: run the command again; if it stays, see the details with --debug."
_OTHERWISE = "Remove the cause; --debug shows all that Azure said."
_BY_STATUS: Mapping[int, str] = {
    401: "Sign in again, for example with 'az login'.",
    403: "Ask for a role with the named action, then run the command again.",
    408: "Run the command again: it continues where it stopped.",
    409: "Wait until the other change has ended, then run the command again.",
    429: "Wait a minute, then run the command again.",
}

FIXES: Mapping[str, str] = {
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
    "sandboxstatenotwritable": "Make room on its disk or make it writable, then run the command again.",
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
    "subscriptionrequeststhrottled": "Wait a minute, then run the command again.",
    "tenantrequeststhrottled": "Wait a minute, then run the command again.",
    "subscriptionisoverquotaforsku": "Ask for more quota in that region, or use another one.",
    "servicequotaexceeded": "Remove what is not needed of that type, or ask for more quota.",
    "insufficientresourcesavailable": "The region is full: choose another one of locations.allowed.",
    "retryableerror": "Run the command again: it continues where it stopped.",
    "anotheroperationinprogress": "Wait until the other operation has ended, then run the command again.",
    "accountisnotsucceeded": "Wait until the account is ready, then run the command again.",
    "referencedresourcenotprovisioned": "Wait until the named resource is ready, then run the command again.",
    "deploymentcanceled": "Somebody cancelled it: run the command again to continue.",
    "deploymentcancelled": "Somebody cancelled it: run the command again to continue.",
    "resourcenotfound": "Deploy what creates the named resource first, or check its name.",
    "parentresourcenotfound": "Deploy what creates the named parent first, or check its name.",
    "invalidroleassignmentid": "Name role assignments by guid(scope, principal, role) in the template.",
    "roleassignmentexists": "The same role is assigned under another name: 'coe plan' adopts or names it.",
    "invalidapiversionparameter": "Use an api-version in the template that this cloud has.",
    "noregisteredproviderfound": "Use an api-version and a location in the template that this cloud has.",
    "locationnotavailableforresourcetype": "Choose another one of locations.allowed for that type.",
    "invaliddeploymentlocation": (
        "Delete the deployment's record, or set the environment's location back: a record cannot move."
    ),
    "storageaccountalreadytaken": "Somebody has the name: change organisation.prefix or the project's name.",
    "vaultalreadyexists": "Somebody has the name: change organisation.prefix, or purge the deleted vault.",
    "customdomaininuse": "Somebody has the name, or a deleted account: purge it, or use another name.",
    "alreadyinuse": "Somebody has the name: change organisation.prefix or the project's name.",
    "deploymentmodelnotsupported": "Choose a model, version and type that 'coe doctor' finds offered there.",
    "specialfeatureorquotaidrequired": "Ask Microsoft for access to that model, or choose another one.",
    "requestdisallowedbyazure": "The subscription may not use that region: choose another one.",
    "readonlydisabledsubscription": "Enable the subscription again, or name another one in coe.yaml.",
    "inusesubnetcannotbedeleted": "Remove what uses the subnet first.",
    "cannotdeleteresource": "Remove what is inside the resource first.",
    "templatelimitexceeded": "Split the template: deploy some of its modules on their own.",
    "requestentitytoolarge": "Split the template: deploy some of its modules on their own.",
}
"""By code in lower case, as ARM and its providers document them or as recordings and issues show them."""
