"""The book: the only place where postings and balances are written. It never commits."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError

from showroom_app.extensions import AnyRow, rollback
from showroom_app.ledger.act import Act
from showroom_app.ledger.models import RUPIAH, Account, Balance, Desk, Entry, Posting
from showroom_app.lib.refusal import Refusal
from showroom_app.prepared import Prepared

_FLOOR = "ck_balance_not_below_floor"
_OPEN_BALANCE = Prepared(
    text(
        "INSERT INTO balance (unit, account_id, amount, floor) "
        "SELECT CAST(:unit AS BIGINT), id, 0, floor FROM account WHERE id = :account AND keeps_balance "
        "ON CONFLICT DO NOTHING"
    )
)
# Never an upsert of the change itself: its CHECK would be tried on the change, not on the sum.
_MOVE_BALANCE = Prepared(
    text("UPDATE balance SET amount = amount + :change WHERE unit = :unit AND account_id = :account")
)
_DESK = Prepared(select(Desk.entry_number, Desk.head_hash).where(Desk.id == bindparam("desk")).with_for_update())
_SET_DESK = Prepared(text("UPDATE desk SET entry_number = :number, head_hash = :hash WHERE id = :desk"))
_OPEN_SERIES = Prepared(
    text("INSERT INTO series (desk_id, name, last) VALUES (:desk, :name, 0) ON CONFLICT DO NOTHING")
)
_NEXT = Prepared(text("UPDATE series SET last = last + 1 WHERE desk_id = :desk AND name = :name RETURNING last"))
_INSERT_ENTRY = Prepared(insert(Entry).returning(Entry.id))
_INSERT_POSTINGS = Prepared(insert(Posting))


@dataclass(frozen=True, slots=True)
class Move:
    """One posting to be made: `amount` (> 0) of `unit` goes from account `credit` to account `debit`."""

    unit: int
    debit: int
    credit: int
    amount: int


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry as it now stands in the book."""

    entry_id: int
    number: int
    hash: str


def rupiah(debit: int, credit: int, amount: int) -> list[Move]:
    """A movement of money; none at all when the amount is zero."""
    return [Move(RUPIAH, debit, credit, amount)] if amount else []


def open_account(conn: Connection, kind: str, owner_id: int, *, keeps_balance: bool, floor: int | None = None) -> int:
    """Make an account and return its id. Accounts that every till would share keep no balance row: one hot row
    would queue them all."""
    values = {"kind": kind, "owner_id": owner_id, "keeps_balance": keeps_balance, "floor": floor}
    return int(conn.execute(insert(Account).returning(Account.id), values).scalar_one())


def open_accounts(conn: Connection, kind: str, owner_ids: Sequence[int], *, keeps_balance: bool) -> None:
    """Make an account without a floor for each owner."""
    rows = [{"kind": kind, "owner_id": owner, "keeps_balance": keeps_balance, "floor": None} for owner in owner_ids]
    conn.execute(insert(Account), rows)


def accounts(conn: Connection, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """(kind, owner) -> account id, for those that exist."""
    owners: dict[tuple[str, ...], list[int]] = defaultdict(list)
    kinds: dict[int, list[str]] = defaultdict(list)
    for kind, owner in wanted:
        kinds[owner].append(kind)
    for owner, of_owner in kinds.items():
        owners[tuple(sorted(of_owner))].append(owner)
    found: dict[tuple[str, int], int] = {}
    query = select(Account.kind, Account.owner_id, Account.id)
    for alike, ids in owners.items():
        for start in range(0, len(ids), 500):
            some = query.where(Account.kind.in_(alike), Account.owner_id.in_(ids[start : start + 500]))
            found.update({(row.kind, row.owner_id): row.id for row in conn.execute(some)})
    return found


def post(
    act: Act,
    *,
    desk_id: int,
    kind: str,
    moves: Sequence[Move],
    reverses_id: int | None = None,
    memo: str = "",
) -> Posted:
    """Write one entry. An IntegrityError means that a balance would fall below its floor, such as the last piece
    sold twice; `floors_held` says so. Balances first, in one order for everyone, then the desk."""
    if not moves:
        raise ValueError("an entry moves something")
    conn = act.conn
    move_balances(conn, moves)
    desk = _DESK.first(conn, desk=desk_id)
    number = desk.entry_number + 1
    content = [desk_id, number, kind, stamp(act.at), act.actor_id, act.request_id, reverses_id, memo]
    digest = chain_hash(desk.head_hash, content, [(m.unit, m.debit, m.credit, m.amount) for m in moves])
    values = {
        "desk_id": desk_id, "number": number, "kind": kind, "at": act.at, "actor_id": act.actor_id,
        "request_id": act.request_id, "reverses_id": reverses_id, "memo": memo, "hash": digest,
    }  # fmt: skip
    _SET_DESK.run(conn, number=number, hash=digest, desk=desk_id)
    entry_id = int(_INSERT_ENTRY.scalar(conn, **values))
    _INSERT_POSTINGS.run_many(
        conn,
        [
            {
                "entry_id": entry_id,
                "line": line,
                "unit": m.unit,
                "debit_id": m.debit,
                "credit_id": m.credit,
                "amount": m.amount,
            }
            for line, m in enumerate(moves, 1)
        ],
    )
    return Posted(entry_id, number, digest)


def move_balances(conn: Connection, moves: Sequence[Move]) -> None:
    """Apply the movements to the kept balances, sorted by (unit, account) so that no two acts wait in a ring."""
    changes: dict[tuple[int, int], int] = defaultdict(int)
    for move in moves:
        changes[move.unit, move.debit] += move.amount
        changes[move.unit, move.credit] -= move.amount
    rows = [{"unit": unit, "account": account, "change": change} for (unit, account), change in sorted(changes.items())]
    _OPEN_BALANCE.run_many(conn, [{"unit": r["unit"], "account": r["account"]} for r in rows])
    _MOVE_BALANCE.run_many(conn, rows)


@contextmanager
def floors_held(say: Callable[[], Refusal]) -> Iterator[None]:
    """Around postings: when a balance would fall below its floor, all is undone and `say` tells why, in a transaction
    of its own: somebody else took the last piece, or there is not so much in the drawer."""
    try:
        yield
    except IntegrityError as error:
        if _FLOOR not in str(error.orig):
            raise
        rollback()
        raise say() from None


def hold(conn: Connection, accounts_held: Iterable[int]) -> None:
    """Hold what accounts have in rupiah until the transaction ends, in one order for everyone; also of those that
    nothing was ever posted to."""
    ids = sorted(set(accounts_held))
    if ids:
        _OPEN_BALANCE.run_many(conn, [{"unit": RUPIAH, "account": account} for account in ids])
        held = select(Balance.amount).where(Balance.unit == RUPIAH, Balance.account_id.in_(ids))
        conn.execute(held.order_by(Balance.account_id).with_for_update()).all()


def reverse(
    act: Act,
    entry_id: int,
    *,
    desk_id: int,
    kind: str,
    replacing: Mapping[int, int] | None = None,
    memo: str = "",
) -> Posted:
    """Write the entry that swaps both sides of another; `replacing` puts one account in another's place,
    such as this shift's drawer for a closed one."""
    query = select(Posting).where(Posting.entry_id == entry_id).order_by(Posting.line)
    swap = replacing or {}
    moves = [
        Move(row.unit, swap.get(row.credit_id, row.credit_id), swap.get(row.debit_id, row.debit_id), row.amount)
        for row in act.conn.execute(
            query.with_only_columns(Posting.unit, Posting.debit_id, Posting.credit_id, Posting.amount)
        )
    ]
    return post(act, desk_id=desk_id, kind=kind, moves=moves, reverses_id=entry_id, memo=memo)


def next_number(conn: Connection, desk_id: int, series: str) -> int:
    """The next number of a series at a desk: 1, 2, 3 …, without gaps because it is given back on rollback."""
    given = _NEXT.scalar(conn, desk=desk_id, name=series)
    if given is None:
        _OPEN_SERIES.run(conn, desk=desk_id, name=series)
        given = _NEXT.scalar(conn, desk=desk_id, name=series)
    return int(given)


def balance(conn: Connection, account_id: int, unit: int = RUPIAH) -> int:
    """Debits minus credits, as kept; 0 where nothing was ever posted."""
    query = select(Balance.amount).where(Balance.unit == unit, Balance.account_id == account_id)
    return int(conn.execute(query).scalar() or 0)


def stamp(at: datetime) -> str:
    """A moment as it is hashed: UTC, microseconds, one width."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def hash_again(previous: str, entry: AnyRow, postings: Sequence[tuple[int, int, int, int]]) -> str:
    """What the hash of an entry that is in the book has to be, its postings (unit, debit, credit, amount) in order."""
    content = [
        entry.desk_id, entry.number, entry.kind, stamp(entry.at), entry.actor_id, entry.request_id, entry.reverses_id,
        entry.memo,
    ]  # fmt: skip
    return chain_hash(previous, content, postings)


def chain_hash(previous: str, content: Sequence[object], postings: Sequence[tuple[int, int, int, int]]) -> str:
    """SHA-256 of an entry's content and of the entry before it at the same desk."""
    body = json.dumps([previous, list(content), [list(p) for p in postings]], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()
