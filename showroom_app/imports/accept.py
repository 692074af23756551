"""Accepting a file: all of it, or nothing, once; by what the other verbs write with."""

from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from showroom_app.extensions import AnyRow, reading, rollback
from showroom_app.imports import kept
from showroom_app.imports.crafters_file import CraftersFile
from showroom_app.imports.goods_file import GoodsFile
from showroom_app.imports.kept import Progress
from showroom_app.imports.models import ImportFile
from showroom_app.imports.preview import content_of, table_of, understand
from showroom_app.imports.standing import standing
from showroom_app.imports.upload import held_file, own_file
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.lib import label_code
from showroom_app.lib.refusal import Refusal
from showroom_app.people import activity, crafters
from showroom_app.people.models import Showroom
from showroom_app.stock.receiving import fresh_codes, take_in
from showroom_app.web.access import SignedIn
from showroom_app.web.filters import moment


def accept(import_id: int, mark: str, user: SignedIn, request_id: str) -> int:
    """Import a file whose preview was seen with this `mark`. Returns the file's id.

    It is read and checked again before anything is locked. Refuses a file with problems, one that was imported before,
    and one that would bring something else by now than the preview said. A server that dies on the way leaves nothing
    half written: the file waits as before.
    """
    row = own_file(reading(), import_id, user.showroom_id)
    if row.request_id == request_id:
        return import_id
    _must_be_waiting(row)
    key = kept.key(row.showroom_id, row.kind, row.sha256)
    with kept.progress(import_id) as progress:
        there = standing(reading(), user.showroom_id)
        rollback()
        _must_be_as_seen(mark, there.mark)
        table = table_of(row.kind, content_of(key))
        file = understand(row.kind, table, there, partial(progress.say, "checking"))
        if file.read.problems:
            raise Refusal(_("Masih ada yang perlu diperbaiki di berkas ini. Belum ada yang disimpan."))
        labels = 0 if isinstance(file, CraftersFile) else file.totals()["labels"]
        codes = [label_code.new_code() for _label in range(labels)]
        _write(row, file, mark, codes, user, request_id, progress)
    kept.forget(key, import_id)
    return import_id


def _must_be_waiting(row: AnyRow) -> None:
    if row.accepted_at is not None:
        raise Refusal(
            _("Berkas ini sudah diimpor %(name)s, %(at)s.", name=row.accepted_name or "", at=moment(row.accepted_at))
        )


def _must_be_as_seen(seen: str, mark: str) -> None:
    if seen != mark:
        raise Refusal(_("Data galeri berubah sejak pratinjau ini dibuka. Periksa lagi, lalu terima."))


@verb
def _write(
    row: AnyRow, file: CraftersFile | GoodsFile, mark: str, codes: list[str], user: SignedIn, request_id: str,
    progress: Progress,
) -> None:  # fmt: skip
    act = begin_act("import", request_id, {"import": row.id, "sha256": row.sha256, "mark": mark}, user.id)
    if act.repeated:
        return
    # One import at a time in a showroom; sales and all else go on.
    held = select(Showroom.id).where(Showroom.id == user.showroom_id)
    act.conn.execute(held.with_for_update(key_share=True))
    _must_be_waiting(held_file(act.conn, row.id, user.showroom_id))
    _must_be_as_seen(mark, standing(act.conn, user.showroom_id).mark)
    act.holds()
    told = _crafters(act, file, user) if isinstance(file, CraftersFile) else _goods(act, file, codes, user, progress)
    values = {"accepted_at": act.at, "accepted_by": user.id, "request_id": request_id, **told}
    act.conn.execute(update(ImportFile).where(ImportFile.id == row.id).values(values))
    after = {"name": row.name, "content": row.kind, "rows": row.rows} | {key: told[key] for key in told if told[key]}
    activity.note(act.conn, user.showroom_id, user.id, "import", f"import_file:{row.id}", after=after, at=act.at)
    act.commit(import_id=row.id)


def _crafters(act: Act, file: CraftersFile, user: SignedIn) -> dict[str, Any]:
    if file.new:
        crafters.add(act, user.showroom_id, file.new)
    return {"made": len(file.new), "skipped": file.known, "pieces": 0, "value": 0}


def _goods(act: Act, file: GoodsFile, codes: list[str], user: SignedIn, progress: Progress) -> dict[str, Any]:
    notes, totals = file.notes(), file.totals()

    def say(done: int) -> None:
        progress.say("writing", done, len(notes))

    say(0)
    take_in(act, user.showroom_id, notes, fresh_codes(act.conn, codes), say)
    return {"made": len(notes), "skipped": 0, "pieces": totals["pieces"], "value": totals["value"]}
