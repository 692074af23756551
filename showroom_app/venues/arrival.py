"""What becomes of goods on the way: they arrive, are turned round, or are lost."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Connection, func, insert, select, update

from showroom_app.extensions import AnyRow
from showroom_app.ledger import book
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.book import Move
from showroom_app.lib import label_code
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.stock import write_off
from showroom_app.stock.life_models import WriteOff
from showroom_app.stock.receiving import office_desk
from showroom_app.stock.write_off import Harm
from showroom_app.venues.models import Arrival, ArrivalLine, Transfer, TransferLine
from showroom_app.venues.transfer import held
from showroom_app.venues.venue import open_one
from showroom_app.web.access import SignedIn

KINDS = ("arrived", "turned")


@verb
def arrive(
    transfer_id: int, goods: Mapping[int, int], user: SignedIn, request_id: str,
    *, kind: str = "arrived", at: datetime | None = None,
) -> int:  # fmt: skip
    """Pieces of a note (item -> how many) are where they were sent, or (`turned`) where they came from again. Returns
    the arrival's id. What is not named stays on the way. Refuses more than are on the way by this note."""
    content = {"transfer": transfer_id, "goods": sorted(goods.items()), "kind": kind}
    act = begin_act("arrival", request_id, content, user.id, at)
    if act.repeated:
        return int(act.result["arrival_id"])
    note = _on_the_way(act.conn, transfer_id, user)
    items = held(act.conn, goods, user)
    left = left_of(act.conn, transfer_id)
    for item_id, pieces in goods.items():
        _must_be_left(items[item_id].name, pieces, left.get(item_id, 0))
    if kind not in KINDS:
        raise Refusal(_("Formulir ini tidak lengkap. Muat ulang halaman, lalu coba lagi."))
    act.holds()
    to_venue = (note.direction == "out") == (kind == "arrived")
    target = ("venue", note.venue_id) if to_venue else ("shelf", note.showroom_id)
    accounts = book.accounts(act.conn, [target, ("transit", note.showroom_id)])
    moves = [Move(i, accounts[target], accounts["transit", note.showroom_id], n) for i, n in sorted(goods.items())]
    posted = book.post(act, desk_id=office_desk(act.conn, note.showroom_id), kind="arrival", moves=moves)
    values = {
        "transfer_id": transfer_id, "kind": kind, "entry_id": posted.entry_id, "user_id": act.actor_id, "at": act.at,
    }  # fmt: skip
    arrival_id = int(act.conn.execute(insert(Arrival).returning(Arrival.id), values).scalar_one())
    rows = [{"arrival_id": arrival_id, "item_id": i, "quantity": n} for i, n in sorted(goods.items())]
    act.conn.execute(insert(ArrivalLine), rows)
    _close_if_done(act, transfer_id)
    return int(act.commit(arrival_id=arrival_id)["arrival_id"])


@verb
def lose(transfer_id: int, harm: Harm, user: SignedIn, request_id: str, *, at: datetime | None = None) -> int:
    """Pieces of a note were lost on the way: the crafter gets what the settings say, or what `harm` says
    instead. A manager's act. Returns the record's id. Refuses more than are on the way by this note."""
    lost = replace(harm, kind="lost", place="transit", whose=transfer_id)
    act = begin_act("transfer-loss", request_id, asdict(lost), user.id, at)
    if act.repeated:
        return int(act.result["write_off_id"])
    _on_the_way(act.conn, transfer_id, user)
    items = held(act.conn, {harm.item_id: harm.quantity}, user)
    _must_be_left(items[harm.item_id].name, harm.quantity, left_of(act.conn, transfer_id).get(harm.item_id, 0))
    write_off_id = write_off.write_within(act, lost, user)
    _close_if_done(act, transfer_id)
    return int(act.commit(write_off_id=write_off_id)["write_off_id"])


def _on_the_way(conn: Connection, transfer_id: int, user: SignedIn) -> AnyRow:
    """A note of which something is on the way, and its venue, both held until the transaction ends."""
    query = select(Transfer.venue_id).where(Transfer.id == transfer_id, Transfer.showroom_id == user.showroom_id)
    venue_id = conn.execute(query).scalar()
    if venue_id is None:
        raise NotHere
    open_one(conn, venue_id, user.showroom_id)
    row = conn.execute(select(Transfer.__table__).where(Transfer.id == transfer_id).with_for_update()).one()
    if row.arrived_at is not None:
        raise Refusal(_("Tidak ada lagi yang di jalan menurut surat ini."))
    return row


def _must_be_left(name: str, pieces: int, left: int) -> None:
    if not 1 <= pieces <= left:
        raise Refusal(
            _("%(name)s: masih %(n)s buah di jalan. Isi jumlah antara 1 dan %(n)s.", name=name, n=left)
            if left
            else _("%(name)s tidak ada di jalan menurut surat ini.", name=name),
            "quantity",
        )


def scanned(lines: Sequence[AnyRow], left: Mapping[int, int], typed: str) -> int:
    """The item of a note that a scanned or typed code names. Refuses wrong codes, and what is not on the way by it."""
    code = label_code.parse(typed)
    if code is None:
        raise Refusal(_("Pindai label, atau ketik kodenya: 8 huruf dan angka."), "code")
    line = next((line for line in lines if line.code == code), None)
    if line is None:
        raise Refusal(_("Kode %(code)s tidak ada di surat jalan ini.", code=code), "code")
    if line.item_id not in left:
        raise Refusal(_("%(name)s tidak ada di jalan menurut surat ini.", name=line.name), "code")
    return int(line.item_id)


def left_of(conn: Connection, transfer_id: int) -> dict[int, int]:
    """Item -> pieces of a note that are still on the way: sent, less what arrived, turned round or was lost. What is
    found again comes to the shelf, so it is not on the way."""
    came = select(ArrivalLine.item_id, func.sum(ArrivalLine.quantity)).join(Arrival)
    lost = select(WriteOff.item_id, func.sum(WriteOff.quantity)).where(WriteOff.transfer_id == transfer_id)
    gone = [
        came.where(Arrival.transfer_id == transfer_id).group_by(ArrivalLine.item_id), lost.group_by(WriteOff.item_id)
    ]  # fmt: skip
    sent = select(TransferLine.item_id, TransferLine.quantity).where(TransferLine.transfer_id == transfer_id)
    left = {item_id: int(pieces) for item_id, pieces in conn.execute(sent)}
    for query in gone:
        for item_id, pieces in conn.execute(query):
            left[item_id] -= int(pieces)
    return {item_id: pieces for item_id, pieces in left.items() if pieces}


def _close_if_done(act: Act, transfer_id: int) -> None:
    if not left_of(act.conn, transfer_id):
        act.conn.execute(update(Transfer).where(Transfer.id == transfer_id).values(arrived_at=act.at))
