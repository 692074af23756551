"""Every setting of the program, with its default and meaning. A shop's own settings live in its database."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

DEFAULTS: dict[str, Any] = {
    # Where phones keep their sign-in; the cookie never reaches scripts.
    "SESSION_COOKIE_NAME": "showroom",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_REFRESH_EACH_REQUEST": False,
    "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
    # A crafter's own phone, which lies in nobody else's hands.
    "CRAFTER_SESSION_LIFETIME": timedelta(days=90),
    # A page may stay open all day at the till: its token lives as long as the session.
    "WTF_CSRF_TIME_LIMIT": None,
    # Largest request: a file to import, a photo; everything else is far smaller.
    "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
    "PHOTOS_CONTENT_LENGTH": 64 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
    "MAX_FORM_PARTS": 20_000,
    "BABEL_DEFAULT_LOCALE": "id",
    "BABEL_DEFAULT_TIMEZONE": "Asia/Jakarta",
    "SQLALCHEMY_RECORD_QUERIES": False,
}


def instance_path() -> Path:
    """The folder with database, secrets and photos: SHOWROOM_INSTANCE, else instance/ (instance/demo for the demo)."""
    given = os.environ.get("SHOWROOM_INSTANCE")
    if given:
        return Path(given).resolve()
    return ROOT / "instance" / ("demo" if is_demo() else "")


def is_demo() -> bool:
    """SHOWROOM_DEMO=1 marks the demo shop: its sign-in names stand on the sign-in page."""
    return os.environ.get("SHOWROOM_DEMO") == "1"


def secret(folder: Path, name: str) -> str:
    """Read a secret from the instance, making it once; readable by its owner only."""
    path = folder / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:  # another process made it first
            pass
    return path.read_text().strip()


def is_serving() -> bool:
    """Whether this process only answers requests; `server.py` says so to its workers."""
    return os.environ.get("SHOWROOM_SERVING") == "1"


def load(instance: Path) -> dict[str, Any]:
    """The configuration for one instance folder; DATABASE_URL chooses PostgreSQL."""
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    hops = os.environ.get("SHOWROOM_PROXY_HOPS", "")
    return DEFAULTS | {
        "DEMO": is_demo(),
        # How many proxies of ours stand before the server (start.py --behind-proxy); what others claim is not believed.
        "PROXY_HOPS": int(hops) if hops.isdecimal() else 0,
        "SECRET_KEY": os.environ.get("SHOWROOM_SECRET_KEY") or secret(instance, "cookie-key"),
        "PEPPER": os.environ.get("SHOWROOM_PEPPER") or secret(instance, "password-pepper"),
        "SQLALCHEMY_DATABASE_URI": url or f"sqlite:///{instance / 'showroom.db'}",
    }
