"""A big shop in seconds: people by the real verbs, everything else as rows, with a right book behind it.

`fill(Plan())` in an application context on an empty, migrated database. Every past sale has its basket, lines,
payment, entry with its link in the hash chain, postings, and the requests of its scans, as if it had been
rung up. Every invariant of the book is tried at the end.
"""

import random

from sqlalchemy import select, text

from bench.bulk import Bulk
from bench.fill_past import FLOAT, deliver, sell
from bench.shop import Plan, Shop
from showroom_app.cli import check_books
from showroom_app.extensions import db, reading, release, rollback
from showroom_app.ledger.models import Account, Desk
from showroom_app.lib.typed import Typed
from showroom_app.people import accounts, crafters, showrooms, sign_in
from showroom_app.sales import shift

PASSWORD = "kata-sandi-ukur"


def fill(plan: Plan) -> None:
    """Make the shop, open today's shift at every till, and see that the books are whole."""
    shop = _people(plan)
    sell(shop, deliver(shop))
    _settle(shop)
    for number, (attendant, desk) in enumerate(zip(shop.attendants, shop.tills, strict=True)):
        shift.open_shift(desk, FLOAT, attendant, f"bench-shift-{number}")
    _gather_statistics()
    must_be_whole()
    release()


def must_be_whole() -> None:
    """Try every invariant of the book, and say which are broken."""
    told: list[str] = []
    if not check_books(told.append):
        raise SystemExit("\n".join(told))


def _people(plan: Plan) -> Shop:
    setup = Typed(
        showroom_name="Galeri Ukur", place="Balearjosari", office_desk="Kantor", till_desk="Meja 1",
        name="Ratna", username="pengelola", password=PASSWORD, repeat=PASSWORD,
    )  # fmt: skip
    manager = sign_in.signed_in(showrooms.set_up(setup, token=None))
    for number in range(2, plan.tills + 1):
        showrooms.add_desk(Typed(desk_name=f"Meja {number}", desk_kind="till"), manager, f"bench-desk-{number}")
    attendants = []
    for number in range(1, plan.tills + 1):
        typed = Typed(name=f"Petugas {number}", username=f"petugas{number}", role="attendant", password=PASSWORD)
        attendants.append(sign_in.signed_in(accounts.save_account(typed, manager, f"bench-user-{number}")))
    for number in range(1, plan.crafters + 1):
        typed = Typed(name=f"Perajin {number:03d}", commission_percent=str(15 + 5 * (number % 2)))
        crafters.save_crafter(typed, manager, f"bench-crafter-{number}")
    conn = reading()
    desks = conn.execute(select(Desk.id, Desk.kind).order_by(Desk.id)).all()
    known = conn.execute(select(Account.__table__)).all()
    rollback()
    return Shop(
        plan, Bulk(), manager.showroom_id, manager, attendants,
        tills=[row.id for row in desks if row.kind == "till"],
        office=next(row.id for row in desks if row.kind == "office"),
        accounts={(row.kind, row.owner_id): row.id for row in known},
        rng=random.Random(1),
        floors={row.id: row.floor for row in known if row.keeps_balance},
    )  # fmt: skip


def _settle(shop: Shop) -> None:
    """What the book keeps beside its entries: balances, the desks' heads, the last numbers given."""
    shop.bulk.rows["balance"] += [
        (unit, account, amount, shop.floors[account])
        for (unit, account), amount in sorted(shop.balances.items())
        if account in shop.floors
    ]
    shop.bulk.rows["series"] += [(desk, name, last) for (desk, name), last in sorted(shop.series.items())]
    for desk, (number, head) in shop.heads.items():
        shop.bulk.execute("UPDATE desk SET entry_number = ?, head_hash = ? WHERE id = ?", (number, head, desk))
    shop.bulk.close()


def _gather_statistics() -> None:
    """In a shop that grew over years PostgreSQL has done this on the way."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text("VACUUM ANALYZE"))
