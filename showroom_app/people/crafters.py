"""Crafters: who they are, what is agreed with them by default, and their sign-in."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, insert, or_, select, update

from showroom_app.extensions import AnyRow, db, reading
from showroom_app.ledger import book
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.ledger.models import RUPIAH, Account, Balance
from showroom_app.lib.money import PRICE_MAX, parse_percent, parse_rupiah
from showroom_app.lib.phone import parse_phone
from showroom_app.lib.refusal import FormRefusal, NotHere, Refusal
from showroom_app.lib.typed import NAME_MAX, Typed
from showroom_app.people import activity
from showroom_app.people.accounts import checked_name, checked_username
from showroom_app.people.models import Crafter, User
from showroom_app.people.passwords import NO_HASH, checked_pin, hash_secret, mark_of
from showroom_app.people.sign_in import new_session_key
from showroom_app.web.access import CRAFTER, SignedIn

_LINES = ("workshop", "address", "bank_name", "bank_account", "bank_holder")
LISTED_MAX = 300
# What the activity log keeps of a new crafter.
_LOGGED = ("name", "phone", *_LINES, "terms_kind", "commission_bps", "advance_rupiah_max")


@verb
def save_crafter(typed: Typed, user: SignedIn, request_id: str, crafter_id: int | None = None) -> int:
    """Add a crafter, or change one, with the sign-in for their phone. Returns the crafter's id.

    Terms here are only the default for later consignments: what was agreed for goods already in stays.
    """
    pin = typed.get("pin", "").strip()
    if pin and typed.flag("one_time"):
        raise Refusal(_("Pilih salah satu: isi PIN, atau buat kode sekali pakai."), "pin")
    pin_hash = hash_secret(checked_pin(pin, phone=typed.line("phone"))) if pin else ""
    content: dict[str, Any] = {k: v for k, v in typed.items() if k not in ("pin", "csrf_token")}
    content |= {"crafter": crafter_id, "secret": mark_of(pin)}
    act = begin_act("crafter", request_id, content, user.id)
    if act.repeated:
        return int(act.result["crafter_id"])
    values = checked(typed)
    if crafter_id is None:
        [crafter_id] = add(act, user.showroom_id, [values])
    else:
        before = own_crafter(act.conn, crafter_id, user.showroom_id, hold=True)
        if typed.get("reached", "") not in ("", reached(before)):
            raise Refusal(
                _("Nomor HP atau rekening perajin ini baru saja diubah di layar lain. Muat ulang, lalu ubah lagi.")
            )
        values["active"] = typed.flag("active")
        act.conn.execute(update(Crafter).where(Crafter.id == crafter_id).values(values))
        activity.changed(act.conn, user, "crafter", f"crafter:{crafter_id}", before, values, act.at)
    _save_sign_in(act, crafter_id, typed, pin_hash, user)
    return int(act.commit(crafter_id=crafter_id)["crafter_id"])


def reached(crafter: AnyRow) -> str:
    """A mark of the phone number and bank account that a form showed, which two people or the crafter may change."""
    return mark_of("\n".join((crafter.phone, crafter.bank_name, crafter.bank_account, crafter.bank_holder)))[:16]


def add(act: Act, showroom_id: int, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Add crafters with checked values: each gets an account in the book and a line in the log. Returns their ids, in
    order; it never commits."""
    more = {"showroom_id": showroom_id, "active": True, "created_at": act.at}
    made = act.conn.execute(
        insert(Crafter).returning(Crafter.id, sort_by_parameter_order=True), [{**values, **more} for values in rows]
    )
    ids = [int(crafter_id) for crafter_id in made.scalars()]
    book.open_accounts(act.conn, "crafter", ids, keeps_balance=True)
    told = [{key: value for key, value in row.items() if key in _LOGGED and value not in ("", None)} for row in rows]
    subjects = zip((f"crafter:{crafter_id}" for crafter_id in ids), told, strict=True)
    activity.note_new(act.conn, showroom_id, act.actor_id, "crafter-new", subjects, act.at)
    return ids


def checked(typed: Typed) -> dict[str, Any]:
    """A crafter's values as typed, by its columns; refuses per field."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = checked_lines(typed, _LINES, errors)
    try:
        values["name"] = checked_name(typed.line("name"))
    except Refusal as refusal:
        errors["name"] = refusal.sentence
    try:
        values["phone"] = checked_phone(typed)
    except Refusal as refusal:
        errors["phone"] = refusal.sentence
    values["terms_kind"] = typed.get("terms_kind", "commission")
    if values["terms_kind"] not in ("commission", "net_price"):
        errors["terms_kind"] = _("Pilih komisi atau harga setor.")
    try:
        unused = "0" if values["terms_kind"] == "net_price" else ""
        values["commission_bps"] = parse_percent(typed.get("commission_percent", "") or unused)
    except ValueError:
        errors["commission_percent"] = _("Isi persen antara 0 dan 100, misalnya 15.")
    values["advance_rupiah_max"] = None
    if typed.get("advance_rupiah_max", "").strip():
        try:
            values["advance_rupiah_max"] = parse_rupiah(typed["advance_rupiah_max"])
        except ValueError:
            values["advance_rupiah_max"] = -1
        if not 0 <= values["advance_rupiah_max"] <= PRICE_MAX:
            errors["advance_rupiah_max"] = _("Isi jumlah dalam rupiah, misalnya 500.000, atau kosongkan.")
    if errors:
        raise FormRefusal(errors)
    return values


def checked_lines(typed: Typed, fields: Sequence[str], errors: dict[str, str]) -> dict[str, Any]:
    """Lines as they are kept; those too long have their sentence in `errors`."""
    values = {field: typed.line(field) for field in fields}
    for field, text in values.items():
        if len(text) > NAME_MAX:
            errors[field] = _("Terlalu panjang, paling banyak %(n)s huruf.", n=NAME_MAX)
    return values


def checked_phone(typed: Typed) -> str:
    """The phone number as it is kept; empty where none was typed."""
    try:
        return parse_phone(typed["phone"]) if typed.line("phone") else ""
    except ValueError:
        raise Refusal(_("Nomor ini belum lengkap. Contoh: 0812 3456 7890."), "phone") from None


def _save_sign_in(act: Act, crafter_id: int, typed: Typed, pin_hash: str, manager: SignedIn) -> None:
    """The account for their phone. It stays open for a crafter who brings nothing more: they may still be owed."""
    conn = act.conn
    before = conn.execute(select(User.__table__).where(User.crafter_id == crafter_id)).first()
    known = before.id if before else None
    username = typed.get("username", "").strip()
    fields: dict[str, Any] = {"name": typed.line("name")}
    if username:
        fields["username"] = checked_username(conn, username, known)
    if pin_hash:
        fields |= {"password_hash": pin_hash, "session_key": new_session_key(), "one_time_until": None}
    if known is not None:
        fields["active"] = typed.flag("may_sign_in")
        if not fields["active"]:
            fields["session_key"] = new_session_key()
        conn.execute(update(User).where(User.id == known).values(fields))
        told: dict[str, Any] = {field: fields[field] for field in ("username", "active") if field in fields}
        activity.changed(conn, manager, "account", f"user:{known}", before, told, act.at)
        if pin_hash:
            activity.note(conn, manager.showroom_id, manager.id, "password", f"user:{known}", at=act.at)
    elif pin_hash or typed.flag("one_time"):
        new_account(act, crafter_id, {"password_hash": NO_HASH, "session_key": new_session_key()} | fields, manager)
    elif username:
        raise Refusal(_("Isi juga PIN 6 angka untuk akun baru, atau buat kode sekali pakai."), "pin")


def new_account(act: Act, crafter_id: int, fields: dict[str, Any], manager: SignedIn) -> int:
    """Add the account for a crafter's phone, with a username of its own where none is given. Returns the user's id; it
    never commits."""
    conn, username = act.conn, fields.get("username") or _free_username(act.conn, f"perajin-{crafter_id}")
    whose = {"showroom_id": manager.showroom_id, "role": CRAFTER, "crafter_id": crafter_id, "language": "id"}
    values = fields | whose | {"username": username}
    user_id = int(conn.execute(insert(User).returning(User.id), values).scalar_one())
    told = {"username": username}
    activity.note(conn, manager.showroom_id, manager.id, "account", f"user:{user_id}", after=told, at=act.at)
    return user_id


def _free_username(conn: Connection, wanted: str) -> str:
    """The wanted username, or with a number behind it where somebody has it."""
    taken = set(conn.execute(select(User.username).where(User.username.startswith(wanted, autoescape=True))).scalars())
    tries = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 2)))
    return next(name for name in tries if name not in taken)


def own_crafter(conn: Connection, crafter_id: int, showroom_id: int, *, hold: bool = False) -> AnyRow:
    """A crafter of this showroom; to anyone else there is no such crafter. `hold` makes others who would change them
    wait until the transaction ends; what only names them does not wait."""
    query = select(Crafter.__table__).where(Crafter.id == crafter_id)
    row = conn.execute(query.with_for_update(key_share=True) if hold else query).first()
    if row is None or row.showroom_id != showroom_id:
        raise NotHere
    return row


def list_crafters(showroom_id: int, q: str = "", active_only: bool = False, most: int = LISTED_MAX) -> list[AnyRow]:
    """Crafters by name, with what they are owed in rupiah (`owed`), that match a name or workshop."""
    query = (
        select(Crafter.__table__, (-db.func.coalesce(Balance.amount, 0)).label("owed"))
        .join(Account, (Account.kind == "crafter") & (Account.owner_id == Crafter.id))
        .outerjoin(Balance, (Balance.account_id == Account.id) & (Balance.unit == RUPIAH))
        .where(Crafter.showroom_id == showroom_id)
        .order_by(Crafter.active.desc(), Crafter.name)
        .limit(most)
    )
    if active_only:
        query = query.where(Crafter.active)
    if q:
        query = query.where(
            or_(Crafter.name.icontains(q, autoescape=True), Crafter.workshop.icontains(q, autoescape=True))
        )
    return list(reading().execute(query))


def owed(crafter_id: int) -> int:
    """What the showroom owes a crafter now, in rupiah; below zero when the crafter owes."""
    return owed_in(reading(), crafter_id)


def owed_in(conn: Connection, crafter_id: int) -> int:
    """What the showroom owes a crafter, as this transaction sees it. The one place where the book's sign (debits minus
    credits) is turned round for people."""
    query = (
        select(Balance.amount)
        .join(Account, Account.id == Balance.account_id)
        .where(Account.kind == "crafter", Account.owner_id == crafter_id, Balance.unit == RUPIAH)
    )
    return -int(conn.execute(query).scalar() or 0)
