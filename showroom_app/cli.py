"""Commands: `python3 start.py flask init | set-up-link | demo | books check | user …`."""

import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade
from sqlalchemy import inspect, select, update

from showroom_app.counting.checks import COUNTING_CHECKS
from showroom_app.demo import load_demo
from showroom_app.extensions import SQLITE, WAL, begin_write, commit, db, now, reading, rollback, snapshot
from showroom_app.imports.checks import IMPORT_CHECKS
from showroom_app.ledger.checks import LEDGER_CHECKS, Check
from showroom_app.ledger.export import FORMATS, export
from showroom_app.ledger.export_book import Names
from showroom_app.ledger.triggers import trigger_check
from showroom_app.lib.clock import jakarta_date
from showroom_app.lib.refusal import Refusal
from showroom_app.payouts.checks import PAYOUT_CHECKS
from showroom_app.people import activity, face, showrooms, sign_in
from showroom_app.people.models import Crafter, User
from showroom_app.people.passwords import checked_password, checked_pin, hash_secret
from showroom_app.sales.checks import SALES_CHECKS
from showroom_app.sales.joint_checks import JOINT_CHECKS
from showroom_app.stock import photos as photo_files
from showroom_app.stock.checks import STOCK_CHECKS
from showroom_app.stock.models import Item, Product
from showroom_app.venues.checks import VENUE_CHECKS
from showroom_app.web.access import CRAFTER

ALL_CHECKS: list[Check] = [
    *LEDGER_CHECKS,
    Check("the book's triggers are in place, word for word", trigger_check),
    *STOCK_CHECKS,
    *VENUE_CHECKS,
    *SALES_CHECKS,
    *JOINT_CHECKS,
    *COUNTING_CHECKS,
    *PAYOUT_CHECKS,
    *IMPORT_CHECKS,
]

books = AppGroup("books", help="The book of goods and money.")
user = AppGroup("user", help="People who sign in.")
photos = AppGroup("photos", help="Photos of goods and crafters.")


@click.command("init")
def init() -> None:
    """Prepare the instance: folders, secrets, database. A backup is made before anything changes."""
    backup = backup_before_upgrade()
    if backup:
        click.echo(f"Cadangan dibuat: {backup}")
    upgrade()
    sign_in.forget_old_attempts(now() - timedelta(days=2))
    if db.engine.dialect.name == "sqlite" and not WAL:
        click.echo(f"SQLite {SQLITE.sqlite_version}: jurnal biasa dipakai, bukan WAL (perlu 3.51.3 atau lebih baru).")
    click.echo("Siap.")


def backup_before_upgrade() -> Path | None:
    """Copy a SQLite database whose schema is about to change; nothing to do for a new one."""
    if db.engine.dialect.name != "sqlite" or not inspect(db.engine).has_table("alembic_version"):
        return None
    with db.engine.connect() as conn:
        current = MigrationContext.configure(conn).get_current_revision()
    script = ScriptDirectory(str(Path(current_app.root_path).parent / "migrations"))
    if current == script.get_current_head():
        return None
    folder = Path(current_app.instance_path) / "backups"
    folder.mkdir(exist_ok=True)
    target = folder / f"before-{current}-{now():%Y%m%dT%H%M%S}.db"
    source = SQLITE.connect(db.engine.url.database)
    copy = SQLITE.connect(str(target))
    with source, copy:
        source.backup(copy)
    copy.close()
    source.close()
    return target


@click.command("set-up-link")
def set_up_link() -> None:
    """Print the path of the one-time set-up link; nothing when the shop is set up."""
    token = showrooms.new_set_up_token()
    if token:
        click.echo(f"/set-up/{token}")


@click.command("demo")
@click.option("--seed", default=1, help="The same seed makes the same shop.")
@click.option("--quiet", is_flag=True)
def demo(seed: int, quiet: bool) -> None:
    """Load the demo shop once, by the same verbs that the screens call."""
    if showrooms.showroom_row(None) is not None:
        click.echo("Toko contoh sudah ada.")
        return
    if not current_app.config["DEMO"]:
        sys.exit("Toko contoh hanya untuk instance contoh: python3 start.py --demo flask demo")
    load_demo(seed, (lambda _text: None) if quiet else click.echo)


@books.command("check")
def check() -> None:
    """Try every invariant of the book: one line each; exit 0 when all hold, 1 when any is broken."""
    sys.exit(0 if check_books(click.echo) else 1)


@books.command("export")
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="beancount, csv atau xlsx.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Berkas tujuan.")
@click.option("--showroom", "showroom_id", type=int, help="Satu galeri saja.")
@click.option("--force", is_flag=True, help="Timpa berkas yang sudah ada.")
def export_books(form: str, out: Path | None, showroom_id: int | None, force: bool) -> None:
    """Write the whole book to a file: for Beancount, as CSV, or as an Excel workbook."""
    target = out or Path(f"buku-{jakarta_date(now())}.{form}")
    try:
        done = export(target, form, partial(click.echo, err=True), showroom_id=showroom_id, names=_names(), force=force)
    except Refusal as refusal:
        sys.exit(refusal.sentence)
    click.echo(f"{done.path}: {done.entries} jurnal.")


def _names() -> Names:
    """Who and what the ledger's ids are, for readers of an export."""
    conn = reading()
    crafters = {("crafter", row.id): row.name for row in conn.execute(select(Crafter.id, Crafter.name))}
    users = {row.id: row.name for row in conn.execute(select(User.id, User.name))}
    goods = select(Item.id, Item.code, Product.name).join(Product, Product.id == Item.product_id)
    items = {row.id: f"{row.code} {row.name}" for row in conn.execute(goods)}
    return Names(accounts=crafters, units=items, actors=users)


def check_books(say: Callable[[str], object]) -> bool:
    """Run all checks on one snapshot and tell each result."""
    whole = True
    conn = snapshot()
    for one in ALL_CHECKS:
        offenders = one.offenders(conn)
        whole = whole and not offenders
        say(("ok    " if not offenders else "WRONG ") + one.sentence)
        for offender in offenders:
            say(f"      {offender}")
    rollback()
    return whole


@photos.command("clean")
def clean_photos() -> None:
    """Delete the files of photos, of goods and of crafters, that nothing shows any more."""
    click.echo(f"{photo_files.clean() + face.clean()} berkas foto dihapus.")


@user.command("password")
@click.argument("username")
@click.password_option()
def set_password(username: str, password: str) -> None:
    """Give a user a new password or PIN when nobody can sign in any more; all their sessions end."""
    query = select(User.id, User.role, User.showroom_id, Crafter.phone).where(User.username == username.lower())
    account = reading().execute(query.outerjoin(Crafter, Crafter.id == User.crafter_id)).first()
    if account is None:
        sys.exit(f"Tidak ada pengguna {username}.")
    try:
        pin = account.role == CRAFTER
        kept = hash_secret(checked_pin(password, phone=account.phone) if pin else checked_password(password))
    except Refusal as refusal:
        sys.exit(refusal.sentence)
    changed = {"password_hash": kept, "session_key": sign_in.new_session_key(), "one_time_until": None}
    conn = begin_write()
    conn.execute(update(User).where(User.id == account.id).values(**changed))
    activity.note(conn, account.showroom_id, None, "password", f"user:{account.id}")
    commit()
    click.echo("Kata sandi diganti.")


def install(app: Flask) -> None:
    """Give the app its commands."""
    for command in (init, set_up_link, demo, books, photos, user):
        app.cli.add_command(command)
