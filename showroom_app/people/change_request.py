"""Another phone number or bank account that a crafter asks for from their phone: the office looks, then decides."""

import json
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import aliased

from showroom_app.extensions import AnyRow, AnySelect, now, reading
from showroom_app.ledger.act import begin_act, verb
from showroom_app.lib.phone import national
from showroom_app.lib.refusal import FormRefusal, Refusal
from showroom_app.lib.typed import NAME_MAX, Typed, row_id
from showroom_app.people import activity
from showroom_app.people.crafter_models import ChangeRequest
from showroom_app.people.crafters import checked_lines, checked_phone, own_crafter
from showroom_app.people.models import Activity, Crafter, User
from showroom_app.people.sign_in import prove
from showroom_app.web.access import SignedIn

KINDS = {"phone": ("phone",), "bank": ("bank_name", "bank_account", "bank_holder")}
# So long a changed bank account is called new where money is sent to it.
NEW_FOR = timedelta(days=7)
ACCOUNT_DIGITS_MIN = 5
LISTED_MAX, DECIDED_SHOWN = 200, 20


def field_words() -> dict[str, str]:
    """What can be asked for, column by column."""
    return {
        "phone": _("Nomor HP"), "bank_name": _("Bank"), "bank_account": _("Nomor rekening"),
        "bank_holder": _("Atas nama"),
    }  # fmt: skip


@verb
def ask(kind: str, typed: Typed, user: SignedIn, request_id: str) -> int:
    """A crafter asks for another phone number ("phone") or bank account ("bank"), with their PIN. Returns the request's
    id. Nothing changes before the office says yes; a newer request takes the place of an open one.

    Refuses what is no number, what is known already, and a wrong PIN, which counts as at sign-in.
    """
    wanted = checked(kind, typed)
    prove(user.id, typed.get("pin", ""), "pin")
    act = begin_act("change-ask", request_id, {"kind": kind, "wanted": wanted}, user.id)
    if act.repeated:
        return int(act.result["id"])
    crafter = own_crafter(act.conn, user.crafter_id or 0, user.showroom_id, hold=True)
    before = {field: getattr(crafter, field) for field in wanted}
    if before == wanted:
        raise Refusal(_("Ini sama dengan yang sekarang. Tidak ada yang perlu diubah."), KINDS[kind][-1])
    older = update(ChangeRequest).where(
        ChangeRequest.crafter_id == crafter.id, ChangeRequest.kind == kind, ChangeRequest.decided_at.is_(None)
    )
    act.conn.execute(older.values(decided_at=act.at, decided_by=user.id, accepted=False))
    values = {"crafter_id": crafter.id, "kind": kind, "wanted": json.dumps(wanted, ensure_ascii=False), "at": act.at}
    change_id = int(act.conn.execute(insert(ChangeRequest).returning(ChangeRequest.id), values).scalar_one())
    subject = f"crafter:{crafter.id}"
    activity.note(act.conn, user.showroom_id, user.id, "change-asked", subject, before, wanted, act.at)
    return int(act.commit(id=change_id)["id"])


def checked(kind: str, typed: Typed) -> dict[str, str]:
    """What is asked for, by the crafter's columns; refuses per field."""
    if kind == "phone":
        if not typed.line("phone"):
            raise Refusal(_("Tulis nomor HP yang baru."), "phone")
        return {"phone": checked_phone(typed)}
    errors: dict[str, str] = {}
    values = checked_lines(typed, KINDS["bank"], errors)
    if not values["bank_name"]:
        errors.setdefault("bank_name", _("Tulis nama banknya, misalnya BRI."))
    bare = values["bank_account"].replace(" ", "").replace("-", "").replace(".", "")
    if not (bare.isascii() and bare.isdigit()) or len(bare) < ACCOUNT_DIGITS_MIN:
        errors.setdefault("bank_account", _("Tulis nomor rekening dengan angka, seperti di buku tabungan."))
    if not values["bank_holder"]:
        errors.setdefault("bank_holder", _("Tulis nama pemilik rekening, seperti di buku tabungan."))
    if errors:
        raise FormRefusal(errors)
    return values


@verb
def decide(change_id: int, accepted: bool, answer: str, user: SignedIn, request_id: str) -> int:
    """A manager says yes, and the crafter's data change, or no, with a reason. Returns the crafter's id.

    Refuses what somebody decided before, what the crafter asked for anew since, and a no without a reason.
    """
    content = {"change": change_id, "accepted": accepted, "answer": answer}
    act = begin_act("change-decide", request_id, content, user.id)
    if act.repeated:
        return int(act.result["crafter_id"])
    whose = act.conn.execute(select(ChangeRequest.crafter_id).where(ChangeRequest.id == change_id)).scalar()
    crafter = own_crafter(act.conn, whose or 0, user.showroom_id, hold=True)
    row = act.conn.execute(_all().where(ChangeRequest.id == change_id)).one()
    if row.decided_at is not None:
        raise Refusal(outcome_words(row))
    if len(answer) > NAME_MAX:
        raise Refusal(_("Terlalu panjang, paling banyak %(n)s huruf.", n=NAME_MAX), "answer")
    if not accepted and not answer:
        raise Refusal(_("Tulis alasannya. Perajin membacanya di HP."), "answer")
    wanted = json.loads(row.wanted)
    if accepted:
        act.conn.execute(update(Crafter).where(Crafter.id == crafter.id).values(wanted))
        activity.changed(act.conn, user, "crafter", f"crafter:{crafter.id}", crafter, wanted, act.at)
    else:
        told = wanted | {"reason": answer}
        subject = f"crafter:{crafter.id}"
        activity.note(act.conn, user.showroom_id, user.id, "change-refused", subject, after=told, at=act.at)
    decided = {"decided_at": act.at, "decided_by": user.id, "accepted": accepted, "answer": answer}
    act.conn.execute(update(ChangeRequest).where(ChangeRequest.id == change_id).values(decided))
    return int(act.commit(crafter_id=crafter.id)["crafter_id"])


def outcome_words(row: AnyRow) -> str:
    """What became of a decided request, for whoever comes second."""
    if row.decider_role == "crafter":
        return _("Perajin sudah mengirim permintaan yang baru. Muat ulang halaman.")
    if row.accepted:
        return _("%(name)s sudah menerima permintaan ini.", name=row.decider_name)
    return _("%(name)s sudah menolak permintaan ini.", name=row.decider_name)


def _all() -> AnySelect:
    decider = aliased(User)
    return (
        select(
            ChangeRequest.__table__, Crafter.name.label("crafter_name"), Crafter.showroom_id,
            Crafter.phone, Crafter.bank_name, Crafter.bank_account, Crafter.bank_holder,
            decider.name.label("decider_name"), decider.role.label("decider_role"),
        )
        .join(Crafter, Crafter.id == ChangeRequest.crafter_id)
        .outerjoin(decider, decider.id == ChangeRequest.decided_by)
    )  # fmt: skip


def _told(row: AnyRow) -> dict[str, Any]:
    """A request as screens show it: each field with what is known now and what is wanted."""
    words, wanted = field_words(), json.loads(row.wanted)
    fields = [
        {"words": words[field], "now": _shown(field, getattr(row, field)), "wanted": _shown(field, text)}
        for field, text in wanted.items()
    ]
    return dict(row._mapping, fields=fields, replaced=row.decider_role == "crafter")


def _shown(field: str, text: str) -> str:
    return national(text) if field == "phone" else text


def waiting(showroom_id: int) -> list[dict[str, Any]]:
    """What waits for the office, the oldest first."""
    query = _all().where(Crafter.showroom_id == showroom_id, ChangeRequest.decided_at.is_(None))
    return [_told(row) for row in reading().execute(query.order_by(ChangeRequest.id).limit(LISTED_MAX))]


def decided(showroom_id: int) -> list[dict[str, Any]]:
    """What the office decided lately, newest first; without what a newer request took the place of."""
    query = _all().where(Crafter.showroom_id == showroom_id, ChangeRequest.decided_at.is_not(None))
    query = query.where(ChangeRequest.decided_by.not_in(select(User.id).where(User.role == "crafter")))
    return [_told(row) for row in reading().execute(query.order_by(ChangeRequest.id.desc()).limit(DECIDED_SHOWN))]


def own(crafter_id: int) -> dict[str, dict[str, Any]]:
    """A crafter's latest request of each kind."""
    last = select(func.max(ChangeRequest.id)).where(ChangeRequest.crafter_id == crafter_id).group_by(ChangeRequest.kind)
    rows = reading().execute(_all().where(ChangeRequest.id.in_(last)))
    return {row.kind: _told(row) for row in rows}


def waiting_count(showroom_id: int) -> int:
    """How many requests wait for the office."""
    query = select(func.count()).select_from(ChangeRequest).join(Crafter, Crafter.id == ChangeRequest.crafter_id)
    query = query.where(ChangeRequest.decided_at.is_(None), Crafter.showroom_id == showroom_id)
    return int(reading().execute(query).scalar_one())


def new_banks(showroom_id: int, crafter_id: int | None = None) -> dict[int, str]:
    """Crafters, or one of them, whose bank account is "asked" to become another, or was "changed" in the last week, by
    whomever: whoever got hold of a phone would have the money sent elsewhere."""
    own = select(Crafter.id).where(Crafter.showroom_id == showroom_id)
    crafters = list(reading().execute(own if crafter_id is None else own.where(Crafter.id == crafter_id)).scalars())
    subjects = [f"crafter:{crafter_id}" for crafter_id in crafters]  # the log is long, and read along this index
    lately = select(Activity.subject, Activity.before).where(
        Activity.subject.in_(subjects), Activity.kind == "crafter", Activity.at >= now() - NEW_FOR
    )
    found: dict[int, str] = {}
    for row in reading().execute(lately):
        if not json.loads(row.before).keys().isdisjoint(KINDS["bank"]):
            found[row_id(row.subject.partition(":")[2])] = "changed"
    asked = select(ChangeRequest.crafter_id).where(
        ChangeRequest.kind == "bank", ChangeRequest.decided_at.is_(None), ChangeRequest.crafter_id.in_(crafters)
    )
    return found | dict.fromkeys(reading().execute(asked).scalars(), "asked")
