"""A certificate for 127.0.0.1 and localhost, for tools that insist on HTTPS.

Its issuer is made with it and signs nothing else: the issuer's key is forgotten at once. A client trusts the
issuer alone, which can never vouch for another host.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate

ADDRESSES = ("127.0.0.1", "::1")
_DAYS = 30
_RENEWED_BEFORE = timedelta(days=2)


def ensure(folder: Path) -> tuple[Path, Path, Path]:
    """Return the files of issuer, certificate and key in a folder; make them when missing or nearly over."""
    issuer, certificate, key = (folder / f"sandbox-{name}.pem" for name in ("issuer", "certificate", "key"))
    if not (issuer.exists() and key.exists() and _lasts(certificate)):
        for path, content in zip((key, certificate, issuer), _make(), strict=True):
            path.unlink(missing_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
    return issuer, certificate, key


def _lasts(certificate: Path) -> bool:
    from cryptography.x509 import load_pem_x509_certificate

    if not certificate.exists():
        return False
    try:
        found = load_pem_x509_certificate(certificate.read_bytes())
    except ValueError:
        return False
    return found.not_valid_after_utc - datetime.now(UTC) > _RENEWED_BEFORE


def _make() -> tuple[bytes, bytes, bytes]:
    """Return key, certificate and issuer in PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    issuing, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer = _sign("coe-scaffold sandbox issuer", issuing, issuing, None)
    certificate = _sign("coe-scaffold sandbox", key, issuing, issuer)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private, certificate.public_bytes(pem), issuer.public_bytes(pem)


def _sign(
    name: str, key: EllipticCurvePrivateKey, issuing: EllipticCurvePrivateKey, issuer: Certificate | None
) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import ExtendedKeyUsageOID

    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    usages = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        False,
    )  # fmt: skip
    usages["digital_signature" if issuer else "key_cert_sign"] = True
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=_DAYS))
        .add_extension(
            x509.BasicConstraints(ca=issuer is None, path_length=None if issuer else 0), critical=True
        )
        .add_extension(x509.KeyUsage(**usages), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing.public_key()), critical=False
        )
    )
    if issuer:
        hosts = [x509.DNSName("localhost"), *(x509.IPAddress(ip_address(one)) for one in ADDRESSES)]
        builder = builder.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(purposes, critical=False)
    return builder.sign(issuing, SHA256())
