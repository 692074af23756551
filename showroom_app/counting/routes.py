"""Screens of counting: begin, scan, see how far it is and what is left, close."""

from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.counting import count as counts
from showroom_app.counting import progress, stocktake, words
from showroom_app.counting.count import Scanned
from showroom_app.counting.result_routes import result_page
from showroom_app.counting.stocktake import Scope, own_stocktake
from showroom_app.counting.words import Said
from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed, parse_count, row_id, tidy_line
from showroom_app.people.crafters import list_crafters
from showroom_app.stock.draft import category_words
from showroom_app.web.access import MANAGER, STAFF, allow
from showroom_app.web.htmx import REFUSED, errors_of, fragment_or_page, go, is_htmx
from showroom_app.web.pages import render_template

counting = Blueprint("counting", __name__)

TYPED_MAX = 200


@counting.get("/stocktakes")
@allow(*STAFF)
def stocktakes() -> ResponseReturnValue:
    """The count that is open, or the form that begins one; and those before."""
    return _list(Typed(scope="all"), {})


def _list(typed: Typed, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    before = request.args.get("before", type=row_id)
    rows = progress.stocktakes(current_user.showroom_id, before)
    page, more = rows[: progress.PAGE], len(rows) > progress.PAGE
    listed: list[dict[str, Any]] = [
        {"row": row, "scope": words.scope_words(row, row.crafter_name or "")} for row in page
    ]
    open_one = next((one for one in listed if one["row"].status == "open"), None)
    if open_one and errors:  # there is no field then to say it at
        errors = {"": next(iter(errors.values()))}
    shown = render_template(
        "counting/stocktakes.html", listed=listed, typed=typed, errors=errors,
        first_page=before is None, open_one=open_one, status_words=words.status_words(),
        categories=category_words(), crafters=list_crafters(current_user.showroom_id),
        more_url=url_for("counting.stocktakes", before=page[-1].id) if more else None,
    )  # fmt: skip
    return shown, status


@counting.post("/stocktakes")
@allow(*STAFF)
def begin() -> ResponseReturnValue:
    """Begin a count."""
    typed = Typed.of(request.form)
    try:
        stocktake_id = stocktake.begin(_scope(typed), current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        return _list(typed, errors_of(refusal), REFUSED)
    return go(url_for("counting.stocktake_page", stocktake_id=stocktake_id))


def _scope(typed: Typed) -> Scope:
    kind = typed.get("scope", "")
    if kind == "category":
        return Scope(kind, category=typed.get("category", ""))
    if kind != "crafter":
        return Scope(kind)
    try:
        return Scope(kind, crafter_id=row_id(typed.get("crafter_id", "")))
    except ValueError:
        raise Refusal(_("Pilih perajinnya."), "crafter_id") from None


@counting.get("/stocktakes/<int:stocktake_id>")
@allow(*STAFF)
def stocktake_page(stocktake_id: int) -> ResponseReturnValue:
    """An open count to scan into, or the result of a closed one."""
    row = own_stocktake(reading(), stocktake_id, current_user.showroom_id)
    return _count_page(row) if row.status == "open" else result_page(row)


def _count_page(row: AnyRow, said: Said | None = None, status: int = 200, typed_code: str = "") -> ResponseReturnValue:
    """What a scan did, as a fragment, or the page around it."""
    context: dict[str, Any] = {"stocktake": row, "said": said, "typed_code": typed_code}
    if not is_htmx():
        context |= _live(row)
    return fragment_or_page("counting/_said.html", "counting/count.html", status, **context)


def _live(row: AnyRow) -> dict[str, Any]:
    """How far a count is; the mark first, so that what is written meanwhile is asked for again."""
    mark = progress.stamp(row.id)
    crafter = _crafter_name(row)
    return {
        "mark": mark, "told": progress.progress(row), "last": progress.last_scans(row.id),
        "strangers": progress.strangers(row.id), "scope": words.scope_words(row, crafter),
        "place_words": words.place_words(),
    }  # fmt: skip


def _crafter_name(row: AnyRow) -> str:
    return words.crafter_name(row.crafter_id) if row.crafter_id else ""


@counting.get("/stocktakes/<int:stocktake_id>/live")
@allow(*STAFF)
def live(stocktake_id: int) -> ResponseReturnValue:
    """How far it is now: 204 where nothing happened since `seen`; a closed count leads to its result."""
    row = own_stocktake(reading(), stocktake_id, current_user.showroom_id)
    if row.status != "open":
        return go(url_for("counting.stocktake_page", stocktake_id=stocktake_id))
    if request.args.get("seen") == progress.stamp(stocktake_id):
        return make_response("", 204)
    return render_template("counting/_live.html", stocktake=row, **_live(row))


@counting.post("/stocktakes/<int:stocktake_id>/counts")
@allow(*STAFF)
def count(stocktake_id: int) -> ResponseReturnValue:
    """Count what was scanned or typed; of a lot, how many."""
    row = own_stocktake(reading(), stocktake_id, current_user.showroom_id)
    typed = tidy_line(request.form.get("code", ""))[:TYPED_MAX]
    try:
        scan = counts.count(
            stocktake_id, typed, current_user, request.form.get("request_id", ""),
            pieces=_number("pieces"), seen=_number("seen"),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.field == "pieces":
            return _ask_again(row, typed, refusal)
        return _refused(row, refusal, typed)
    return _count_page(row, words.said(row, scan))


def _number(field: str) -> int | None:
    """A number of pieces as typed; nothing typed is none."""
    text = request.form.get(field, "").strip()
    if not text and not (field == "pieces" and "pieces" in request.form):
        return None
    try:
        return parse_count(text)
    except ValueError:
        raise Refusal(_("Isi jumlah dengan angka bulat, misalnya 12."), "pieces") from None


def _ask_again(row: AnyRow, typed: str, refusal: Refusal) -> ResponseReturnValue:
    """A lot's number that was none: the same question, with what is wrong."""
    item = counts.lot(reading(), typed, row.showroom_id)
    if item is None:
        return _refused(row, refusal, typed)
    asked = words.said(row, Scanned("ask", item.code, item.id))
    return _count_page(row, words.wrong(asked, refusal.sentence), REFUSED)


def _refused(row: AnyRow, refusal: Refusal, typed: str) -> ResponseReturnValue:
    return _count_page(row, Said("refused", "bad", refusal.sentence), REFUSED, typed_code=typed)


@counting.post("/stocktakes/<int:stocktake_id>/counts/<int:item_id>/back")
@allow(*STAFF)
def take_back(stocktake_id: int, item_id: int) -> ResponseReturnValue:
    """Undo the scan of a piece."""
    row = own_stocktake(reading(), stocktake_id, current_user.showroom_id)
    try:
        counts.take_back(stocktake_id, item_id, current_user, request.form.get("request_id", ""))
    except Refusal as refusal:
        return _refused(row, refusal, "")
    return _count_page(row, Said("back", "note", _("Pindaian dibatalkan, jadi barangnya belum dihitung.")))


@counting.get("/stocktakes/<int:stocktake_id>/left")
@allow(*STAFF)
def left(stocktake_id: int) -> ResponseReturnValue:
    """What nobody counted yet, and for the manager the form that closes the count."""
    row = own_stocktake(reading(), stocktake_id, current_user.showroom_id)
    return _left(row, Typed(), {}) if row.status == "open" else result_page(row)


def _left(row: AnyRow, typed: Typed, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    rows = progress.left(row)
    shown = render_template(
        "counting/left.html", stocktake=row, rows=rows[: progress.LEFT_MAX], more=len(rows) > progress.LEFT_MAX,
        told=progress.progress(row), scope=words.scope_words(row, _crafter_name(row)), typed=typed, errors=errors,
    )  # fmt: skip
    return shown, status


@counting.post("/stocktakes/<int:stocktake_id>/close")
@allow(MANAGER)
def close(stocktake_id: int) -> ResponseReturnValue:
    """End the count and write its result."""
    typed, row = Typed.of(request.form), own_stocktake(reading(), stocktake_id, current_user.showroom_id)
    try:
        stocktake.close(stocktake_id, typed.line("note"), current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        return _left(row, typed, errors_of(refusal), REFUSED)
    return go(url_for("counting.stocktake_page", stocktake_id=stocktake_id))


@counting.post("/stocktakes/<int:stocktake_id>/drop")
@allow(MANAGER)
def drop(stocktake_id: int) -> ResponseReturnValue:
    """End a count that was begun by mistake."""
    typed, row = Typed.of(request.form), own_stocktake(reading(), stocktake_id, current_user.showroom_id)
    try:
        stocktake.drop(stocktake_id, current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        return _left(row, typed, errors_of(refusal), REFUSED)
    return go(url_for("counting.stocktakes"))
