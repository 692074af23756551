"""Everything as one workbook: whole, true, without what observers may not see; and nothing in it is a formula."""

import io
import zipfile

import pytest
from flask import Flask

from showroom_app.extensions import now, release, rollback
from showroom_app.imports import export_sheet
from showroom_app.lib.clock import jakarta_date
from showroom_app.payouts import payout
from showroom_app.payouts.payout import Pay
from showroom_app.sales import refund
from showroom_app.sales.refund import Asked
from showroom_app.stock import hand_back
from showroom_app.stock.hand_back import Pieces
from tests.builders import crafter_id, current_basket, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.imports.files import everything, told

PRIVATE = (
    "+62812", "Nomor rekening", "Nomor HP", "Saldo", "Perajin menerima", "Komisi", "Harga setor", "KW-", "Ganti rugi",
    "Diterima orang lain", "oleh kurang sampai", "Kesepakatan", "Siapa yang menjawab", "Referensi", "KB-", "Modal awal",
)  # fmt: skip


@pytest.fixture
def traded(app: Flask) -> None:
    """Two lamps and twenty rings: one lamp sold, paid for; five rings sold, one back damaged; two handed back."""
    lamps = receive(line("=1+1", quantity="2"))
    [rings] = receive(line("Cincin", "12.000", "20", per_piece="lot"), crafter="Slamet")
    till = open_till()
    till.scan(lamps[0].code)
    till.pay()
    till.basket_id = current_basket(till.who)
    till.scan(*[rings.code] * 5)
    sale = till.pay()
    refund.refund(sale, Asked({1: (1, "damaged")}, (), {}, "cacat"), till.who, request_id(), total=12_000)
    hand_back.hand_back([Pieces(rings.id, 2)], till.who, request_id())
    payout.pay([Pay(crafter_id("Tutik"), 233_750, "office")], jakarta_date(now()), user("pengelola"), request_id())
    rollback()
    release()


def test_each_kind_has_its_sheet(auth: Auth, traded: None) -> None:
    sheets = everything(auth)
    rows = {name: len(cells) - 1 for name, cells in sheets.items()}
    assert rows == {
        "Perajin": 2, "Daftar jenis barang": 2, "Barang": 3, "Nota titip": 2, "Retur titipan": 1, "Rusak dan hilang": 0,
        "Perubahan harga & kesepakatan": 0, "Jawaban perajin": 0, "Stok opname": 0, "Selisih stok opname": 0,
        "Pameran & galeri lain": 0, "Surat jalan": 0, "Karya bersama": 0, "Bagian karya bersama": 0,
        "Retur karya bersama": 0, "Ganti rugi karya bersama": 0,
        "Penjualan": 2, "Baris penjualan": 2, "Cara bayar": 2, "Retur pembeli": 1, "Baris retur": 1,
        "Pembayaran perajin": 1, "Kasbon": 0, "Jasa": 0, "Uang kembali ke pembeli": 1, "Sif": 1, "Hitungan laci": 0,
        "Uang masuk & keluar laci": 0, "Izin tampil": 0, "Kartu perajin": 0, "Permintaan perajin": 0,
        "Usulan barang": 0,
    }  # fmt: skip


def test_items_say_where_they_are(auth: Auth, traded: None) -> None:
    sheet = everything(auth)["Barang"]
    places = ["Jumlah buah", "Di rak", "Terjual", "Dikembalikan", "Rusak", "Hilang"]
    found = [dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]]
    assert [[row[place] for place in places] for row in found] == [
        [1, 0, 1, 0, 0, 0], [1, 1, 0, 0, 0, 0], [20, 13, 4, 2, 1, 0],
    ]  # fmt: skip


def test_money_is_as_in_the_book(auth: Auth, traded: None) -> None:
    sheets = everything(auth)
    lines = [dict(zip(sheets["Baris penjualan"][0], row, strict=True)) for row in sheets["Baris penjualan"][1:]]
    assert [(row["Nilai"], row["Perajin menerima"], row["Bagian galeri"]) for row in lines] == [
        (275_000, 233_750, 41_250), (60_000, 51_000, 9_000),
    ]  # fmt: skip
    crafters = {row[0]: row[-1] for row in sheets["Perajin"][1:]}
    assert crafters == {"Tutik Handayani": 0, "Slamet Riyadi": 40_800}
    assert sheets["Pembayaran perajin"][1][3] == 233_750


def test_observers_get_no_phones_banks_terms_shares_or_payouts(auth: Auth, traded: None) -> None:
    whole = auth("pengamat").get("/exports/everything.xlsx").data
    parts = zipfile.ZipFile(io.BytesIO(whole))
    text = " ".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
    assert [word for word in PRIVATE if word in text] == []
    assert "Tutik Handayani" in text
    assert "Pembayaran perajin" not in everything(auth, "pengamat")


def test_no_cell_is_a_formula(auth: Auth, traded: None) -> None:
    whole = zipfile.ZipFile(io.BytesIO(auth("pengelola").get("/exports/everything.xlsx").data))
    sheets = [whole.read(name).decode() for name in whole.namelist() if "worksheets/" in name]
    assert any("=1+1" in sheet for sheet in sheets)
    assert not any("<f>" in sheet for sheet in sheets)


def test_the_neighbours_goods_are_not_in_it(auth: Auth, traded: None) -> None:
    receive(line("Rahasia tetangga"), crafter="Wagiman", by="petugas-tetangga")
    rollback()
    release()
    assert "Rahasia tetangga" not in str(everything(auth))
    other = everything(auth, "tetangga")
    assert [row[0] for row in other["Perajin"][1:]] == ["Wagiman"]


@pytest.mark.parametrize("page", [2, 3])
def test_short_pages_leave_nothing_out(auth: Auth, traded: None, monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    whole = everything(auth)
    monkeypatch.setattr(export_sheet, "PAGE", page)
    assert everything(auth) == whole


def test_crafters_come_back_in_as_they_went_out(auth: Auth, traded: None) -> None:
    said = told(auth("pengelola").get("/exports/everything.xlsx").data, "crafters")
    assert (said["problems"], said["known"], said["new"]) == ([], 2, 0)
