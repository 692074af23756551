"""Screens of products: the list, one with its photos and words, merging two, and taking the same in again."""

from contextlib import suppress

from flask import Blueprint, abort, flash, redirect, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from showroom_app.extensions import AnyRow, reading
from showroom_app.lib.refusal import Refusal
from showroom_app.lib.typed import Typed, row_id, tidy_line
from showroom_app.people.routes import searched
from showroom_app.stock import draft, intake, item_change, joint, photos
from showroom_app.stock import products as verbs
from showroom_app.web.access import EVERYONE, MANAGER, STAFF, allow
from showroom_app.web.htmx import REFUSED, errors_of, fragment_or_page
from showroom_app.web.pages import render_template

products = Blueprint("products", __name__)


@products.get("/products")
@allow(*STAFF)
def product_list() -> ResponseReturnValue:
    """Kinds of goods by name, to be searched by name or crafter."""
    q, after = searched(request.args), None
    with suppress(KeyError, ValueError):
        after = (tidy_line(request.args["name"])[:200], row_id(request.args["after"]))
    rows = verbs.list_products(current_user.showroom_id, q, after=after)
    page, more = rows[: verbs.PAGE], len(rows) > verbs.PAGE
    last = page[-1] if more else None
    more_url = url_for("products.product_list", q=q, name=last.search_name, after=last.id) if last else None
    partners = joint.partners(reading(), [row.id for row in page])
    return fragment_or_page(
        "stock/_products.html", "stock/products.html", products=page, q=q, more_url=more_url, partners=partners
    )


@products.route("/products/<int:product_id>", methods=["GET", "POST"])
@allow(*STAFF)
def product(product_id: int) -> ResponseReturnValue:
    """One product: photos, words, sizes."""
    row = verbs.own_product(reading(), product_id, current_user.showroom_id)
    if row.merged_into_id is not None:
        return redirect(url_for("products.product", product_id=row.merged_into_id))
    if request.method == "POST":
        typed = Typed.of(request.form)
        try:
            verbs.save_product(product_id, typed, current_user, typed.get("request_id", ""))
        except Refusal as refusal:
            return _product(row, typed, errors_of(refusal), REFUSED)
        flash(_("Data barang tersimpan."), "done")
        return redirect(url_for("products.product", product_id=product_id), 303)
    return _product(row, _typed_of(row), {})


def _typed_of(row: AnyRow) -> Typed:
    typed = Typed({key: value for key, value in row._mapping.items() if isinstance(value, str)})
    for field in verbs.SIZES:
        value = getattr(row, field)
        typed[field] = "" if value is None else f"{value / 10:g}".replace(".", ",")
    typed["weight_g"] = "" if row.weight_g is None else f"{row.weight_g / 1000:g}".replace(".", ",")
    return typed


def _product(row: AnyRow, typed: Typed, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    conn = reading()
    page = render_template(
        "stock/product.html", product=row, typed=typed, errors=errors, photos=photos.photos_of(conn, row.id),
        sums=verbs.sums_of(conn, row.id), others=verbs.to_merge(row), categories=draft.category_words(),
        photos_max=photos.PHOTOS_MAX, may_merge=current_user.role == MANAGER,
        standing=bool(item_change.standing(current_user.showroom_id, product_id=row.id)),
    )  # fmt: skip
    return page, status


@products.post("/products/<int:product_id>/photos")
@allow(*STAFF)
def add_photos(product_id: int) -> ResponseReturnValue:
    """Add photos, from the camera or from files."""
    row = verbs.own_product(reading(), product_id, current_user.showroom_id)
    try:
        given = [file for file in request.files.getlist("photos") if file.filename]
        if not given:
            raise Refusal(_("Pilih fotonya dulu."), "photos")
        if len(given) > photos.PHOTOS_MAX:
            raise Refusal(_("Paling banyak %(n)s foto. Hapus satu dulu.", n=photos.PHOTOS_MAX), "photos")
        made = [photos.re_encoded(file.read()) for file in given]
        for one in made:
            photos.keep(one)
        photos.add(product_id, made, current_user, request.form.get("request_id", ""))
    except Refusal as refusal:
        return _product(row, _typed_of(row), errors_of(refusal), REFUSED)
    flash(_("Foto tersimpan."), "done")
    return redirect(url_for("products.product", product_id=product_id), 303)


@products.post("/photos/<int:photo_id>/remove")
@allow(*STAFF)
def remove_photo(photo_id: int) -> ResponseReturnValue:
    """Take a photo off its product."""
    product_id = photos.remove(photo_id, current_user, request.form.get("request_id", ""))
    return redirect(url_for("products.product", product_id=product_id), 303)


@products.post("/photos/<int:photo_id>/first")
@allow(*STAFF)
def first_photo(photo_id: int) -> ResponseReturnValue:
    """Let a photo be the one that is shown first."""
    product_id = photos.put_first(photo_id, current_user, request.form.get("request_id", ""))
    return redirect(url_for("products.product", product_id=product_id), 303)


@products.get("/photos/<name>")
@allow(*EVERYONE)
def photo_file(name: str) -> ResponseReturnValue:
    """A photo's file; its name is made from its content, so it may be kept for ever."""
    if not photos.FILE_NAME.fullmatch(name) or not (photos.folder() / name).is_file():
        abort(404)
    response = send_from_directory(photos.folder(), name, mimetype="image/webp")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@products.post("/products/<int:product_id>/merge")
@allow(MANAGER)
def merge(product_id: int) -> ResponseReturnValue:
    """Make this product a part of another."""
    row = verbs.own_product(reading(), product_id, current_user.showroom_id)
    try:
        try:
            into = row_id(request.form.get("into", ""))
        except ValueError:
            raise Refusal(_("Pilih barang lain untuk digabung."), "into") from None
        verbs.merge(product_id, into, current_user, request.form.get("request_id", ""))
    except Refusal as refusal:
        return _product(row, _typed_of(row), errors_of(refusal), REFUSED)
    flash(_("Sudah digabung."), "done")
    return redirect(url_for("products.product", product_id=into), 303)


@products.post("/products/<int:product_id>/consign")
@allow(*STAFF)
def consign(product_id: int) -> ResponseReturnValue:
    """The same product comes in again: a draft that has it already, as it was taken in last."""
    row = verbs.own_product(reading(), product_id, current_user.showroom_id)
    key = request.form.get("request_id", "")
    consignment_id = intake.start(row.crafter_id, current_user, key)
    note = intake.own_consignment(reading(), consignment_id, current_user.showroom_id)
    if all(line.empty for line in draft.read(intake.typed_of(note))):
        intake.keep_draft(consignment_id, {"lines": [verbs.line_again(row)], "agreed_until": ""}, current_user)
    return redirect(url_for("stock.consignment", consignment_id=consignment_id), 303)
