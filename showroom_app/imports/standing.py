"""What a file is read against: the showroom's crafters and its usual terms as they are now."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select

from showroom_app.extensions import AnyRow, now
from showroom_app.lib.clock import jakarta_date
from showroom_app.people.models import Crafter, Showroom, User

_CRAFTERS = (
    select(Crafter.__table__, User.username)
    .outerjoin(User, User.crafter_id == Crafter.id)
    .order_by(Crafter.id)
)  # fmt: skip


@dataclass(slots=True)
class Standing:
    """Crafters by what they may be called in a file. `mark` changes when anything does that a preview rests on."""

    today: date
    commission_bps: int
    mark: str
    crafters: list[AnyRow]
    by_name: dict[str, list[AnyRow]] = field(default_factory=lambda: defaultdict(list))
    by_phone: dict[str, list[AnyRow]] = field(default_factory=lambda: defaultdict(list))
    by_username: dict[str, AnyRow] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.crafters:
            self.by_name[name_key(row.name)].append(row)
            if row.phone:
                self.by_phone[row.phone].append(row)
            if row.username:
                self.by_username[row.username] = row


def name_key(name: str) -> str:
    """What two spellings of one name have alike."""
    return " ".join(name.casefold().split())


def standing(conn: Connection, showroom_id: int) -> Standing:
    """How things are in a showroom, as this transaction sees it."""
    room = conn.execute(select(Showroom.commission_bps).where(Showroom.id == showroom_id)).one()
    crafters = list(conn.execute(_CRAFTERS.where(Crafter.showroom_id == showroom_id)))
    today = jakarta_date(now())
    body = json.dumps([room.commission_bps, today, [tuple(row) for row in crafters]], default=str)
    return Standing(today, room.commission_bps, hashlib.sha256(body.encode()).hexdigest()[:32], crafters)
