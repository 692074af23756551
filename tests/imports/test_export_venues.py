"""Goods elsewhere and joint work in the workbook of everything."""

from showroom_app.venues.arrival import arrive
from showroom_app.venues.transfer import send
from tests.builders import exhibition, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.imports.files import everything, sheet


def test_notes_of_goods_on_the_way_and_what_became_of_them(auth: Auth) -> None:
    [rings] = receive(line("Cincin", "12.000", "10", per_piece="lot"))
    note = send(exhibition(), "out", {rings.id: 8}, user("petugas"), request_id(), carrier="=1+1")
    arrive(note, {rings.id: 5}, user("petugas"), request_id())
    arrive(note, {rings.id: 1}, user("petugas"), request_id(), kind="turned")
    for who in ("pengelola", "pengamat"):
        [row] = sheet(auth, "Surat jalan", who)
        told = [row[name] for name in ("Nomor", "Arah", "Tempat", "Kode", "Jumlah buah", "Sampai", "Kembali ke asal")]
        assert told == ["SJ-KTR-00001", "berangkat", "Pameran Kriya", rings.code, 8, 5, 1]
        assert row["Dibawa oleh"] == "=1+1"
        [item] = sheet(auth, "Barang", who)
        assert (item["Di rak"], item["Dipamerkan"], item["Terjual"]) == (3, 7, 0)


def test_joint_work_is_told_without_money_to_observers(auth: Auth) -> None:
    makers = {"joint": "1", "partner_1": "Slamet Riyadi", "part_1": "40"}
    [chair] = receive(line("Kursi", "100.000", category="Kursi", **makers))
    till = open_till()
    till.scan(chair.code)
    till.pay()
    rows = sheet(auth, "Karya bersama")
    assert [(row["Nama perajin"], row["Bagiannya"]) for row in rows] == [
        ("Tutik Handayani", "60%"), ("Slamet Riyadi", "40%"),
    ]  # fmt: skip
    parts = sheet(auth, "Bagian karya bersama")
    assert [(row["Nama perajin"], row["Untuk perajin"]) for row in parts] == [
        ("Tutik Handayani", 51_000), ("Slamet Riyadi", 34_000),
    ]  # fmt: skip
    observed = everything(auth, "pengamat")
    assert "Bagian karya bersama" not in observed
    assert "Bagiannya" not in observed["Karya bersama"][0]
