"""The activity log in people's words: who did what, on what, and what it was before and after."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from showroom_app.extensions import AnyRow, reading
from showroom_app.journal.subjects import Subject, named
from showroom_app.labels import sheets
from showroom_app.lib.money import format_number, format_percent, format_rupiah
from showroom_app.people import activity
from showroom_app.sales.receipt import tender_words
from showroom_app.venues.venue import kind_words as venue_kinds

_RUPIAH = frozenset(
    ("amount", "counted", "total", "price", "net_price", "lowest_price", "cash_rounding", "showroom_share", "value")
)
_YES_NO = frozenset(
    ("active", "services_refundable", "may_sign_in", "answers_for_damage", "answers_for_loss", "label_price", "posted")
)
# Keys whose value is the id of a row, told by its name.
_ROWS = frozenset(("sale", "shift", "user", "item"))
# What the subject says already.
_SAID = frozenset(("basket",))
_MONDAY = date(2024, 1, 1)


def kind_words() -> dict[str, str]:
    """What each kind of activity is called."""
    return {
        "settings": _("Pengaturan diubah"), "crafter": _("Data perajin diubah"), "account": _("Akun diubah"),
        "password": _("Kata sandi diganti"), "sign-in": _("Masuk"), "count": _("Laci dihitung, ada selisih"),
        "approval": _("Persetujuan pengelola"), "payout-reversal": _("Pembayaran dibatalkan"),
        "advance-reversal": _("Kasbon dibatalkan"), "crafter-new": _("Perajin baru"), "desk": _("Meja baru"),
        "venue": _("Pameran atau galeri lain"), "venue-close": _("Pameran ditutup"),
        "sessions": _("Dikeluarkan dari semua HP"), "terms": _("Harga atau kesepakatan diubah"),
        "product": _("Data barang diubah"), "product-merge": _("Barang digabung"),
        "label-swap": _("Kode label ditukar"), "label-sheet": _("Ukuran kertas label diubah"),
        "stocktake-begin": _("Stok opname dimulai"), "stocktake-close": _("Stok opname ditutup"),
        "stocktake-drop": _("Stok opname dibatalkan"), "stocktake-settle": _("Selisih stok opname diputuskan"),
        "import": _("Berkas diimpor"), "card": _("Kartu perajin dibuat"),
        "card-lost": _("Kartu perajin hilang, diganti"), "one-time-code": _("Kode sekali pakai dibuat"),
        "proposal": _("Perajin mengusulkan barang"),
        "proposal-accepted": _("Usulan barang diterima"), "proposal-refused": _("Usulan barang ditolak"),
        "change-asked": _("Perajin minta datanya diubah"), "change-refused": _("Permintaan perajin ditolak"),
        "consent": _("Izin tampil dicatat"),
        "consent-withdraw": _("Izin tampil dicabut"), "face": _("Foto perajin diganti"),
    }  # fmt: skip


def field_words() -> dict[str, str]:
    """What each thing that can change is called."""
    return {
        "name": _("Nama"), "place": _("Tempat"), "address": _("Alamat"), "phone": _("Nomor HP"),
        "public_host": _("Alamat web"), "commission_bps": _("Komisi"), "bank_note": _("Rekening untuk transfer"),
        "qris_file": _("Gambar QRIS"), "discount_bearer": _("Diskon ditanggung"),
        "discount_bps_max": _("Batas diskon petugas"), "cash_rounding": _("Pembulatan tunai"),
        "tenders": _("Cara bayar"), "services_refundable": _("Jasa boleh dikembalikan"),
        "refund_rupiah_max": _("Batas retur petugas"),
        "paid_refund_bearer": _("Retur sesudah dibayar, ditanggung"),
        "payout_rupiah_min": _("Saldo terkecil yang dibayar"), "payday": _("Hari bayar"),
        "advance_rupiah_max": _("Batas kasbon"), "workshop": _("Bengkel"), "bank_name": _("Bank"),
        "bank_account": _("Nomor rekening"), "bank_holder": _("Atas nama"), "terms_kind": _("Kesepakatan"),
        "active": _("Aktif"), "username": _("Nama pengguna"), "role": _("Peran"), "language": _("Bahasa"),
        "may_sign_in": _("Boleh masuk"), "counted": _("Dihitung"), "amount": _("Jumlah uang"), "reason": _("Alasan"),
        "sale": _("Penjualan"), "crafter": _("Perajin"), "why": _("Sebab"), "at_till_of": _("Di kasir"),
        "shift": _("Sif"), "user": _("Pengguna"), "item": _("Barang"), "price": _("Harga"), "kind": _("Jenis"),
        "total": _("Total"), "net_price": _("Harga setor"), "change": _("Perubahan"), "code": _("Kode label"),
        "showroom_share": _("Bagian galeri"), "lowest_price": _("Boleh kurang sampai"), "category": _("Jenis barang"),
        "width_mm": _("Lebar"), "depth_mm": _("Dalam"), "height_mm": _("Tinggi"), "weight_g": _("Berat"),
        "material": _("Bahan"), "care": _("Perawatan"), "story": _("Cerita"), "name_en": _("Nama dalam bahasa Inggris"),
        "material_en": _("Bahan dalam bahasa Inggris"), "care_en": _("Perawatan dalam bahasa Inggris"),
        "story_en": _("Cerita dalam bahasa Inggris"), "into": _("Menjadi bagian dari"),
        "answers_for_damage": _("Galeri mengganti yang rusak"), "answers_for_loss": _("Galeri mengganti yang hilang"),
        "ageing_days": _("Tanya setelah berapa hari"), "label_preset": _("Kertas label"),
        "label_price": _("Harga di label"), "expected": _("Seharusnya"), "missing": _("Kurang"),
        "unexpected": _("Tak terduga"), "differences": _("Selisih"), "posted": _("Dicatat hilang"),
        "content": _("Isinya"), "rows": _("Baris"), "made": _("Dibuat"), "skipped": _("Dilewati"),
        "pieces": _("Buah"), "value": _("Nilai jual"), "starts_on": _("Mulai"), "ends_on": _("Selesai"),
        "shows_name": _("Nama tampil"), "shows_face": _("Wajah tampil"), "shows_story": _("Cerita tampil"),
        "catalogue_open": _("Katalog untuk pengunjung"),
    } | sheets.field_words()  # fmt: skip


def _choice_words(field: str) -> dict[Any, str]:
    """Words for the values of a field that is chosen from a list."""
    bearers = {"shared": _("bersama"), "showroom": _("galeri"), "crafter": _("perajin")}
    if field == "payday":
        return {day: str(format_date(_MONDAY.replace(day=day + 1), "EEEE")) for day in range(7)} | {
            None: _("tidak tetap")
        }
    known: dict[str, dict[Any, str]] = {
        "discount_bearer": bearers, "paid_refund_bearer": bearers,
        "terms_kind": {"commission": _("Komisi"), "net_price": _("Harga setor")},
        "role": {
            "attendant": _("Petugas"), "manager": _("Pengelola"), "observer": _("Pengamat"), "crafter": _("Perajin"),
        },
        "language": {"id": "Bahasa Indonesia", "en": "English"},
        "content": {"crafters": _("Perajin"), "goods": _("Barang")},
        "kind": venue_kinds(),
    }  # fmt: skip
    return known.get(field, {})


def value_words(field: str, value: Any) -> str:
    """A value as the screen shows it: Rp500.000, 15%, ya, Jumat; what is not set is said to be empty."""
    choices = _choice_words(field)
    if not isinstance(value, list | dict) and value in choices:
        return choices[value]
    if value is None or value == "":
        return _("kosong")
    if isinstance(value, bool) or field in _YES_NO:
        return _("ya") if value else _("tidak")
    if isinstance(value, float):  # only what is measured on paper
        return f"{value:g} mm".replace(".", ",")
    if isinstance(value, int):
        return _figure(field, value)
    words = tender_words() if field == "tenders" else {}
    return ", ".join(words.get(part, part) for part in str(value).split(",")) if words else str(value)


def _figure(field: str, value: int) -> str:
    if field in _RUPIAH or "_rupiah" in field:
        return format_rupiah(value)
    return format_percent(value) if "_bps" in field and value >= 0 else format_number(value)


def page(showroom_id: int, kind: str, actor_id: int | None, before: int | None) -> tuple[list[dict[str, Any]], bool]:
    """A page of lines for the screen, newest first, and whether there are more."""
    rows = activity.page(showroom_id, kind=kind, actor_id=actor_id, before=before)
    return _told(rows[: activity.PAGE], showroom_id), len(rows) > activity.PAGE


def _told(rows: Sequence[AnyRow], showroom_id: int) -> list[dict[str, Any]]:
    read = [(row, _values(row.before), _values(row.after)) for row in rows]
    spoken_of = {row.subject for row in rows}
    spoken_of |= {f"{key}:{sides[key]}" for _row, *both in read for sides in both for key in _ROWS & set(sides)}
    names, kinds = named(reading(), spoken_of, showroom_id), kind_words()
    return [
        {
            "id": row.id, "at": row.at, "kind": kinds.get(row.kind, row.kind), "actor": row.actor,
            "subject": None if row.subject == f"user:{row.actor_id}" else names.get(row.subject),
            "changes": _changes(before, after, names),
        }
        for row, before, after in read
    ]  # fmt: skip


def _values(text: str) -> dict[str, Any]:
    told = json.loads(text)
    return told if isinstance(told, dict) else {}


def _changes(before: dict[str, Any], after: dict[str, Any], names: dict[str, Subject]) -> list[dict[str, str | None]]:
    """What changed, a line each; `before` is None where nothing was noted of it."""
    fields = field_words()

    def tell(side: dict[str, Any], key: str) -> str | None:
        if key not in side:
            return None
        known = names.get(f"{key}:{side[key]}") if key in _ROWS else None
        return known.name if known else value_words(key, side[key])

    return [
        {"field": fields.get(key, key), "before": tell(before, key), "after": tell(after, key)}
        for key in dict.fromkeys([*before, *after])
        if key not in _SAID
    ]
