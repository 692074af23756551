"""The public catalogue in process: the list as visitors narrow it, a kind of goods, a maker, a label's page."""

import time
from dataclasses import dataclass, field
from pathlib import Path

ASKED = 200
WARM = 10
# What is asked for, by what it is called in the table. In the list also what nobody has asked before.
LISTS = {
    "the list": "/catalogue", "the list's tenth page": "/catalogue?after={tenth}",
    "the list of a category": "/catalogue?category=Kursi", "the list, searched": "/catalogue?q=kursi",
    "the list, by price": "/catalogue?price_from=100000&price_to=200000",
}  # fmt: skip
PAGES = {
    "a kind of goods": "/catalogue/{product}", "a maker": "/makers/{maker}", "a label": "/q/{code}",
    "the list, not changed": "/catalogue",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visited:
    """Milliseconds of each answer by what was asked for: by the clock, and of the processor's time."""

    kinds: int
    taken: dict[str, list[float]] = field(default_factory=dict)
    worked: dict[str, list[float]] = field(default_factory=dict)


def visit(instance: Path) -> Visited:
    """Let every crafter agree, then ask for each page again and again, as a visitor without a session."""
    from showroom_app import create_app
    from showroom_app.catalogue import shelf
    from showroom_app.catalogue.asked import Asked
    from showroom_app.extensions import reading, release

    app = create_app({"INSTANCE": instance})
    with app.app_context():
        _agree()
        newest = shelf.newest(reading(), 1, Asked(), None, 100_000)
        [card] = shelf.cards(reading(), _room(), newest[5:6], False)
        ninth = min(9 * shelf.PAGE, len(newest)) - 1
        [last] = shelf.cards(reading(), _room(), newest[ninth : ninth + 1], False)
        code = _code(newest[5])
        release()
    fill = {
        "tenth": last.product_id, "product": card.product_id, "maker": card.makers[0].id, "code": code,
    }  # fmt: skip
    told = Visited(len(newest))
    client = app.test_client(use_cookies=False)
    for what, path in {**LISTS, **PAGES}.items():
        address = path.format(**fill)
        headers = {"If-None-Match": client.get(address).headers["ETag"]} if "not changed" in what else {}
        taken, worked = [], []
        for _again in range(WARM + ASKED):
            started, begun = time.perf_counter(), time.process_time()
            answer = client.get(address, headers=headers)
            taken.append((time.perf_counter() - started) * 1000)
            worked.append((time.process_time() - begun) * 1000)
            if answer.status_code != (304 if headers else 200):
                raise SystemExit(f"{address} answered {answer.status_code}")
        told.taken[what], told.worked[what] = taken[WARM:], worked[WARM:]
    return told


def _agree() -> None:
    from sqlalchemy import select

    from showroom_app.extensions import reading
    from showroom_app.people import consent, sign_in
    from showroom_app.people.models import Crafter, User

    manager = sign_in.signed_in(reading().execute(select(User.id).where(User.username == "pengelola")).scalar_one())
    for crafter_id in reading().execute(select(Crafter.id)).scalars().all():
        consent.give(crafter_id, consent.PARTS, manager, f"bench-consent-{crafter_id}")


def _room() -> object:
    from showroom_app.people import showrooms

    return showrooms.showroom_row(1)


def _code(item_id: int) -> str:
    from sqlalchemy import select

    from showroom_app.extensions import reading
    from showroom_app.stock.models import Item

    return str(reading().execute(select(Item.code).where(Item.id == item_id)).scalar_one())
