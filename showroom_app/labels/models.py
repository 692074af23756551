"""Tables: sheets of labels as a showroom has them, and runs of labels printed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from showroom_app.extensions import Model


class LabelSheet(Model):
    """A showroom's sheet of labels: its geometry where it was put right (JSON; empty: as the preset says), and the next
    free place on the sheet that was begun."""

    __tablename__ = "label_sheet"
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"), primary_key=True)
    preset: Mapped[str] = mapped_column(primary_key=True)
    geometry: Mapped[str] = mapped_column(default="")
    next_place: Mapped[int] = mapped_column(default=1)
    __table_args__: Any = {"sqlite_strict": True, "sqlite_with_rowid": False}


class LabelRun(Model):
    """Labels printed in one go, so that they can be printed again just so. `items` are ids, in order (JSON)."""

    __tablename__ = "label_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    preset: Mapped[str]
    start: Mapped[int]
    with_price: Mapped[bool]
    count: Mapped[int]
    items: Mapped[str]
    __table_args__: Any = {"sqlite_strict": True}
