"""Joint work (karya bersama): a piece made by several crafters, each with a share agreed at intake."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Connection, func, or_, select

from showroom_app.extensions import AnyRow, AnySelect
from showroom_app.lib.money import FULL_RATE_BPS, format_percent, parse_percent, share_out
from showroom_app.people.models import Crafter
from showroom_app.stock.models import Item, Maker, Product

PARTNERS = (1, 2, 3)  # besides the one who brings it


@dataclass(frozen=True, slots=True)
class Partner:
    """One who made it too, as typed: their name and their share of what crafters get, in basis points."""

    field: str
    name: str
    share_bps: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one maker gets of an amount, in rupiah."""

    crafter_id: int
    name: str
    share_bps: int
    amount: int


def read_partners(typed: Mapping[str, str], errors: dict[str, str]) -> list[Partner]:
    """The partners of a draft's line, as far as they can be read; what can't be has its sentence in `errors`."""
    found = []
    for n in PARTNERS:
        name, share = typed.get(f"partner_{n}", ""), typed.get(f"part_{n}", "")
        if not name and not share:
            continue
        if not name:
            errors[f"partner_{n}"] = _("Tulis nama perajinnya.")
        try:
            bps = parse_percent(share)
        except ValueError:
            bps = 0
        if not 0 < bps < FULL_RATE_BPS:
            errors[f"part_{n}"] = _("Isi bagiannya dalam persen, misalnya 40.")
        found.append(Partner(f"partner_{n}", name, bps))
    if sum(one.share_bps for one in found) >= FULL_RATE_BPS:
        sentence = _("Bagian perajin lain sudah habis semua. Sisakan untuk yang menitipkan.")
        errors.setdefault(f"part_{found[-1].field[-1]}", sentence)
    return found


def makers(
    partners: Sequence[Partner], crafter_id: int, known: Mapping[str, Collection[int]], errors: dict[str, str]
) -> list[tuple[int, int]]:
    """(crafter, share in basis points) of everyone who made it, who brings it first; none where it is theirs alone.
    `known`: the active crafters by their names in lower case."""
    found = {crafter_id: FULL_RATE_BPS - sum(one.share_bps for one in partners)}
    for one in partners:
        if not one.name:
            continue
        ids = known.get(one.name.lower(), ())
        if not ids:
            errors[one.field] = _("Tidak ada perajin aktif bernama “%(name)s”. Pilih dari daftar.", name=one.name[:40])
        elif len(ids) > 1:
            errors[one.field] = _("Ada %(n)s perajin bernama ini. Tulis dengan nama bengkelnya.", n=len(ids))
        elif (partner := next(iter(ids))) in found:
            errors[one.field] = _("Perajin ini sudah disebut.")
        else:
            found[partner] = one.share_bps
    return list(found.items()) if partners else []


def names_known(conn: Connection, showroom_id: int) -> dict[str, set[int]]:
    """Active crafters by name, and by name with workshop, in lower case."""
    query = select(Crafter.id, Crafter.name, Crafter.workshop).where(Crafter.showroom_id == showroom_id, Crafter.active)
    found: dict[str, set[int]] = {}
    for row in conn.execute(query):
        found.setdefault(row.name.lower(), set()).add(row.id)
        if row.workshop:
            found.setdefault(f"{row.name} · {row.workshop}".lower(), set()).add(row.id)
    return found


def makers_of(conn: Connection, line_ids: Collection[int]) -> dict[int, list[AnyRow]]:
    """Line -> its makers (crafter_id, name, share_bps), who brought it first; only of joint work."""
    query = (
        select(Maker.line_id, Maker.crafter_id, Maker.share_bps, Crafter.name)
        .join(Crafter, Crafter.id == Maker.crafter_id)
        .where(Maker.line_id.in_(line_ids))
        .order_by(Maker.line_id, Maker.position)
    )
    found: dict[int, list[AnyRow]] = {}
    for row in conn.execute(query) if line_ids else ():
        found.setdefault(row.line_id, []).append(row)
    return found


def lines_of(who: ColumnElement[bool]) -> AnySelect:
    """Lines of joint work whose makers are such, as a condition on `Maker.crafter_id` says."""
    return select(Maker.line_id).where(who)


def products_of(who: ColumnElement[bool]) -> AnySelect:
    """Products of which pieces are joint work of such makers, as a condition on `Maker.crafter_id` says."""
    return select(Item.product_id).join(Maker, Maker.line_id == Item.line_id).where(who)


def called(showroom_id: int, q: str) -> list[ColumnElement[bool]]:
    """What a showroom's products must be to be meant by what was typed: each word is in their name, their crafter's or
    another maker's. These are small tables: what is searched there is quick however many items there are."""
    found: list[ColumnElement[bool]] = [Product.showroom_id == showroom_id]
    for word in q.lower().split():
        named = func.lower(Crafter.name).contains(word, autoescape=True)
        people = select(Crafter.id).where(Crafter.showroom_id == showroom_id, named)
        together = Product.id.in_(products_of(Maker.crafter_id.in_(people)))
        own = Product.search_name.contains(word, autoescape=True)
        found.append(or_(own, Product.crafter_id.in_(people), together))
    return found


def names_of(conn: Connection, rows: Sequence[AnyRow]) -> dict[int, str]:
    """Item -> the names of all its makers, of those `rows` of items (id, line_id, joint) that are joint work."""
    together = [row for row in rows if row.joint]
    found = makers_of(conn, {row.line_id for row in together})
    return {row.id: names(found[row.line_id]) for row in together}


def partners(conn: Connection, product_ids: Collection[int]) -> dict[int, list[str]]:
    """Product -> the names of those who made some of it together with its crafter, by name."""
    query = (
        select(Item.product_id, Crafter.name)
        .join(Maker, Maker.line_id == Item.line_id)
        .join(Crafter, Crafter.id == Maker.crafter_id)
        .join(Product, Product.id == Item.product_id)
        .where(Item.product_id.in_(product_ids), Maker.crafter_id != Product.crafter_id)
        .distinct()
        .order_by(Crafter.name)
    )
    found: dict[int, list[str]] = {}
    for row in conn.execute(query) if product_ids else ():
        found.setdefault(row.product_id, []).append(row.name)
    return found


def parts(amount: int, who: Sequence[AnyRow]) -> list[Part]:
    """What each maker gets of an amount in rupiah."""
    shares = share_out(amount, [one.share_bps for one in who])
    return [
        Part(one.crafter_id, one.name, one.share_bps, part) for one, part in zip(who, shares, strict=True)
    ]  # fmt: skip


def line_of(conn: Connection, item_id: int) -> int:
    """The line that an item came in by."""
    return int(conn.execute(select(Item.line_id).where(Item.id == item_id)).scalar_one())


def words(who: Sequence[AnyRow]) -> str:
    """Makers as people read them: Tutik Handayani 60%, Slamet Riyadi 40%."""
    return ", ".join(f"{one.name} {format_percent(one.share_bps)}" for one in who)


def names(who: Sequence[AnyRow] | Sequence[Part]) -> str:
    """Makers' names for a label or a receipt: Tutik Handayani, Slamet Riyadi."""
    return ", ".join(one.name for one in who)
