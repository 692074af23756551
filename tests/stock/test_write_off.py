"""Damage and loss: goods leave the shelf, their crafter gets what the showroom answers for; found, it turns round."""

import io

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import text
from werkzeug.datastructures import FileStorage

from showroom_app.cli import check_books
from showroom_app.extensions import begin_write, commit, now, reading
from showroom_app.ledger import book
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.payouts import documents, payout
from showroom_app.payouts.payout import Pay
from showroom_app.payouts.statement import statement
from showroom_app.people.crafters import owed
from showroom_app.sales import refund
from showroom_app.sales.refund import Asked
from showroom_app.stock import hand_back, photos
from showroom_app.stock.models import Item
from showroom_app.stock.write_off import Harm, turn_round, write_off
from showroom_app.venues import transfer
from tests.builders import crafter_id, exhibition, line, open_till, receive, request_id, show, user
from tests.conftest import Auth
from tests.faults.served import ROOT
from tests.rules import posted, rows, rules, sell, words
from tests.stock.test_photos import picture


def harm(item: Item, kind: str = "lost", quantity: int = 1, by: str = "pengelola", **more: object) -> int:
    asked = {"reason": "tidak ada waktu dihitung"} | more
    return write_off(Harm(item.id, kind, quantity, **asked), user(by), request_id())  # type: ignore[arg-type]


def back(write_off_id: int, quantity: int = 1, reason: str = "ketemu di gudang", by: str = "pengelola") -> int:
    return turn_round(write_off_id, quantity, reason, user(by), request_id())


def lies(item: Item, kind: str) -> int:
    conn = reading()
    return book.balance(conn, book.accounts(conn, [(kind, 1)])[kind, 1], unit=item.id)


def lots(quantity: str = "10", price: str = "1.000") -> Item:
    return receive(line("Gantungan", price, quantity, per_piece="lot"))[0]


@pytest.mark.parametrize("kind", ["damaged", "lost"])
def test_the_crafter_gets_their_share_where_the_showroom_answers(app: Flask, kind: str) -> None:
    [lamp] = receive(line(price="100.000"))
    harm(lamp, kind)
    assert (lies(lamp, kind), lies(lamp, "shelf"), owed(crafter_id("Tutik")), posted("loss")) == (1, 0, 85_000, 85_000)
    with pytest.raises(Refusal, match=r"rusak|hilang"):
        open_till().scan(lamp.code)


@pytest.mark.parametrize(("rule", "own", "paid"), [(False, None, 0), (False, True, 85_000), (True, False, 0)])
def test_the_settings_say_and_a_manager_may_say_otherwise(app: Flask, rule: bool, own: bool | None, paid: int) -> None:
    rules(answers_for_loss=rule)
    [lamp] = receive(line(price="100.000"))
    harm(lamp, compensate=own)
    assert owed(crafter_id("Tutik")) == paid


def test_found_in_parts_it_comes_back_to_the_rupiah(app: Flask) -> None:
    rings = lots("3", "3.333")  # 85 % of 3.333 is 2.833 each
    lost = harm(rings, quantity=3)
    assert owed(crafter_id("Tutik")) == 8_499
    for _time in range(3):
        back(lost)
    assert (owed(crafter_id("Tutik")), lies(rings, "shelf"), lies(rings, "lost"), posted("loss")) == (0, 3, 0, 0)
    with pytest.raises(Refusal, match="Tinggal 0 buah"):
        back(lost)


def test_after_a_payout_what_is_found_again_becomes_a_debt(app: Flask) -> None:
    [lamp] = receive(line(price="100.000"))
    lost = harm(lamp)
    today = jakarta_date(now())
    told = payout.pay([Pay(crafter_id("Tutik"), 85_000, "office")], today, user("pengelola"), request_id())
    lines = documents.lines_of(payout.payout_row(reading(), told.payout_ids[0], 1))
    assert [(one.kind, one.number, one.crafter) for one in lines] == [("lost", "BA-KTR-00001", 85_000)]
    back(lost)
    assert owed(crafter_id("Tutik")) == -85_000
    events = statement(crafter_id("Tutik"), today, today).events
    assert [(event.kind, event.amount) for event in events] == [
        ("compensation", 85_000), ("payout", -85_000), ("compensation", -85_000),
    ]  # fmt: skip


def test_a_damaged_piece_may_be_lost_too_and_is_paid_for_once(app: Flask) -> None:
    [lamp] = receive(line(price="100.000"))
    harm(lamp, "damaged")
    harm(lamp, "lost", place="damaged")
    assert (lies(lamp, "damaged"), lies(lamp, "lost"), owed(crafter_id("Tutik"))) == (0, 1, 85_000)


def test_lost_after_damage_and_found_it_is_damaged_still(app: Flask) -> None:
    [lamp] = receive(line(price="100.000"))
    broken = harm(lamp, "damaged")
    back(harm(lamp, "lost", place="damaged"))
    assert (lies(lamp, "damaged"), lies(lamp, "shelf"), owed(crafter_id("Tutik"))) == (1, 0, 85_000)
    with pytest.raises(Refusal, match="rusak"):
        open_till().scan(lamp.code)
    back(broken, reason="dianyam lagi")
    assert (lies(lamp, "shelf"), owed(crafter_id("Tutik"))) == (1, 0)


def test_damaged_but_not_paid_for_it_is_paid_for_when_lost(app: Flask) -> None:
    rings = lots()
    harm(rings, "damaged", 2, compensate=True)
    harm(rings, "damaged", 3, compensate=False)
    lost = harm(rings, "lost", 4, place="damaged", compensate=True)
    assert (owed(crafter_id("Tutik")), lies(rings, "damaged")) == (5 * 850, 1)
    back(lost, 4)
    assert (owed(crafter_id("Tutik")), lies(rings, "damaged")) == (2 * 850, 5)


def test_what_was_paid_for_and_is_lost_is_the_showrooms_no_more(app: Flask) -> None:
    """Of a lot: one damaged and paid, then lost; another damaged and not paid is its crafter's."""
    rings = lots()
    harm(rings, "damaged", 1, compensate=True)
    lost = harm(rings, "lost", 1, place="damaged", compensate=True)
    assert owed(crafter_id("Tutik")) == 850, "paid for once"
    harm(rings, "damaged", 1, compensate=False)
    assert hand_back.damaged_left(reading(), rings.id, 1) == 1
    back(lost)
    assert (owed(crafter_id("Tutik")), hand_back.damaged_left(reading(), rings.id, 2)) == (850, 1)
    lost = harm(rings, "lost", 2, place="damaged", compensate=True)
    assert owed(crafter_id("Tutik")) == 2 * 850
    back(lost)
    assert owed(crafter_id("Tutik")) == 2 * 850, "the showroom's own is found first"
    back(lost)
    assert owed(crafter_id("Tutik")) == 850
    assert check_books(lambda _line: None)


def test_an_upgrade_finds_out_what_had_been_paid_for(app: Flask) -> None:
    """What earlier versions did not write down follows from the order of the book."""
    rules(paid_refund_bearer="showroom")
    lamp, rings, others = receive(line("Lampu", "100.000"))[0], lots(), lots("5", "2.000")
    till = open_till()
    sale = sell(till, lamp.code)
    payout.pay([Pay(crafter_id("Tutik"), 85_000, "office")], jakarta_date(now()), user("pengelola"), request_id())
    harm(rings, "damaged", 2, compensate=True)
    harm(rings, "damaged", 3, compensate=False)
    hand_back.hand_back([hand_back.Pieces(rings.id, 1, "damaged")], user("petugas"), request_id())
    back(harm(rings, "lost", 3, place="damaged"), 2)
    harm(rings, "lost", 2, place="damaged")
    harm(rings, "lost", 1)
    back(harm(others, "damaged", 2, compensate=True))
    harm(others, "lost", 1, place="damaged")
    refund.refund(sale, Asked({1: (1, "damaged")}, (), {}, "retak"), till.who, request_id())
    harm(lamp, "lost", 1, place="damaged")
    told = {row.id: row.owned for row in rows("write_off")}
    assert [n for n in told.values() if n] == [1, 1, 1, 1], "the lamp's too, which came back at the showroom's expense"
    upgraded()
    assert {row.id: row.owned for row in rows("write_off")} == told


def upgraded() -> None:
    """What the upgrade makes of records that earlier versions wrote."""
    begin_write().execute(text("UPDATE write_off SET owned = 0"))
    commit()
    revision = ScriptDirectory(str(ROOT / "migrations")).get_revision("0011")
    assert revision is not None
    revision.module.fill(begin_write())
    commit()


def test_found_in_parts_before_and_after_the_upgrade(app: Flask) -> None:
    """Earlier versions took back pro rata; all in all no more is taken back than was paid."""
    rings = lots()
    harm(rings, "damaged", 1, compensate=True)
    harm(rings, "damaged", 2, compensate=False)
    lost = harm(rings, "lost", 3, place="damaged", compensate=True)
    begin_write().execute(text("UPDATE write_off SET owned = 0"))
    commit()
    back(lost)
    assert owed(crafter_id("Tutik")) == 3 * 850 - 567
    upgraded()
    back(lost, 2)
    assert owed(crafter_id("Tutik")) == 850, "for the damage"
    assert check_books(lambda _line: None)


def test_mended_by_the_wrong_record_before_the_upgrade(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    rings = lots()
    harm(rings, "damaged", 1, compensate=True)
    unpaid = harm(rings, "damaged", 1, compensate=False)
    hand_back.hand_back([hand_back.Pieces(rings.id, 1, "damaged")], user("petugas"), request_id())
    with monkeypatch.context() as earlier:
        earlier.setattr("showroom_app.stock.write_off._must_be_of_it", lambda *_all: None)
        back(unpaid)
    assert not check_books(lambda _line: None)
    upgraded()
    assert check_books(lambda _line: None)
    harm(rings, "damaged", 1, compensate=False)
    assert hand_back.damaged_left(reading(), rings.id, 1) == 1, "this one is its crafter's"


def test_mended_is_what_the_record_tells_of(app: Flask) -> None:
    """One damaged and paid, one damaged and given back: the paid one is mended by its own record, and paid back."""
    rings = lots()
    paid, unpaid = harm(rings, "damaged", 1, compensate=True), harm(rings, "damaged", 1, compensate=False)
    given = [hand_back.Pieces(rings.id, 1, "damaged")]
    hand_back.hand_back(given, user("petugas"), request_id())
    with pytest.raises(Refusal, match="belum diganti tinggal 0"):
        back(unpaid)
    back(paid)
    assert (owed(crafter_id("Tutik")), lies(rings, "damaged")) == (0, 0)
    harm(rings, "lost", 1, place="shelf")
    broken = harm(rings, "damaged", 1, compensate=True)
    harm(rings, "lost", 1, place="damaged")
    harm(rings, "damaged", 1, compensate=False)
    with pytest.raises(Refusal, match="dulu diganti tinggal 0"):
        back(broken)


def test_mended_it_is_sold(app: Flask) -> None:
    [lamp] = receive(line(price="100.000"))
    back(harm(lamp, "damaged"), reason="kaki diganti")
    till = open_till()
    till.scan(lamp.code)
    till.pay()
    assert owed(crafter_id("Tutik")) == 85_000


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"quantity": 0}, "antara 1 dan 10"),
        ({"quantity": 11}, "antara 1 dan 10"),
        ({"reason": ""}, "Tulis sebabnya"),
        ({"kind": "dicuri"}, "Pilih rusak atau hilang"),
        ({"place": "damaged"}, "Ada 0 buah"),
        ({"kind": "damaged", "place": "damaged"}, "Pilih rusak"),
        ({"by": "petugas"}, "dicatat pengelola"),
    ],
)
def test_what_makes_no_sense_is_refused(app: Flask, more: dict[str, object], sentence: str) -> None:
    rings = lots()
    with pytest.raises(Refusal, match=sentence):
        harm(rings, **more)  # type: ignore[arg-type]
    assert rows("write_off") == []


def test_strangers_and_presses(app: Flask) -> None:
    rings, key = lots(), request_id()
    with pytest.raises(NotHere):
        harm(rings, by="tetangga")
    asked = Harm(rings.id, "lost", 2, "hilang")
    assert write_off(asked, user("pengelola"), key) == write_off(asked, user("pengelola"), key)
    for wrong, by in ((10**9, "pengelola"), (1, "tetangga")):
        with pytest.raises(NotHere):
            back(wrong, by=by)
    with pytest.raises(Refusal, match="Tulis sebabnya"):
        back(1, reason="")
    again = back(1)
    with pytest.raises(NotHere):
        back(again)
    assert lies(rings, "lost") == 1


def test_on_the_screens(app: Flask, auth: Auth) -> None:
    [lamp] = receive(line(price="100.000"))
    client = auth("pengelola")
    form = client.get(f"/items/{lamp.id}/write-off")
    assert "Ganti, Rp85.000 per buah" in words(form.text)
    typed = {"kind": "lost", "quantity": "dua", "reason": "hilang", "place": "shelf", "request_id": request_id()}
    refused = client.post(f"/items/{lamp.id}/write-off", data=typed)
    assert (refused.status_code, 'value="dua"' in refused.text) == (422, True)
    done = client.post(f"/items/{lamp.id}/write-off", data=typed | {"quantity": "1", "request_id": request_id()})
    assert done.location == "/write-offs/1"
    assert "BA-KTR-00001" in client.get("/write-offs").text
    page = words(client.get("/write-offs/1").text)
    assert "Ditemukan lagi?" in page
    assert "Hilang" in words(client.get("/items?state=lost").text)
    assert lamp.code in client.get("/items?state=lost").text
    again = {"quantity": "1", "reason": "di gudang", "request_id": request_id()}
    assert client.post("/write-offs/1/again", data=again).status_code == 303
    life = words(client.get(f"/q/{lamp.code}").text)
    assert "Ditemukan lagi" in life
    assert "BA-KTR-00002 · di gudang" in life
    assert "Ganti rugi" in words(auth("perajin").get("/my/statement").text)


def test_found_again_it_is_said_where_it_is_now(app: Flask, auth: Auth) -> None:
    lamp, chair = receive(line("Lampu"), line("Kursi"))
    harm(lamp, "damaged")
    client = auth("pengelola")
    for number, button, said in (
        (harm(lamp, "lost", place="damaged"), "Catat ditemukan, masih rusak", "masih tercatat rusak"),
        (harm(chair, "lost"), "Kembalikan ke rak", "Barangnya kembali di rak."),
    ):
        assert button in client.get(f"/write-offs/{number}").text
        again = {"quantity": "1", "reason": "di gudang", "request_id": request_id()}
        assert said in client.post(f"/write-offs/{number}/again", data=again, follow_redirects=True).text


def test_a_refused_form_keeps_its_photo(app: Flask, auth: Auth) -> None:
    [lamp] = receive()
    client, to = auth("pengelola"), f"/items/{lamp.id}/write-off"
    typed = {"kind": "damaged", "quantity": "dua", "reason": "jatuh", "place": "shelf", "request_id": request_id()}
    photo = FileStorage(io.BytesIO(picture()), filename="foto.jpg")
    refused = client.post(to, data=typed | {"photo": photo})
    name = photos.re_encoded(picture()).name
    assert refused.status_code == 422
    assert f'name="kept" value="{name}"' in refused.text
    assert "Foto ini sudah terkirim." in refused.text
    wrong = client.post(to, data=typed | {"kept": name, "photo": FileStorage(io.BytesIO(b"x"), filename="foto.jpg")})
    assert (wrong.status_code, f'value="{name}"' in wrong.text) == (422, True)
    assert client.post(to, data=typed | {"kept": name, "quantity": "1"}).status_code == 303
    assert [row.photo for row in rows("write_off")] == [name]
    strange = typed | {"kept": "../../showroom", "quantity": "1", "kind": "lost", "place": "damaged"}
    assert client.post(to, data=strange | {"request_id": request_id()}).status_code == 303
    assert [row.photo for row in rows("write_off")] == [name, ""]


def test_the_form_offers_what_can_be_done(app: Flask, auth: Auth) -> None:
    """A damaged piece can only be lost; what was paid for is not offered to be paid again; a piece that moved meanwhile
    is where it is now."""
    lamp, chair = receive(line("Lampu", "100.000"), line("Kursi", "100.000"))
    client = auth("pengelola")
    harm(lamp, "damaged")
    page = client.get(f"/items/{lamp.id}/write-off").text
    assert 'name="kind" value="lost"' in page and 'value="damaged" checked' not in page
    assert "sudah diganti waktu barang ini rusak" in page and 'name="compensate"' not in page
    stale = {"kind": "lost", "place": "shelf", "quantity": "1", "reason": "hilang", "request_id": request_id()}
    refused = client.post(f"/items/{lamp.id}/write-off", data=stale)
    assert refused.status_code == 422 and 'name="place" value="damaged"' in refused.text
    assert "Barangnya sudah tidak di tempat itu." in refused.text
    assert "Hilang , yang sudah rusak (1)" in words(refused.text)
    harm(chair, "damaged", compensate=False)
    page = client.get(f"/items/{chair.id}/write-off").text
    assert "Ganti, Rp85.000 per buah" in page and "sudah diganti waktu" not in page
    harm(chair, "lost", place="damaged")
    page = client.get(f"/items/{chair.id}/write-off").text
    assert "Tidak ada buah barang ini di galeri" in page and 'name="reason"' not in page


def test_places_are_called_by_their_names(app: Flask, auth: Auth) -> None:
    rings = lots()
    for name in ("Pameran Kriya", "Galeri Sana"):
        show(exhibition(name), rings, pieces=3)
    lamp = receive(line("Lampu"))[0]
    note = transfer.send(1, "out", {lamp.id: 1}, user("petugas"), request_id())
    client = auth("pengelola")
    page = words(client.get(f"/items/{rings.id}/write-off").text)
    for place in ("Dari rak (4)", "Di Pameran Kriya (3)", "Di Galeri Sana (3)"):
        assert place in page, place
    page = client.get(f"/q/{lamp.code}").text
    assert f'href="/transfers/{note}/lose/{lamp.id}"' in page
    assert f'href="/items/{lamp.id}/write-off"' not in page
