"""The device's own certificate for HTTPS, made at the first start that asks for it."""

import ipaddress
import logging
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hw.files import write_whole

log = logging.getLogger(__name__)

_VALID = timedelta(days=800)
"""Apple's devices take none for longer than 825 days."""
_RENEW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its key, on the disk."""

    path: Path
    key_path: Path
    fingerprint: str
    """SHA-256, as browsers show it."""

    def context(self) -> ssl.SSLContext:
        """What a server shows its clients."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.path, self.key_path)
        return context


def device_certificate(folder: Path, names: Iterable[str]) -> Certificate:
    """The device's certificate; made anew where there is none, it lacks a name, or its time is nearly over.

    Raises ``OSError``.
    """
    path, key_path = folder / "certificate.pem", folder / "key.pem"
    alternatives = [_alternative(name) for name in dict.fromkeys(names)]
    certificate = _read(path, key_path)
    if certificate is None or not _names(certificate).issuperset(alternatives):
        key, certificate = _make(alternatives)
        private = serialization.PrivateFormat.PKCS8
        write_whole(key_path, key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption()))
        write_whole(path, certificate.public_bytes(serialization.Encoding.PEM))
        log.warning("A new certificate for HTTPS was made: browsers will ask about it once")
    return Certificate(path, key_path, certificate.fingerprint(hashes.SHA256()).hex(":").upper())


def _read(path: Path, key_path: Path) -> x509.Certificate | None:
    """The certificate that is there, if it is good, and the key is its own."""
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        key = serialization.load_pem_private_key(key_path.read_bytes(), None)
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        log.error("%s or its key is damaged (%s)", path, error)
        return None
    now = datetime.now(UTC)
    in_time = certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - _RENEW
    return certificate if in_time and key.public_key() == certificate.public_key() else None


def _names(certificate: x509.Certificate) -> set[x509.GeneralName]:
    return set(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)


def _make(alternatives: Iterable[x509.GeneralName]) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Eyepiece")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
