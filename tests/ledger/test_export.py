"""The whole book in a file that other programs read: Beancount itself reads it here, and a workbook is opened."""

import csv
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from beancount import loader
from beancount.core import account as beancount_account
from beancount.core import data
from flask import Flask, g
from sqlalchemy import text

from showroom_app.extensions import reading, rollback
from showroom_app.ledger import act, export_book
from showroom_app.ledger.chart import KINDS, account_path
from showroom_app.ledger.export import FORMATS, NO_NAMES, Names, export
from showroom_app.ledger.export_book import open_book, postings
from showroom_app.ledger.export_tables import disarmed, write_xlsx
from showroom_app.lib.refusal import Refusal
from showroom_app.sales import shift
from showroom_app.sales.checkout import Tendered
from showroom_app.stock import hand_back
from tests.builders import desk_id, line, open_till, receive, request_id, user

Balances = dict[tuple[int, int], int]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def told(_text: str) -> None:
    """Nobody listens."""


@contextmanager
def the_time_is(moment: datetime) -> Iterator[None]:
    """Acts are stamped with this moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(act, "now", lambda: moment)
        yield


def busy_season() -> None:
    """Two crafters' goods, sales in two months and by two tenders, a piece handed back, a drawer with too much in it,
    and an entry by a clock that went back."""
    with the_time_is(datetime(2026, 8, 30, 3, tzinfo=UTC)):
        lamps = receive(line(quantity="3"), line("Nampan", "90.000"))
        bowls = receive(line("Mangkuk", "45.000", "20", per_piece="lot"), crafter="Slamet")
        till = open_till(float_rupiah=100_000)
        till.scan(lamps[0].code, bowls[0].code)
        till.pay(Tendered("qris", 300_000), Tendered("cash", 50_000))
    with the_time_is(datetime(2026, 9, 30, 17, 30, tzinfo=UTC)):  # half past midnight in the shop, and October
        till.scan(lamps[1].code)
        till.pay()
    with the_time_is(datetime(2026, 8, 29, 16, 59, tzinfo=UTC)):  # the clock went back, behind every entry so far
        hand_back.hand_back([hand_back.Pieces(lamps[3].id, 1)], user("pengelola"), request_id())
    with the_time_is(datetime(2026, 11, 3, 2, tzinfo=UTC)):
        shift.close_shift(till.shift_id, {100_000: 4}, till.who, request_id(), note="Lebih, belum tahu dari mana.")
    open_till("petugas-tetangga", float_rupiah=25_000)


def posted() -> Balances:
    """(unit, account id) -> debits minus credits, summed over the postings."""
    sums: Balances = defaultdict(int)
    for row in reading().execute(text("SELECT unit, debit_id, credit_id, amount FROM posting")):
        sums[row.unit, row.debit_id] += row.amount
        sums[row.unit, row.credit_id] -= row.amount
    return dict(sums)


def kept() -> Balances:
    """(unit, account id) -> the kept balance."""
    return {(r.unit, r.account_id): r.amount for r in reading().execute(text("SELECT * FROM balance"))}


def load(path: Path) -> list[data.Directive]:
    """What Beancount makes of a file, which must be without error."""
    entries, errors, _options = loader.load_file(str(path))
    assert errors == []
    return list(entries)


def loaded(entries: list[data.Directive]) -> Balances:
    """(unit, account id) -> the sum of Beancount's postings."""
    ids = {account.path: account.id for account in open_book(None, NO_NAMES).accounts.values()}
    sums: Balances = defaultdict(int)
    for entry in entries:
        for one in entry.postings if isinstance(entry, data.Transaction) else []:
            unit = 0 if one.units.currency == "IDR" else int(one.units.currency.removeprefix("I"))
            assert one.units.number == int(one.units.number)
            sums[unit, ids[one.account]] += int(one.units.number)
    return dict(sums)


def test_beancount_reads_the_same_balances(app: Flask, tmp_path: Path) -> None:
    busy_season()
    done = export(tmp_path / "buku.beancount", "beancount", told)
    entries = load(done.path)
    sums = loaded(entries)
    assert sums == posted()
    assert {key: amount for key, amount in sums.items() if key in kept()} == kept()
    transactions = [entry for entry in entries if isinstance(entry, data.Transaction)]
    assert len(transactions) == done.entries == 8
    assert all(entry.meta["desk"] for entry in transactions)


def test_beancount_has_accounts_that_people_can_read(app: Flask, tmp_path: Path) -> None:
    busy_season()
    opened = {e.account: e.date for e in load(written(tmp_path, "beancount")) if isinstance(e, data.Open)}
    assert {
        "Assets:Showroom1:Shelf", "Assets:Showroom1:Office", "Assets:Showroom1:Drawer:S1", "Assets:Showroom1:Qris:S1",
        "Equity:Showroom1:Buyers", "Expenses:Showroom1:CashDifference", "Income:Showroom1:Commission",
        "Liabilities:Showroom1:Crafter:C1", "Liabilities:Showroom1:Crafter:C2", "Assets:Showroom2:Drawer:S2",
    } <= set(opened)  # fmt: skip
    assert opened["Assets:Showroom1:Shelf"] == date(2026, 8, 29), "the day of the earliest entry, not of the first one"
    assert opened["Assets:Showroom1:Drawer:S1"] == date(2026, 8, 30)


def test_beancount_has_the_entry_behind_each_transaction(app: Flask, tmp_path: Path) -> None:
    busy_season()
    by_entry = {
        int(e.meta["entry"]): e for e in load(written(tmp_path, "beancount")) if isinstance(e, data.Transaction)
    }
    query = text("SELECT e.*, d.code FROM entry e JOIN desk d ON d.id = e.desk_id")
    for row in reading().execute(query).all():
        meta = by_entry[row.id].meta
        found = (meta["desk"], meta["number"], meta["kind"], meta["request"], meta["hash"], meta["actor"])
        assert found == (row.code, row.number, row.kind, row.request_id, row.hash, row.actor_id)
    october = [e for e in by_entry.values() if e.date == date(2026, 10, 1)]
    assert [e.meta["at"] for e in october] == ["2026-09-30T17:30:00.000000Z"], "a day is Jakarta's"


def test_beancount_is_told_what_each_month_began_with(app: Flask, tmp_path: Path) -> None:
    busy_season()
    path = written(tmp_path, "beancount")
    balances = [entry for entry in load(path) if isinstance(entry, data.Balance)]
    drawer = [(e.date, int(e.amount.number)) for e in balances if e.account.endswith("Drawer:S1")]
    cash = 100_000 + 320_000 - 300_000  # float, and the rest of the first sale
    assert drawer[:2] == [(date(2026, 9, 1), cash), (date(2026, 11, 1), cash + 275_000)]
    assert drawer[-1][1] == 0, "emptied when the shift was closed"
    end = max(entry.date for entry in balances)
    assert len([e for e in balances if e.date == end]) == len(posted()), "every account and commodity at the end"


def test_beancount_finds_a_changed_file(app: Flask, tmp_path: Path) -> None:
    busy_season()
    path = written(tmp_path, "beancount")
    source = path.read_text()
    assert "275000 IDR" in source
    path.write_text(source.replace("275000 IDR", "276000 IDR"))
    _entries, errors, _options = loader.load_file(str(path))
    assert errors and all("Balance failed" in error.message for error in errors)


def test_beancount_takes_names_as_they_are(app: Flask, tmp_path: Path) -> None:
    receive()
    nasty = 'Bu "Tutik" \\ 染\n; 2026-01-01 open Assets:Sly\t\x00'
    names = Names({("crafter", 1): nasty}, {1: nasty}, {user("petugas").id: nasty})
    entries = load(export(tmp_path / "buku.beancount", "beancount", told, names=names).path)
    said = nasty.replace("\x00", " ")
    assert [e.meta["name"] for e in entries if isinstance(e, data.Commodity)] == [said]
    assert [e.meta["name"] for e in entries if isinstance(e, data.Open) and "Crafter" in e.account] == [said]
    assert [e.meta["actor-name"] for e in entries if isinstance(e, data.Transaction)] == [said]


def test_every_kind_of_account_has_a_valid_name_of_its_own() -> None:
    kinds = [*KINDS, "cash difference", "cash_Difference", "Cash-difference", "染め", "", "9_lives", "Buyers"]
    owned = [(kind, owner, showroom) for kind in kinds for owner, showroom in ((1, 1), (2, 1), (12, 2), (21, 2))]
    paths = sorted(account_path(number, *one) for number, one in enumerate(owned, 1))
    assert len(set(paths)) == len(paths)
    assert all(beancount_account.is_valid(path) for path in paths)
    assert not [pair for pair in pairwise(paths) if pair[1].startswith(f"{pair[0]}:")], "one account within another"
    assert account_path(57, "crafter", 12, 1) == "Liabilities:Showroom1:Crafter:C12"
    assert account_path(57, "cloud", 12, 1) == "Equity:Unknown:Showroom1:Cloud:A57"


def rows_of(path: Path) -> list[dict[str, str]]:
    """A CSV file's lines by heading; the two accounts' columns are named apart."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_every_posting(app: Flask, tmp_path: Path) -> None:
    busy_season()
    path = written(tmp_path, "csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfentri,baris,")
    sums: Balances = defaultdict(int)
    for row in rows_of(path):
        sums[int(row["unit"]), int(row["debit akun"])] += int(row["jumlah"])
        sums[int(row["unit"]), int(row["kredit akun"])] -= int(row["jumlah"])
    assert dict(sums) == posted()
    october = [row for row in rows_of(path) if row["waktu UTC"] == "2026-09-30T17:30:00.000000Z"]
    assert {row["waktu WIB"] for row in october} == {"2026-10-01 00:30:00"}
    assert {(row["meja"], row["nomor"], row["jenis"]) for row in october} == {("K1", "3", "sale")}
    assert ("drawer", "1", "buyers", "1", "275000") in {
        (row["debit jenis"], row["debit pemilik"], row["kredit jenis"], row["kredit pemilik"], row["jumlah"])
        for row in october
    }


def test_csv_gives_a_spreadsheet_nothing_to_run(app: Flask, tmp_path: Path) -> None:
    receive()
    names = Names({("crafter", 1): "=HYPERLINK(1)", ("shelf", 1): "@SUM(A1)"}, {1: "-2+3"}, {user("petugas").id: "+1"})
    (row,) = rows_of(export(tmp_path / "buku.csv", "csv", told, names=names).path)
    found = [row[name] for name in ("kredit nama", "debit nama", "nama unit", "nama pelaku")]
    assert found == ["'=HYPERLINK(1)", "'@SUM(A1)", "'-2+3", "'+1"]


@pytest.mark.parametrize("sly", ["=1", "+1", "-1", "@a", " =1", "\n=1", "\t=1", "\tx", "\rx", "＝1"])
def test_what_begins_like_a_formula_is_disarmed(sly: str) -> None:
    assert disarmed(sly) == f"'{sly}"


@pytest.mark.parametrize("fair", ["", "Tutik", "a=1", "12", "−1"])
def test_other_text_stays_as_it_is(fair: str) -> None:
    assert disarmed(fair) == fair


def sheets(path: Path) -> dict[str, list[list[str | int | float]]]:
    """A workbook's sheets by name: text as text, numbers as numbers, and no formula anywhere."""
    found: dict[str, list[list[str | int | float]]] = {}
    with zipfile.ZipFile(path) as packed:
        names = [
            s.get("name") or "" for s in ElementTree.fromstring(packed.read("xl/workbook.xml")).iter(f"{SHEET}sheet")
        ]
        for number, name in enumerate(names, 1):
            tree = ElementTree.fromstring(packed.read(f"xl/worksheets/sheet{number}.xml"))
            assert tree.find(f".//{SHEET}pane[@state='frozen'][@ySplit='1']") is not None
            assert tree.find(f".//{SHEET}f") is None
            found[name] = [[cell_value(cell) for cell in row] for row in tree.iter(f"{SHEET}row")]
    return found


def cell_value(cell: ElementTree.Element) -> str | int | float:
    """What stands in a cell."""
    if cell.get("t") == "inlineStr":
        return "".join(cell.itertext())
    value = float(cell.findtext(f"{SHEET}v") or "nan")
    return int(value) if value == int(value) else value


def test_xlsx_has_every_posting_and_the_balances(app: Flask, tmp_path: Path) -> None:
    busy_season()
    read = sheets(written(tmp_path, "xlsx"))
    assert list(read) == ["Jurnal", "Akun"]
    heads, *rows = read["Jurnal"]
    assert heads[:2] == ["entri", "baris"]
    assert len(rows) == reading().execute(text("SELECT count(*) FROM posting")).scalar_one()
    _heads, *accounts = read["Akun"]
    # No names were given, so those cells are empty and not there: account, kind, owner, path, unit … balance.
    balances = {(int(row[4]), int(row[0])): int(row[-1]) for row in accounts}
    assert balances == {key: amount for key, amount in posted().items() if amount or key[0] == 0}


def test_xlsx_goes_on_on_another_sheet(app: Flask, tmp_path: Path) -> None:
    receive(line(quantity="5"))
    book_now = open_book(None, NO_NAMES)
    write_xlsx(book_now, postings(book_now, told), tmp_path / "buku.xlsx", tmp_path, rows_max=3)
    read = sheets(tmp_path / "buku.xlsx")
    assert {name: len(rows) for name, rows in read.items() if name.startswith("Jurnal")} == {
        "Jurnal": 3, "Jurnal 2": 3, "Jurnal 3": 2,
    }  # fmt: skip
    assert all(rows[0] == read["Jurnal"][0] for name, rows in read.items() if name.startswith("Jurnal"))


@pytest.mark.parametrize(
    "sly", ["=1+1", "{=1}", "http://x.example", "<r><t>x</t></r>", "<r>&</r>", "\x01", "x" * 40_000]
)
def test_xlsx_keeps_text_as_text(app: Flask, tmp_path: Path, sly: str) -> None:
    receive()
    names = Names({("crafter", 1): sly}, {}, {})
    read = sheets(export(tmp_path / "buku.xlsx", "xlsx", told, names=names).path)
    shown = {"<r><t>x</t></r>": f"{sly} ", "<r>&</r>": f"{sly} ", "\x01": "_x0001_"}.get(sly, sly[:32_766])
    assert shown in read["Jurnal"][1]


def test_one_showroom_has_what_its_desks_wrote(app: Flask, tmp_path: Path) -> None:
    busy_season()
    done = export(tmp_path / "tetangga.csv", "csv", told, showroom_id=2)
    assert done.entries == 1
    assert [(row["showroom"], row["debit jenis"], row["jumlah"]) for row in rows_of(done.path)] == [
        ("2", "drawer", "25000")
    ]
    load(export(tmp_path / "tetangga.beancount", "beancount", told, showroom_id=2).path)
    with pytest.raises(Refusal, match="Tidak ada showroom nomor 9"):
        export(tmp_path / "x.csv", "csv", told, showroom_id=9)


@pytest.mark.parametrize("form", FORMATS)
def test_a_book_without_entries_is_a_file_too(app: Flask, tmp_path: Path, form: str) -> None:
    done = export(tmp_path / "buku", form, told)
    assert done.entries == 0 and done.path.stat().st_size > 0
    if form == "beancount":
        assert load(done.path) == []


def test_it_tells_how_far_it_is(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    busy_season()
    monkeypatch.setattr(export_book, "PAGE_POSTINGS", 4)
    monkeypatch.setattr(export_book, "SAY_EVERY_SECONDS", 0.0)
    said: list[str] = []
    export(tmp_path / "buku.csv", "csv", said.append)
    lines = [found for one in said if (found := re.fullmatch(r"(\d+) % · (\d+) baris", one))]
    assert [int(one[1]) for one in lines] == sorted(int(one[1]) for one in lines)
    assert len(lines) > 3
    assert (lines[-1][1], int(lines[-1][2])) == ("100", len(rows_of(tmp_path / "buku.csv")))


def test_pages_split_entries_and_lose_nothing(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    busy_season()
    for most in (1, 2, 3):
        monkeypatch.setattr(export_book, "PAGE_POSTINGS", most)
        assert loaded(load(written(tmp_path, "beancount"))) == posted()
        (tmp_path / "buku.beancount").unlink()


def test_what_is_posted_meanwhile_waits_for_nothing_and_is_left_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy_season()
    monkeypatch.setattr(export_book, "PAGE_POSTINGS", 2)
    before = reading().execute(text("SELECT entry_id, line FROM posting ORDER BY 1, 2")).all()
    rollback()
    read = []
    for row in postings(open_book(None, NO_NAMES), told):
        read.append((row.entry_id, row.line))
        connection = g.get("connection")
        assert connection is None or not connection.in_transaction(), "no transaction while rows are written down"
        if len(read) == 3:
            receive()
            rollback()
    assert read == before
    assert reading().execute(text("SELECT count(*) FROM posting")).scalar_one() > len(before)


def test_an_entry_that_was_not_there_yet_is_left_out_whatever_its_id(app: Flask) -> None:
    """On PostgreSQL a desk may commit a smaller id after another desk's greater one."""
    receive()
    earlier = open_book(None, NO_NAMES).desks
    receive()
    open_till()
    later = open_book(None, NO_NAMES)
    stood = replace(later, desks={**later.desks, desk_id("KTR"): earlier[desk_id("KTR")]})
    read = [(row.desk_id, row.number) for row in postings(stood, told)]
    assert read == [(desk_id("KTR"), 1), (desk_id("K1"), 1)]


def test_it_does_not_write_over_a_file_unless_forced(app: Flask, tmp_path: Path) -> None:
    receive()
    target = tmp_path / "buku.csv"
    target.write_text("milik orang lain")
    with pytest.raises(Refusal, match=r"sudah ada\. Pilih nama lain, atau tambahkan --force"):
        export(target, "csv", told)
    assert target.read_text() == "milik orang lain"
    export(target, "csv", told, force=True)
    assert len(rows_of(target)) == 1
    assert list(tmp_path.iterdir()) == [target]


def test_it_says_where_it_cannot_write(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="tidak ada"):
        export(tmp_path / "tidak" / "buku.csv", "csv", told)
    with pytest.raises(Refusal, match="adalah folder"):
        export(tmp_path, "csv", told, force=True)


@pytest.mark.parametrize("form", FORMATS)
def test_broken_off_it_leaves_the_old_file_and_no_scraps(app: Flask, tmp_path: Path, form: str) -> None:
    receive()
    target = tmp_path / "buku"
    target.write_text("yang lama")

    def interrupt(_text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(target, form, interrupt, force=True)
    assert target.read_text() == "yang lama"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_is_told_in_a_sentence(app: Flask, tmp_path: Path, form: str) -> None:
    receive()

    def full(_text: str) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(Refusal, match="tidak bisa ditulis: No space left on device"):
        export(tmp_path / "buku", form, full)
    assert list(tmp_path.iterdir()) == []


def written(folder: Path, form: str) -> Path:
    """The book, written into a folder."""
    return export(folder / f"buku.{form}", form, told).path
