"""Access tokens as clients expect them: JSON Web Tokens whose claims name the tenant and the caller.

Azure CLI and Terraform read ``tid``, ``oid`` and ``appid`` from a token. The signature (HS256) is made with
the secret of this run, so nobody else's token is taken.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid

from coe_scaffold.model.json import Json

OWNER_CLIENT = str(uuid.UUID(int=0))
"""The client id that logs in as the sandbox's owner."""
SECONDS = 3600
"""How long a token is valid."""


class InvalidTokenError(Exception):
    """A token that is not of this run."""


class ExpiredTokenError(Exception):
    """A token of this run whose time is over."""


def issue(secret: str, *, audience: str, issuer: str, tenant: str, client: str, now: float) -> str:
    """Return a token with which a client, by its id, acts as the principal of that id."""
    claims: dict[str, Json] = {
        "aud": audience,
        "iss": issuer,
        "iat": int(now),
        "nbf": int(now),
        "exp": int(now) + SECONDS,
        "appid": client,
        "idtyp": "app",
        "oid": client,
        "sub": client,
        "tid": tenant,
        "ver": "1.0",
    }
    signed = f"{_part({'typ': 'JWT', 'alg': 'HS256'})}.{_part(claims)}"
    return f"{signed}.{_signature(signed, secret)}"


def principals_of(token: str, secret: str, now: float) -> tuple[str, ...]:
    """Return whom a token acts as: the caller's object id and those of its groups; empty for the owner.

    The secret itself is a token, too; ``secret~id,id`` acts as those principals. Raises InvalidTokenError and
    ExpiredTokenError.
    """
    given, _, principals = token.partition("~")
    if hmac.compare_digest(given.encode(), secret.encode()):
        return tuple(filter(None, principals.split(",")))
    signed, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(signed, secret).encode()):
        raise InvalidTokenError
    claims = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
    if claims["exp"] < now:
        raise ExpiredTokenError
    return () if claims["oid"] == OWNER_CLIENT else (claims["oid"],)


def _part(value: Json) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _signature(signed: str, secret: str) -> str:
    return _text(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
