"""Codes on cards: never guessed, read from an address or typed; and the address that a phone can reach."""

import pytest

from showroom_app.lib import card_code, qr
from showroom_app.lib.label_sheet import MODULE_MM_MIN

CODE = "7K3QXM2F8H4P9R2T"
QR_SIDE_MM = 32.5  # cards.typ


def test_codes_have_80_bits() -> None:
    made = {card_code.new_code() for _ in range(5_000)}
    assert len(made) == 5_000
    assert {len(code) for code in made} == {16}
    assert len(set("".join(made))) == 32


@pytest.mark.parametrize(
    "text", [CODE, "7k3q-xm2f-8h4p-9r2t", " 7K3Q XM2F 8H4P 9R2T ", f"HTTPS://GALERI.CONTOH.ID/CARD/{CODE}"]
)
def test_they_are_read_however_they_are_typed(text: str) -> None:
    assert card_code.parse(text) == CODE


def test_letters_that_look_alike_are_forgiven() -> None:
    assert card_code.parse("OOOO-IIII-LLLL-0000") == "0000111111110000"


@pytest.mark.parametrize("text", ["", "7K3QXM2F", CODE + "X", CODE[:-1] + "U", "é" * 16, "x" * 10_000, "٧" * 16])
def test_what_is_none(text: str) -> None:
    assert card_code.parse(text) is None


def test_it_is_spelled_in_groups() -> None:
    assert card_code.address(CODE, "https://galeri.contoh.id") == (
        "https://galeri.contoh.id/card/",
        "7K3Q-XM2F-8H4P-9R2T",
    )


@pytest.mark.parametrize(
    ("public", "opened", "where"),
    [
        ("galeri.contoh.id", "localhost:8000", "https://galeri.contoh.id"),
        ("", "192.168.1.10:8000", "http://192.168.1.10:8000"),
        ("", "showroom.local:8443", "http://showroom.local:8443"),
        ("", "[fd00::2]:8000", "http://[fd00::2]:8000"),
    ],
)
def test_where_phones_find_the_shop(public: str, opened: str, where: str) -> None:
    assert card_code.origin(public, "http", opened) == where


@pytest.mark.parametrize(
    "opened",
    [
        "localhost", "LOCALHOST:8000", "localhost.:8000", "shop.localhost", "localhost.localdomain", "127.0.0.1:8000",
        "127.8.8.8", "0.0.0.0:80", "[::1]:8000", "[::]", "[::ffff:127.0.0.1]", "", "a b", "x/y", "[q", "evil\r\nx",
    ],
)  # fmt: skip
def test_an_address_that_no_phone_reaches_is_refused(opened: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        card_code.origin("", "http", opened)


@pytest.mark.parametrize("where", ["https://galeri.contoh.id", "http://192.168.100.100:8000", "https://" + "a" * 120])
def test_the_code_has_room_on_a_card(where: str) -> None:
    assert QR_SIDE_MM / qr.size_modules(card_code.payload(CODE, where)) >= MODULE_MM_MIN
