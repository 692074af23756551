"""The public catalogue: everything that is there, one kind of goods, one maker; what machines ask first."""

from typing import Any

from flask import Blueprint, Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy import select

from showroom_app.catalogue import asked, piece, shelf
from showroom_app.catalogue.asked import Asked
from showroom_app.catalogue.piece import State
from showroom_app.catalogue.shelf import Card
from showroom_app.extensions import csrf, reading
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed, row_id
from showroom_app.people import consent, showrooms
from showroom_app.people.models import Crafter
from showroom_app.stock.draft import category_words
from showroom_app.stock.models import Product
from showroom_app.web.access import EVERYONE, allow, safe_path
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import LANGUAGES, render_template
from showroom_app.web.public import KEPT_SECONDS, from_this_site, keepable, public

pages = Blueprint("pages", __name__)

SITE_MAP_MAX = 50_000
SIMILAR = 6


def _open_room() -> Any:
    """The showroom whose catalogue this address shows; none while it is closed, or before there is one."""
    room = showrooms.public_row(request.host)
    return room if room is not None and room.catalogue_open else None


def missing(title: str, sentence: str, status: int = 404, room: Any = None) -> Response:
    """A page that says what is not there, and leads on."""
    room = room or showrooms.public_row(request.host)
    links = piece.home_links(room) if room else {"catalogue_url": ""}
    page = render_template(
        "catalogue/missing.html", title=title, sentence=sentence, showroom=showrooms.as_shown(room), **links
    )
    return keepable(page, status)


def _closed() -> Response:
    sentence = _("Galeri menutup katalognya untuk sementara. Datanglah ke galeri, atau tanyakan lewat WhatsApp.")
    return missing(_("Katalog sedang ditutup"), sentence)


def _gone() -> Response:
    return missing(_("Sudah tidak ada"), _("Mungkin sudah laku. Lihat yang lain di katalog."))


@pages.get("/catalogue")
@allow(*EVERYONE)
@public
def listing() -> ResponseReturnValue:
    """What is on the shelf, newest first, narrowed as asked."""
    room = _open_room()
    if room is None:
        return _closed()
    conn, typed, errors = reading(), Typed.of(request.args), {}
    makers, categories = shelf.makers(conn, room.id), shelf.categories(conn, room.id)
    wanted = Asked()
    try:
        wanted = asked.read(typed, {maker_id for maker_id, _name in makers})
    except Refusal as refusal:
        errors = errors_of(refusal)
    shown, more = _page(room, wanted)
    kept: dict[str, Any] = {field: typed[field][:100] for field in asked.FIELDS if typed.get(field)}
    named = {category: words for category, words in category_words().items() if category in categories}
    page = render_template(
        "catalogue/catalogue.html", typed=typed, errors=errors, cards=shown, makers=makers, categories=named,
        narrowed=wanted.narrows, more_url=more and url_for("pages.listing", **kept, after=more),
        **_frame(room, url_for("pages.listing")),
    )  # fmt: skip
    return keepable(page, REFUSED if errors else 200)


def _page(room: Any, wanted: Asked) -> tuple[list[Card], int | None]:
    """The cards of a page, and the kind after which the next one begins."""
    try:
        after = row_id(request.args["after"]) if "after" in request.args else None
    except ValueError:
        after = None
    ids = shelf.newest(reading(), room.id, wanted, after, shelf.PAGE + 1)
    shown = shelf.cards(reading(), room, ids[: shelf.PAGE], piece.english())
    return shown, shown[-1].product_id if shown and len(ids) > shelf.PAGE else None


def _frame(room: Any, path: str) -> dict[str, Any]:
    """What the frame of every public page needs."""
    return {
        "showroom": showrooms.as_shown(room), "canonical": piece.base_address(room) + path,
        "nobody": consent.nobody(room.place), **piece.home_links(room),
    }  # fmt: skip


@pages.get("/catalogue/<int:product_id>")
@allow(*EVERYONE)
@public
def product(product_id: int) -> ResponseReturnValue:
    """One kind of goods of which something is there."""
    room = _open_room()
    if room is None:
        return _closed()
    conn = reading()
    row = conn.execute(select(Product.__table__).where(Product.id == product_id)).first()
    if row is None or row.showroom_id != room.id:
        return _gone()
    if row.merged_into_id is not None:
        return redirect(url_for("pages.product", product_id=row.merged_into_id), 301)
    newest = shelf.newest_of(conn, room.id, product_id)
    found = shelf.cards(conn, room, [newest], piece.english()) if newest is not None else []
    if not found:
        return _gone()
    [card] = found
    state = State("away", _("Sedang di %(venue)s", venue=card.away)) if card.away else piece.state_of("shelf", ())
    path = url_for("pages.product", product_id=product_id)
    shown = piece.shown(room, row, card.makers, card.price, state, path)
    alike = similar(room, card.category, card.makers, product_id)
    page = render_template("catalogue/piece.html", **shown, similar=alike, **piece.home_links(room))
    return keepable(page)


def similar(room: Any, category: str, makers: tuple[consent.Seen, ...], without: int) -> list[Card]:
    """Others of the same maker, as far as the maker is named, and of the same category."""
    conn, found = reading(), list[int]()
    for wanted in [*(Asked(maker_id=one.id) for one in makers[:1] if one.page), Asked(category=category)]:
        more = shelf.newest(conn, room.id, wanted, None, SIMILAR + 1)
        found += [one for one in more if one not in found]
    shown = shelf.cards(conn, room, found[: 2 * SIMILAR], piece.english())
    return [card for card in shown if card.product_id != without][:SIMILAR]


@pages.get("/makers/<int:crafter_id>")
@allow(*EVERYONE)
@public
def maker(crafter_id: int) -> ResponseReturnValue:
    """A maker who shows their name, with what of theirs is there."""
    room = _open_room()
    if room is None:
        return _closed()
    conn = reading()
    at = conn.execute(select(Crafter.showroom_id).where(Crafter.id == crafter_id)).scalar()
    seen = consent.seen(conn, [crafter_id], piece.english())[crafter_id]
    if at != room.id or not seen.page:
        return missing(_("Halaman perajin ini tidak ada"), _("Lihat karya semua perajin di katalog."))
    path = url_for("pages.maker", crafter_id=crafter_id)
    shown, more = _page(room, Asked(maker_id=crafter_id))
    more_url = more and url_for("pages.maker", crafter_id=crafter_id, after=more)
    page = render_template("catalogue/maker.html", seen=seen, cards=shown, more_url=more_url, **_frame(room, path))
    return keepable(page)


@pages.post("/catalogue/language")
@allow(*EVERYONE)
@public
def language() -> ResponseReturnValue:
    """A visitor's own choice of language: the only thing a cookie is kept for. A token would need one on every page, so
    where the form comes from is proof enough for this."""
    if not from_this_site():
        raise CSRFError
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    return redirect(safe_path(request.form.get("next", "")) or url_for("people.front"), 303)


csrf.exempt(language)


@pages.get("/sitemap.xml")
@allow(*EVERYONE)
@public
def site_map() -> ResponseReturnValue:
    """Every page that search engines may show."""
    room = _open_room()
    if room is None:
        return _closed()
    conn = reading()
    paths = [url_for("pages.listing")]
    paths += [url_for("pages.maker", crafter_id=row.id) for row in conn.execute(consent.named(room.id))]
    paths += [url_for("pages.product", product_id=one) for one in shelf.standing(conn, room.id)]
    base = piece.base_address(room)
    page = render_template("catalogue/sitemap.xml", addresses=[base + path for path in paths[:SITE_MAP_MAX]])
    return keepable(page, seconds=KEPT_SECONDS, mimetype="application/xml")


@pages.get("/robots.txt")
@allow(*EVERYONE)
@public
def robots() -> ResponseReturnValue:
    """What search engines may look at: the catalogue while it is open; never faces, which nobody could take back."""
    room = _open_room()
    lines = ["User-agent: *"]
    if room is not None:
        lines += [f"Allow: {path}" for path in ("/$", "/catalogue", "/makers/", "/q/", "/photos/", "/static/")]
    lines += ["Disallow: /"]
    if room is not None:
        lines += [f"Sitemap: {piece.base_address(room)}{url_for('pages.site_map')}"]
    return keepable("\n".join(lines) + "\n", seconds=KEPT_SECONDS, mimetype="text/plain")
