"""A file comes in: read in full, then kept until it is accepted, thrown away, or a week is over."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.orm import aliased

from showroom_app.extensions import AnyRow, AnySelect, begin_write, commit, now, reading
from showroom_app.imports import kept
from showroom_app.imports.models import KINDS, ImportFile
from showroom_app.imports.preview import look, table_of
from showroom_app.ledger.act import verb
from showroom_app.ledger.models import Entry
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import NAME_MAX, tidy_line
from showroom_app.people.models import Crafter, Desk, User
from showroom_app.stock.models import Consignment
from showroom_app.stock.notes import number_text
from showroom_app.web.access import SignedIn
from showroom_app.web.filters import moment

LISTED_MAX = 20


def _files() -> AnySelect:
    accepted = aliased(User)
    return (
        select(ImportFile.__table__, User.name.label("user_name"), accepted.name.label("accepted_name"))
        .join(User, User.id == ImportFile.user_id)
        .outerjoin(accepted, accepted.id == ImportFile.accepted_by)
    )


def own_file(conn: Connection, import_id: int, showroom_id: int) -> AnyRow:
    """A file of this showroom with the names of who brought and who accepted it; to anyone else there is none."""
    row = conn.execute(_files().where(ImportFile.id == import_id)).first()
    if row is None or row.showroom_id != showroom_id:
        raise NotHere
    return row


def held_file(conn: Connection, import_id: int, showroom_id: int) -> AnyRow:
    """As `own_file`, and nobody else accepts it or throws it away until the transaction ends."""
    conn.execute(select(ImportFile.id).where(ImportFile.id == import_id).with_for_update())
    return own_file(conn, import_id, showroom_id)


def files(showroom_id: int) -> list[AnyRow]:
    """The files of late, newest first."""
    query = _files().where(ImportFile.showroom_id == showroom_id).order_by(ImportFile.id.desc()).limit(LISTED_MAX)
    return list(reading().execute(query))


def seen_before(row: AnyRow) -> str:
    """What became of a file when it came the first time."""
    if row.accepted_at is None:
        at = moment(row.uploaded_at)
        return _("Isi yang sama sudah diunggah %(name)s, %(at)s. Ini pratinjaunya.", name=row.user_name, at=at)
    return _("Berkas ini sudah diimpor %(name)s, %(at)s.", name=row.accepted_name, at=moment(row.accepted_at))


def notes_of(file: AnyRow) -> list[dict[str, Any]]:
    """The notes that an accepted file made, by the request that wrote their entries."""
    query = (
        select(Consignment.id, Consignment.number, Consignment.pieces, Consignment.value, Crafter.name, Desk.code)
        .join(Entry, Entry.id == Consignment.entry_id)
        .join(Crafter, Crafter.id == Consignment.crafter_id)
        .join(Desk, Desk.id == Consignment.desk_id)
        .where(Entry.request_id == file.request_id)
        .order_by(Consignment.id)
    )
    return [row._asdict() | {"number": number_text(row.code, row.number)} for row in reading().execute(query)]


def upload(kind: str, name: str, content: bytes, user: SignedIn) -> tuple[int, bool]:
    """Take a file in, without importing anything. Returns its id, and whether it was there already: the same table is
    the same file, and its page says what became of it. Refuses what can't be read as a table of its kind."""
    if kind not in KINDS:
        raise Refusal(_("Pilih isi berkasnya: perajin atau barang."), "kind")
    if not content:
        raise Refusal(_("Pilih berkasnya dulu."), "file")
    kept.forget_old()
    table = table_of(kind, content)
    key = kept.key(user.showroom_id, kind, table.sha256)
    kept.keep(key, content)
    noted = _note(kind, _tidy_name(name), table.sha256, len(table.rows), user)
    look(user.showroom_id, kind, key, table)  # it is read already, and will be looked at next
    return noted


def _tidy_name(name: str) -> str:
    """A file's name without the folders that some browsers tell."""
    return tidy_line(name.replace("\\", "/").rpartition("/")[2])[-NAME_MAX:] or _("tanpa nama")


@verb
def _note(kind: str, name: str, sha256: str, rows: int, user: SignedIn) -> tuple[int, bool]:
    conn = begin_write()
    old = now() - timedelta(seconds=kept.KEPT_SECONDS)
    waiting = delete(ImportFile).where(ImportFile.accepted_at.is_(None), ImportFile.sha256 != sha256)
    conn.execute(waiting.where(ImportFile.showroom_id == user.showroom_id, ImportFile.uploaded_at < old))
    same = select(ImportFile.id).where(
        ImportFile.showroom_id == user.showroom_id, ImportFile.kind == kind, ImportFile.sha256 == sha256
    )
    known = conn.execute(same).scalar()
    if known is not None:
        again = update(ImportFile).where(ImportFile.id == known, ImportFile.accepted_at.is_(None))
        conn.execute(again.values(uploaded_at=now()))
        commit()
        return int(known), True
    values: dict[str, Any] = {
        "showroom_id": user.showroom_id, "user_id": user.id, "kind": kind, "name": name, "sha256": sha256,
        "rows": rows, "uploaded_at": now(),
    }  # fmt: skip
    import_id = int(conn.execute(insert(ImportFile).returning(ImportFile.id), values).scalar_one())
    commit()
    return import_id, False


@verb
def discard(import_id: int, user: SignedIn) -> None:
    """Throw a waiting file away. One that was accepted stays, so that it is known again."""
    conn = begin_write()
    row = held_file(conn, import_id, user.showroom_id)
    if row.accepted_at is not None:
        raise Refusal(_("Berkas ini sudah diimpor dan tidak bisa dibuang."))
    conn.execute(delete(ImportFile).where(ImportFile.id == import_id, ImportFile.accepted_at.is_(None)))
    commit()
    kept.forget(kept.key(row.showroom_id, row.kind, row.sha256), import_id)
