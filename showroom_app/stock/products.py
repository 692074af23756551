"""Products: what a thing is, told once for all pieces of it; and two that are one, merged."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, delete, func, or_, select, update

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.models import IS_THERE, Account, Balance
from showroom_app.lib.money import format_number, format_percent
from showroom_app.lib.pictures import CATEGORIES
from showroom_app.lib.refusal import FormRefusal, NotHere, Refusal
from showroom_app.lib.typed import NAME_MAX, TEXT_MAX, Typed, parse_size, parse_weight, tidy_text
from showroom_app.people import activity
from showroom_app.people.models import Crafter
from showroom_app.stock import joint
from showroom_app.stock.life_models import Photo, Proposal
from showroom_app.stock.models import ConsignmentLine, Item, Product
from showroom_app.stock.photos import PHOTOS_MAX
from showroom_app.web.access import MANAGER, SignedIn

PAGE = 50
SIZES = ("width_mm", "depth_mm", "height_mm")
LINES = ("material", "care", "name_en", "material_en", "care_en")
TEXTS = ("story", "story_en")
_LOGGED = ("name", "category", *SIZES, "weight_g", *LINES, *TEXTS)


@dataclass(frozen=True, slots=True)
class Sums:
    """How many items and pieces of a product there ever were, and how many stand on the shelf."""

    items: int
    on_shelf: int


def own_product(conn: Connection, product_id: int, showroom_id: int) -> AnyRow:
    """A product of this showroom with its crafter's name; of another there is none."""
    query = (
        select(Product.__table__, Crafter.name.label("crafter_name"))
        .join(Crafter, Crafter.id == Product.crafter_id)
        .where(Product.id == product_id)
    )
    row = conn.execute(query).first()
    if row is None or row.showroom_id != showroom_id:
        raise NotHere
    return row


@verb
def save_product(product_id: int, typed: Typed, user: SignedIn, request_id: str) -> None:
    """Change what a product is called and what is told of it. What was sold keeps its name of that day.

    Refuses a name that another product of the same crafter has (those can be merged), and sizes nobody means.
    """
    content = {key: value for key, value in typed.items() if key != "csrf_token"} | {"product": product_id}
    act = begin_act("product", request_id, content, user.id)
    if act.repeated:
        return
    row = _held(act.conn, product_id, user)
    values = checked(typed)
    values["search_name"] = values["name"].lower()
    same = select(Product.id, Product.merged_into_id).where(
        Product.crafter_id == row.crafter_id, Product.search_name == values["search_name"], Product.id != product_id
    )
    if other := act.conn.execute(same).first():
        if other.merged_into_id != product_id:
            raise Refusal(_("Perajin ini sudah punya barang bernama begitu. Gabungkan saja keduanya."), "name")
        # A name that was merged into this one: the two change places.
        _rename(act.conn, other.id, row.name, f"#{other.id}")
        _rename(act.conn, product_id, values["name"], values["search_name"])
        _rename(act.conn, other.id, row.name, row.search_name)
    act.conn.execute(update(Product).where(Product.id == product_id).values(values))
    told = {field: values[field] for field in _LOGGED}
    activity.changed(act.conn, user, "product", f"product:{product_id}", row, told, act.at)
    act.commit()


def _rename(conn: Connection, product_id: int, name: str, search_name: str) -> None:
    conn.execute(update(Product).where(Product.id == product_id).values(name=name, search_name=search_name))


def _held(conn: Connection, product_id: int, user: SignedIn) -> AnyRow:
    row = conn.execute(select(Product.__table__).where(Product.id == product_id).with_for_update()).first()
    if row is None or row.showroom_id != user.showroom_id:
        raise NotHere
    if row.merged_into_id is not None:
        raise Refusal(_("Barang ini sudah digabung ke yang lain."))
    return row


def checked(typed: Typed) -> dict[str, Any]:
    """A product's values as typed, by its columns; refuses per field."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = {"name": typed.line("name"), "category": typed.get("category", "")}
    values |= {field: typed.line(field) for field in LINES}
    values |= {field: tidy_text(typed.get(field, "")) for field in TEXTS}
    for field, text in values.items():
        most = TEXT_MAX if field in TEXTS else NAME_MAX
        if len(text) > most:
            errors[field] = _("Terlalu panjang, paling banyak %(n)s huruf.", n=most)
    if not values["name"]:
        errors["name"] = _("Tulis nama barangnya.")
    if values["category"] not in CATEGORIES:
        errors["category"] = _("Pilih jenis barang.")
    for field in SIZES:
        try:
            values[field] = parse_size(typed.get(field, ""))
        except ValueError:
            errors[field] = _("Isi ukuran dalam cm, misalnya 45 atau 45,5.")
    try:
        values["weight_g"] = parse_weight(typed.get("weight_g", ""))
    except ValueError:
        errors["weight_g"] = _("Isi berat dalam kg, misalnya 2 atau 2,5.")
    if errors:
        raise FormRefusal(errors)
    return values


@verb
def merge(product_id: int, into_id: int, user: SignedIn, request_id: str) -> None:
    """Make one of two products of one crafter: pieces and photos go to `into_id` (not those it has, nor any beyond
    eight); the other's name means that one from then on. A manager's act; refuses products of two crafters and one
    that was merged already."""
    act = begin_act("product-merge", request_id, {"product": product_id, "into": into_id}, user.id)
    if act.repeated:
        return
    if user.role != MANAGER:
        raise Refusal(_("Hanya pengelola yang boleh menggabungkan barang."))
    if product_id == into_id:
        raise Refusal(_("Pilih barang lain untuk digabung."), "into")
    rows = {one: _held(act.conn, one, user) for one in sorted((product_id, into_id))}
    gone, stays = rows[product_id], rows[into_id]
    if gone.crafter_id != stays.crafter_id:
        raise Refusal(_("Yang digabung harus dari perajin yang sama."), "into")
    _move(act, gone, stays)
    told = {"name": gone.name, "into": stays.name}
    activity.note(act.conn, user.showroom_id, user.id, "product-merge", f"product:{into_id}", after=told, at=act.at)
    act.commit()


def _move(act: Act, gone: AnyRow, stays: AnyRow) -> None:
    conn = act.conn
    conn.execute(update(Item).where(Item.product_id == gone.id).values(product_id=stays.id))
    conn.execute(update(ConsignmentLine).where(ConsignmentLine.product_id == gone.id).values(product_id=stays.id))
    conn.execute(update(Product).where(Product.merged_into_id == gone.id).values(merged_into_id=stays.id))
    known = select(Photo.name).where(Photo.product_id == stays.id)
    last = conn.execute(select(func.max(Photo.position)).where(Photo.product_id == stays.id)).scalar() or 0
    new = conn.execute(
        select(Photo.id).where(Photo.product_id == gone.id, Photo.name.not_in(known)).order_by(Photo.position)
    )
    room = PHOTOS_MAX - conn.execute(select(func.count()).where(Photo.product_id == stays.id)).scalar_one()
    for position, photo_id in enumerate(new.scalars().all()[: max(0, room)], last + 1):
        conn.execute(update(Photo).where(Photo.id == photo_id).values(product_id=stays.id, position=position))
    conn.execute(delete(Photo).where(Photo.product_id == gone.id))  # nobody would see them, nor could take them off
    conn.execute(update(Product).where(Product.id == gone.id).values(merged_into_id=stays.id, photo=""))
    if not stays.photo and gone.photo:
        conn.execute(update(Product).where(Product.id == stays.id).values(photo=gone.photo))


def sums_of(conn: Connection, product_id: int) -> Sums:
    """How many there are of a product."""
    many = conn.execute(select(func.count()).where(Item.product_id == product_id)).scalar_one()
    query = (
        select(func.coalesce(func.sum(Balance.amount), 0))
        .join(Item, Item.id == Balance.unit)
        .join(Account, (Account.id == Balance.account_id) & (Account.kind == "shelf"))
        .where(Item.product_id == product_id, IS_THERE)
    )
    return Sums(int(many), int(conn.execute(query).scalar_one()))


def list_products(
    showroom_id: int, q: str = "", crafter_id: int | None = None, after: tuple[str, int] | None = None,
    most: int = PAGE + 1,
) -> list[AnyRow]:  # fmt: skip
    """A page of products by name; one more than PAGE means that there is more. `after` is (search_name, id)."""
    query = (
        select(Product.__table__, Crafter.name.label("crafter_name"))
        .join(Crafter, Crafter.id == Product.crafter_id)
        .where(*joint.called(showroom_id, q), Product.merged_into_id.is_(None))
        .order_by(Product.search_name, Product.id)
        .limit(most)
    )
    if crafter_id is not None:
        query = query.where(Product.crafter_id == crafter_id)
    if after is not None:
        name, last = after
        query = query.where(or_(Product.search_name > name, (Product.search_name == name) & (Product.id > last)))
    return list(reading().execute(query))


def to_merge(product: AnyRow) -> list[AnyRow]:
    """The crafter's other products, by name: what this one may be merged into."""
    query = select(Product.id, Product.name).where(
        Product.crafter_id == product.crafter_id, Product.merged_into_id.is_(None), Product.id != product.id
    )
    return list(reading().execute(query.order_by(Product.search_name, Product.id)))


def last_line(conn: Connection, product_id: int) -> AnyRow | None:
    """How the product was taken in last: what a next note begins with."""
    query = (
        select(ConsignmentLine.__table__)
        .where(ConsignmentLine.product_id == product_id)
        .order_by(ConsignmentLine.id.desc())
        .limit(1)
    )
    return conn.execute(query).first()


def known_of(crafter_id: int, most: int = 60) -> list[Any]:
    """What a crafter brought before, the latest first, each as it was taken in last."""
    conn = reading()
    latest = (
        select(func.max(ConsignmentLine.id))
        .join(Product, Product.id == ConsignmentLine.product_id)
        .where(Product.crafter_id == crafter_id, Product.merged_into_id.is_(None))
        .group_by(Product.id)
    )
    query = (
        select(ConsignmentLine.__table__, Product.name.label("product_name"), Product.category, Product.photo)
        .join(Product, Product.id == ConsignmentLine.product_id)
        .where(ConsignmentLine.id.in_(latest))
        .order_by(ConsignmentLine.id.desc())
        .limit(most)
    )
    return [row._mapping for row in conn.execute(query)]


def line_again(row: AnyRow) -> dict[str, str]:
    """A draft's line for a product, as it was taken in last."""
    last = last_line(reading(), row.id)
    line: dict[str, str] = {"name": row.name, "category": row.category, "quantity": "1", "per_piece": "each"}
    if last is not None:
        line |= {
            "price": format_number(last.price), "terms_kind": last.terms_kind,
            "commission_percent": format_percent(last.commission_bps).rstrip("%"),
            "net_price": format_number(last.net_price) if last.net_price else "",
            "lowest_price": format_number(last.lowest_price) if last.lowest_price else "",
            "per_piece": "each" if last.per_piece else "lot",
        }  # fmt: skip
        for n, one in enumerate(joint.makers_of(reading(), [last.id]).get(last.id, [])[1:], 1):
            line |= {"joint": "1", f"partner_{n}": one.name, f"part_{n}": format_percent(one.share_bps).rstrip("%")}
    elif wish := wished_price(row.id):
        line["price"] = format_number(wish)
    return line


def wished_price(product_id: int) -> int | None:
    """What the crafter wished for a piece when they proposed it; None where they did not say, or nobody proposed it."""
    query = select(Proposal.price).where(Proposal.product_id == product_id)
    return reading().execute(query).scalar()
