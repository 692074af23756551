"""/sertifikat: the certificate, how it is installed, and that there may be none."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from showroom_app import certificates, create_app, network
from tests.builders import PASSWORDS
from tests.engines import SETTINGS


@pytest.fixture
def certified(app: Flask) -> Flask:
    """A shop with certificates."""
    certificates.prepare(Path(app.instance_path), {"localhost"}, datetime.now(UTC))
    return app


def test_without_https_there_is_no_such_page(app: Flask, client: FlaskClient) -> None:
    for path in certificates.folder(Path(app.instance_path)).glob("*"):
        path.unlink()
    assert client.get("/sertifikat").status_code == 404
    assert client.get("/sertifikat.crt").status_code == 404


def test_the_way_for_the_phone_that_asks_comes_first(certified: Flask, client: FlaskClient) -> None:
    agents = {
        "Android": "Linux; Android 9; SM-A105F",
        "iPhone": "iPhone; CPU iPhone OS 17_0",
        "Windows": "Windows NT 10.0",
    }
    for name, agent in agents.items():
        page = client.get("/sertifikat", headers={"User-Agent": f"Mozilla/5.0 ({agent}) Safari/537.36"})
        assert page.status_code == 200
        assert page.text.index(f"Cara memasang di {name}") == page.text.index("Cara memasang di"), name


def test_what_is_handed_out_is_the_authority_and_never_its_key(certified: Flask, client: FlaskClient) -> None:
    answer = client.get("/sertifikat.crt")
    assert answer.mimetype == "application/x-x509-ca-cert"
    place = certificates.folder(Path(certified.instance_path))
    assert answer.data == (place / "authority.crt").read_bytes()
    assert b"PRIVATE" not in answer.data
    for path in ("authority.key", "server.key", "authority.pem"):
        assert client.get(f"/{path}").status_code == 404
        assert client.get(f"/certificates/{path}").status_code == 404


def test_who_signed_in_by_https_is_known_to_trust_it(
    certified: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOWROOM_HTTPS_PORT", "8443")
    who = {"username": "petugas", "password": PASSWORDS["petugas"]}
    here = client.post("/sign-in", data=who)
    assert here.status_code == 303
    assert all("Secure" not in cookie and "trusting" not in cookie for cookie in here.headers.getlist("Set-Cookie"))
    there = certified.test_client()
    answer = there.post("/sign-in", data=who, base_url="https://localhost")
    assert all("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("showroom"))
    page = there.get("/items", base_url="https://localhost")
    assert page.status_code == 200
    told = [*answer.headers.getlist("Set-Cookie"), *page.headers.getlist("Set-Cookie")]
    [mark] = [cookie for cookie in told if cookie.startswith("trusting=")]
    own = certificates.mark(Path(certified.instance_path))
    assert mark.startswith(f"trusting={own};"), "it tells of the authority, and of nobody"
    assert "Secure" not in mark, "plain http must see it"
    assert "trusting" not in str(there.get("/items", base_url="https://localhost").headers.getlist("Set-Cookie"))
    there.set_cookie("trusting", "1")  # of an authority that is no more
    [again] = there.get("/items", base_url="https://localhost").headers.getlist("Set-Cookie")
    assert again.startswith(f"trusting={own};")


def test_the_way_on_is_never_a_strangers_address(
    certified: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leads(host: str) -> str:
        page = client.get("/sertifikat?next=/till", base_url=f"http://{host}").text
        return page.partition('main wide" href="https://')[2].partition('"')[0]

    monkeypatch.setenv("SHOWROOM_HTTPS_PORT", "8443")
    monkeypatch.setattr(network, "lan_address", lambda: "192.168.1.7")
    assert leads("showroom.local:8080") == "showroom.local:8443/till"
    assert leads("[fd00::7]:8080") == "[fd00::7]:8443/till"
    assert leads("evil.example") == leads("8.8.8.8:8080") == "192.168.1.7:8443/till"
    monkeypatch.setenv("SHOWROOM_HOST", "192.168.1.9")
    assert leads("evil.example") == "192.168.1.9:8443/till"
    monkeypatch.setenv("SHOWROOM_HOST", "127.0.0.1")
    assert leads("evil.example") == "localhost:8443/till"


def test_who_will_not_install_it_reads_of_the_other_way(certified: Flask, client: FlaskClient) -> None:
    assert "--no-https" in client.get("/sertifikat").text
    assert "--no-https" not in client.get("/sertifikat", base_url="https://localhost").text


def test_of_two_proxies_the_inner_one_appends(tmp_path: Path) -> None:
    app = create_app({"INSTANCE": tmp_path, **SETTINGS, "PROXY_HOPS": 2})
    noted: list[str] = []

    @app.before_request
    def note() -> str:
        noted.append(f"{request.remote_addr} {request.url}")
        return "noted"

    headers = {
        "X-Forwarded-For": "7.7.7.7, 10.0.0.1", "X-Forwarded-Proto": "https, http",
        "X-Forwarded-Host": "galeri.example, inner", "X-Forwarded-Port": "443, 80",
    }  # fmt: skip
    app.test_client().get("/healthz", headers=headers)
    assert noted == ["7.7.7.7 https://galeri.example/healthz"]


@pytest.mark.parametrize(
    ("hops", "told", "seen"),
    [(0, "6.6.6.6", "127.0.0.1"), (1, "6.6.6.6, 7.7.7.7", "7.7.7.7"), (2, "6.6.6.6, 7.7.7.7", "6.6.6.6"),
     (2, "7.7.7.7", "127.0.0.1"), (1, "", "127.0.0.1")],
)  # fmt: skip
def test_only_as_many_proxies_are_believed_as_there_are(tmp_path: Path, hops: int, told: str, seen: str) -> None:
    app = create_app({"INSTANCE": tmp_path, **SETTINGS, "PROXY_HOPS": hops})
    noted: list[tuple[str, str, str]] = []

    @app.before_request
    def note() -> str:
        noted.append((request.remote_addr or "", request.scheme, request.host))
        return "noted"

    headers = {"X-Forwarded-For": told, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "galeri.example"}
    app.test_client().get("/healthz", headers=headers)
    assert noted[0][0] == seen
    believed = hops == 1  # of two proxies each must say its own
    assert noted[0][1:] == (("https", "galeri.example") if believed else ("http", "localhost"))
