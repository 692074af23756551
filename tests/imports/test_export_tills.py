"""Tills, crafters' money, and what crafters agreed to and asked for, in the workbook of everything; and that it is
everything."""

import io
import re
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from showroom_app.extensions import Base, db, release, rollback
from showroom_app.lib.money import in_notes
from showroom_app.lib.typed import Typed
from showroom_app.people import cards, change_request, consent, face
from showroom_app.sales import cash_move, refund, service_lines, shift
from showroom_app.sales.checkout import Tendered
from showroom_app.sales.refund import Asked
from showroom_app.stock import proposal
from showroom_app.stock.write_off import Harm, write_off
from showroom_app.venues import venue
from tests.builders import (
    ask_for_bank,
    ask_for_phone,
    card_of,
    crafter_id,
    exhibition,
    lend_to,
    line,
    open_till,
    propose,
    receive,
    request_id,
    user,
)
from tests.conftest import Auth
from tests.imports.files import everything, sheet
from tests.rules import rows, rules, sell

ONLY_MANAGERS = (
    "Kasbon", "Sif", "Hitungan laci", "Uang masuk & keluar laci", "Izin tampil", "Kartu perajin",
    "Permintaan perajin", "Usulan barang", "Retur karya bersama", "Ganti rugi karya bersama",
)  # fmt: skip

# What is in no sheet, and why.
LEFT_OUT = {
    **dict.fromkeys(("entry", "posting", "request", "series", "settlement", "settled_through"), "the book's export"),
    **dict.fromkeys(("basket", "basket_line", "basket_service"), "not yet facts"),
    **dict.fromkeys(("stocktake_count", "stocktake_stranger"), "scans: what came of them is told"),
    **dict.fromkeys(("set_up_token", "sign_in_attempt", "heartbeat"), "the machine's own"),
    **dict.fromkeys(("label_run", "label_sheet", "import_file", "showroom"), "how the shop is set up and prints"),
    "payout_batch": "payouts made in one act: each is told",
    "photo": "files, which a cell can't hold",
    "activity": "who did what, on a page of its own",
}


def done() -> None:
    rollback()
    release()


@pytest.fixture
def joint(app: Flask) -> int:
    """A chair of two makers sold with its delivery, by transfer, and given back; another broken. The sale's id."""
    rules(services_refundable=True)
    makers = {"joint": "1", "partner_1": "Slamet Riyadi", "part_1": "40"}
    chair, broken = receive(line("Kursi", "100.000", "2", category="Kursi", **makers))
    till = open_till()
    till.scan(chair.code)
    service_lines.add_service(till.basket_id, Typed(kind="delivery", amount="25.000"), till.who, request_id())
    typed = Typed(kind="packing", amount="5.000", name="=1+1", payee="driver")
    service_lines.add_service(till.basket_id, typed, till.who, request_id())
    sale = sell(till, tendered=(Tendered("transfer", 130_000, reference="TRX-77"),))
    asked = Asked({1: (1, "shelf")}, (1,), {"transfer": 125_000}, "batal", reference="ke Bu Ani")
    refund.refund(sale, asked, till.who, request_id(), approver=user("pengelola"))
    write_off(Harm(broken.id, "damaged", 1, "patah"), user("pengelola"), request_id())
    cash_move.move_cash(till.shift_id, "change", 50_000, "pecahan", till.who, request_id())
    cash_move.move_cash(till.shift_id, "expense", 20_000, "=1+1", till.who, request_id())
    shift.close_shift(till.shift_id, in_notes(129_500), till.who, request_id(), note="kurang 500")
    open_till("petugas2", "K2", 40_000)
    done()
    return sale


def test_services_and_money_given_back(auth: Auth, joint: int) -> None:
    told = sheet(auth, "Jasa")
    headings = ("Nomor", "Jenis jasa", "Keterangan", "Jumlah uang", "Untuk", "Dikembalikan dengan")
    assert [tuple(row[heading] for heading in headings) for row in told] == [
        ("K1-00001", "Ongkos kirim", "Ongkos kirim", 25_000, "galeri", "R-K1-00001"),
        ("K1-00001", "Kemasan", "=1+1", 5_000, "sopir", ""),
    ]
    assert sheet(auth, "Jasa", "pengamat") == told
    [back] = sheet(auth, "Uang kembali ke pembeli")
    assert (back["Nomor"], back["Cara bayar"], back["Jumlah uang"]) == ("R-K1-00001", "Transfer", 125_000)
    assert back["Referensi transfer"] == "ke Bu Ani"
    assert "Referensi transfer" not in sheet(auth, "Uang kembali ke pembeli", "pengamat")[0]
    assert sheet(auth, "Cara bayar")[0]["Referensi transfer"] == "TRX-77"


def test_shifts_and_their_drawers(auth: Auth, joint: int) -> None:
    first, second = sheet(auth, "Sif")
    headings = ("Nomor", "Petugas", "Modal awal", "Ditutup oleh", "Seharusnya di laci", "Dihitung", "Selisih")
    assert [first[heading] for heading in headings] == [1, "Petugas", 100_000, "Petugas", 130_000, 129_500, -500]
    assert first["Keterangan"] == "kurang 500"
    assert [second[heading] for heading in headings] == [2, "Petugas2", 40_000, "", "", "", ""]
    counted = sheet(auth, "Hitungan laci")
    assert sum(row["Pecahan"] * row["Lembar atau keping"] for row in counted if row["Sif"] == 1) == 129_500
    moved = sheet(auth, "Uang masuk & keluar laci")
    assert [(row["Sif"], row["Untuk apa"], row["Jumlah uang"], row["Keterangan"], row["Oleh"]) for row in moved] == [
        (1, "Tambah uang kembalian dari kantor", 50_000, "pecahan", "Petugas"),
        (1, "Belanja kecil", -20_000, "=1+1", "Petugas"),
    ]


def test_what_makers_of_joint_work_gave_back_and_got(auth: Auth, joint: int) -> None:
    back = sheet(auth, "Retur karya bersama")
    headings = ("Nomor", "Nama perajin", "Dikembalikan perajin", "Ditanggung galeri")
    assert [tuple(row[heading] for heading in headings) for row in back] == [
        ("R-K1-00001", "Tutik Handayani", 51_000, 0), ("R-K1-00001", "Slamet Riyadi", 34_000, 0),
    ]  # fmt: skip
    got = sheet(auth, "Ganti rugi karya bersama")
    assert [(row["Nomor"], row["Nama perajin"], row["Ganti rugi"]) for row in got] == [
        ("BA-KTR-00001", "Tutik Handayani", 51_000), ("BA-KTR-00001", "Slamet Riyadi", 34_000),
    ]  # fmt: skip


def test_advances(auth: Auth) -> None:
    lend_to("Tutik")
    done()
    [row] = sheet(auth, "Kasbon")
    told = {"Nomor": "KB-KTR-00001", "Nama perajin": "Tutik Handayani", "Jumlah uang": 50_000,
            "Untuk apa": "beli rotan", "Cara bayar": "Tunai dari kantor", "Dibatalkan": ""}  # fmt: skip
    assert row | told == row


@pytest.mark.parametrize("who", ["pengelola", "pengamat"])
def test_exhibitions(auth: Auth, who: str) -> None:
    fair = exhibition(address="=1+1", starts_on="2026-11-27", ends_on="2026-11-30")
    venue.close_venue(fair, user("pengelola"), request_id())
    exhibition("Pameran Rotan")
    done()
    first, second = sheet(auth, "Pameran & galeri lain", who)
    told = {"Jenis": "Pameran", "Nama": "Pameran Kriya", "Alamat": "=1+1", "Mulai": "2026-11-27",
            "Selesai": "2026-11-30", "Dibuka oleh": "Ratna", "Ditutup oleh": "Ratna"}  # fmt: skip
    assert first | told == first
    assert (second["Nama"], second["Mulai"], second["Ditutup"]) == ("Pameran Rotan", "", "")


def test_consents_say_what_when_and_who(auth: Auth) -> None:
    manager, tutik = user("pengelola"), crafter_id("Tutik")
    face.save_profile(tutik, Typed(story="Sejak 1998", story_en="Since 1998"), "", manager, request_id())
    consent.give(tutik, ("name", "story"), manager, request_id())
    consent.withdraw(tutik, user("perajin"), request_id())
    consent.give(tutik, ("name",), user("perajin"), request_id())
    done()
    first, second = sheet(auth, "Izin tampil")
    told = {"Nama perajin": "Tutik Handayani", "Nama dan bengkel": "ya", "Foto wajah": "tidak", "Cerita": "ya",
            "Ditanya oleh": "Ratna"}  # fmt: skip
    assert first | told == first
    assert first["Dicabut"] and first["Dicabut oleh"] == user("perajin").name
    assert first["Yang dibacakan"].startswith("Galeri ingin menampilkan")
    assert (second["Cerita"], second["Ditanya oleh"], second["Dicabut"]) == ("tidak", user("perajin").name, "")
    tutik_row = next(row for row in sheet(auth, "Perajin") if row["Nama perajin"] == "Tutik Handayani")
    assert (tutik_row["Cerita"], tutik_row["Cerita dalam bahasa Inggris"]) == ("Sejak 1998", "Since 1998")
    assert "Cerita" not in sheet(auth, "Perajin", "pengamat")[0]


def test_cards_without_their_codes(auth: Auth) -> None:
    old = card_of("Tutik")
    cards.lost(crafter_id("Tutik"), rows("card")[0].id, user("pengelola"), request_id())
    codes = (old, card_of("Tutik"))
    done()
    told = sheet(auth, "Kartu perajin")
    assert [(row["Nama perajin"], row["Dibuat oleh"], row["Keadaan"], row["Dicatat oleh"]) for row in told] == [
        ("Tutik Handayani", "Ratna", "hilang", "Ratna"), ("Tutik Handayani", "Ratna", "berlaku", ""),
    ]  # fmt: skip
    text = whole_text(auth)
    secrets = [row.password_hash for row in rows("user")] + [row.session_key for row in rows("user")]
    assert "Tutik Handayani" in text
    assert [secret for secret in (*codes, *secrets) if secret in text] == []


def test_what_was_asked_for_and_proposed(auth: Auth) -> None:
    manager = user("pengelola")
    ask_for_phone()
    change_request.decide(ask_for_phone("0812 0000 8888"), True, "", manager, request_id())
    change_request.decide(ask_for_bank(), False, "bukan rekening sendiri", manager, request_id())
    ask_for_bank("8888 0000 1111")
    typed = Typed(name="Lampu lantai", category="Lampu meja", price="600.000")
    proposal.accept(propose(), typed, manager, request_id())
    proposal.refuse(propose("=1+1", ""), "sudah banyak", manager, request_id())
    propose("Rak")
    done()
    asked = sheet(auth, "Permintaan perajin")
    assert [(row["Yang diminta"], row["Keadaan"], row["Diputuskan oleh"], row["Jawaban"]) for row in asked] == [
        ("Nomor HP: 0812-0000-7777", "diganti permintaan baru", user("perajin").name, ""),
        ("Nomor HP: 0812-0000-8888", "diterima", "Ratna", ""),
        ("Bank: BCA; Nomor rekening: 9999 0000 1111; Atas nama: Tutik Handayani", "ditolak", "Ratna",
         "bukan rekening sendiri"),
        ("Bank: BCA; Nomor rekening: 8888 0000 1111; Atas nama: Tutik Handayani", "menunggu", "", ""),
    ]  # fmt: skip
    proposed = sheet(auth, "Usulan barang")
    assert [(row["Nama barang"], row["Harga"], row["Keadaan"], row["Jawaban"]) for row in proposed] == [
        ("Lampu lantai", 600_000, "diterima", ""), ("=1+1", "", "ditolak", "sudah banyak"),
        ("Rak", 650_000, "menunggu", ""),
    ]  # fmt: skip


def test_observers_get_none_of_the_managers_sheets(auth: Auth, joint: int) -> None:
    seen, all_of_it = everything(auth, "pengamat"), everything(auth)
    assert [name for name in ONLY_MANAGERS if name in seen or name not in all_of_it] == []


def test_the_neighbours_are_not_in_it(auth: Auth, joint: int) -> None:
    lend_to("Tutik")
    card_of("Tutik")
    propose()
    ask_for_phone()
    consent.give(crafter_id("Tutik"), consent.PARTS, user("pengelola"), request_id())
    exhibition()
    done()
    told = everything(auth, "tetangga")
    shared = ("Jasa", "Uang kembali ke pembeli", "Pameran & galeri lain")
    assert [name for name in (*ONLY_MANAGERS, *shared) if len(told[name]) > 1] == []


def whole_text(auth: Auth) -> str:
    """Everything that the workbook says, as its parts spell it."""
    parts = zipfile.ZipFile(io.BytesIO(auth("pengelola").get("/exports/everything.xlsx").data))
    return " ".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


def test_no_cell_is_a_formula(auth: Auth, joint: int) -> None:
    text = whole_text(auth)
    assert "=1+1" in text and "<f>" not in text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_table_is_read_but_those_that_say_why_not(auth: Auth) -> None:
    """A new table is told of here: in a sheet, or among what is left out."""
    client, asked = auth("pengelola"), []

    def note(_conn: object, _cursor: object, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        client.get("/exports/everything.xlsx")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    read = set(re.findall(r'(?:FROM|JOIN) "?(\w+)"?', " ".join(asked)))
    assert set(Base.metadata.tables) - read == set(LEFT_OUT)
