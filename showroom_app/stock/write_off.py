"""Damage and loss in the showroom's care, with what the crafter gets for it; mended or found, it is turned round."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, false, func, insert, select, text

from showroom_app.extensions import AnyRow, AnySelect
from showroom_app.ledger import book
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.book import Move, rupiah
from showroom_app.ledger.models import Account, Posting
from showroom_app.lib.money import part_of
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people.models import Showroom
from showroom_app.stock import joint
from showroom_app.stock.items import piece_split
from showroom_app.stock.life_models import WriteOff, WriteOffShare
from showroom_app.stock.models import Item, Product
from showroom_app.stock.receiving import office_desk
from showroom_app.web.access import MANAGER, SignedIn

REASON_MAX = 200
# What turns each round.
AGAIN = {"damaged": "mended", "lost": "found"}
HOMES = ("shelf", "damaged")
_FROM = {"damaged": ("shelf", "venue"), "lost": ("shelf", "damaged", "venue", "transit")}


@dataclass(frozen=True, slots=True)
class Harm:
    """Pieces of an item that were damaged or lost; `compensate` None does as the settings say. `whose`: the venue where
    they stood, or the note by which they were on the way."""

    item_id: int
    kind: str
    quantity: int
    reason: str
    place: str = "shelf"
    photo: str = ""
    compensate: bool | None = None
    whose: int | None = None


@verb
def write_off(harm: Harm, user: SignedIn, request_id: str, *, at: datetime | None = None) -> int:
    """Note damage or loss, and pay the crafter's share where the showroom answers for it. A manager's act.

    Returns the id. Refuses more than stand there, and no reason.
    """
    act = begin_act("write-off", request_id, asdict(harm), user.id, at)
    if act.repeated:
        return int(act.result["write_off_id"])
    if harm.place == "transit":  # a note has to say so: venues/arrival.py
        raise Refusal(_("Pilih rusak atau hilang."), "kind")
    write_off_id = write_within(act, harm, user)
    return int(act.commit(write_off_id=write_off_id)["write_off_id"])


def write_within(act: Act, harm: Harm, user: SignedIn) -> int:
    """The same as a part of another act, such as a count of the shelf, which commits."""
    _must_be_manager(user)
    if harm.kind not in AGAIN or harm.place not in _FROM[harm.kind]:
        raise Refusal(_("Pilih rusak atau hilang."), "kind")
    if not harm.reason:
        raise Refusal(_("Tulis sebabnya, misalnya jatuh waktu dipajang."), "reason")
    item = _held(act.conn, harm.item_id, user)
    wanted = [(kind, item.showroom_id) for kind in ("damaged", "lost", "loss")]
    stood = (harm.place, harm.whose or 0) if harm.place == "venue" else (harm.place, item.showroom_id)
    accounts = book.accounts(act.conn, [*wanted, stood])
    source = accounts.get(stood)
    there = book.balance(act.conn, source, unit=item.id) if source is not None else 0
    if source is None or not 1 <= harm.quantity <= there:
        raise Refusal(_("Ada %(n)s buah. Isi jumlah antara 1 dan %(n)s.", n=there), "quantity")
    owned = 0
    if harm.place == "damaged":
        owned = max(0, harm.quantity - (there - paid_for(act.conn, item.id, there)))
    amount = compensation(item, harm, harm.quantity - owned)
    paid = _shared(act.conn, item, amount)
    accounts |= book.accounts(act.conn, [("crafter", crafter) for crafter in paid])
    moves = [Move(item.id, accounts[harm.kind, item.showroom_id], source, harm.quantity)]
    for crafter, part in paid.items():
        moves += rupiah(accounts["loss", item.showroom_id], accounts["crafter", crafter], part)
    with book.floors_held(lambda: Refusal(_("Barangnya baru saja terjual atau dipindahkan. Periksa lagi."))):
        return _write(act, item, harm, moves, paid, None, owned)


def compensation(item: AnyRow, harm: Harm, pieces: int) -> int:
    """What the crafter gets for some pieces, in rupiah: their share as if sold at its price; nothing where the showroom
    does not answer for it. `item` carries the showroom's rules."""
    rule = item.answers_for_damage if harm.kind == "damaged" else item.answers_for_loss
    pays = rule if harm.compensate is None else harm.compensate
    return max(0, piece_split(item).crafter) * pieces if pays else 0


def promised(conn: Connection, pieces: Mapping[int, int]) -> dict[int, int]:
    """Item -> what its crafter gets, in rupiah, if so many pieces of it are lost and paid for."""
    rows = conn.execute(_WITH_RULES.where(Item.id.in_(pieces)))
    lost = {row.id: (row, Harm(row.id, "lost", pieces[row.id], "", compensate=True)) for row in rows}
    return {item_id: compensation(row, harm, harm.quantity) for item_id, (row, harm) in lost.items()}


@verb
def turn_round(
    write_off_id: int, quantity: int, reason: str, user: SignedIn, request_id: str, *, at: datetime | None = None
) -> int:
    """Pieces that were damaged are mended, or that were lost are found: they stand where they were taken from (in the
    showroom, when that was away from it), and what the crafter got is taken back. Returns the new row's id. Refuses
    more than are still away, and no reason."""
    content = {"write_off": write_off_id, "quantity": quantity, "reason": reason}
    act = begin_act("write-off-again", request_id, content, user.id, at)
    if act.repeated:
        return int(act.result["write_off_id"])
    _must_be_manager(user)
    first = act.conn.execute(select(WriteOff.__table__).where(WriteOff.id == write_off_id).with_for_update()).first()
    if first is None or first.showroom_id != user.showroom_id or first.kind not in AGAIN:
        raise NotHere
    if not reason:
        raise Refusal(_("Tulis sebabnya, misalnya ditemukan di gudang."), "reason")
    before = _undone(act.conn, write_off_id)
    if not 1 <= quantity <= first.quantity - before:
        raise Refusal(_("Tinggal %(n)s buah yang bisa kembali.", n=first.quantity - before), "quantity")
    item = _held(act.conn, first.item_id, user)
    kind = AGAIN[first.kind]
    if kind == "mended":
        _must_be_of_it(act.conn, first, quantity)
    back = _taken_back(act.conn, first, before + quantity)
    wanted = [(kind, item.showroom_id) for kind in (first.kind, "loss", *HOMES)]
    accounts = book.accounts(act.conn, [*wanted, *(("crafter", crafter) for crafter in back)])
    home = accounts[home_of(act.conn, first), item.showroom_id]
    moves = [Move(item.id, home, accounts[first.kind, item.showroom_id], quantity)]
    for crafter, part in back.items():
        moves += rupiah(accounts["crafter", crafter], accounts["loss", item.showroom_id], -part)
    harm = Harm(item.id, kind, quantity, reason)
    gone = _("Barangnya sudah tidak tercatat di sana. Lihat riwayatnya.")
    with book.floors_held(lambda: Refusal(gone)):
        again_id = _write(act, item, harm, moves, back, first)
    return int(act.commit(write_off_id=again_id)["write_off_id"])


def _taken_back(conn: Connection, first: AnyRow, pieces: int) -> dict[int, int]:
    """Crafter -> what is taken back of what they got (below zero) when so many pieces in all have come again. Those
    that had been paid for before come first: nothing was paid for them here."""
    done, of = max(0, pieces - first.owned), first.quantity - first.owned
    taken: dict[int, int] = {}
    for again in conn.execute(select(WriteOff.__table__).where(WriteOff.undoes_id == first.id)):
        for crafter, amount in _paid_by(conn, again).items():
            taken[crafter] = taken.get(crafter, 0) - amount
    return {
        crafter: min(0, taken.get(crafter, 0) - part_of(paid, done, of)) if paid else 0
        for crafter, paid in _paid_by(conn, first).items()
    }


def _must_be_of_it(conn: Connection, first: AnyRow, quantity: int) -> None:
    """Mended is what the record tells of: pieces paid for by one that paid, and others by one that did not."""
    account = book.accounts(conn, [("damaged", first.showroom_id)])["damaged", first.showroom_id]
    there = book.balance(conn, account, unit=first.item_id)
    paid = paid_for(conn, first.item_id, there)
    left = paid if first.compensation else there - paid
    if quantity <= left:
        return
    if first.compensation:
        raise Refusal(_("Buah yang dulu diganti tinggal %(n)s di sini. Lihat riwayat barangnya.", n=left), "quantity")
    other = _("Buah yang belum diganti tinggal %(n)s di sini. Balik catatan yang ganti ruginya dibayar.", n=left)
    raise Refusal(other, "quantity")


def home_of(conn: Connection, first: AnyRow) -> str:
    """Where pieces come back to when a record is turned round: 'damaged' where that is what was lost, else 'shelf'."""
    taken_from = select(Account.kind).join(Posting, Posting.credit_id == Account.id)
    stood = conn.execute(taken_from.where(Posting.entry_id == first.entry_id, Posting.unit == first.item_id))
    return "damaged" if stood.scalar_one() == "damaged" else "shelf"


def _must_be_manager(user: SignedIn) -> None:
    if user.role != MANAGER:
        raise Refusal(_("Barang rusak dan hilang dicatat pengelola."))


def _held(conn: Connection, item_id: int, user: SignedIn) -> AnyRow:
    """The item, held until the transaction ends, with its name and the showroom's rules."""
    conn.execute(select(Item.id).where(Item.id == item_id).with_for_update()).all()
    row = conn.execute(_WITH_RULES.where(Item.id == item_id)).first()
    if row is None or row.showroom_id != user.showroom_id:
        raise NotHere
    return row


_WITH_RULES = (
    select(Item.__table__, Product.name, Showroom.answers_for_damage, Showroom.answers_for_loss)
    .join(Product, Product.id == Item.product_id)
    .join(Showroom, Showroom.id == Item.showroom_id)
)


def item_with_rules(conn: Connection, item_id: int) -> AnyRow:
    """An item with its name and the showroom's rules, to show what the crafter would get."""
    return conn.execute(_WITH_RULES.where(Item.id == item_id)).one()


def _undone(conn: Connection, write_off_id: int) -> int:
    query = select(func.coalesce(func.sum(WriteOff.quantity), 0)).where(WriteOff.undoes_id == write_off_id)
    return int(conn.execute(query).scalar_one())


def _shared(conn: Connection, item: AnyRow, amount: int) -> dict[int, int]:
    """Crafter -> what they get of a compensation: all of it, or their part where it is joint work."""
    if not item.joint:
        return {item.crafter_id: amount}
    who = joint.makers_of(conn, [item.line_id])[item.line_id]
    return {part.crafter_id: part.amount for part in joint.parts(amount, who)}


def _paid_by(conn: Connection, first: AnyRow) -> dict[int, int]:
    """Crafter -> what they got for what a record tells of."""
    if not first.joint:
        return {first.crafter_id: first.compensation}
    query = select(WriteOffShare.crafter_id, WriteOffShare.amount).where(WriteOffShare.write_off_id == first.id)
    return {row.crafter_id: row.amount for row in conn.execute(query.order_by(WriteOffShare.crafter_id))}


def _write(
    act: Act, item: AnyRow, harm: Harm, moves: list[Move], paid: dict[int, int], undoes: AnyRow | None, owned: int = 0
) -> int:
    desk_id = office_desk(act.conn, item.showroom_id)
    reverses = {"reverses_id": undoes.entry_id} if undoes is not None else {}
    posted = book.post(act, desk_id=desk_id, kind=harm.kind, moves=moves, memo=harm.reason[:REASON_MAX], **reverses)
    values: dict[str, Any] = {
        "showroom_id": item.showroom_id, "desk_id": desk_id, "kind": harm.kind, "item_id": item.id,
        "number": book.next_number(act.conn, desk_id, "write_off"), "crafter_id": item.crafter_id, "name": item.name,
        "quantity": harm.quantity, "entry_id": posted.entry_id, "user_id": act.actor_id, "at": act.at,
        "reason": harm.reason[:REASON_MAX], "photo": harm.photo, "compensation": sum(paid.values()),
        "joint": item.joint, "owned": owned,
        "undoes_id": undoes.id if undoes is not None else None,
        "transfer_id": harm.whose if harm.place == "transit" else None,
    }  # fmt: skip
    write_off_id = int(act.conn.execute(insert(WriteOff).returning(WriteOff.id), values).scalar_one())
    if item.joint:
        rows = [{"write_off_id": write_off_id, "crafter_id": who, "amount": part} for who, part in paid.items()]
        act.conn.execute(insert(WriteOffShare), rows)
    return write_off_id


def answered(crafter_id: int) -> tuple[AnySelect, AnySelect]:
    """Records of what happened to a crafter's goods, `own` what they got for it: of their own goods, and of joint
    work; to be narrowed alike."""
    alone = select(WriteOff.__table__, WriteOff.compensation.label("own"))
    shared = select(WriteOff.__table__, WriteOffShare.amount.label("own"))
    shared = shared.join(WriteOffShare, WriteOffShare.write_off_id == WriteOff.id)
    return (
        alone.where(WriteOff.crafter_id == crafter_id, WriteOff.joint == false()),
        shared.where(WriteOffShare.crafter_id == crafter_id),
    )


def paid_for(conn: Connection, item_id: int, damaged: int) -> int:
    """How many of an item's damaged pieces are the showroom's now, because it paid the crafter: for the damage, or for
    a refund that it bore; less those of them that are mended, or lost since. Of a lot, what was not paid for is lost
    and given back first."""
    return min(int(conn.execute(_PAID_FOR, {"item_id": item_id}).scalar_one()), damaged)


# Pieces of an item that were paid for and lie damaged. The floor above knows refunds; what came back damaged and was
# borne by the showroom matters here.
PAID_FOR = (
    "(SELECT coalesce(sum(CASE WHEN w.kind = 'lost' AND w.owned > w.undone THEN w.undone - w.owned"
    " WHEN w.kind = 'mended' THEN -w.owned"
    " WHEN w.kind = 'damaged' AND w.compensation > 0 THEN w.quantity - w.undone ELSE 0 END), 0)"
    " FROM (SELECT f.kind, f.owned, f.compensation, f.quantity, (SELECT coalesce(sum(u.quantity), 0) FROM write_off u"
    " WHERE u.undoes_id = f.id) AS undone FROM write_off f WHERE f.item_id = {item}) w)"
    " + (SELECT coalesce(sum(l.quantity), 0) FROM refund_line l WHERE l.item_id = {item} AND l.place = 'damaged'"
    " AND l.borne > 0)"
)
_PAID_FOR = text("SELECT " + PAID_FOR.format(item=":item_id"))


def kind_words() -> dict[str, str]:
    """What each kind is called."""
    return {"damaged": _("Rusak"), "lost": _("Hilang"), "mended": _("Diperbaiki"), "found": _("Ditemukan lagi")}


def number_text(desk_code: str, number: int) -> str:
    """A record's number as printed: BA-KTR-00007 (berita acara)."""
    return f"BA-{desk_code}-{number:05d}"
