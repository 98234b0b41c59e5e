"""The functions of Bicep's ``sys`` and ``az`` namespaces, and what is special about each.

Source: the function reference of Bicep's documentation and the official compiler's namespaces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

TYPE_NAMES = frozenset({"string", "int", "bool", "array", "object", "any", "null"})
"""Types that need no declaration (``any`` only in declarations of imported templates)."""


@dataclass(frozen=True)
class Signature:
    """How many arguments a function takes; ``most`` is None when there is no limit."""

    least: int
    most: int | None
    namespace: str


_SYS = """
any 1 1|concat 1 *|format 1 *|base64 1 1|padLeft 2 3|replace 3 3|toLower 1 1|toUpper 1 1|length 1 1
split 2 2|join 2 2|string 1 1|int 1 1|uniqueString 1 *|guid 1 *|trim 1 1|uri 2 2|substring 2 3
take 2 2|skip 2 2|empty 1 1|contains 2 2|intersection 2 *|union 2 *|first 1 1|last 1 1|indexOf 2 2
lastIndexOf 2 2|startsWith 2 2|endsWith 2 2|min 1 *|max 1 *|range 2 2|base64ToString 1 1
base64ToJson 1 1|uriComponentToString 1 1|uriComponent 1 1|dataUriToString 1 1|dataUri 1 1|array 1 1
bool 1 1|json 1 1|dateTimeAdd 2 3|dateTimeToEpoch 1 1|dateTimeFromEpoch 1 1|newGuid 0 0|utcNow 0 1
loadTextContent 1 2|loadFileAsBase64 1 1|loadJsonContent 1 3|loadYamlContent 1 3
loadDirectoryFileInfo 1 2|items 1 1|flatten 1 1|filter 2 2|map 2 2|mapValues 2 2|sort 2 2|reduce 3 3
toObject 2 3|groupBy 2 3|objectKeys 1 1|shallowMerge 1 1|like 2 2|distinct 1 1|parseCidr 1 1
cidrSubnet 3 3|cidrHost 2 2|nameof 1 1|fail 1 1|buildUri 1 1|parseUri 1 1
readEnvironmentVariable 1 2|readCliArg 1 2|externalInput 1 2|readEnvVar 1 2
"""
_AZ = """
subscription 0 1|resourceGroup 0 2|tenant 0 0|managementGroup 0 1|deployment 0 0|deployer 0 0
environment 0 0|resourceId 2 *|subscriptionResourceId 2 *|tenantResourceId 2 *
extensionResourceId 3 *|managementGroupResourceId 2 *|providers 1 2|pickZones 3 5|toLogicalZone 3 3
toLogicalZones 3 3|toPhysicalZone 3 3|toPhysicalZones 3 3|reference 1 3|getSecret 3 5
roleDefinitions 1 1
"""
_LIST = re.compile(r"list[A-Za-z]*\Z")

INLINED = frozenset(
    {"reference", "references", "toLogicalZone", "toLogicalZones", "toPhysicalZone", "toPhysicalZones"}
)
"""Functions the deployment engine does not allow in variables; besides ``list*``."""

SCOPES = frozenset({"tenant", "managementGroup", "subscription", "resourceGroup"})

FORBIDDEN = {
    "variables": (
        "BCP060",
        'The "variables" function is not supported. Directly reference variables by their symbolic names.',
    ),
    "parameters": (
        "BCP061",
        'The "parameters" function is not supported. Directly reference parameters by their symbolic names.',
    ),
    "if": (
        "BCP100",
        'The function "if" is not supported. Use the "?:" (ternary conditional) operator instead, '
        "e.g. condition ? ValueIfTrue : ValueIfFalse",
    ),
    "createArray": (
        "BCP101",
        'The "createArray" function is not supported. Construct an array literal using [].',
    ),
    "createObject": (
        "BCP102",
        'The "createObject" function is not supported. Construct an object literal using {}.',
    ),
} | {
    name: ("BCP069", f'The function "{name}" is not supported. Use the "{operator}" operator instead.')
    for name, operator in (
        ("add", "+"),
        ("sub", "-"),
        ("mul", "*"),
        ("div", "/"),
        ("mod", "%"),
        ("less", "<"),
        ("lessOrEquals", "<="),
        ("greater", ">"),
        ("greaterOrEquals", ">="),
        ("equals", "=="),
        ("not", "!"),
        ("and", "&&"),
        ("or", "||"),
        ("coalesce", "??"),
    )
}


@cache
def known_functions() -> dict[str, Signature]:
    """Return every function by name; ``list*`` is not among them."""
    found: dict[str, Signature] = {}
    for namespace, table in (("sys", _SYS), ("az", _AZ)):
        for entry in table.replace("\n", "|").split("|"):
            if entry:
                name, least, most = entry.split()
                found[name] = Signature(int(least), None if most == "*" else int(most), namespace)
    return found


def is_list_function(name: str) -> bool:
    """Whether a name is one of the ``list*`` functions."""
    return _LIST.match(name) is not None


def is_known(name: str, namespace: str = "") -> bool:
    """Whether a function of that name exists (in one namespace, or in either)."""
    signature = known_functions().get(name)
    if signature is None:
        return is_list_function(name) and namespace != "sys"
    return not namespace or signature.namespace == namespace or name == "getSecret"
