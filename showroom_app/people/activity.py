"""The activity log: who did what besides the book, with what was before and after. Only ever added to."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from showroom_app.extensions import AnyRow, now, reading
from showroom_app.people.models import Activity, User
from showroom_app.web.access import SignedIn

PAGE = 50


def note(
    conn: Connection,
    showroom_id: int | None,
    actor_id: int | None,
    kind: str,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Add a line, in the transaction of what it tells of. `subject` is a table and an id, such as crafter:12; of
    `before` and `after` only what differs is kept. Never pass secrets."""
    before, after = before or {}, after or {}
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    values = {
        "showroom_id": showroom_id, "actor_id": actor_id, "kind": kind, "subject": subject, "at": at or now(),
        "before": _told({key: before[key] for key in sorted(changed & set(before))}),
        "after": _told({key: after[key] for key in sorted(changed & set(after))}),
    }  # fmt: skip
    if changed or not (before or after):
        conn.execute(insert(Activity), values)


def note_new(
    conn: Connection,
    showroom_id: int,
    actor_id: int | None,
    kind: str,
    subjects: Iterable[tuple[str, Mapping[str, Any]]],
    at: datetime,
) -> None:
    """Add a line for each of many new things: (subject, what is told of it)."""
    same = {"showroom_id": showroom_id, "actor_id": actor_id, "kind": kind, "at": at, "before": _told({})}
    rows = [{**same, "subject": one, "after": _told(dict(sorted(told.items())))} for one, told in subjects]
    conn.execute(insert(Activity), rows)


def changed(
    conn: Connection,
    who: SignedIn,
    kind: str,
    subject: str,
    before: Any,
    values: Mapping[str, Any],
    at: datetime | None = None,
) -> None:
    """Add a line when new values differ from a row's; `before` is the row as it was."""
    known = {key: getattr(before, key) for key in values}
    if known != dict(values):
        note(conn, who.showroom_id, who.id, kind, subject, known, values, at)


def _told(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, default=str)


def as_of(subject: str, moment: datetime, current: Mapping[str, Any]) -> dict[str, Any]:
    """`current` values of something as they were at a moment: what the first later change of each says was before."""
    query = select(Activity.before).where(Activity.subject == subject, Activity.at >= moment, Activity.before != "{}")
    told = dict(current)
    for row in reading().execute(query.order_by(Activity.id.desc())):
        told |= {key: value for key, value in json.loads(row.before).items() if key in told}
    return told


def page(showroom_id: int, *, kind: str = "", actor_id: int | None = None, before: int | None = None) -> list[AnyRow]:
    """Lines of a showroom, newest first; one more than PAGE means that there is more."""
    query = (
        select(Activity.__table__, func.coalesce(User.name, "").label("actor"))
        .outerjoin(User, User.id == Activity.actor_id)
        .where(Activity.showroom_id == showroom_id)
        .order_by(Activity.id.desc())
        .limit(PAGE + 1)
    )
    if kind:
        query = query.where(Activity.kind == kind)
    if actor_id is not None:
        query = query.where(Activity.actor_id == actor_id)
    if before is not None:
        query = query.where(Activity.id < before)
    return list(reading().execute(query))
