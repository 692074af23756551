"""What visitors may see of a crafter: recorded, changed, withdrawn, kept; and the face that goes with it."""

import io
import os
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from showroom_app.extensions import reading, rollback
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed
from showroom_app.people import activity, consent, face, pictures
from showroom_app.people.crafter_models import Consent
from showroom_app.people.models import Crafter
from tests.builders import crafter_id, request_id, user
from tests.conftest import Auth


def picture(colour: str = "#7a4a2a") -> bytes:
    """A photo as a phone sends it, with where it was taken."""
    image, out = Image.new("RGB", (300, 400), colour), io.BytesIO()
    exif = image.getexif()
    exif[0x010E] = "di rumah Bu Tutik"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def seen(name: str = "Tutik") -> consent.Seen:
    rollback()
    one = crafter_id(name)
    return consent.seen(reading(), [one])[one]


def rows() -> list[tuple[str, bool]]:
    """Every consent: what it showed, and whether it holds."""
    rollback()
    query = select(Consent.__table__).order_by(Consent.id)
    return [
        ("".join(part[0] for part in consent.PARTS if getattr(row, part)), row.withdrawn_at is None)
        for row in reading().execute(query)
    ]


def send_profile(client: FlaskClient, number: int, photo: bytes = b"", **form: str) -> int:
    data: dict[str, object] = {"story": "", "story_en": "", "request_id": request_id(), **form}
    if photo:
        data["photo"] = (io.BytesIO(photo), "wajah.jpg")
    return client.post(f"/crafters/{number}/profile", data=data).status_code


def test_nothing_is_shown_without_it(app: Flask) -> None:
    assert seen() == consent.Seen(crafter_id("Tutik"))


def test_the_office_records_what_was_read_out(auth: Auth) -> None:
    client, tutik = auth("pengelola"), crafter_id("Tutik")
    page = client.get(f"/crafters/{tutik}/profile").text
    assert "Anda boleh menolak" in page
    form = {"shows_name": "1", "shows_story": "1", "request_id": request_id()}
    unread = client.post(f"/crafters/{tutik}/consent", data=form)
    assert (unread.status_code, "Bacakan dulu" in unread.text, rows()) == (422, True, [])
    told = client.post(f"/crafters/{tutik}/consent", data=form | {"read_out": "1", "request_id": request_id()})
    assert told.status_code == 303
    assert rows() == [("ns", True)]
    row = consent.live(reading(), tutik)
    assert row is not None
    assert "Izin bisa dicabut kapan saja" in row.words
    assert (row.asked_by, seen().name, seen().workshop) == (user("pengelola").id, "Tutik Handayani", "Anyaman Tutik")
    assert "Ratna" in client.get(f"/crafters/{tutik}/profile").text
    assert "Dengan izin sejak" in client.get(f"/crafters/{tutik}").text


def test_changed_is_a_new_row_and_the_same_again_is_none(app: Flask) -> None:
    tutik, manager = crafter_id("Tutik"), user("pengelola")
    consent.give(tutik, ["name"], manager, request_id())
    consent.give(tutik, ["name"], manager, request_id())
    assert rows() == [("n", True)]
    consent.give(tutik, ["name", "face"], manager, request_id())
    assert rows() == [("n", False), ("nf", True)]
    consent.withdraw(tutik, manager, request_id())
    consent.withdraw(tutik, manager, request_id())
    assert rows() == [("n", False), ("nf", False)]
    assert seen() == consent.Seen(tutik)


def test_a_repeat_does_it_once(app: Flask) -> None:
    tutik, manager, key, end = crafter_id("Tutik"), user("pengelola"), request_id(), request_id()
    consent.give(tutik, ["name"], manager, key)
    consent.withdraw(tutik, manager, end)
    consent.give(tutik, ["name"], manager, key)
    assert rows() == [("n", False)]
    consent.give(tutik, ["story"], manager, request_id())
    consent.withdraw(tutik, manager, end)
    assert rows() == [("n", False), ("s", True)]
    with pytest.raises(Refusal, match="hal lain"):
        consent.give(tutik, ["face"], manager, key)


def test_an_answer_with_nothing_in_it_is_refused(auth: Auth) -> None:
    with pytest.raises(Refusal, match="Pilih dulu"):
        consent.give(crafter_id("Tutik"), ["wallet"], user("pengelola"), request_id())
    answer = auth("perajin").post("/my/consent", data={"request_id": request_id()})
    assert (answer.status_code, "Pilih dulu" in answer.text) == (422, True)
    assert rows() == []


def test_the_crafter_withdraws_with_one_tap_and_sees_how_it_looks(auth: Auth) -> None:
    tutik, phone = crafter_id("Tutik"), auth("perajin")
    assert "Perajin Balearjosari" in phone.get("/my/consent").text
    given = phone.post("/my/consent", data={"shows_name": "1", "request_id": request_id()}, follow_redirects=True).text
    assert "Terima kasih" in given
    assert "Cabut izin" in given
    assert seen().name == "Tutik Handayani"
    asked = consent.live(reading(), tutik)
    assert asked is not None
    assert asked.asked_by == user("perajin").id
    gone = phone.post("/my/consent/withdraw", data={"request_id": request_id()}, follow_redirects=True).text
    assert "Pengunjung tidak melihat Anda lagi" in gone
    assert "Cabut izin" not in gone
    assert seen() == consent.Seen(tutik)
    assert "Dicabut atau diganti" in auth("pengelola").get(f"/crafters/{tutik}/profile").text


def test_nobody_answers_for_somebody_else(app: Flask) -> None:
    for who in ("perajin", "tetangga"):
        with pytest.raises(NotHere):
            consent.give(crafter_id("Slamet"), ["name"], user(who), request_id())
        with pytest.raises(NotHere):
            consent.withdraw(crafter_id("Slamet"), user(who), request_id())
    assert rows() == []


def test_the_log_tells_it_and_names_of_then_stay(auth: Auth) -> None:
    tutik = crafter_id("Tutik")
    consent.give(tutik, ["name", "story"], user("pengelola"), request_id())
    consent.withdraw(tutik, user("perajin"), request_id())
    rollback()
    page = auth("pengelola").get("/activity?kind=consent").text
    for told in ("Izin tampil dicatat", "Tutik Handayani", "Nama tampil", "Cerita tampil"):
        assert told in page
    assert "Wajah tampil" not in page
    assert "Izin tampil dicabut" in auth("pengelola").get("/activity").text
    first = activity.page(1)[-1].at
    assert activity.as_of(f"crafter:{tutik}", first, {"name": "Tutik Handayani", "story": ""}) == {
        "name": "Tutik Handayani", "story": "",
    }  # fmt: skip


def test_parts_are_shown_as_far_as_each_goes(app: Flask) -> None:
    tutik, manager = crafter_id("Tutik"), user("pengelola")
    made = pictures.re_encoded(picture(), "photo")
    pictures.keep(made, face.folder())
    face.save_profile(tutik, Typed(story="Sejak 1998.", story_en="Since 1998."), made.name, manager, request_id())
    for parts in (["name"], ["face"], ["story"], ["name", "face"], ["face", "story"], ["name", "face", "story"]):
        consent.give(tutik, parts, manager, request_id())
        told = seen()
        shown = {"name": told.name, "face": told.face, "story": told.story}
        assert {part for part, value in shown.items() if value} == set(parts)
        assert bool(told.workshop) is ("name" in parts)
    english = consent.seen(reading(), [tutik], english=True)[tutik]
    assert english.story == "Since 1998."


def test_a_face_loses_all_but_the_picture_and_is_withdrawn(auth: Auth, client: FlaskClient) -> None:
    manager, tutik = auth("pengelola"), crafter_id("Tutik")
    assert send_profile(manager, tutik, picture(), story="Menganyam sejak 1998.") == 303
    rollback()
    name = reading().execute(select(Crafter.photo).where(Crafter.id == tutik)).scalar_one()
    kept = face.folder() / f"{name}-l.webp"
    assert b"rumah" not in kept.read_bytes()
    address = f"/faces/{tutik}/{name}-s.webp"
    assert client.get(address).status_code == 404, "not before they agreed"
    assert client.get(f"/photos/{name}-s.webp").status_code == 404, "nor among the goods"
    consent.give(tutik, ["face"], user("perajin"), request_id())
    shown = client.get(address)
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "public, no-cache")
    same = {"If-None-Match": shown.headers["ETag"]}
    assert client.get(address, headers=same).status_code == 304
    assert client.get(f"/faces/{crafter_id('Slamet')}/{name}-s.webp").status_code == 404
    consent.withdraw(tutik, user("perajin"), request_id())
    assert client.get(address, headers=same).status_code == 404
    for who in ("petugas", "tetangga", "pengamat"):
        assert auth(who).get(address).status_code == 404, who
    for who in ("pengelola", "perajin"):
        own = auth(who).get(address)
        assert (own.status_code, own.headers["Cache-Control"]) == (200, "private, no-cache"), who


def test_faces_in_use_outlive_the_clean_up(app: Flask, auth: Auth) -> None:
    manager, tutik = auth("pengelola"), crafter_id("Tutik")
    for path in face.folder().glob("*"):
        path.unlink()
    assert send_profile(manager, tutik, picture()) == 303
    assert send_profile(manager, tutik, picture("#2a4a7a")) == 303
    rollback()
    old = time.time() - 2 * pictures.YOUNG_SECONDS
    for path in face.folder().iterdir():
        os.utime(path, (old, old))
    told = app.test_cli_runner().invoke(args=["photos", "clean"])
    assert "3 berkas" in told.output
    assert len(list(face.folder().iterdir())) == 3, "the three sizes of the one in use"
    assert send_profile(manager, tutik, remove_photo="1") == 303
    rollback()
    assert reading().execute(select(Crafter.photo).where(Crafter.id == tutik)).scalar_one() == ""


@pytest.mark.parametrize(
    ("photo", "form", "sentence"),
    [(b"no picture", {}, "bukan foto"), (b"", {"story": "x" * 1_001}, "Terlalu panjang")],
)
def test_what_can_not_be_kept_is_said(auth: Auth, photo: bytes, form: dict[str, str], sentence: str) -> None:
    data: dict[str, object] = {"story": "ini tetap", "story_en": "", "request_id": request_id(), **form}
    if photo:
        data["photo"] = (io.BytesIO(photo), "x.jpg")
    answer = auth("pengelola").post(f"/crafters/{crafter_id('Tutik')}/profile", data=data)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert str(data["story"])[:9] in answer.text
