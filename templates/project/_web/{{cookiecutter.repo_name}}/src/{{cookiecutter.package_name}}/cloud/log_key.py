"""The key of user hashes, made from a signature of Key Vault: nobody has to create, hand over or keep it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

_TEXT = hashlib.sha256(b"key of user hashes in logs").digest()


def log_key(key_id: str) -> bytes:
    """Return the key; the same for everyone who may sign with the vault's key, until that is rotated."""
    from azure.identity import DefaultAzureCredential
    from azure.keyvault.keys.crypto import CryptographyClient, SignatureAlgorithm

    with DefaultAzureCredential() as credential, CryptographyClient(key_id, credential) as client:
        return derived(lambda digest: client.sign(SignatureAlgorithm.rs256, digest).signature)


def derived(sign: Callable[[bytes], bytes]) -> bytes:
    """Return the key made from a signature that is the same each time, such as RS256's."""
    return hashlib.sha256(sign(_TEXT)).digest()
