"""Reading labels from photos: a floor for every class that makes it hard, and what is no label or no photo."""

import itertools
import zlib
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from showroom_app.lib import label_photo, qr
from showroom_app.lib.label_photo import Read, label_of, read
from showroom_app.lib.photo import NotAPhoto
from tests.label_photos import CODES, HOST, Laid, Shot, classes, other_code, photo, photo_of
from tests.lib.test_photo import chunk, claiming, saved

EACH = 4
# Labels read of all, at least; measured on 14 photos of each class (bench/README.md), and at most a little below that.
FLOORS = {
    "plain": 1.0,
    "turned, every 15°": 1.0,
    "near, 30 pixels a module": 1.0,
    "far, 4 pixels a module": 1.0,
    "far, 3 pixels a module": 1.0,
    "far, 2.5 pixels a module": 1.0,
    "far, 2 pixels a module": 0.75,
    "far, 1.5 pixels a module": 0.0,
    "blurred, 0.25 module": 1.0,
    "blurred, 0.5 module": 1.0,
    "blurred, 0.6 module": 0.0,
    "blurred, 0.75 module": 0.0,
    "glare on the data, 0.2 of the code": 1.0,
    "glare on the data, 0.3 of the code": 0.5,
    "glare on the data, 0.4 of the code": 0.0,
    "glare on a corner mark": 0.0,  # without one of its three marks it is no QR code
    "dark, 30% of the light": 1.0,
    "dark, 15% of the light": 1.0,
    "dark, 10% of the light": 1.0,
    "dark, 8% of the light": 0.0,
    "tilted by 30°": 1.0,
    "tilted by 45°": 1.0,
    "tilted by 55°": 0.5,
    "tilted by 60°": 0.25,
    "three in one, small ones too": 1.0,
    "as it comes: tilted, blurred, dim": 0.75,
}
CLASSES = classes(EACH)


def at_leisure(content: bytes) -> Read:
    """All passes, however busy the machine is that runs the tests."""
    return read(content, now=lambda: 0.0)


@pytest.mark.parametrize("name", CLASSES)
def test_each_class_reaches_its_floor_and_nothing_is_read_wrongly(name: str) -> None:
    there = found = 0
    for seed, shot in enumerate(CLASSES[name]):
        codes = {label.code for label in shot.labels}
        told = at_leisure(shot.taken(seed))
        assert set(told.codes) <= codes
        there, found = there + len(codes), found + len(told.codes)
    assert found >= FLOORS[name] * there, f"{found} of {there}"


def test_every_class_has_a_floor() -> None:
    assert set(FLOORS) == set(CLASSES)


def test_several_come_in_reading_order_whichever_way_the_phone_was_held() -> None:
    places = [(0.3, 0.2), (0.7, 0.22), (0.3, 0.7), (0.7, 0.68)]
    laid = [Laid(code=CODES[n], at=at, angle=20 * n) for n, at in enumerate(places)]
    content = photo(list(reversed(laid)))
    assert read(content).codes == CODES[:4]
    with Image.open(BytesIO(content)) as upright:
        exif = Image.Exif()
        exif[0x0112] = 6  # stored lying on its left side, to be turned to the right
        content = saved(upright.transpose(Image.Transpose.ROTATE_90), quality=85, exif=exif)
    assert read(content).codes == CODES[:4]


def test_the_same_label_twice_counts_once() -> None:
    twice = [Laid(at=(0.3, 0.3)), Laid(at=(0.6, 0.7), angle=90, sheet="tj-108")]
    assert read(photo(twice)) == Read((CODES[0],))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "grey", "palette", "see-through", "CMYK"])
def test_every_kind_of_picture_is_read(kind: str) -> None:
    with Image.open(BytesIO(photo([Laid()]))) as scene:
        piece = scene.crop((900, 1500, 2100, 2500))
    if kind in ("PNG", "WEBP"):
        content = saved(piece, kind)
    elif kind == "see-through":
        content = saved(piece.convert("RGBA"), "PNG")
    else:
        mode = {"grey": "L", "palette": "P", "CMYK": "CMYK"}[kind]
        content = saved(piece.convert(mode), "PNG" if mode == "P" else "JPEG")
    assert read(content).codes == (CODES[0],)


QRIS = "00020101021126570011ID.DANA.WWW011893600915012345678902091234567890303UMI51440014ID.CO.QRIS.WWW5802ID6304A1B2"


@pytest.mark.parametrize(
    "payload", [QRIS, "https://example.com/7K3QXM2F", "WIFI:S:galeri;;", "7K3QXM2G", "\xff\xfe\x00"]
)
def test_other_codes_are_no_labels(payload: str) -> None:
    assert read(photo_of(other_code(payload))) == Read((), others=True)


def test_a_label_beside_another_code_is_read() -> None:
    with Image.open(BytesIO(photo([Laid(at=(0.3, 0.2))]))) as scene:
        scene.paste(other_code(QRIS), (1600, 2400))
        assert read(saved(scene, quality=85)) == Read((CODES[0],), others=True)


def test_a_photo_without_any_code_says_nothing() -> None:
    assert read(photo([])) == Read(())


def test_what_a_label_may_say() -> None:
    for text in (CODES[0], CODES[0].lower(), qr.label_payload(CODES[0], HOST), f"https://x.id/q/{CODES[0]}?a=1"):
        assert label_of(text) == CODES[0], text
    for text in ("", "7K3QXM2G", f"https://x.id/{CODES[0]}", f"https://x.id/q/{CODES[0]}/edit", "/q/", "\ud800"):
        assert label_of(text) is None, text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"), (b"GIF89a" + bytes(99), "other-kind"), (b"%PDF-1.7", "other-kind"), (b"<svg/>", "other-kind"),
        (b"\0\0\0\x18ftypheic", "heic"), (b"\xff\xd8\xff\xe0 not a picture", "unreadable"),
        (claiming(60_000, 60_000), "too-large"), (claiming(5_000, 5_000), "too-large"),
        (saved(Image.new("RGB", (30, 30))), "tiny"), (b"\xff" * 26_000_000, "too-heavy"),
        (saved(Image.new("RGB", (400, 300)))[:-200], "unreadable"),
        (saved(Image.new("RGB", (400, 300))) [:2] + b"\xff\xd9" * 9, "unreadable"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt") * 2000, "unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_photo_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(NotAPhoto) as refusal:
        read(content)
    assert refusal.value.reason in (reason, "other-kind" if reason == "too-heavy" else reason)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    header = chunk(b"IHDR", (20_000).to_bytes(4, "big") * 2 + b"\x08\x00\0\0\0")
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(20_001) * 2000)) + chunk(b"IEND")
    unpacked: list[Any] = []
    monkeypatch.setattr(ImageFile.ImageFile, "load", unpacked.append)
    with pytest.raises(NotAPhoto) as refusal:
        read(bomb)
    assert (refusal.value.reason, unpacked) == ("too-large", [])


def finder_marks() -> Image.Image:
    """Hundreds of the marks that begin a QR code, and no code: as much as there is to try in vain."""
    mark = Image.new("L", (108, 108), 255)
    for edge, shade in ((12, 0), (24, 255), (36, 0)):
        mark.paste(shade, (edge, edge, 108 - edge, 108 - edge))
    page = Image.new("L", (2916, 3996), 255)
    for x, y in itertools.product(range(0, 2916, 108), range(0, 3996, 108)):
        page.paste(mark, (x, y))
    return page


@pytest.mark.parametrize("kind", ["finder marks", "noise", "black"])
def test_hostile_pictures_say_nothing(kind: str) -> None:
    size = (3000, 4000)
    made = {"finder marks": finder_marks, "noise": lambda: Image.effect_noise(size, 120)}
    content = saved(made.get(kind, lambda: Image.new("L", size))(), quality=85)
    assert at_leisure(content).codes == ()


def test_no_pass_begins_after_its_time() -> None:
    blurred = Shot((Laid(blur_modules=0.55, angle=30),)).taken(1)
    assert at_leisure(blurred).codes == (CODES[0],)
    # The start, and a look at the clock after the first pass: there is no third.
    assert read(blurred, now=iter((0.0, label_photo.SECONDS_MAX + 0.1)).__next__).codes == ()


@settings(max_examples=40)
@given(st.data())
def test_a_torn_photo_is_a_photo_or_none(data: st.DataObject) -> None:
    whole = SMALL
    at = data.draw(st.integers(0, len(whole) - 1))
    torn = whole[:at] + data.draw(st.binary(max_size=40)) + whole[at + data.draw(st.integers(0, 40)) :]
    with suppress(NotAPhoto):
        assert read(torn).codes in ((), (CODES[0],))


SMALL = saved(other_code(qr.label_payload(CODES[0], HOST), scale=8))
