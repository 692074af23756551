"""Words and figures as the screen shows them: Rp1.250.000, 15%, Selasa, 24 November 2026, 10.52 (WIB)."""

import hashlib
import secrets
import time
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel.dates import get_month_names
from flask import Flask, current_app, g, url_for
from flask_babel import format_date, get_locale
from flask_wtf.csrf import generate_csrf

from showroom_app.lib.clock import JAKARTA
from showroom_app.lib.money import format_number, format_percent, format_rupiah
from showroom_app.lib.phone import national
from showroom_app.lib.pictures import picture_file


def day(value: datetime | date) -> str:
    """Selasa, 24 November 2026."""
    return str(format_date(value, "EEEE, d MMMM y"))


def short_date(value: datetime | date) -> str:
    """24 Nov 2026."""
    return str(format_date(value, "d MMM y"))


def clock(value: datetime) -> str:
    """10.52, Jakarta time."""
    return value.astimezone(JAKARTA).strftime("%H.%M")


def moment(value: datetime) -> str:
    """24 Nov 2026 10.52, Jakarta time."""
    local = value.astimezone(JAKARTA)
    return f"{local.day} {_months(str(get_locale() or 'id'))[local.month]} {local.year} {local:%H.%M}"


@cache
def _months(language: str) -> dict[int, str]:
    return dict(get_month_names("abbreviated", locale=language))


def short_hash(digest: str) -> str:
    """The beginning of a hash as it is printed, in groups that can be read aloud: 9f2c 61ab 07d3."""
    return " ".join(digest[i : i + 4] for i in range(0, 12, 4)).strip()


def new_request_id() -> str:
    """An id for a form, where no script makes one: the time in milliseconds, then chance. What comes one after another
    lies side by side in the database."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def _fingerprint(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
    except OSError:
        return "0"


def static_url(filename: str) -> str:
    """The address of a static file; it changes with the content, so browsers may keep it for ever."""
    known: dict[str, str] = current_app.extensions.setdefault("static_urls", {})
    if filename not in known:
        known[filename] = f"/static/{filename}?v={_fingerprint(Path(str(current_app.static_folder)) / filename)}"
    return known[filename]


def path_of(endpoint: str) -> str:
    """The path of a page that has no part to fill in; every page of a menu asks for a dozen of them."""
    known: dict[str, str] = current_app.extensions.setdefault("paths", {})
    if endpoint not in known:
        known[endpoint] = url_for(endpoint)
    return known[endpoint]


def picture(category: str, photo: str = "", size: str = "s") -> str:
    """What goods look like: their own photo in a size (s, m, l), else the illustration of their category."""
    return f"/photos/{photo}-{size}.webp" if photo else static_url(picture_file(category))


def csrf_token() -> str:
    """Flask-WTF's token, made once for a request: a till has a dozen small forms."""
    return str(g.get("csrf_token") or generate_csrf())


def install(app: Flask) -> None:
    """Make the filters and helpers known to every template."""
    app.jinja_env.filters.update(
        rupiah=format_rupiah, number=format_number, percent=format_percent,
        day=day, date=short_date, iso_day=date.fromisoformat, clock=clock, moment=moment,
        short_hash=short_hash, phone=national,
    )  # fmt: skip
    app.jinja_env.globals.update(
        csrf_token=csrf_token, path_of=path_of, static_url=static_url, new_request_id=new_request_id, picture=picture
    )
