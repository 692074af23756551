"""The shop's own certificates: for whom, for how long, and for whom never."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from showroom_app.lib import certificate
from showroom_app.lib.certificate import LEAF_DAYS_MAX, WrongClock, check_clock, is_good, make_authority, make_leaf
from showroom_app.lib.private_network import is_private

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
NAMES = {"localhost", "127.0.0.1", "::1", "192.168.1.7", "showroom.local"}
AUTHORITY, KEY = make_authority("toko", NOW)


def trusted(leaf: bytes, name: str, at: datetime) -> bool:
    """Whether a browser that installed the authority takes this certificate for a name, by its own clock."""
    [first, *_] = x509.load_pem_x509_certificates(leaf)
    subject = x509.IPAddress(ip_address(name)) if name[-1].isdigit() else x509.DNSName(name)
    store = Store([x509.load_pem_x509_certificate(AUTHORITY)])
    verifier = PolicyBuilder().store(store).time(at).build_server_verifier(subject)
    try:
        verifier.verify(first, [])
    except VerificationError:
        return False
    return True


def test_it_is_for_the_machines_names_and_no_longer_than_phones_allow() -> None:
    leaf, _key = make_leaf(AUTHORITY, KEY, NAMES, NOW)
    one = x509.load_pem_x509_certificate(leaf)
    assert certificate.names_of(one) == NAMES
    assert one.not_valid_after_utc - one.not_valid_before_utc < timedelta(days=LEAF_DAYS_MAX)
    assert all(trusted(leaf, name, NOW) for name in NAMES)
    assert not trusted(leaf, "192.168.1.8", NOW)


@pytest.mark.parametrize("days", [-3, 3])
def test_a_phone_whose_clock_is_three_days_off_takes_it(days: int) -> None:
    leaf, _key = make_leaf(AUTHORITY, KEY, NAMES, NOW)
    assert trusted(leaf, "192.168.1.7", NOW + timedelta(days=days))


def test_so_it_does_when_the_servers_own_clock_was_three_days_off() -> None:
    for days in (-3, 3):
        leaf, _key = make_leaf(AUTHORITY, KEY, NAMES, NOW + timedelta(days=days))
        assert trusted(leaf, "showroom.local", NOW)
        assert is_good(leaf, AUTHORITY, NAMES, NOW)


@pytest.mark.parametrize(
    "name", ["bca.co.id", "8.8.8.8", "localhost.evil.com", "evillocal", "2001:4860:4860::8888", ""]
)
def test_a_certificate_for_a_foreign_host_is_refused(name: str) -> None:
    assert not is_private(name)
    with pytest.raises(ValueError, match="not for a private network"):
        make_leaf(AUTHORITY, KEY, {"localhost", name}, NOW)
    with pytest.raises(ValueError, match="not for a private network"):
        make_leaf(AUTHORITY, KEY, set(), NOW)


@pytest.mark.parametrize("name", ["bca.co.id", "8.8.8.8"])
def test_whoever_steals_the_key_deceives_no_phone(name: str) -> None:
    """The authority itself says what it may sign for, so browsers refuse the rest."""
    issuer = x509.load_pem_x509_certificate(AUTHORITY)
    stolen = serialization.load_pem_private_key(KEY, None)
    assert isinstance(stolen, ec.EllipticCurvePrivateKey)
    own = ec.generate_private_key(ec.SECP256R1())
    subject = x509.IPAddress(ip_address(name)) if name[-1].isdigit() else x509.DNSName(name)
    forged = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer.subject)
        .public_key(own.public_key())
        .serial_number(7)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([subject]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(stolen.public_key()), critical=False)
        .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(stolen, hashes.SHA256())
    )
    assert not trusted(forged.public_bytes(serialization.Encoding.PEM), name, NOW + timedelta(days=1))


def test_it_is_renewed_in_time_for_another_name_and_by_another_authority() -> None:
    leaf, _key = make_leaf(AUTHORITY, KEY, NAMES, NOW)
    assert is_good(leaf, AUTHORITY, NAMES, NOW)
    assert is_good(leaf, AUTHORITY, NAMES - {"192.168.1.7"}, NOW)  # out of the network for a while
    assert not is_good(leaf, AUTHORITY, NAMES | {"192.168.1.9"}, NOW)
    assert not is_good(leaf, AUTHORITY, NAMES, NOW + timedelta(days=365))
    assert not is_good(leaf, AUTHORITY, NAMES, NOW - timedelta(days=30))  # the clock was put back
    other, _other_key = make_authority("toko", NOW)
    assert not is_good(leaf, other, NAMES, NOW)
    assert not is_good(b"no certificate", AUTHORITY, NAMES, NOW)


@pytest.mark.parametrize("clock", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)])
def test_a_clock_that_lost_its_battery_is_not_believed(clock: datetime) -> None:
    if clock < NOW:
        with pytest.raises(WrongClock, match="01-01-1970"):
            make_authority("toko", clock)
    with pytest.raises(WrongClock, match=f"{clock:%d-%m-%Y}"):
        make_leaf(AUTHORITY, KEY, NAMES, clock)


def test_a_shop_may_be_closed_for_long_but_not_for_ever() -> None:
    leaf, _key = make_leaf(AUTHORITY, KEY, NAMES, NOW)
    check_clock(NOW + timedelta(days=4 * 365), leaf)
    check_clock(NOW, make_leaf(AUTHORITY, KEY, NAMES, NOW + timedelta(days=8 * 365))[0])  # the clock was put right
    check_clock(NOW, b"damaged")
    with pytest.raises(WrongClock):
        check_clock(NOW + timedelta(days=5 * 365), leaf)
