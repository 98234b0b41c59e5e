"""Who asks. Identity comes from the platform's sign-in, never from the request's body."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from .settings import Settings

EVERYONE = "everyone"
"""The group every signed-in user belongs to."""

PRINCIPAL_HEADER = "x-ms-client-principal"
DEMO_HEADER = "x-demo-user"
_OBJECT_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier"


class NotSignedInError(Exception):
    """Nobody the application knows sent the request."""


@dataclass(frozen=True)
class User:
    """A signed-in person and the groups he or she belongs to."""

    id: str
    groups: frozenset[str]

    def may_read(self, groups: frozenset[str]) -> bool:
        """Return whether one of the user's groups may read what these groups may read."""
        return EVERYONE in groups or not self.groups.isdisjoint(groups)


def demo_users(path: Path) -> dict[str, User]:
    """Return the people of the local demo, by name."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: User(name, frozenset(groups)) for name, groups in document["users"].items()}


def demo_user(headers: Mapping[str, str], users: Mapping[str, User]) -> User:
    """Return the demo user a header names, or the first one; local mode only."""
    name = headers.get(DEMO_HEADER) or next(iter(users))
    if name not in users:
        raise NotSignedInError(f"there is no demo user '{name}'")
    return users[name]


def signed_in_user(headers: Mapping[str, str]) -> User:
    """Return the user of the header that Azure's built-in authentication sets and clients cannot.

    A token with too many groups carries none of them: such a user reads only what everyone may read.
    """
    try:
        principal = json.loads(base64.b64decode(headers.get(PRINCIPAL_HEADER, ""), validate=True))
        claims = [(claim["typ"], claim["val"]) for claim in principal["claims"]]
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise NotSignedInError("the request carries no valid sign-in") from error
    identifiers = [value for kind, value in claims if kind in (_OBJECT_ID, "oid")]
    if not identifiers:
        raise NotSignedInError("the sign-in names no person")
    return User(identifiers[0], frozenset(value for kind, value in claims if kind == "groups"))


def log_key(settings: Settings) -> bytes:
    """Return the key of user hashes: Key Vault's on Azure; on a laptop one that everybody knows."""
    if settings.provider == "local":
        return b"local"
    from .cloud.log_key import log_key as of_vault

    return of_vault(settings.azure["AZURE_LOG_KEY_ID"])


def pseudonym(key: bytes, user: User) -> str:
    """Return a keyed hash that stands for a person in logs; without the key it tells nothing."""
    return hmac.new(key, user.id.encode("utf-8"), hashlib.sha256).hexdigest()[:16]
