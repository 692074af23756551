"""Cash put into a drawer or taken out of it, other than by sales, refunds and payouts."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import insert, select

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger import book
from showroom_app.ledger.act import begin_act, verb
from showroom_app.ledger.book import rupiah
from showroom_app.lib.money import PRICE_MAX
from showroom_app.lib.refusal import Refusal
from showroom_app.people.models import User
from showroom_app.sales.checkout import must_be_open_shift
from showroom_app.sales.money_models import CashMove
from showroom_app.sales.shift import own_shift
from showroom_app.web.access import SignedIn

REASON_MAX = 120
# kind -> the account on the other side; what comes in is debited to the drawer, the rest goes out.
INTO = {"change": "office"}
OUT = {"expense": "expense", "driver": "driver", "bank": "bank", "office": "office"}


def kind_words() -> dict[str, str]:
    """What each movement is called."""
    return {
        "change": _("Tambah uang kembalian dari kantor"), "expense": _("Belanja kecil"),
        "driver": _("Bayar sopir"), "bank": _("Setor ke bank"), "office": _("Serahkan ke kantor"),
    }  # fmt: skip


@verb
def move_cash(
    shift_id: int, kind: str, amount: int, reason: str, user: SignedIn, request_id: str, at: datetime | None = None
) -> int:
    """Put rupiah into an open drawer, or take them out, with a reason. Returns the movement's id.

    Refuses more than lies in the drawer, and a closed shift.
    """
    content = {"shift": shift_id, "kind": kind, "amount": amount, "reason": reason}
    act = begin_act("cash-move", request_id, content, user.id, at)
    if act.repeated:
        return int(act.result["move_id"])
    shift = own_shift(act.conn, shift_id, user)
    must_be_open_shift(act, shift_id)
    if kind not in INTO | OUT:
        raise Refusal(_("Pilih untuk apa uangnya."), "kind")
    if not 0 < amount <= PRICE_MAX:
        raise Refusal(_("Isi jumlah uangnya, misalnya 50.000."), "amount")
    if not reason:
        raise Refusal(_("Tulis keterangannya, misalnya beli plastik bungkus."), "reason")
    wanted = [("drawer", shift_id), ((INTO | OUT)[kind], shift.showroom_id)]
    found = book.accounts(act.conn, wanted)
    drawer, other = found[wanted[0]], found[wanted[1]]
    moves = rupiah(drawer, other, amount) if kind in INTO else rupiah(other, drawer, amount)
    with book.floors_held(drawer_short):
        posted = book.post(act, desk_id=shift.desk_id, kind="cash_move", moves=moves, memo=reason[:REASON_MAX])
    values = {
        "shift_id": shift_id, "entry_id": posted.entry_id, "user_id": user.id, "at": act.at, "kind": kind,
        "amount": amount, "reason": reason[:REASON_MAX],
    }  # fmt: skip
    move_id = int(act.conn.execute(insert(CashMove).returning(CashMove.id), values).scalar_one())
    return int(act.commit(move_id=move_id)["move_id"])


def drawer_short() -> Refusal:
    """There is less in the drawer than was to be taken out."""
    return Refusal(_("Uang di laci tidak cukup. Isi jumlah yang lebih kecil, atau tambah dulu uang di laci."), "amount")


def moves_of(shift_id: int) -> list[AnyRow]:
    """A shift's movements, oldest first, each with who made it."""
    query = (
        select(CashMove.__table__, User.name.label("user_name"))
        .join(User, User.id == CashMove.user_id)
        .where(CashMove.shift_id == shift_id)
        .order_by(CashMove.id)
    )
    return list(reading().execute(query))


def signed(move: AnyRow) -> int:
    """A movement's rupiah as the drawer sees them: what went out is negative."""
    return int(move.amount if move.kind in INTO else -move.amount)
