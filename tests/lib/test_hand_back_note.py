"""The note of goods given back to their crafter (nota retur titipan)."""

from typing import Any

import pypdfium2
import pytest

from showroom_app.lib import document
from tests.lib.test_document import HOSTILE, pages, words
from tests.lib.test_money_documents import HUGE, MADE_AT, SAID_AS_WRITTEN, SHOWROOM, flat
from tests.lib.test_money_documents import render as render_any
from tests.lib.test_money_documents import right_side as right_side_of
from tests.lib.test_money_documents import said_by_page as said_by_page_of

TEMPLATE = "hand_back_note"
PROMISE = "Barang di atas sudah kembali kepada perajin dan tidak lagi menjadi tanggungan galeri."


def goods(**more: Any) -> dict[str, str]:
    line = {"code": "7K3QXM2F", "name": "Lampu gantung “Kendil”", "quantity": "2", "price": "Rp275.000", "note": ""}
    return line | more


def note(lines: list[dict[str, str]] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "showroom": SHOWROOM, "number": "RT-KTR-00012", "date": "Selasa, 24 November 2026",
        "crafter": {"name": "Bu Tutik Handayani", "about": "RW 02"}, "lines": [goods()] * 3 if lines is None else lines,
        "totals": {"quantity": "13", "value": "Rp2.450.000"}, "reason": "", "receiver": "Tutik Handayani",
        "receiver_note": "", "place_date": "Malang, 24 November 2026", "attendant": "Dewi Lestari",
        "hash": "9f2c 61ab 07d3",
    } | more  # fmt: skip


def hostile(lines: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """Every text that people type, at its worst."""
    if lines is None:
        lines = [goods(name=text, note=text) for text in HOSTILE]
    typed = ("number", "reason", "receiver", "receiver_note", "place_date", "attendant")
    people = {
        "showroom": {"name": HOSTILE[8], "address": HOSTILE[9]},
        "crafter": dict.fromkeys(("name", "about"), HOSTILE[8]),
    }
    return note(lines, **people, **dict.fromkeys(typed, HOSTILE[8]))


def render(content: dict[str, Any]) -> tuple[str, int]:
    return render_any(TEMPLATE, content)


def said_by_page(content: dict[str, Any]) -> list[str]:
    return said_by_page_of(TEMPLATE, content)


def test_a_note_says_what_went_back_to_whom_and_who_signs() -> None:
    receiver = {"receiver": "Agus", "receiver_note": "anak, mewakili Tutik Handayani"}
    content = note(
        [goods(), goods(name="Kursi teras", quantity="1", note="rusak")], reason="Masa titip habis", **receiver
    )
    said, count = render(content)
    assert count == 1
    for text in (
        "NOTA RETUR TITIPAN", "No. RT-KTR-00012", "Galeri Rotan Balearjosari", "Perajin Bu Tutik Handayani RW 02",
        "Dikembalikan Selasa, 24 November 2026", "Alasan Masa titip habis",
        "1 7K3QXM2F Lampu gantung “Kendil” 2 Rp275.000", "2 7K3QXM2F Kursi teras rusak 1 Rp275.000",
        "Jumlah barang 13", "Nilai menurut harga jual Rp2.450.000", PROMISE, "Yang menyerahkan, petugas",
        "Dewi Lestari", "Malang, 24 November 2026", "Yang menerima", "Agus", "anak, mewakili Tutik Handayani",
        "Sidik pembukuan 9f2c 61ab 07d3",
    ):  # fmt: skip
        assert text in said
    assert "Halaman" not in said


def test_what_is_not_told_is_left_out() -> None:
    bare = {"showroom": SHOWROOM | {"address": ""}, "crafter": {"name": "Bu Tutik", "about": ""}, "hash": ""}
    said, count = render(note(**bare))
    assert count == 1
    assert not any(text in said for text in ("Alasan", "mewakili", "rusak", "Sidik", "Kelurahan"))


def test_several_hundred_lines_repeat_the_header_and_number_their_pages() -> None:
    said = said_by_page(note([goods(name=f"Kursi {number:03}.") for number in range(1, 501)]))
    assert len(said) > 10
    for number, page in enumerate(said, start=1):
        assert "No. Kode Barang Jumlah Harga jual / buah" in page
        assert f"Halaman {number} dari {len(said)}" in page
        assert "Nota retur titipan RT-KTR-00012" in page
    everything = "\n".join(said)
    assert all(everything.count(f"Kursi {number:03}.") == 1 for number in range(1, 501))
    assert everything.count("Rp275.000") == 500
    assert everything.count(PROMISE) == 1


@pytest.mark.parametrize("lines", [1, *range(18, 32), 51])
def test_what_is_signed_never_stands_without_goods(lines: int) -> None:
    *_, last = said_by_page(note([goods()] * lines))
    for text in ("7K3QXM2F", "Kode", "Jumlah barang 13", PROMISE, "Dewi Lestari", "Yang menerima"):
        assert text in last


def test_the_longest_words_leave_no_page_without_goods() -> None:
    line = goods(name="W" * 120, note="rusak")
    for lines in range(1, 16):
        said = said_by_page(hostile([line] * lines))
        assert all("7K3QXM2F" in page for page in said)
        assert "Yang menerima" in said[-1] and PROMISE in said[-1]


def test_amounts_are_printed_whole_however_large() -> None:
    line = goods(name="Kursi teras anyaman rotan " * 4, price=HUGE, quantity="99.999")
    said, count = render(note([line] * 80, totals={"quantity": "7.999.920", "value": HUGE}))
    assert count > 2
    assert said.count(HUGE) == 81
    assert said.count("99.999 " + HUGE) == 80
    assert "7.999.920" in said


def test_a_name_of_120_letters_is_printed_whole() -> None:
    name = "Kursi" * 24
    said, _ = render(note([goods(name=name)], receiver=name, attendant=name))
    assert "".join(said.split()).count(name) == 3


def test_the_same_content_is_the_same_bytes() -> None:
    first = document.render(TEMPLATE, note(), made_at=MADE_AT)
    assert first == document.render(TEMPLATE, note(), made_at=MADE_AT)
    assert first != document.render(TEMPLATE, note())


def test_hostile_words_print_as_words_and_stay_on_the_page() -> None:
    pdf = document.render(TEMPLATE, hostile())
    said = flat(words(pdf))
    for text in SAID_AS_WRITTEN:
        assert said.count(text) == 2
    # Typed newlines, and directions that would turn the line round, are gone.
    assert "line break tabnuloverride" in said
    assert "\u202e" not in said
    for page in pages(pdf, 100):
        margin = page.convert("L").crop((page.width - round(9 / 25.4 * 100), 0, page.width, page.height))
        assert margin.getextrema() == (255, 255)


@pytest.mark.parametrize("name", ["عربي كرسي", "כיסא נצרים"])
def test_a_name_in_another_script_moves_nothing(name: str) -> None:
    other = note([goods(name=name)] * 3, receiver=name, attendant=name, crafter={"name": name, "about": "RW 02"})
    assert right_side_of(TEMPLATE, other) == right_side_of(TEMPLATE, note())


def test_a_paper_has_its_name_as_a_bookmark() -> None:
    pdf = pypdfium2.PdfDocument(document.render(TEMPLATE, note()))
    assert [item.get_title() for item in pdf.get_toc()] == ["NOTA RETUR TITIPAN No. RT-KTR-00012"]
