"""An act: one transaction, asked for under a request id, committed once and safe to repeat."""

import functools
import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from flask_babel import gettext as _
from sqlalchemy import Connection, bindparam, text
from sqlalchemy.exc import DBAPIError

from showroom_app.extensions import begin_write, commit, now, reading, rollback
from showroom_app.ledger.models import Request
from showroom_app.lib.refusal import Refusal
from showroom_app.prepared import Prepared

P = ParamSpec("P")
T = TypeVar("T")

RETRIES = 5
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
# PostgreSQL: serialization failure, deadlock, and a row that somebody else made between our look and our insert.
# The whole act runs again under the same request id, and sees what there is now.
_PASSING = {"40001", "40P01", "23505"}

_INSERT = Prepared(
    text(
        "INSERT INTO request (id, hash, actor_id, at) VALUES (:id, :hash, :actor_id, :at) ON CONFLICT DO NOTHING"
    ).bindparams(bindparam("at", type_=Request.at.type))
)
_RESULT = Prepared(text("UPDATE request SET result = :result WHERE id = :id"))
_FIND = Prepared(text("SELECT hash, result FROM request WHERE id = :id"))


@dataclass(slots=True)
class Act:
    """A transaction under way. `repeated`: it was done before, and `result` is what it gave then."""

    conn: Connection
    request_id: str
    actor_id: int | None
    at: datetime
    repeated: bool
    result: dict[str, Any]
    replayed: bool = False

    def holds(self) -> None:
        """Say that what had to be waited for is held: what is written from here on comes after what others wrote of it,
        and is stamped so. A replay keeps its own time."""
        if not self.replayed:
            self.at = now()

    def commit(self, **result: Any) -> dict[str, Any]:
        """Keep what was done, with the result that a repeat will be given. The last step of a verb."""
        self.result = result
        _RESULT.run(self.conn, id=self.request_id, result=json.dumps(result))
        commit()
        return result


def begin_act(
    name: str, request_id: str, content: Mapping[str, Any], actor_id: int | None, at: datetime | None = None
) -> Act:
    """Open a transaction and note the request as its first statement.

    Refuses an id that was used for something else. `at` is for replays (demo, import); it is now otherwise.
    """
    if not _REQUEST_ID.fullmatch(request_id):
        raise Refusal(_("Formulir ini tidak lengkap. Muat ulang halaman, lalu coba lagi."))
    body = json.dumps([name, actor_id, content], sort_keys=True, ensure_ascii=False, default=str)
    digest = hashlib.sha256(body.encode()).hexdigest()
    conn = begin_write()
    moment = (at or now()).astimezone(UTC)  # after waiting for the lock: what comes later is stamped later
    if _INSERT.run(conn, id=request_id, hash=digest, actor_id=actor_id, at=moment):
        return Act(conn, request_id, actor_id, moment, repeated=False, result={}, replayed=at is not None)
    known = _FIND.first(conn, id=request_id)
    rollback()  # nothing is left to write, so the lock is given back
    if known.hash != digest:
        raise Refusal(_("Permintaan ini sudah dipakai untuk hal lain. Muat ulang halaman, lalu coba lagi."))
    return Act(conn, request_id, actor_id, moment, repeated=True, result=json.loads(known.result))


def is_done(request_id: str) -> bool:
    """Whether a request went through before."""
    return _FIND.first(reading(), id=request_id) is not None


def verb(function: Callable[P, T]) -> Callable[P, T]:
    """Mark a verb that writes: whatever goes wrong is rolled back, and a passing conflict is tried again."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(RETRIES):
            try:
                return function(*args, **kwargs)
            except DBAPIError as error:
                rollback()
                if getattr(error.orig, "sqlstate", None) not in _PASSING or attempt == RETRIES - 1:
                    raise
                time.sleep(0.005 * 2**attempt)
            except BaseException:
                rollback()
                raise
        raise AssertionError("unreachable")

    return run
