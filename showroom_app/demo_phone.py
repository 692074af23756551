"""What the sample shop's crafters told the office from their phones: answers, a proposal with a picture, a new bank."""

import io
from datetime import timedelta
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select

from showroom_app.extensions import now, reading
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.typed import Typed
from showroom_app.people import change_request, sign_in
from showroom_app.people.models import User
from showroom_app.stock import ageing, photos, proposal
from showroom_app.stock.ageing import Answer
from showroom_app.stock.hand_back import Pieces, hand_back
from showroom_app.stock.models import Item
from showroom_app.web.access import SignedIn

PIN = "123456"
ASKED_ABOUT = 4


def tell(shop: Any) -> None:
    """The crafter with the sample account is asked about a few pieces, and has answered for one or two; proposes a
    lamp and was told no about another thing; and asks for another bank account."""
    crafter = _user(shop.crafter_ids[0])
    _answer(shop, crafter)
    _hand_one_back(shop, crafter.crafter_id or 0)
    lamp = Typed(
        name="Lampu lantai “Rembulan” 120 cm", category="Lampu meja", price="650.000",
        story="Rotan pitrit, kaki kayu jati bekas. Satu buah seminggu.",
    )  # fmt: skip
    photo = photos.keep(photos.re_encoded(_picture()))
    proposal.propose(lamp, photo, crafter, shop.request_id())
    stool = Typed(name="Bangku bundar", category="Kursi", price="275.000", story="")
    refused = proposal.propose(stool, "", crafter, shop.request_id())
    why = "Rak untuk bangku masih penuh. Coba lagi bulan depan."
    proposal.refuse(refused, why, shop.manager, shop.request_id())
    bank = Typed(bank_name="Bank Contoh Jatim", bank_account="0099 0012 3456", bank_holder="Tutik Handayani", pin=PIN)
    change_request.ask("bank", bank, crafter, shop.request_id())


def _user(crafter_id: int) -> SignedIn:
    user_id = reading().execute(select(User.id).where(User.crafter_id == crafter_id)).scalar_one()
    return sign_in.signed_in(user_id)


def _answer(shop: Any, crafter: SignedIn) -> None:
    """What stands longest is asked about; the rest has an end agreed by WhatsApp. Two answers came by phone."""
    asked = ageing.questions(crafter.showroom_id, crafter.crafter_id or 0)
    later = [row["id"] for row in asked[ASKED_ABOUT:]]
    if later:
        until = jakarta_date(now()) + timedelta(days=120)
        said = Answer("extend", "Bu Tutik, lewat WhatsApp", until)
        ageing.answer(later, said, shop.attendant, shop.request_id())
    by = f"{crafter.name}, lewat HP"
    for row, answer in zip(asked[2:ASKED_ABOUT], ("mark_down", "collect"), strict=False):
        wishes = {row["id"]: row["price"] * 8 // 10 // 1000 * 1000} if answer == "mark_down" else {}
        ageing.answer([row["id"]], Answer(answer, by, wishes=wishes), crafter, shop.request_id())


def _hand_one_back(shop: Any, crafter_id: int) -> None:
    """The newest of the crafter's single pieces goes home for a neighbour's wedding."""
    query = select(Item.id, Item.code).where(Item.crafter_id == crafter_id, Item.quantity == 1, ~Item.joint)
    there = [row for row in reading().execute(query.order_by(Item.id.desc())) if row.code in shop.on_shelf]
    pieces = [Pieces(row.id, 1) for row in there[:1]]
    if pieces:
        why = "dipakai untuk hajatan tetangga"
        hand_back(pieces, shop.attendant, shop.request_id(), reason=why, received_by="Wahyu", relation="anak")


def _picture() -> bytes:
    """A picture as a phone might take it: a floor lamp in the evening, drawn."""
    image = Image.new("RGB", (1200, 1200), "#e8dcc8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 900, 1200, 1200), fill="#b08a5f")
    for ring in range(9):
        shade = 30 * ring
        draw.ellipse((330 + shade, 130 + shade, 870 - shade, 670 - shade), fill=(250 - ring * 2, 214 + ring * 3, 150))
    for turn in range(-240, 300, 36):
        draw.arc((330 + turn // 2, 130, 870 + turn // 2, 670), 100, 260, fill="#8a5a2b", width=7)
        draw.arc((330 - turn // 2, 130, 870 - turn // 2, 670), -80, 80, fill="#8a5a2b", width=7)
    draw.ellipse((330, 130, 870, 670), outline="#6d431c", width=14)
    draw.polygon([(580, 668), (620, 668), (640, 1010), (560, 1010)], fill="#6d431c")
    draw.ellipse((430, 980, 770, 1060), fill="#59371a")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()
