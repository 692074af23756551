"""The shop's own certificate authority, and the certificate by which its phones know the server.

Phones let a page use the camera only over https, and no public authority signs for a name in a shop's own network. So
the shop makes an authority of its own, once. What it may sign for is written into it (RFC 5280, 4.2.1.10, name
constraints): names and addresses of private networks, so that whoever steals its key can't pose as a bank to the phones
that trust it.
"""

import ipaddress
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from showroom_app.lib.private_network import NAMES, NETWORKS, is_private

# No browser takes more (CA/Browser Forum, Baseline Requirements 6.3.2; Apple HT211025).
LEAF_DAYS_MAX = 397
# A phone whose clock is some days behind, or a server's that was, still finds it valid.
BACKDATED = timedelta(days=7)
AUTHORITY_DAYS = 20 * 365
RENEWED_BEFORE = timedelta(days=30)
# The program is younger than any right clock: one that tells an earlier day lost its battery.
YOUNGEST_CLOCK = datetime(2026, 1, 1, tzinfo=UTC)
# No shop is opened again so long after its last certificate ended; a clock does run ahead so far.
CLOSED_MAX = timedelta(days=3 * 365)


class WrongClock(ValueError):
    """The machine's clock can't be right; the message is the day that it tells."""


def check_clock(now: datetime, *last: bytes) -> None:
    """Refuse (WrongClock) a clock that tells a day before this program, or years after certificates made here ended."""
    if now < YOUNGEST_CLOCK or any(now - CLOSED_MAX > _end(one) for one in last):
        raise WrongClock(f"{now:%d-%m-%Y}")


def _end(certificate: bytes) -> datetime:
    try:
        return x509.load_pem_x509_certificate(certificate).not_valid_after_utc
    except ValueError:  # a damaged file tells nothing of the time
        return datetime.max.replace(tzinfo=UTC)


def make_authority(machine: str, now: datetime) -> tuple[bytes, bytes]:
    """A new authority: certificate and key, both PEM. Refuses (WrongClock) a clock that can't be right."""
    check_clock(now)
    key = ec.generate_private_key(ec.SECP256R1())
    mark = x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest.hex()[:6].upper()
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"Showroom {machine[:40]} {mark}"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Showroom"),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    networks = [x509.IPAddress(ipaddress.ip_network(network)) for network in NETWORKS]
    allowed = [*(x509.DNSName(one) for one in NAMES), *networks]
    certificate = (
        _begun(name, name, key, YOUNGEST_CLOCK, now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=allowed, excluded_subtrees=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM), _key_pem(key)


def make_leaf(authority: bytes, authority_key: bytes, names: Iterable[str], now: datetime) -> tuple[bytes, bytes]:
    """A certificate for these names and addresses, signed by the authority: its chain and key, both PEM.

    Refuses (ValueError) a name or address that is no private network's, and none at all; and (WrongClock) a clock that
    can't be right: phones would refuse what is made by it.
    """
    check_clock(now, authority)
    names = sorted(set(names))
    if not names or not all(map(is_private, names)):
        raise ValueError(f"not for a private network: {', '.join(names) or 'nothing'}")
    issuer = x509.load_pem_x509_certificate(authority)
    issuer_key = serialization.load_pem_private_key(authority_key, None)
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        raise ValueError("the authority's key is of another kind")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    begin = now - BACKDATED
    certificate = (
        _begun(subject, issuer.subject, key, begin, begin + timedelta(days=LEAF_DAYS_MAX) - timedelta(seconds=1))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + authority, _key_pem(key)


def is_good(leaf: bytes, authority: bytes, names: Iterable[str], now: datetime) -> bool:
    """Whether a certificate still does: signed by this authority, for all these names, valid now and for some weeks."""
    try:
        certificate, issuer = x509.load_pem_x509_certificate(leaf), x509.load_pem_x509_certificate(authority)
        certificate.verify_directly_issued_by(issuer)
        has = names_of(certificate)
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    in_time = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc - RENEWED_BEFORE
    return in_time and has >= set(names)


def names_of(certificate: x509.Certificate) -> set[str]:
    """The names and addresses that a certificate is for."""
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = {str(address) for address in found.get_values_for_type(x509.IPAddress)}
    return {*found.get_values_for_type(x509.DNSName), *addresses}


def as_phones_want_it(authority: bytes) -> bytes:
    """The authority's certificate as DER, which Android, iPhone and Windows open by themselves."""
    return x509.load_pem_x509_certificate(authority).public_bytes(serialization.Encoding.DER)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
