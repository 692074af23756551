"""The papers about money: kuitansi, a crafter's statement, a till's X and Z report."""

from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from showroom_app.lib import document
from tests.lib.test_document import HOSTILE, pages, words

SHOWROOM = {"name": "Galeri Rotan Balearjosari", "address": "Kelurahan Balearjosari, Kota Malang"}
HUGE = "Rp999.999.999.999"
SAID_AS_WRITTEN = ["<script>alert(1)</script>", '#import "x": *', "*bold* _slant_ $x$ `code`", "#panic() @nowhere"]
MADE_AT = datetime(2026, 11, 27, 3, 14, tzinfo=UTC)
TEMPLATES = ("receipt_of_payment", "statement", "shift_report")


def goods(**more: Any) -> dict[str, Any]:
    line = {"date": "21 Nov", "name": "Lampu gantung “Kendil”", "quantity": "2", "price": "Rp130.000"}
    return line | {"showroom": "Rp19.500", "crafter": "Rp110.500"} | more


def kuitansi(lines: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "showroom": SHOWROOM, "number": "KW-2611-031", "given_to": "Paguyuban Rotan",
        "words": "Delapan ratus lima puluh ribu rupiah", "purpose": "Hasil penjualan barang titipan 21–24 November",
        "lines": [goods()] * 4 if lines is None else lines, "total": "Rp850.000", "method": "Tunai dari kantor",
        "payer": "Sri Wahyuni", "payer_role": "Bendahara", "receiver": "Tutik Handayani", "receiver_note": "",
        "place_date": "Malang, 27 November 2026", "stamp_duty": False, "hash": "9f2c 61ab 07d3", "reversed": "",
    } | more  # fmt: skip


def event(kind: str = "sale", **more: Any) -> dict[str, Any]:
    line = {"date": "21 Nov", "what": "Kotak tisu anyam", "about": "K1-00387 · 2 × Rp65.000", "kind": kind}
    return line | {"in": "Rp110.500", "out": "", "balance": "Rp230.500"} | more


def statement(lines: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    totals = {"sold": "12 barang", "crafter": "Rp1.350.000", "refunds": "−Rp100.000", "paid": "Rp350.000"}
    return {
        "showroom": SHOWROOM, "crafter": {"name": "Bu Tutik Handayani", "about": "RW 02"},
        "period": "1–30 November 2026", "opening": "Rp120.000", "closing": "Rp970.000",
        "lines": [event()] if lines is None else lines, "totals": totals | {"advances": "Rp50.000"},
        "hash": "9f2c 61ab 07d3", "closed": True,
    } | more  # fmt: skip


def shift(**more: Any) -> dict[str, Any]:
    taken = [{"label": "Tunai", "value": "Rp1.931.000"}, {"label": "Jumlah", "value": "Rp3.260.000", "strong": True}]
    return {
        "kind": "Z", "showroom": SHOWROOM, "desk": "Meja 1", "attendant": "Dewi Lestari", "number": "Z-0031",
        "opened": "Selasa, 24 November 2026 08.02", "closed": "Selasa, 24 November 2026 16.31",
        "sections": [{"title": f"Bagian {number}", "rows": taken * 3} for number in range(4)],
        "counts": [{"denomination": f"Rp{face}", "pieces": "12", "amount": "Rp1.200.000"} for face in range(100, 111)],
        "difference": {"label": "Selisih kurang", "value": "−Rp5.000", "note": "Salah kembalian."},
        "hash": "9f2c 61ab 07d3", "entry_number": "412",
    } | more  # fmt: skip


def usual() -> dict[str, dict[str, Any]]:
    return dict(zip(TEMPLATES, ({"kuitansi": [kuitansi()]}, statement(), shift()), strict=True))


def hostile(template: str) -> dict[str, Any]:
    """Every text that people type, at its worst."""
    showroom = {"name": HOSTILE[8], "address": HOSTILE[9]}
    if template == "receipt_of_payment":
        typed = ("number", "given_to", "words", "purpose", "method", "payer", "payer_role", "receiver", "receiver_note")
        lines = [goods(name=text, kind="refund" if number % 2 else "") for number, text in enumerate(HOSTILE)]
        long = kuitansi(lines, showroom=showroom, stamp_duty=True, **dict.fromkeys((*typed, "place_date"), HOSTILE[8]))
        more = [kuitansi(reversed=text, **dict.fromkeys(typed, text)) for text in HOSTILE]
        return {"kuitansi": [long, *more]}
    if template == "statement":
        lines = [event(what=text, about=text) for text in HOSTILE]
        crafter = {"name": HOSTILE[9], "about": HOSTILE[8]}
        return statement(lines, showroom=showroom, crafter=crafter, period=HOSTILE[5], closed=False)
    rows = [{"label": text, "value": "Rp1"} for text in HOSTILE]
    sections = [{"title": text, "rows": rows} for text in HOSTILE]
    difference = {"label": HOSTILE[9], "value": "−" + HUGE, "note": HOSTILE[8]}
    people = {"showroom": showroom, "desk": HOSTILE[5], "attendant": HOSTILE[8], "number": HOSTILE[2]}
    return shift(sections=sections, difference=difference, **people)


def flat(text: str) -> str:
    """A PDF's text with its spaces, breaks and joints made single."""
    return " ".join(text.replace("\u200b", "").split())


def said_by_page(template: str, content: dict[str, Any]) -> list[str]:
    pdf = pypdfium2.PdfDocument(document.render(template, content, made_at=MADE_AT))
    return [flat(page.get_textpage().get_text_range()) for page in pdf]


def render(template: str, content: dict[str, Any]) -> tuple[str, int]:
    """What the PDF says, and how many pages it has."""
    said = said_by_page(template, content)
    return "\n".join(said), len(said)


def count_of(page: Image.Image, colour: tuple[int, int, int], y: int) -> int:
    row = page.convert("RGB").crop((0, y, page.width, y + 1))
    return sum(count for count, found in row.getcolors(page.width) or [] if found == colour)


def right_side(template: str, content: dict[str, Any]) -> list[int]:
    """The heights at which something is printed near the right edge: amounts, rules, the edges of boxes."""
    (page,) = pages(document.render(template, content), 60)
    side = page.convert("L").crop((round(page.width * 0.88), 0, page.width, round(page.height * 0.6)))
    return [y for y in range(side.height) if min(side.crop((0, y, side.width, y + 1)).get_flattened_data()) < 200]


def test_a_kuitansi_says_who_paid_whom_how_much_and_for_what() -> None:
    said, count = render("receipt_of_payment", {"kuitansi": [kuitansi()]})
    assert count == 1
    for text in (
        "KUITANSI", "No. KW-2611-031", "Galeri Rotan Balearjosari", "Sudah terima dari Paguyuban Rotan",
        "Uang sejumlah Delapan ratus lima puluh ribu rupiah", "Untuk Hasil penjualan barang titipan 21–24 November",
        "21 Nov Lampu gantung “Kendil” 2 Rp130.000 Rp19.500 Rp110.500", "Rp850.000", "Tunai dari kantor",
        "Yang membayar, Bendahara", "Sri Wahyuni", "Malang, 27 November 2026", "Yang menerima", "Tutik Handayani",
        "Sidik pembukuan 9f2c 61ab 07d3",
    ):  # fmt: skip
        assert text in said
    assert not any(text in said for text in ("Halaman", "Meterai", "DIBATALKAN", "Retur"))


def test_the_meterai_has_its_place_only_where_one_is_due() -> None:
    due = kuitansi(stamp_duty=True, receiver="Agus", receiver_note="anak, mewakili Bu Tutik")
    said, count = render("receipt_of_payment", {"kuitansi": [due]})
    assert count == 1
    for text in ("Meterai Rp10.000", "Di atas Rp5.000.000: tempel meterai Rp10.000.", "Agus anak, mewakili Bu Tutik"):
        assert text in said


def test_refunds_debts_and_advances_are_lines_too() -> None:
    taken = {"quantity": "", "price": "", "showroom": ""}
    refund = goods(kind="refund", price="−Rp130.000", showroom="−Rp19.500", crafter="−Rp110.500")
    lines = [refund, goods(name="Kasbon 12 November", crafter="−Rp50.000", **taken)]
    said, _ = render("receipt_of_payment", {"kuitansi": [kuitansi(lines)]})
    assert "Retur: Lampu gantung “Kendil” 2 −Rp130.000 −Rp19.500 −Rp110.500" in said
    assert "Kasbon 12 November −Rp50.000" in said


def test_seven_lines_are_one_page_and_what_is_signed_never_stands_without_goods() -> None:
    assert render("receipt_of_payment", {"kuitansi": [kuitansi([goods()] * 7)]})[1] == 1
    for lines in range(8, 40):
        *_, last = said_by_page("receipt_of_payment", {"kuitansi": [kuitansi([goods()] * lines)]})
        assert "Yang menerima" in last and "Perajin terima" in last and "Rp110.500" in last


def test_a_reversed_kuitansi_says_so_on_every_page() -> None:
    reason = "DIBATALKAN 28 Nov 2026: salah jumlah"
    content = {"kuitansi": [kuitansi(reversed=reason), kuitansi([goods()] * 40, reversed=reason), kuitansi()]}
    said = said_by_page("receipt_of_payment", content)
    *void, sound = pages(document.render("receipt_of_payment", content), 50)
    assert len(void) >= 3
    assert sum(reason in page for page in said) == 2
    red = (168, 35, 28)
    for page, text in zip(void, said, strict=False):
        assert "DIBATALKAN" in text
        # A band across the text, at least 3 mm high.
        band = [y for y in range(page.height) if count_of(page, red, y) > page.width * 0.75]
        assert len(band) >= 3 / 25.4 * 50 - 1
    assert "DIBATALKAN" not in said[-1]
    assert not any(count_of(sound, red, y) for y in range(sound.height))


def test_each_kuitansi_counts_its_own_pages() -> None:
    content = {"kuitansi": [kuitansi(number="KW-1"), kuitansi([goods()] * 30, number="KW-2"), kuitansi(number="KW-3")]}
    said = said_by_page("receipt_of_payment", content)
    long = len(said) - 2
    assert long >= 2
    assert "Halaman" not in said[0] + said[-1]
    for number, page in enumerate(said[1:-1], start=1):
        assert f"Halaman {number} dari {long}" in page
        assert "Kuitansi KW-2 · Tutik Handayani" in page
        assert "Perajin terima" in page
    assert sum(page.count("Lampu gantung") for page in said[1:-1]) == 30
    pdf = pypdfium2.PdfDocument(document.render("receipt_of_payment", content))
    assert [item.get_title() for item in pdf.get_toc()] == [f"KUITANSI No. KW-{number}" for number in (1, 2, 3)]


def test_80_kuitansi_are_one_pdf() -> None:
    said, count = render("receipt_of_payment", {"kuitansi": [kuitansi(number=f"KW-2611-{i:03}") for i in range(1, 81)]})
    assert count == 80
    assert all(said.count(f"No. KW-2611-{i:03}") == 1 for i in range(1, 81))


def test_amounts_are_printed_whole_however_large() -> None:
    spoken = " ".join(["Sembilan ratus sembilan puluh sembilan miliar"] * 6) + " rupiah"
    line = goods(name="Kursi teras anyaman rotan " * 4, price="−" + HUGE, showroom="−" + HUGE, crafter="−" + HUGE)
    said, count = render("receipt_of_payment", {"kuitansi": [kuitansi([line] * 80, total=HUGE, words=spoken)]})
    assert count > 5
    assert said.count("−" + HUGE) == 240
    assert spoken in said
    said, _ = render("statement", statement([event(**{"in": HUGE, "out": HUGE}, balance="−" + HUGE)] * 80))
    assert said.count(HUGE) == 240
    rows = [{"label": "Kursi teras anyaman rotan", "value": "−" + HUGE}] * 8
    counts = [{"denomination": "Rp100.000", "pieces": "99.999.999", "amount": HUGE}] * 8
    said, _ = render("shift_report", shift(sections=[{"title": "Laci", "rows": rows}], counts=counts))
    assert said.count(HUGE) == 16


def test_a_statement_tells_every_event_and_both_balances() -> None:
    kinds = ("sale", "refund", "payout", "payout_reversed", "advance", "compensation")
    said, count = render("statement", statement([event(kind, what=f"Hal {kind}") for kind in kinds]))
    assert count == 1
    for text in (
        "LAPORAN PERAJIN", "Perajin Bu Tutik Handayani RW 02", "Periode 1–30 November 2026", "Saldo awal Rp120.000",
        "Saldo perajin Rp970.000", "12 barang", "Rp1.350.000", "−Rp100.000", "Rp350.000", "Rp50.000",
        "Laku · K1-00387 · 2 × Rp65.000", "Retur ·", "Dibayar ·", "Pembayaran dibatalkan ·", "Kasbon ·", "Ganti rugi ·",
        "Rp110.500", "Rp230.500", "Sidik pembukuan 9f2c 61ab 07d3", *(f"Hal {kind}" for kind in kinds),
    ):  # fmt: skip
        assert text in said
    assert not any(text in said for text in ("Halaman", "Sementara", "Utang"))


def test_a_debt_is_called_a_debt() -> None:
    said, _ = render("statement", statement(closing="−Rp152.000", opening="−Rp20.000"))
    for text in ("Utang perajin Rp152.000", "Utang awal Rp20.000", "Utang dipotong dari hasil penjualan berikutnya."):
        assert text in said
    assert "Saldo perajin" not in said


def test_a_period_that_goes_on_says_so_and_a_quiet_one_too() -> None:
    nothing = dict.fromkeys(("sold", "crafter", "refunds", "paid", "advances"), "")
    said, count = render("statement", statement([], totals=nothing, hash="", closed=False))
    assert count == 1
    assert "Sementara: periode ini belum selesai" in said
    assert "Tidak ada penjualan atau pembayaran pada periode ini." in said
    assert "Sidik" not in said and "Kasbon" not in said


def test_a_long_statement_repeats_its_header_and_numbers_its_pages() -> None:
    said = said_by_page("statement", statement([event()] * 200))
    assert len(said) > 4
    assert all("Keterangan" in page for page in said)
    assert f"Halaman {len(said)} dari {len(said)}" in said[-1]
    assert sum(page.count("Kotak tisu anyam") for page in said) == 200


def test_a_z_report_is_one_page_with_room_to_sign() -> None:
    said, count = render("shift_report", shift())
    assert count == 1
    for text in (
        "LAPORAN Z", "Tutup sif · No. Z-0031", "Meja Meja 1", "Petugas Dewi Lestari", "Selasa, 24 November 2026 08.02",
        "Selasa, 24 November 2026 16.31", "Bagian 0", "Bagian 3", "Tunai Rp1.931.000", "Jumlah Rp3.260.000",
        "Hitungan uang", "Rp100 12 Rp1.200.000", "Selisih kurang −Rp5.000", "Salah kembalian.", "Pengelola",
        "jurnal no. 412", "Sidik pembukuan 9f2c 61ab 07d3",
    ):  # fmt: skip
        assert text in said
    assert "Sementara" not in said and "Halaman" not in said


def test_an_x_report_says_that_the_shift_goes_on() -> None:
    nothing = {"closed": "", "number": "", "hash": "", "entry_number": "", "sections": [], "counts": []}
    said, count = render("shift_report", shift(kind="X", difference=None, **nothing))
    assert count == 1
    for text in ("LAPORAN X", "Sif berjalan", "belum, sif masih berjalan", "Sementara: sif belum ditutup."):
        assert text in said
    assert "Hitungan" not in said and "Selisih" not in said and "Sidik" not in said


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_same_content_is_the_same_bytes(template: str) -> None:
    content = usual()[template]
    first = document.render(template, content, made_at=MADE_AT)
    assert first == document.render(template, content, made_at=MADE_AT)
    assert first != document.render(template, content)


@pytest.mark.parametrize("template", TEMPLATES)
def test_hostile_words_print_as_words_and_stay_on_the_page(template: str) -> None:
    pdf = document.render(template, hostile(template))
    said = flat(words(pdf))
    for text in SAID_AS_WRITTEN:
        assert text in said
    # Typed newlines, and directions that would turn the line round, are gone.
    assert "line break tabnuloverride" in said
    assert "\u202e" not in said
    for page in pages(pdf, 100):
        margin = page.convert("L").crop((page.width - round(9 / 25.4 * 100), 0, page.width, page.height))
        assert margin.getextrema() == (255, 255)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_name_in_another_script_moves_nothing(template: str) -> None:
    for name in ("عربي كرسي", "כיסא נצרים"):
        there = dict.fromkeys(("receiver", "payer", "given_to", "method"), name)
        other = {
            "receipt_of_payment": {"kuitansi": [kuitansi([goods(name=name)] * 4, **there)]},
            "statement": statement([event(what=name)], crafter={"name": name, "about": "RW 02"}),
            "shift_report": shift(attendant=name, desk=name),
        }
        assert right_side(template, other[template]) == right_side(template, usual()[template])
