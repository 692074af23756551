"""The workbook's sheets of what crafters agreed to and asked for: consents, cards, other data, goods they propose.

They are the manager's, as on the screens. A card's code, with which its PIN page opens, is in no sheet.
"""

import json
from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from showroom_app.extensions import AnyRow
from showroom_app.imports.export_sheet import Cell, Column, Table, rows_of
from showroom_app.lib.phone import national
from showroom_app.people import change_request, consent
from showroom_app.people.crafter_models import Card, ChangeRequest, Consent
from showroom_app.people.models import Crafter, User
from showroom_app.stock.draft import category_words
from showroom_app.stock.life_models import Proposal
from showroom_app.web.access import CRAFTER


def asked_tables(showroom_id: int) -> list[Table]:
    """Consents, cards, requests for other data, proposals."""
    return [
        Table(_("Izin tampil"), _consent_columns(), _consents(showroom_id)),
        Table(_("Kartu perajin"), _card_columns(), _cards(showroom_id)),
        Table(_("Permintaan perajin"), _request_columns(), _requests(showroom_id)),
        Table(_("Usulan barang"), _proposal_columns(), _proposals(showroom_id)),
    ]


def _consent_columns() -> list[Column]:
    return [
        Column(_("Nama perajin"), 26), *[Column(words, 18) for words in consent.part_words().values()],
        Column(_("Diizinkan"), 19, "moment"), Column(_("Ditanya oleh"), 20), Column(_("Dicabut"), 19, "moment"),
        Column(_("Dicabut oleh"), 20), Column(_("Yang dibacakan"), 60),
    ]  # fmt: skip


def _consents(showroom_id: int) -> Iterator[Sequence[Cell]]:
    """One that was given anew ended the one before."""
    asker, ender = aliased(User), aliased(User)
    query = (
        select(
            Consent.__table__, Consent.id.label("key"), Crafter.showroom_id, Crafter.name.label("crafter"),
            asker.name.label("asker"), ender.name.label("ender"),
        )
        .join(Crafter, Crafter.id == Consent.crafter_id)
        .join(asker, asker.id == Consent.asked_by)
        .outerjoin(ender, ender.id == Consent.withdrawn_by)
    )  # fmt: skip
    for row in rows_of(query, Consent.__table__.c.id, showroom_id):
        parts = [_("ya") if getattr(row, part) else _("tidak") for part in consent.PARTS]
        yield row.crafter, *parts, row.at, row.asker, row.withdrawn_at, row.ender, row.words


def _card_columns() -> list[Column]:
    return [
        Column(_("Nama perajin"), 26), Column(_("Dibuat"), 19, "moment"), Column(_("Dibuat oleh"), 20),
        Column(_("Keadaan"), 12), Column(_("Hilang"), 19, "moment"), Column(_("Dicatat oleh"), 20),
    ]  # fmt: skip


def _cards(showroom_id: int) -> Iterator[Sequence[Cell]]:
    maker, ender = aliased(User), aliased(User)
    query = (
        select(
            Card.id.label("key"), Crafter.showroom_id, Crafter.name.label("crafter"), Card.made_at, Card.ended_at,
            maker.name.label("maker"), ender.name.label("ender"),
        )
        .join(Crafter, Crafter.id == Card.crafter_id)
        .join(maker, maker.id == Card.made_by)
        .outerjoin(ender, ender.id == Card.ended_by)
    )  # fmt: skip
    for row in rows_of(query, Card.__table__.c.id, showroom_id):
        state = _("berlaku") if row.ended_at is None else _("hilang")
        yield row.crafter, row.made_at, row.maker, state, row.ended_at, row.ender


def _request_columns() -> list[Column]:
    return [
        Column(_("Nama perajin"), 26), Column(_("Waktu (WIB)"), 19, "moment"), Column(_("Yang diminta"), 60),
        *_decision_columns(),
    ]  # fmt: skip


def _decision_columns() -> list[Column]:
    return [
        Column(_("Keadaan"), 26), Column(_("Diputuskan pada"), 19, "moment"), Column(_("Diputuskan oleh"), 20),
        Column(_("Jawaban"), 32),
    ]  # fmt: skip


def _requests(showroom_id: int) -> Iterator[Sequence[Cell]]:
    decider = aliased(User)
    query = (
        select(
            ChangeRequest.__table__, ChangeRequest.id.label("key"), Crafter.showroom_id, Crafter.name.label("crafter"),
            decider.name.label("decider"), decider.role.label("decider_role"),
        )
        .join(Crafter, Crafter.id == ChangeRequest.crafter_id)
        .outerjoin(decider, decider.id == ChangeRequest.decided_by)
    )  # fmt: skip
    for row in rows_of(query, ChangeRequest.__table__.c.id, showroom_id):
        yield row.crafter, row.at, _wanted(row), _outcome(row), row.decided_at, row.decider, row.answer


def _wanted(row: AnyRow) -> str:
    words = change_request.field_words()
    wanted = json.loads(row.wanted).items()
    return "; ".join(f"{words[field]}: {national(text) if field == 'phone' else text}" for field, text in wanted)


def _outcome(row: AnyRow) -> str:
    if row.decided_at is None:
        return _("menunggu")
    if row.decider_role == CRAFTER:
        return _("diganti permintaan baru")
    return _("diterima") if row.accepted else _("ditolak")


def _proposal_columns() -> list[Column]:
    return [
        Column(_("Nama perajin"), 26), Column(_("Waktu (WIB)"), 19, "moment"), Column(_("Nama barang"), 32),
        Column(_("Jenis barang"), 16), Column(_("Harga"), 13, "amount"), Column(_("Cerita"), 40),
        *_decision_columns(),
    ]  # fmt: skip


def _proposals(showroom_id: int) -> Iterator[Sequence[Cell]]:
    """Of accepted ones the words as the office put them right."""
    categories, decider = category_words(), aliased(User)
    query = (
        select(
            Proposal.__table__, Proposal.id.label("key"), Crafter.showroom_id, Crafter.name.label("crafter"),
            decider.name.label("decider"),
        )
        .join(Crafter, Crafter.id == Proposal.crafter_id)
        .outerjoin(decider, decider.id == Proposal.decided_by)
    )  # fmt: skip
    for row in rows_of(query, Proposal.__table__.c.id, showroom_id):
        said = _("diterima") if row.product_id else _("ditolak")
        yield (
            row.crafter, row.at, row.name, categories.get(row.category, row.category), row.price, row.story,
            said if row.decided_at else _("menunggu"), row.decided_at, row.decider, row.answer,
        )  # fmt: skip
