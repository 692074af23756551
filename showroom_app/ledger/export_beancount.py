"""The book as a file for Beancount: accounts, every entry as a transaction, and balances that it checks when loading.

Two lines for a posting: amounts are debits, so credits are negative, as everywhere in the book. Money is IDR, an item
is I and its id. Days are Jakarta's.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import IO

from showroom_app.extensions import AnyRow
from showroom_app.ledger.book import stamp
from showroom_app.ledger.export_book import Book
from showroom_app.ledger.export_sums import Sums, month_day
from showroom_app.ledger.models import RUPIAH
from showroom_app.lib.clock import jakarta_date

# Beancount reads \n and \t; other control characters have no business in a line of text.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def write_beancount(book: Book, postings: Iterable[AnyRow], target: Path, scratch: Path) -> None:
    """Write the file. Transactions are written first and moved below the accounts, which are only known afterwards."""
    sums = Sums(scratch)
    try:
        body = scratch / "transactions"
        with body.open("w", encoding="utf-8", newline="\n") as file:
            for _entry, rows in groupby(sums.counting(postings), attrgetter("entry_id")):
                _write_transaction(file, book, rows)
        with target.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_head(book))
            file.writelines(_openings(book, sums))
            with body.open(encoding="utf-8", newline="\n") as transactions:
                shutil.copyfileobj(transactions, file, 1 << 20)
            file.writelines(_assertions(book, sums))
    finally:
        sums.close()


def commodity(unit: int) -> str:
    """What a unit is called: IDR, or I12 for item 12."""
    return "IDR" if unit == RUPIAH else f"I{unit}"


def _head(book: Book) -> Iterator[str]:
    yield "; Buku Showroom Balearjosari: semua entri sampai dan dengan\n"
    for desk in book.desks.values():
        hashed = f", hash {desk.head_hash}" if desk.head_hash else ""
        code = _CONTROL.sub(" ", desk.code).replace("\n", " ")
        yield f";   showroom {desk.showroom_id}, meja {code}: nomor {desk.entry_number}{hashed}\n"
    yield '\noption "title" "Showroom Balearjosari"\noption "operating_currency" "IDR"\n\n'


def _openings(book: Book, sums: Sums) -> Iterator[str]:
    for unit, day in sums.units():
        yield f"{day} commodity {commodity(unit)}\n"
        if name := book.names.units.get(unit, ""):
            yield f"  name: {_quoted(name)}\n"
    for account_id, day in sums.accounts():
        account = book.accounts[account_id]
        yield f"{day} open {account.path}\n"
        if account.name:
            yield f"  name: {_quoted(account.name)}\n"
    yield "\n"


def _write_transaction(file: IO[str], book: Book, rows: Iterator[AnyRow]) -> None:
    first = next(rows)
    desk = book.desks[first.desk_id]
    file.write(
        f"{jakarta_date(first.at)} * {_quoted(first.kind)} {_quoted(first.memo)}\n"
        f"  entry: {first.entry_id}\n"
        f"  desk: {_quoted(desk.code)}\n"
        f"  showroom: {desk.showroom_id}\n"
        f"  number: {first.number}\n"
        f"  kind: {_quoted(first.kind)}\n"
        f'  at: "{stamp(first.at)}"\n'
    )
    if first.actor_id is not None:
        file.write(f"  actor: {first.actor_id}\n")
        if name := book.names.actors.get(first.actor_id, ""):
            file.write(f"  actor-name: {_quoted(name)}\n")
    if first.reverses_id is not None:
        file.write(f"  reverses: {first.reverses_id}\n")
    file.write(f'  request: {_quoted(first.request_id)}\n  hash: "{first.hash}"\n')
    for row in (first, *rows):
        name = commodity(row.unit)
        file.write(
            f"  {book.accounts[row.debit_id].path}  {row.amount} {name}\n"
            f"  {book.accounts[row.credit_id].path}  {-row.amount} {name}\n"
        )
    file.write("\n")


def _assertions(book: Book, sums: Sums) -> Iterator[str]:
    """Every account and commodity: at the start of each month after one in which it moved, and on the day after the
    last entry. Where nothing moved the assertion before still stands, so it isn't said again."""
    if sums.last_day is None:
        return
    end = sums.last_day + timedelta(days=1)
    for (unit, account_id), months in groupby(sums.months(), itemgetter(0, 1)):
        start = f"balance {book.accounts[account_id].path}"
        balance = 0
        for _unit, _account, month, change in months:
            balance += change
            day = month_day(month + 1)
            if day < end:
                yield f"{day} {start}  {balance} {commodity(unit)}\n"
        yield f"{end} {start}  {balance} {commodity(unit)}\n"


def _quoted(text: str) -> str:
    r"""Between double quotes, with \" \\ \n and \t as Beancount reads them."""
    return json.dumps(_CONTROL.sub(" ", text), ensure_ascii=False)
