"""A new kind of goods that a crafter proposes from their phone: the office makes it a product, or says why not."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.orm import aliased

from showroom_app.extensions import AnyRow, AnySelect, reading
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.lib.money import PRICE_MAX, parse_rupiah
from showroom_app.lib.refusal import FormRefusal, NotHere, Refusal
from showroom_app.lib.typed import NAME_MAX, Typed
from showroom_app.people import activity
from showroom_app.people.models import Crafter, User
from showroom_app.stock import photos, products
from showroom_app.stock.life_models import Photo, Proposal
from showroom_app.stock.models import Product
from showroom_app.web.access import SignedIn

OPEN_MAX = 10
FIELDS = ("name", "category", "price", "story")
LISTED_MAX, DECIDED_SHOWN = 200, 20


def checked(typed: Typed) -> dict[str, Any]:
    """What is proposed, by its columns: the goods as a product's form has them, and the price wished for, if any."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    try:
        told = products.checked(Typed({field: typed.get(field, "") for field in FIELDS}))
        values = {field: told[field] for field in ("name", "category", "story")}
    except FormRefusal as refusal:
        errors = dict(refusal.errors)
    values["price"] = None
    if typed.line("price"):
        try:
            values["price"] = parse_rupiah(typed["price"])
        except ValueError:
            values["price"] = 0
        if not 1 <= values["price"] <= PRICE_MAX:
            errors["price"] = _("Isi harga dalam rupiah, misalnya 250.000, atau kosongkan.")
    if errors:
        raise FormRefusal(errors)
    return values


@verb
def propose(typed: Typed, photo: str, user: SignedIn, request_id: str) -> int:
    """Keep what a crafter proposes, with the name of a photo that was kept before, or none. Returns the proposal's id.

    Refuses what can't be read, per field, and more than ten that the office has not answered.
    """
    values = checked(typed) | {"photo": photo}
    act = begin_act("proposal", request_id, values, user.id)
    if act.repeated:
        return int(act.result["id"])
    held = select(Crafter.id, Crafter.showroom_id).where(Crafter.id == user.crafter_id).with_for_update()
    crafter = act.conn.execute(held).one()
    waits = select(func.count()).where(Proposal.crafter_id == crafter.id, Proposal.decided_at.is_(None))
    if act.conn.execute(waits).scalar_one() >= OPEN_MAX:
        raise Refusal(_("Sudah ada %(n)s usulan yang menunggu. Tunggu jawaban galeri dulu.", n=OPEN_MAX))
    values |= {"crafter_id": crafter.id, "at": act.at}
    proposal_id = int(act.conn.execute(insert(Proposal).returning(Proposal.id), values).scalar_one())
    told = {field: values[field] for field in ("name", "category", "price") if values[field]}
    subject = f"crafter:{crafter.id}"
    activity.note(act.conn, crafter.showroom_id, user.id, "proposal", subject, after=told, at=act.at)
    return int(act.commit(id=proposal_id)["id"])


@verb
def accept(proposal_id: int, typed: Typed, user: SignedIn, request_id: str) -> int:
    """Make a product of a proposal, with the name, category, story and price wished for as the office put them right.
    Returns the product's id. Refuses what somebody answered before, and a name that the crafter's goods have."""
    values = checked(typed)
    act = begin_act("proposal-accept", request_id, values | {"proposal": proposal_id}, user.id)
    if act.repeated:
        return int(act.result["product_id"])
    row = _held(act.conn, proposal_id, user)
    product_id = _made(act, row, values)
    decided = {"decided_at": act.at, "decided_by": user.id, "product_id": product_id}
    act.conn.execute(update(Proposal).where(Proposal.id == proposal_id).values(decided | values))
    told = {field: values[field] for field in ("name", "category", "price") if values[field]}
    subject = f"product:{product_id}"
    activity.note(act.conn, user.showroom_id, user.id, "proposal-accepted", subject, after=told, at=act.at)
    return int(act.commit(product_id=product_id)["product_id"])


def _made(act: Act, row: AnyRow, values: dict[str, Any]) -> int:
    search_name = values["name"].lower()
    known = select(Product.id).where(Product.crafter_id == row.crafter_id, Product.search_name == search_name)
    if act.conn.execute(known).first():
        raise Refusal(_("Perajin ini sudah punya barang bernama begitu. Ganti namanya, atau jawab tidak."), "name")
    photo = row.photo if row.photo and photos.kept(row.photo) else ""
    product = {
        "showroom_id": row.showroom_id, "crafter_id": row.crafter_id, "name": values["name"],
        "search_name": search_name, "category": values["category"], "story": values["story"], "created_at": act.at,
        "photo": photo,
    }  # fmt: skip
    product_id = int(act.conn.execute(insert(Product).returning(Product.id), product).scalar_one())
    if photo:
        act.conn.execute(insert(Photo), photos.row_of(photo, product_id, act.actor_id or 0, act.at))
    return product_id


@verb
def refuse(proposal_id: int, answer: str, user: SignedIn, request_id: str) -> None:
    """Say no, with a reason that the crafter reads. Refuses what was answered before, and a no without a reason."""
    act = begin_act("proposal-refuse", request_id, {"proposal": proposal_id, "answer": answer}, user.id)
    if act.repeated:
        return
    row = _held(act.conn, proposal_id, user)
    if not answer:
        raise Refusal(_("Tulis alasannya. Perajin membacanya di HP."), "answer")
    if len(answer) > NAME_MAX:
        raise Refusal(_("Terlalu panjang, paling banyak %(n)s huruf.", n=NAME_MAX), "answer")
    decided = {"decided_at": act.at, "decided_by": user.id, "answer": answer}
    act.conn.execute(update(Proposal).where(Proposal.id == proposal_id).values(decided))
    told = {"name": row.name, "reason": answer}
    subject = f"crafter:{row.crafter_id}"
    activity.note(act.conn, user.showroom_id, user.id, "proposal-refused", subject, after=told, at=act.at)
    act.commit()


def _held(conn: Connection, proposal_id: int, user: SignedIn) -> AnyRow:
    """A proposal of this showroom that nobody answered yet, held until the transaction ends."""
    conn.execute(select(Proposal.id).where(Proposal.id == proposal_id).with_for_update()).all()
    row = conn.execute(_all().where(Proposal.id == proposal_id)).first()
    if row is None or row.showroom_id != user.showroom_id:
        raise NotHere
    if row.decided_at is not None:
        said = _("diterima") if row.product_id else _("ditolak")
        raise Refusal(_("%(name)s sudah menjawab usulan ini: %(said)s.", name=row.decider_name, said=said))
    return row


def _all() -> AnySelect:
    decider = aliased(User)
    return (
        select(
            Proposal.__table__, Crafter.name.label("crafter_name"), Crafter.showroom_id,
            decider.name.label("decider_name"),
        )
        .join(Crafter, Crafter.id == Proposal.crafter_id)
        .outerjoin(decider, decider.id == Proposal.decided_by)
    )  # fmt: skip


def waiting(showroom_id: int) -> list[AnyRow]:
    """Proposals that wait for the office, the oldest first."""
    query = _all().where(Crafter.showroom_id == showroom_id, Proposal.decided_at.is_(None))
    return list(reading().execute(query.order_by(Proposal.id).limit(LISTED_MAX)))


def decided(showroom_id: int) -> list[AnyRow]:
    """What the office answered lately, newest first."""
    query = _all().where(Crafter.showroom_id == showroom_id, Proposal.decided_at.is_not(None))
    return list(reading().execute(query.order_by(Proposal.decided_at.desc(), Proposal.id).limit(DECIDED_SHOWN)))


def own(crafter_id: int) -> list[AnyRow]:
    """A crafter's proposals, newest first."""
    query = _all().where(Proposal.crafter_id == crafter_id).order_by(Proposal.id.desc())
    return list(reading().execute(query.limit(LISTED_MAX)))


def waiting_count(showroom_id: int) -> int:
    """How many proposals wait for the office."""
    query = select(func.count()).select_from(Proposal).join(Crafter, Crafter.id == Proposal.crafter_id)
    query = query.where(Proposal.decided_at.is_(None), Crafter.showroom_id == showroom_id)
    return int(reading().execute(query).scalar_one())
