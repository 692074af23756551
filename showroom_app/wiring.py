"""How the parts are put together: nothing but wiring."""

from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, session
from flask_login import current_user
from sqlalchemy.exc import DBAPIError
from werkzeug.local import LocalProxy
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map
from whitenoise import WhiteNoise

from showroom_app import config
from showroom_app.catalogue.page_routes import missing
from showroom_app.catalogue.page_routes import pages as catalogue_pages
from showroom_app.catalogue.routes import catalogue
from showroom_app.config import ROOT, instance_path, load
from showroom_app.counting.result_routes import results
from showroom_app.counting.routes import counting
from showroom_app.extensions import babel, csrf, db, engine_options, login, prepare_engine, release, rollback
from showroom_app.imports.routes import imports
from showroom_app.journal.routes import journal
from showroom_app.labels.routes import labels
from showroom_app.lib.typed import ROW_ID_MAX
from showroom_app.my.ask_routes import my_asks
from showroom_app.my.consent_routes import my_consent
from showroom_app.my.note_routes import my_notes
from showroom_app.my.routes import my
from showroom_app.payouts.advance_routes import advances
from showroom_app.payouts.routes import payouts
from showroom_app.payouts.statement_routes import statements
from showroom_app.people import change_request, showrooms, sign_in
from showroom_app.people.card_routes import cards
from showroom_app.people.consent_routes import consents
from showroom_app.people.office_routes import office
from showroom_app.people.pin_routes import pin
from showroom_app.people.routes import people
from showroom_app.reports.routes import reports
from showroom_app.sales.bargain_routes import bargaining
from showroom_app.sales.refund_routes import refunds
from showroom_app.sales.routes import sales
from showroom_app.sales.scanner_routes import scanners
from showroom_app.sales.shift_routes import shifts
from showroom_app.stock import proposal
from showroom_app.stock.hand_back_routes import hand_backs
from showroom_app.stock.item_routes import goods
from showroom_app.stock.life_routes import life
from showroom_app.stock.product_routes import products
from showroom_app.stock.request_routes import requests
from showroom_app.stock.routes import stock
from showroom_app.stock.scan_routes import scans
from showroom_app.venues.routes import venues
from showroom_app.web import access, errors, filters, headers, packed, pages, public, static_files
from showroom_app.web.certificate import certificate, remember_trust
from showroom_app.web.health import VERSION, health
from showroom_app.web.pages import LANGUAGES
from showroom_app.web.plain_styles import plain
from showroom_app.web.sessions import KeptSessions
from showroom_app.web.shell import shell


class RowId(IntegerConverter):
    """`<int:…>` in an address: what no row can have as its id is an address that is not there."""

    def __init__(self, url_map: Map, **more: Any) -> None:
        super().__init__(url_map, max=ROW_ID_MAX, **more)


BLUEPRINTS = (
    health, certificate, shell, plain, people, office, cards, pin, consents, stock, goods, products, scans, hand_backs,
    life, requests, venues, labels, sales, bargaining, shifts, scanners, refunds, counting, results, payouts, advances,
    statements, imports, catalogue, catalogue_pages, my, my_notes, my_asks, my_consent, reports, journal,
)  # fmt: skip
YEAR_SECONDS = 31_536_000


def build(overrides: dict[str, Any]) -> Flask:
    """Make the app for one instance folder."""
    instance = Path(overrides.pop("INSTANCE", None) or instance_path())
    instance.mkdir(parents=True, exist_ok=True)
    app = Flask(
        "showroom_app", instance_path=str(instance), root_path=str(ROOT / "showroom_app"),
        template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"), static_url_path="/static",
    )  # fmt: skip
    app.config.update(load(instance) | overrides)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(app.config["SQLALCHEMY_DATABASE_URI"])
    app.jinja_environment = pages.PageEnvironment
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
    app.url_map.converters["int"] = RowId
    app.session_interface = KeptSessions()
    app.before_request(access.enforce)
    app.before_request(_allow_photos)
    _install_extensions(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.after_request(packed.pack)
    app.after_request(headers.set_headers)
    app.after_request(remember_trust)
    errors.install(app, missing)
    filters.install(app)
    pages.install(app)
    if not config.is_serving():
        _install_commands(app)
    app.context_processor(_common)
    static_files.pack(ROOT / "static")
    white = WhiteNoise(app.wsgi_app, root=str(ROOT / "static"), prefix="static/", max_age=YEAR_SECONDS)
    hops = app.config["PROXY_HOPS"]
    # Behind proxies the address of who asks is what the nearest of them says, and never more of them than there are.
    behind = ProxyFix(white, x_for=hops, x_proto=hops, x_host=hops, x_port=hops, x_prefix=0) if hops else white
    app.wsgi_app = behind  # type: ignore[method-assign]
    return app


PHOTO_FORMS = frozenset(
    ("products.add_photos", "life.harm", "venues.lose", "results.settle", "my_asks.propose", "consents.profile")
)


def _allow_photos() -> None:
    """A few photos at once weigh more than any form."""
    if request.endpoint in PHOTO_FORMS:
        request.max_content_length = current_app.config["PHOTOS_CONTENT_LENGTH"]


def _install_commands(app: Flask) -> None:
    """Commands, migrations and the sample shop: who only serves does without them and their 20 MB."""
    from flask_migrate import Migrate

    from showroom_app import cli

    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=False)
    cli.install(app)


def _install_extensions(app: Flask) -> None:
    db.init_app(app)
    login.anonymous_user = access.Visitor
    login.user_loader(sign_in.load)
    login.session_protection = None  # phones change address all day; the session key is what ends sessions
    login.init_app(app)
    babel.init_app(app, locale_selector=_language)
    csrf.init_app(app)
    prepare_engine(app)
    app.teardown_appcontext(release)


def _language() -> str:
    """The user's language, else the session's, else Indonesian; not the browser's, for many phones here are set to
    English by people who don't read it. Only what visitors look at goes by the browser: they come from anywhere."""
    if not has_request_context():
        return "id"
    try:
        chosen = current_user.language or session.get("language")
    except DBAPIError:
        chosen = None
    if chosen in LANGUAGES:
        return chosen
    return public.browser_language() if public.is_public() else "id"


def _showroom() -> Any:
    """The showroom of this request, read once, and only by pages that show it."""
    if "showroom" not in g:
        g.showroom = {}
        try:
            g.showroom = showrooms.shown(getattr(current_user, "showroom_id", None))
        except DBAPIError:
            rollback()
    return g.showroom


def _waiting_requests() -> int:
    """How much of what crafters asked from their phones waits for this manager."""
    room = current_user.showroom_id
    try:
        return change_request.waiting_count(room) + proposal.waiting_count(room)
    except DBAPIError:
        rollback()
        return 0


def _common() -> dict[str, Any]:
    """What every template may use."""
    app_showroom = LocalProxy(_showroom)
    return {
        "showroom": app_showroom,
        "is_demo": current_app.config["DEMO"],
        "version": VERSION,
        "language": _language(),
        "waiting_requests": _waiting_requests,
    }
