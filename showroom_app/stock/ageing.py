"""Goods that stand long, or whose agreed time ends: their crafters are asked, and the answer is kept. Nothing is ever
forfeited by itself. A crafter may answer for their own goods from their phone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Connection, and_, exists, func, insert, not_, or_, select, tuple_, update

from showroom_app.extensions import AnyRow, AnySelect, now, reading
from showroom_app.ledger.act import begin_act, verb
from showroom_app.ledger.models import IS_THERE, Balance
from showroom_app.lib.clock import day_start, jakarta_date, months_later
from showroom_app.lib.money import format_rupiah, parse_rupiah
from showroom_app.lib.phone import whatsapp_link
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.people.models import Crafter, Showroom, User
from showroom_app.stock.items import standing_accounts
from showroom_app.stock.life_models import AgeingAnswer, ItemChange
from showroom_app.stock.models import Item, Product
from showroom_app.web.access import CRAFTER, SignedIn
from showroom_app.web.filters import short_date

ITEMS_MAX = 500
BY_MAX = 80
# Before the agreed end the crafter is asked; once asked, there is time to answer.
BEFORE_END = timedelta(days=14)
WAIT = timedelta(days=14)
YEARS_MAX = 3
TEXT_ITEMS_MAX = 25
# How long a crafter may extend by themselves, in months.
MONTHS = (1, 3, 6)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a crafter said of some goods, or that they were asked. `by` tells who answered and how; `until` is the new
    agreed end of what was extended; `wishes` are the lower prices that the crafter asks for, in rupiah by item."""

    answer: str
    by: str
    until: date | None = None
    wishes: Mapping[int, int] = field(default_factory=dict)

    def by_of(self, item_id: int) -> str:
        """Who answered for an item, with the price they ask for."""
        wish = self.wishes.get(item_id)
        return f"{self.by}: minta {format_rupiah(wish)}" if wish else self.by


def answer_words() -> dict[str, str]:
    """What each answer is called."""
    return {
        "asked": _("Perajin ditanya"), "extend": _("Diperpanjang"), "mark_down": _("Boleh diturunkan harganya"),
        "collect": _("Akan diambil perajin"),
    }  # fmt: skip


def about(row: AnyRow) -> str:
    """Who answered, and until when."""
    until = _("sampai %(date)s", date=short_date(date.fromisoformat(row.until))) if row.until else ""
    return " · ".join(filter(None, (row.by, until)))


@verb
def answer(
    item_ids: Sequence[int], said: Answer, user: SignedIn, request_id: str, *, at: datetime | None = None
) -> int:
    """Keep what a crafter answered for some of their goods on the shelf; what is extended has a new agreed end.

    Returns how many. Refuses goods that are gone, an end that is over or years away, and an answer by nobody. A crafter
    answers by themselves for their own goods only, and only what they are being asked.
    """
    until = said.until.isoformat() if said.until else ""
    content: dict[str, Any] = {"items": sorted(item_ids), "answer": said.answer, "by": said.by, "until": until}
    content |= {"wishes": sorted(said.wishes.items())} if said.wishes else {}
    act = begin_act("ageing-answer", request_id, content, user.id, at)
    if act.repeated:
        return int(act.result["items"])
    _must_make_sense(item_ids, said, jakarta_date(act.at))
    rows = _held(act.conn, item_ids, user)
    if user.role == CRAFTER:
        _must_be_asked(act.conn, rows, said, user)
    values = [
        {
            "item_id": row.id, "at": act.at, "user_id": user.id, "answer": said.answer, "by": said.by_of(row.id),
            "until": until,
        }
        for row in rows
    ]  # fmt: skip
    act.conn.execute(insert(AgeingAnswer), values)
    if said.answer == "extend":
        ids = [row.id for row in rows]
        act.conn.execute(update(Item).where(Item.id.in_(ids)).values(agreed_until=until))
    return int(act.commit(items=len(rows))["items"])


def _must_make_sense(item_ids: Sequence[int], said: Answer, today: date) -> None:
    if not item_ids or len(item_ids) > ITEMS_MAX:
        raise Refusal(_("Pilih dulu barangnya."))
    if said.answer not in answer_words():
        raise Refusal(_("Pilih jawabannya."), "answer")
    if said.answer != "asked" and not said.by:
        raise Refusal(_("Tulis siapa yang menjawab, misalnya Bu Tutik lewat WhatsApp."), "by")
    if len(said.by) > BY_MAX:
        raise Refusal(_("Terlalu panjang, paling banyak %(n)s huruf.", n=BY_MAX), "by")
    if said.answer == "extend":
        if said.until is None or said.until <= today:
            raise Refusal(_("Pilih sampai kapan diperpanjang, sesudah hari ini."), "until")
        if said.until > months_later(today, 12 * YEARS_MAX):
            raise Refusal(_("Paling lama tiga tahun. Pilih tanggal yang lebih dekat."), "until")


def _held(conn: Connection, item_ids: Sequence[int], user: SignedIn) -> list[AnyRow]:
    ids = sorted(set(item_ids))
    conn.execute(select(Item.id).where(Item.id.in_(ids)).order_by(Item.id).with_for_update()).all()
    standing = _standing(user.showroom_id).where(Balance.unit.in_(ids)).subquery()
    pieces = func.coalesce(standing.c.pieces, 0).label("on_shelf")
    query = (
        select(Item.id, Item.showroom_id, Item.code, Item.price, Product.name, pieces)
        .join(Product, Product.id == Item.product_id)
        .outerjoin(standing, standing.c.unit == Item.id)
        .where(Item.id.in_(ids), Item.showroom_id == user.showroom_id)
        .order_by(Item.id)
    )
    if user.role == CRAFTER:
        query = query.where(Item.crafter_id == user.crafter_id)
    rows = list(conn.execute(query))
    if len(rows) != len(ids):
        raise NotHere
    for row in rows:
        if row.on_shelf <= 0:
            raise Refusal(_("%(name)s %(code)s sudah tidak ada di rak.", name=row.name, code=row.code))
    return rows


def _must_be_asked(conn: Connection, rows: Sequence[AnyRow], said: Answer, user: SignedIn) -> None:
    asked = {row.id for row in conn.execute(_questions(conn, user.showroom_id, user.crafter_id or 0))}
    if said.answer == "asked" or not {row.id for row in rows} <= asked:
        raise Refusal(_("Ini sudah dijawab. Terima kasih."))
    for row in rows if said.answer == "mark_down" else ():
        if not 1 <= said.wishes.get(row.id, 0) < row.price:
            below = _("Isi harga baru di bawah %(amount)s.", amount=format_rupiah(row.price))
            raise Refusal(below, f"price-{row.id}")


def read_wishes(typed: Mapping[str, str], item_ids: Sequence[int]) -> dict[int, int]:
    """The prices asked for, as typed for each item in `price-12`. Refuses what is no amount of rupiah."""
    wishes = {}
    for item_id in item_ids:
        try:
            wishes[item_id] = parse_rupiah(typed.get(f"price-{item_id}", ""))
        except ValueError:
            sentence = _("Isi harga dalam rupiah, misalnya 275.000.")
            raise Refusal(sentence, f"price-{item_id}") from None
    return wishes


def answers_of(conn: Connection, item_id: int) -> list[AnyRow]:
    """What was asked and answered about an item, oldest first."""
    query = (
        select(AgeingAnswer.__table__, User.name.label("user_name"))
        .join(User, User.id == AgeingAnswer.user_id)
        .where(AgeingAnswer.item_id == item_id)
        .order_by(AgeingAnswer.id)
    )
    return list(conn.execute(query))


def _standing(showroom_id: int) -> AnySelect:
    """Pieces by item, on the showroom's shelf, at its venues and on the way."""
    pieces = func.sum(Balance.amount).label("pieces")
    standing = select(Balance.unit, pieces).where(Balance.account_id.in_(standing_accounts(showroom_id)), IS_THERE)
    return standing.group_by(Balance.unit)


def to_ask(showroom_id: int, after: int | None = None) -> list[dict[str, Any]]:
    """Goods that stand, on the shelf or elsewhere, whose crafters should be asked, by crafter, the longest first: their
    agreed time ends soon or is over, or they stand longer than the showroom waits without any agreed end. What will be
    collected, or has got the other price that was agreed, waits a while; what was extended waits for its new end. At
    most ITEMS_MAX, of the crafters that come `after` a crafter."""
    conn = reading()
    query = _asking(conn, showroom_id).order_by(Crafter.name, Crafter.id, Item.received_at, Item.id).limit(ITEMS_MAX)
    if after is not None:
        last_name = select(Crafter.name).where(Crafter.id == after).scalar_subquery()
        query = query.where(tuple_(Crafter.name, Crafter.id) > tuple_(last_name, after))
    return _with_days(conn.execute(query))


def questions(showroom_id: int, crafter_id: int) -> list[dict[str, Any]]:
    """What one crafter is being asked, the longest first: what they answered lately, themselves or through the office,
    is not asked again."""
    conn = reading()
    query = _questions(conn, showroom_id, crafter_id).order_by(Item.received_at, Item.id).limit(ITEMS_MAX)
    return _with_days(conn.execute(query))


def _questions(conn: Connection, showroom_id: int, crafter_id: int) -> AnySelect:
    unanswered = or_(AgeingAnswer.id.is_(None), AgeingAnswer.answer == "asked", AgeingAnswer.at < now() - WAIT)
    return _asking(conn, showroom_id).where(Item.crafter_id == crafter_id, unanswered)


def _with_days(rows: Any) -> list[dict[str, Any]]:
    today = jakarta_date(now())
    return [dict(row._mapping, days=(today - jakarta_date(row.received_at)).days) for row in rows]


def _last_answer() -> Any:
    return select(func.max(AgeingAnswer.id)).where(AgeingAnswer.item_id == Item.id).correlate(Item).scalar_subquery()


def _asking(conn: Connection, showroom_id: int) -> AnySelect:
    """Goods to be asked about, each with its last answer."""
    today = jakarta_date(now())
    days = conn.execute(select(Showroom.ageing_days).where(Showroom.id == showroom_id)).scalar_one()
    soon, old = (today + BEFORE_END).isoformat(), day_start(today - timedelta(days=days))
    ends = and_(Item.agreed_until != "", Item.agreed_until <= soon)
    stands = and_(Item.agreed_until == "", Item.received_at < old)
    lowered = exists().where(
        ItemChange.item_id == Item.id, ItemChange.at >= AgeingAnswer.at, ItemChange.price < ItemChange.old_price
    )
    done = or_(AgeingAnswer.answer == "collect", and_(AgeingAnswer.answer == "mark_down", lowered))
    waits = or_(AgeingAnswer.id.is_(None), not_(done), AgeingAnswer.at < now() - WAIT)
    return _goods(showroom_id).where(or_(ends, stands), waits)


def _goods(showroom_id: int) -> AnySelect:
    """Goods that stand, with their last answer."""
    standing = _standing(showroom_id).subquery()
    return (
        select(
            Item.id, Item.code, Item.price, Item.crafter_id, Item.received_at, Item.agreed_until, Product.name,
            Product.category, Product.photo, Crafter.name.label("crafter_name"), Crafter.phone,
            standing.c.pieces.label("on_shelf"), AgeingAnswer.answer, AgeingAnswer.at.label("answered_at"),
            AgeingAnswer.by, AgeingAnswer.until,
        )
        .select_from(Item)
        .join(standing, standing.c.unit == Item.id)
        .join(Product, Product.id == Item.product_id)
        .join(Crafter, Crafter.id == Item.crafter_id)
        .outerjoin(AgeingAnswer, AgeingAnswer.id == _last_answer())
        .where(Item.showroom_id == showroom_id)
    )  # fmt: skip


def from_phones(showroom_id: int) -> list[AnyRow]:
    """What crafters answered from their own phones in the last two weeks, of goods that still stand, newest first."""
    own = select(User.id).where(User.showroom_id == showroom_id, User.role == CRAFTER)
    lately = _goods(showroom_id).where(AgeingAnswer.at >= now() - WAIT, AgeingAnswer.user_id.in_(own))
    return list(reading().execute(lately.order_by(AgeingAnswer.id.desc()).limit(ITEMS_MAX)))


def message(rows: Sequence[dict[str, Any]], showroom_name: str) -> str:
    """An address that opens WhatsApp with the question to one crafter: extend, mark down, or collect? In Indonesian,
    whatever language the clerk reads."""
    with force_locale("id"):
        return whatsapp_link(rows[0]["phone"], _text(rows, showroom_name))


def _text(rows: Sequence[dict[str, Any]], showroom_name: str) -> str:
    lines = [_("Halo %(name)s, dari %(room)s.", name=rows[0]["crafter_name"], room=showroom_name)]
    lines.append(_("Barang ini sudah lama di rak:"))
    for row in rows[:TEXT_ITEMS_MAX]:
        told = _("%(days)s hari", days=row["days"])
        if row["agreed_until"]:
            told += ", " + _("titip sampai %(date)s", date=short_date(date.fromisoformat(row["agreed_until"])))
        lines.append(f"- {row['name']} ({row['code']}), {format_rupiah(row['price'])}, {told}")
    if len(rows) > TEXT_ITEMS_MAX:
        lines.append(_("… dan %(n)s lagi.", n=len(rows) - TEXT_ITEMS_MAX))
    lines.append(_("Mau diperpanjang, diturunkan harganya, atau diambil? Balas saja pesan ini. Terima kasih."))
    return "\n".join(lines)
