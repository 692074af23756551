"""GET /healthz: can the server read and write?"""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from showroom_app.extensions import Model, begin_write, commit, db, rollback
from showroom_app.web.access import EVERYONE, allow

VERSION = "0.1.0"

health = Blueprint("health", __name__)


class Heartbeat(Model):
    """One row that is written to prove that writing works, on a full disk too."""

    __tablename__ = "heartbeat"
    id: Mapped[int] = mapped_column(primary_key=True)
    beats: Mapped[int]


_PROBE = text(
    "INSERT INTO heartbeat (id, beats) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET beats = heartbeat.beats + 1"
)


@health.get("/healthz")
@allow(*EVERYONE)
def healthz() -> ResponseReturnValue:
    """200 when a write goes through, else 503."""
    name = db.engine.dialect.name
    try:
        begin_write().execute(_PROBE)
        commit()
    except DBAPIError:
        rollback()
        return jsonify(status="unavailable", version=VERSION, database=name), 503
    return jsonify(status="ok", version=VERSION, database=name)
