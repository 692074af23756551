"""The journal: every entry of the book in people's words, found again, and its seal tried anew; the activity log."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from showroom_app.extensions import begin_write, commit, db, now, reading, rollback
from showroom_app.journal import entry as entries
from showroom_app.journal import journal
from showroom_app.journal.choices import Wanted
from showroom_app.journal.log import field_words, kind_words, value_words
from showroom_app.journal.words import entry_kinds
from showroom_app.ledger.triggers import trigger_statements
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import in_notes
from showroom_app.payouts import advance, payout, reversal
from showroom_app.people.models import Showroom
from showroom_app.sales import cash_move, refund, shift
from showroom_app.sales.checkout import Tendered
from showroom_app.stock import write_off
from showroom_app.stock.hand_back import Pieces, hand_back
from tests.builders import crafter_id, desk_id, exhibition, line, open_till, receive, request_id, show, user
from tests.conftest import Auth


@pytest.fixture
def shop(app: Flask) -> None:
    """A day in which everything happens that is written in the book."""
    lamps = receive(line("Lampu", "100.000", "3"), line("Gantungan", "10.000", "50", per_piece="lot"))
    manager = user("pengelola")
    show(exhibition(), lamps[3], pieces=3)
    till = open_till("pengelola")
    till.scan(lamps[0].code)
    sold = till.pay()
    till.scan(lamps[1].code)
    wrong = till.pay(Tendered("qris", 100_000))
    refund.refund(sold, refund.Asked({1: (1, "shelf")}, (), {}, "gagang retak"), manager, request_id())
    refund.refund(wrong, refund.Asked({1: (1, "shelf")}, (), {}, "salah barang", "void"), manager, request_id())
    till.scan(lamps[2].code)
    till.pay()
    hand_back([Pieces(lamps[3].id, 2)], manager, request_id())
    for kind, again in (("damaged", "direkatkan"), ("lost", "ketemu")):
        gone = write_off.write_off(write_off.Harm(lamps[3].id, kind, 1, "jatuh"), manager, request_id())
        write_off.turn_round(gone, 1, again, manager, request_id())
    cash_move.move_cash(till.shift_id, "expense", 5_000, "beli plastik", manager, request_id())
    pay = payout.Pay(crafter_id("Tutik"), 85_000, "drawer")
    paid = payout.pay([pay], jakarta_date(now()), manager, request_id()).payout_ids
    reversal.undo_payout(paid[0], "salah orang", manager, request_id())
    begin_write().execute(text("UPDATE showroom SET advance_rupiah_max = 50000 WHERE id = 1"))
    commit()
    lend = advance.Lend(crafter_id("Tutik"), 50_000, "office", "beli rotan")
    reversal.undo_advance(advance.lend(lend, manager, request_id()), "uang dikembalikan", manager, request_id())
    shift.close_shift(till.shift_id, in_notes(195_000), manager, request_id())
    rollback()


def ids(kind: str) -> list[int]:
    """Entries of a kind, oldest first."""
    rollback()
    query = text("SELECT id FROM entry WHERE kind = :kind ORDER BY id")
    return list(reading().execute(query, {"kind": kind}).scalars())


def listed(client: FlaskClient, query: str = "") -> list[str]:
    """Entries on a page of the journal by number, as shown."""
    answer = client.get(f"/journal?{query}")
    assert answer.status_code == 200, answer.text
    return re.findall(r'href="/journal/\d+">([\w-]+)<', answer.text)


@pytest.mark.usefixtures("shop")
def test_newest_first_with_what_it_moved(auth: Auth) -> None:
    client = auth("pengelola")
    numbers = listed(client)
    assert numbers[:3] == ["K1-8", "KTR-12", "KTR-11"]
    assert len(numbers) == 20
    page = client.get("/journal?kind=sale").text
    assert page.count("<b>Rp100.000</b>") == 3, "what passes through the buyers' account counts once"
    assert "Rp200.000" not in page
    assert set(entry_kinds()) == set(reading().execute(text("SELECT DISTINCT kind FROM entry")).scalars())


@pytest.mark.usefixtures("shop")
def test_each_kind_has_its_cause_and_its_accounts_in_words(auth: Auth) -> None:
    client = auth("pengelola")
    day = r"\d+ \w+ \d+"
    told = {
        "intake": ["/consignments/1", "Nota titip NT-KTR-00001", "Rak", "Perajin Tutik Handayani", "Lampu", "50 buah"],
        "shift_open": ["/shifts/1", f"Laci Meja 1, sif {day}", "Kantor", "Rp100.000"],
        "sale": ["/sales/1", "Struk K1-00001", "Pembeli", "Rp85.000", "Komisi galeri", "Rp15.000", "1 buah"],
        "refund": ["/refunds/1", "Struk R-K1-00001", "gagang retak", "Mengoreksi"],
        "void": ["/refunds/2", f"QRIS Meja 1, sif {day}", "salah barang", "Mengoreksi"],
        "hand_back": ["/hand-backs/1", "Retur titipan RT-KTR-00001", "Gantungan", "2 buah"],
        "transfer": ["/transfers/1", "Surat jalan SJ-KTR-00001", "Di jalan", "3 buah"],
        "arrival": ["/transfers/1", "Rak Pameran Kriya", "3 buah"],
        "damaged": ["/write-offs/1", "Berita acara BA-KTR-00001", "jatuh", "Rusak", "Rp8.500"],
        "mended": ["/write-offs/2", "direkatkan", "Mengoreksi"],
        "lost": ["/write-offs/3", "Hilang", "Kerugian"],
        "found": ["/write-offs/4", "ketemu", "Mengoreksi"],
        "cash_move": ["/shifts/1/cash", "Belanja", "beli plastik"],
        "payout": ["/payouts/1", "Kuitansi KW-KTR-00001", "Rp85.000", "Dikoreksi oleh"],
        "payout_reversal": ["/payouts/1", "salah orang", "Mengoreksi"],
        "advance": ["/advances/1", "Kasbon KB-KTR-00001", "beli rotan"],
        "advance_reversal": ["/advances/1", "uang dikembalikan", "Mengoreksi"],
        "shift_close": ["/shifts/1", f"Meja 1, sif {day}", "Kantor", "Rp195.000"],
    }
    assert set(told) == set(entry_kinds())
    for kind, words in told.items():
        page = client.get(f"/journal/{ids(kind)[0]}").text
        assert [word for word in words if not re.search(word, page)] == [], kind
        assert "<b>cocok</b>" in page, kind
        for address in re.findall(r'<li><a href="(/[^"]+)"', page):
            assert client.get(address).status_code == 200, address


@pytest.mark.usefixtures("shop")
def test_narrowed_by_each_filter(auth: Auth) -> None:
    client = auth("pengelola")
    today, yesterday = jakarta_date(now()), jakarta_date(now()) - timedelta(days=1)
    assert len(listed(client, f"desk={desk_id('KTR')}")) == 12
    assert listed(client, f"desk={desk_id('K2')}") == []
    assert len(listed(client, "kind=sale")) == 3
    assert len(listed(client, f"person={user('petugas').id}")) == 3
    assert len(listed(client, "account=qris")) == 2
    assert len(listed(client, "account=office")) == 4
    assert len(listed(client, f"account=crafter-{crafter_id('Tutik')}")) == 15
    assert listed(client, f"account=crafter-{crafter_id('Slamet')}") == []
    assert len(listed(client, f"day={today}")) == 20
    assert len(listed(client, f"from={yesterday}")) == 20
    assert listed(client, f"to={yesterday}") == []
    assert len(listed(client, f"from={today}&to={today}&kind=refund&account=buyers&desk={desk_id('K1')}")) == 1


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=2026-11-24&to=2026-11-23", "Tanggal akhir tidak boleh"),
        ("from=kemarin", "Isi tanggal dengan benar"),
        ("to=0001-01-01", "Isi tanggal dengan benar"),
        ("day=9999-12-31", "Isi tanggal dengan benar"),
        ("kind=apa", "Pilih dari daftarnya"),
        ("desk=99", "Pilih dari daftarnya"),
        ("person=x", "Pilih dari daftarnya"),
        ("account=crafter-3", "Pilih dari daftarnya"),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(auth: Auth, query: str, sentence: str) -> None:
    answer = auth("pengelola").get(f"/journal?{query}")
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.usefixtures("shop")
def test_older_pages_hold_everything_once(auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    client = auth("pengelola")
    for query in ("", "account=crafter-1", "kind=sale&person=1"):
        monkeypatch.setattr(journal, "PAGE", 50)
        whole, pages = listed(client, query), []
        monkeypatch.setattr(journal, "PAGE", 2)
        monkeypatch.setattr(journal, "LOOK_FIRST", 1)
        address: str | None = f"/journal?{query}"
        while address:
            page = client.get(address).text
            pages += re.findall(r'href="/journal/\d+">([\w-]+)<', page)
            found = re.search(r'class="more"><a class="button" href="([^"]+)"', page)
            address = found[1].replace("&amp;", "&") if found else None
        assert pages == whole


@pytest.mark.usefixtures("shop")
def test_a_long_search_says_how_far_it_looked(auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "LOOK_FIRST", 2)
    monkeypatch.setattr(journal, "LOOK_MAX", 2)
    page = auth("pengelola").get("/journal?kind=intake").text
    assert "Sudah dicari mundur sampai" in page
    assert "Lebih lama" in page
    assert "Tidak ada yang cocok" not in page


@pytest.mark.usefixtures("shop")
def test_found_by_its_number(auth: Auth) -> None:
    client = auth("pengelola")
    assert client.get("/journal?number=K1-2").location == f"/journal/{ids('sale')[0]}"
    assert client.get("/journal?number=k1-00002").location == f"/journal/{ids('sale')[0]}"
    assert listed(client, "number=1") == ["K1-1", "KTR-1"]
    assert client.get(f"/journal?number=1&desk={desk_id('KTR')}").location == f"/journal/{ids('intake')[0]}"
    for unknown in ("K1-999", "K9-1", "apa saja", "9" * 30):
        assert "Tidak ketemu" in client.get(f"/journal?number={unknown}").text


@pytest.mark.usefixtures("shop")
def test_neighbours_and_what_undid_it(auth: Auth) -> None:
    client, (sold, _wrong, _last) = auth("pengelola"), ids("sale")
    page = client.get(f"/journal/{sold}").text
    assert f'rel="prev" href="/journal/{ids("shift_open")[0]}"' in page
    assert f'rel="next" href="/journal/{ids("sale")[1]}"' in page
    assert re.search(rf'Dikoreksi oleh <a href="/journal/{ids("refund")[0]}">', page)
    assert re.search(rf'Mengoreksi <a href="/journal/{sold}">', client.get(f"/journal/{ids('refund')[0]}").text)
    assert "yang pertama" in client.get(f"/journal/{ids('shift_open')[0]}").text
    assert 'rel="next"' not in client.get(f"/journal/{ids('shift_close')[0]}").text


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE posting SET amount = amount + 1 WHERE entry_id = :id AND line = 2",
        "UPDATE entry SET memo = 'lain' WHERE id = :id",
        "UPDATE entry SET hash = 'x' WHERE id < :id",
        "DELETE FROM posting WHERE entry_id = :id AND line = 4",
    ],
)
def test_a_broken_seal_is_seen(app: Flask, tampering: str) -> None:
    [sold, *_others] = ids("sale")
    conn = begin_write()
    if conn.dialect.name == "sqlite":
        for name in trigger_statements("sqlite"):
            conn.execute(text(f"DROP TRIGGER {name}"))
    else:
        conn.execute(text("SET LOCAL session_replication_role = replica"))
    with app.test_request_context():
        assert entries.entry(sold, 1)["matches"]
        assert conn.execute(text(tampering), {"id": sold}).rowcount
        assert not entries.entry(sold, 1)["matches"]
    rollback()


def test_a_long_entry_is_read_in_parts(auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "LINES", 4)
    receive(line(quantity="6"))
    client, [note] = auth("pengelola"), ids("intake")
    first = client.get(f"/journal/{note}").text
    assert (first.count("1 buah"), "6 baris" in first) == (4, True)
    last = client.get(f"/journal/{note}?line=4").text
    assert (last.count("1 buah"), "Baris berikutnya" in last) == (2, False)


@pytest.mark.usefixtures("shop")
def test_only_the_showrooms_own_managers_read_it(auth: Auth) -> None:
    [sold, *_others] = ids("sale")
    stranger = auth("tetangga")
    assert stranger.get(f"/journal/{sold}").status_code == 404
    assert listed(stranger) == []
    assert "Tidak ketemu" in stranger.get("/journal?number=K1-2").text
    for username in ("petugas", "pengamat", "perajin"):
        for path in ("/journal", f"/journal/{sold}", "/activity"):
            assert auth(username).get(path).status_code == 403


@pytest.mark.usefixtures("shop")
def test_activity_says_who_and_what(auth: Auth) -> None:
    client = auth("pengelola")
    page = client.get("/activity?kind=payout-reversal").text
    for shown in ("Pembayaran dibatalkan", "Kuitansi KW-KTR-00001", "salah orang", "Rp85.000", "Ratna"):
        assert shown in page
    undone = client.get("/activity?kind=advance-reversal").text
    for shown in ("Kasbon KB-KTR-00001", "uang dikembalikan", "Rp50.000"):
        assert shown in undone
    assert "Kuitansi" not in client.get(f"/activity?person={user('petugas').id}").text
    assert "Kuitansi" not in auth("tetangga").get("/activity").text
    for query in ("kind=apa", "person=99", "person=x"):
        assert client.get(f"/activity?{query}").status_code == 422
    assert client.get("/activity?before=1").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("refund_rupiah_max", 500_000, "Rp500.000"), ("discount_bps_max", 1250, "12,5%"), ("payday", 4, "Jumat"),
        ("payday", None, "tidak tetap"), ("services_refundable", True, "ya"), ("services_refundable", 0, "tidak"),
        ("tenders", "cash,qris", "Tunai, QRIS"), ("discount_bearer", "showroom", "galeri"), ("place", "", "kosong"),
        ("name", "a, b", "a, b"), ("advance_rupiah_max", None, "kosong"), ("something_new", [1], "[1]"),
    ],
)  # fmt: skip
def test_values_are_words(app: Flask, field: str, value: object, words: str) -> None:
    with app.test_request_context():
        assert value_words(field, value) == words


def test_every_setting_that_can_change_has_a_word(app: Flask) -> None:
    with app.test_request_context():
        assert set(Showroom.__table__.columns.keys()) - set(field_words()) <= {"id", "created_at"}
        assert all(kind_words().values())


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    "wanted", [Wanted(), Wanted(desk_id=2), Wanted(crafter_id=1), Wanted(account_kind="drawer"), Wanted(kind="sale")]
)
def test_no_page_sorts_or_reads_the_whole_book(app: Flask, wanted: Wanted) -> None:
    asked: list[tuple[str, object]] = []

    def note(_conn: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with app.test_request_context():
            assert journal.page(1, wanted).rows
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    raw = reading().connection.driver_connection
    assert raw is not None
    plans = [[row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}", values or ())] for sql, values in asked]
    steps = [step for plan in plans for step in plan]
    assert [step for step in steps if re.match(r"SCAN (entry|posting)\b", step)] == []
    if wanted.crafter_id is None and not wanted.account_kind:  # else by the account's postings, in stretches of ids
        assert any("entry USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in step for step in steps)
        assert not any("FOR ORDER BY" in step for plan in plans for step in plan if "entry" in " ".join(plan)), plans
