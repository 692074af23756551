"""Table: files that were uploaded to be imported."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from showroom_app.extensions import Model

CRAFTERS, GOODS = KINDS = ("crafters", "goods")


class ImportFile(Model):
    """A file with crafters or goods. Its bytes lie in the instance under its hash until it is accepted; then the row
    says what came of it: crafters or notes `made`, rows `skipped` for they were there already, pieces, their value."""

    __tablename__ = "import_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    showroom_id: Mapped[int] = mapped_column(ForeignKey("showroom.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str]
    name: Mapped[str]  # as it was called where it came from
    sha256: Mapped[str]  # of what its cells say, so that the same table saved again is the same file
    rows: Mapped[int]
    uploaded_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    request_id: Mapped[str | None] = mapped_column(ForeignKey("request.id"), unique=True)
    made: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    pieces: Mapped[int] = mapped_column(default=0)
    value: Mapped[int] = mapped_column(default=0)
    __table_args__: Any = (
        # The same file comes in once, because this line says so.
        UniqueConstraint("showroom_id", "kind", "sha256", name="uq_import_file_content"),
        CheckConstraint("kind IN ('crafters', 'goods')", name="kind"),
        CheckConstraint("(accepted_at IS NULL) = (request_id IS NULL)", name="accepted"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", name="accepted_by"),
        {"sqlite_strict": True},
    )
