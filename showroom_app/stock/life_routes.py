"""Screens of what changes while goods stand: price and terms, damage and loss."""

from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import AnyRow, now, reading
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.money import Terms, format_number, format_percent, parse_percent, parse_rupiah
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed, parse_count, row_id, row_ids
from showroom_app.stock import harm_form, item_change, photos, picking, write_off, write_offs
from showroom_app.stock.item_change import Agreed, Why
from showroom_app.web.access import MANAGER, allow
from showroom_app.web.htmx import REFUSED, errors_of
from showroom_app.web.pages import render_template

life = Blueprint("life", __name__)


@life.route("/terms", methods=["GET", "POST"])
@allow(MANAGER)
def terms() -> ResponseReturnValue:
    """Another price or other terms for the items in the address: `item` for each, or a `product`'s or a `crafter`'s
    that stand."""
    ids, crafter = _asked_items(), request.args.get("crafter", type=row_id)
    rows = [row for _id, row in sorted(picking.rows_of(reading(), set(ids), current_user.showroom_id).items())]
    if not rows and crafter:
        flash(_("Perajin ini tidak punya barang di rak."), "note")
        return redirect(url_for("people.crafter_edit", crafter_id=crafter))
    if not rows:
        raise NotHere
    if crafter and len(rows) > item_change.ITEMS_MAX:
        most = format_number(item_change.ITEMS_MAX)
        flash(_("Barangnya lebih dari %(n)s label. Ubah per jenis barang, dari halaman jenisnya.", n=most), "bad")
        return redirect(url_for("people.crafter_edit", crafter_id=crafter))
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            count = item_change.change(
                [row.id for row in rows], _agreed(typed), _why(typed), current_user, typed.get("request_id", "")
            )
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Sudah diubah: %(n)s label. Label dengan harga lama masuk antrean cetak.", n=count), "done")
            return redirect(
                url_for("catalogue.item", code=rows[0].code) if len(rows) == 1 else url_for("labels.queue"), 303
            )
    else:
        typed = Typed(
            way="percent" if crafter else "price", asked_by="crafter", agreed_on=jakarta_date(now()).isoformat()
        )
    page = render_template("stock/terms.html", items=rows, typed=typed, errors=errors, before=_before(rows[0]))
    return page, REFUSED if errors else 200


def _asked_items() -> list[int]:
    values = request.values.getlist("item")[: item_change.ITEMS_MAX + 1]  # too many are refused, not cut
    ids = row_ids(values)
    product, crafter = request.args.get("product", type=row_id), request.args.get("crafter", type=row_id)
    if ids or not (product or crafter):
        return ids
    return item_change.standing(current_user.showroom_id, product_id=product, crafter_id=crafter)


def _before(row: AnyRow) -> dict[str, str]:
    return {
        "price": format_number(row.price), "commission": format_percent(row.commission_bps).rstrip("%"),
        "net_price": format_number(row.net_price) if row.net_price else "",
        "lowest_price": format_number(row.lowest_price) if row.lowest_price else "",
    }  # fmt: skip


def _agreed(typed: Typed) -> Agreed:
    way = typed.get("way", "")
    if way == "price":
        return Agreed(price=_rupiah(typed, "price", _("Isi harga dalam rupiah, misalnya 275.000.")))
    if way == "percent":
        return Agreed(off_bps=_percent(typed, "percent"))
    if way == "commission":
        return Agreed(terms=Terms("commission", commission_bps=_percent(typed, "commission")))
    if way == "net_price":
        sentence = _("Isi harga setor dalam rupiah, misalnya 50.000.")
        net_price = _rupiah(typed, "net_price", sentence)
        if not net_price:
            raise Refusal(sentence, "net_price")
        return Agreed(terms=Terms("net_price", net_price=net_price))
    if way == "lowest":
        none = not typed.line("lowest_price")
        sentence = _("Isi harga dalam rupiah, misalnya 250.000, atau kosongkan.")
        return Agreed(lowest_price=0 if none else _rupiah(typed, "lowest_price", sentence))
    raise Refusal(_("Pilih apa yang berubah."), "way")


def _rupiah(typed: Typed, field: str, sentence: str) -> int:
    try:
        return parse_rupiah(typed.get(field, ""))
    except ValueError:
        raise Refusal(sentence, field) from None


def _percent(typed: Typed, field: str) -> int:
    try:
        return parse_percent(typed.get(field, ""))
    except ValueError:
        raise Refusal(_("Isi persen antara 0 dan 100, misalnya 15."), field) from None


def _why(typed: Typed) -> Why:
    try:
        agreed_on = date.fromisoformat(typed.get("agreed_on", ""))
    except ValueError:
        raise Refusal(_("Tanggal ini belum terbaca. Pilih dari kalender."), "agreed_on") from None
    return Why(typed.get("asked_by", ""), agreed_on, typed.line("reason"))


@life.route("/items/<int:item_id>/write-off", methods=["GET", "POST"])
@allow(MANAGER)
def harm(item_id: int) -> ResponseReturnValue:
    """Note damage or loss: what the crafter gets is shown before it is booked."""
    item = picking.rows_of(reading(), {item_id}, current_user.showroom_id).get(item_id)
    if item is None:
        raise NotHere
    typed, errors = Typed.of(request.form), {}
    if request.method == "POST":
        try:
            photos.sent(typed, request.files.get("photo"))
            write_off_id = write_off.write_off(
                harm_form.asked(item_id, typed), current_user, typed.get("request_id", "")
            )
        except Refusal as refusal:
            errors = errors_of(refusal)
        else:
            flash(_("Sudah dicatat."), "done")
            return redirect(url_for("life.harmed", write_off_id=write_off_id), 303)
    return harm_form.page(item, write_offs.where_is(item_id), typed, errors)


@life.get("/write-offs")
@allow(MANAGER)
def harms() -> ResponseReturnValue:
    """Damage and loss so far, newest first."""
    rows, more = write_offs.page(current_user.showroom_id, request.args.get("before", type=row_id))
    more_url = url_for("life.harms", before=rows[-1]["id"]) if more else None
    return render_template("stock/write_offs.html", rows=rows, more_url=more_url, words=write_off.kind_words())


@life.get("/write-offs/<int:write_off_id>")
@allow(MANAGER)
def harmed(write_off_id: int) -> ResponseReturnValue:
    """One record, and turning it round when the piece is found or mended."""
    return _harmed(write_off_id, Typed(), {})


def _harmed(write_off_id: int, typed: Typed, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    told = write_offs.one(write_off_id, current_user.showroom_id)
    page = render_template("stock/write_off.html", **told, words=write_off.kind_words(), typed=typed, errors=errors)
    return page, status


@life.post("/write-offs/<int:write_off_id>/again")
@allow(MANAGER)
def again(write_off_id: int) -> ResponseReturnValue:
    """The pieces are found or mended: back on the shelf, or among what is damaged."""
    typed = Typed.of(request.form)
    try:
        try:
            quantity = parse_count(typed.get("quantity", ""))
        except ValueError:
            raise Refusal(_("Isi jumlah dengan angka bulat, misalnya 2."), "quantity") from None
        home = write_offs.one(write_off_id, current_user.showroom_id)["home"]
        write_off.turn_round(write_off_id, quantity, typed.line("reason"), current_user, typed.get("request_id", ""))
    except Refusal as refusal:
        return _harmed(write_off_id, typed, errors_of(refusal), REFUSED)
    still = _("Barangnya sudah ditemukan, dan masih tercatat rusak.")
    flash(still if home == "damaged" else _("Barangnya kembali di rak."), "done")
    return redirect(url_for("life.harmed", write_off_id=write_off_id), 303)
