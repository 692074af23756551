"""Photos of products: up to eight each, re-encoded, kept below the instance under a name made from their content."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from PIL import Image
from sqlalchemy import Connection, delete, func, insert, select, update
from werkzeug.datastructures import FileStorage

from showroom_app.extensions import AnyRow, reading
from showroom_app.ledger.act import Act, begin_act, verb
from showroom_app.lib import photo as re_encoding
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.people import pictures
from showroom_app.stock.life_models import Photo, Proposal, WriteOff
from showroom_app.stock.models import Product
from showroom_app.web.access import SignedIn

PHOTOS_MAX = 8
FILE_NAME = pictures.FILE_NAME


def folder() -> Path:
    """Where photos lie."""
    return Path(current_app.instance_path) / "photos"


def re_encoded(content: bytes) -> re_encoding.Photo:
    """A photo made fit to show. Refuses in words what is none, moves, is far too large or only a dot."""
    return pictures.re_encoded(content, "photos")


def keep(made: re_encoding.Photo) -> str:
    """Write a photo's files, whole and on the disk before the database speaks of them, and return its name."""
    return pictures.keep(made, folder())


def sent(typed: Typed, picture: FileStorage | None) -> str:
    """The name of the photo that a form sent along, or of the one it sent before it was refused (`kept`, which goes on
    in the form); empty: none. Refuses in words what is no photo."""
    name = typed.get("kept", "")
    typed["kept"] = name if kept(name) else ""
    if picture and picture.filename:
        typed["kept"] = keep(re_encoded(picture.read()))
    return typed["kept"]


@verb
def add(product_id: int, photos: Sequence[re_encoding.Photo], user: SignedIn, request_id: str) -> int:
    """Add photos to a product (re-encoded and kept before: see `re_encoded` and `keep`). The same photo again changes
    nothing. Returns how many are new; refuses more than eight in all."""
    content = {"product": product_id, "photos": [one.name for one in photos]}
    act = begin_act("photo-add", request_id, content, user.id)
    if act.repeated:
        return int(act.result["added"])
    product = _held(act.conn, product_id, user)
    known = [row.name for row in photos_of(act.conn, product_id)]
    new = list({one.name: one for one in photos if one.name not in known}.values())
    if len(known) + len(new) > PHOTOS_MAX:
        raise Refusal(_("Paling banyak %(n)s foto. Hapus satu dulu.", n=PHOTOS_MAX), "photos")
    last = act.conn.execute(select(func.max(Photo.position)).where(Photo.product_id == product_id)).scalar() or 0
    rows = [
        {
            "product_id": product_id, "position": position, "name": one.name, "width": one.width,
            "height": one.height, "user_id": user.id, "at": act.at,
        }
        for position, one in enumerate(new, last + 1)
    ]  # fmt: skip
    if rows:
        act.conn.execute(insert(Photo), rows)
        if not product.photo:
            _show_first(act, product_id)
    return int(act.commit(added=len(rows))["added"])


@verb
def remove(photo_id: int, user: SignedIn, request_id: str) -> int:
    """Take a photo off its product and return the product's id. The files go with the next clean-up."""
    act, row = _one(photo_id, "photo-remove", user, request_id)
    if row is not None:
        act.conn.execute(delete(Photo).where(Photo.id == photo_id))
        _show_first(act, row.product_id)
        act.commit(product_id=row.product_id)
    return int(act.result["product_id"])


@verb
def put_first(photo_id: int, user: SignedIn, request_id: str) -> int:
    """Let a photo be the one that lists and the till show. Returns the product's id."""
    act, row = _one(photo_id, "photo-first", user, request_id)
    if row is not None:
        first = select(func.min(Photo.position)).where(Photo.product_id == row.product_id)
        position = int(act.conn.execute(first).scalar_one()) - 1
        act.conn.execute(update(Photo).where(Photo.id == photo_id).values(position=position))
        _show_first(act, row.product_id)
        act.commit(product_id=row.product_id)
    return int(act.result["product_id"])


def _one(photo_id: int, name: str, user: SignedIn, request_id: str) -> tuple[Act, AnyRow | None]:
    act = begin_act(name, request_id, {"photo": photo_id}, user.id)
    if act.repeated:
        return act, None
    row = act.conn.execute(select(Photo.__table__).where(Photo.id == photo_id)).first()
    if row is None:
        raise NotHere
    _held(act.conn, row.product_id, user)
    return act, row


def _held(conn: Connection, product_id: int, user: SignedIn) -> AnyRow:
    row = conn.execute(select(Product.__table__).where(Product.id == product_id).with_for_update()).first()
    if row is None or row.showroom_id != user.showroom_id:
        raise NotHere
    return row


def _show_first(act: Act, product_id: int) -> None:
    """The product remembers its first photo, so that lists need not look for it."""
    first = select(Photo.name).where(Photo.product_id == product_id).order_by(Photo.position, Photo.id).limit(1)
    name = act.conn.execute(first).scalar() or ""
    act.conn.execute(update(Product).where(Product.id == product_id).values(photo=name))


def photos_of(conn: Connection, product_id: int) -> list[AnyRow]:
    """A product's photos, the one that is shown first."""
    query = select(Photo.__table__).where(Photo.product_id == product_id).order_by(Photo.position, Photo.id)
    return list(conn.execute(query))


def kept(name: str) -> bool:
    """Whether a name is one that `keep` gave, and its files are there."""
    return bool(FILE_NAME.fullmatch(f"{name}-l.webp")) and (folder() / f"{name}-l.webp").is_file()


def row_of(name: str, product_id: int, user_id: int, at: datetime) -> dict[str, Any]:
    """What the database has of a product's first photo that was kept before there was the product."""
    with Image.open(folder() / f"{name}-l.webp", formats=["WEBP"]) as image:
        width, height = image.size
    return {
        "product_id": product_id, "position": 1, "name": name, "width": width, "height": height, "user_id": user_id,
        "at": at,
    }  # fmt: skip


def clean() -> int:
    """Delete the files of goods' photos that nothing shows any more; return how many."""
    conn: Any = reading()
    columns = (Photo.name, WriteOff.photo, Proposal.photo)
    used = {name for column in columns for name in conn.execute(select(column)).scalars()}
    return pictures.clean(folder(), used)
