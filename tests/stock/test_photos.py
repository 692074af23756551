"""Photos of products: eight at most, re-encoded, shown where goods are shown, and cleaned up."""

import io
import os

import pytest
from flask import Flask
from PIL import Image
from werkzeug.datastructures import FileStorage

from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.stock import photos, products
from showroom_app.venues import transfer
from tests.builders import exhibition, line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.counting.counts import begin, close
from tests.rules import rows


def picture(colour: str = "brown", size: tuple[int, int] = (400, 300), kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def upload(*contents: bytes) -> dict[str, object]:
    files = [FileStorage(io.BytesIO(content), filename="foto.jpg") for content in contents]
    return {"photos": files, "request_id": request_id()}


@pytest.fixture
def lamp(app: Flask) -> str:
    return receive(line("Lampu"))[0].code


def test_the_first_is_shown_wherever_goods_are(app: Flask, auth: Auth, lamp: str) -> None:
    client = auth("petugas")
    assert client.post("/products/1/photos", data=upload(picture(), picture("green"))).status_code == 303
    first = rows("product")[0].photo
    assert len(first) == 32
    for path in ("/items", f"/q/{lamp}", "/products/1", "/products"):
        assert first in client.get(path).text
    till = open_till()
    till.scan(lamp)
    assert first in client.get("/till").text
    assert first in app.test_client().get(f"/q/{lamp}").text
    assert first in auth("perajin").get("/my/items").text
    file = app.test_client().get(f"/photos/{first}-m.webp")
    assert (file.status_code, file.mimetype) == (200, "image/webp")
    assert "immutable" in file.headers["Cache-Control"]
    with Image.open(io.BytesIO(file.data)) as image:
        assert image.format == "WEBP"


def test_another_first_and_one_less(app: Flask, auth: Auth, lamp: str) -> None:
    client = auth("petugas")
    client.post("/products/1/photos", data=upload(picture(), picture("green"), picture("blue")))
    names = [row.name for row in rows("photo")]
    client.post("/photos/3/first", data={"request_id": request_id()})
    assert rows("product")[0].photo == names[2]
    client.post("/photos/3/remove", data={"request_id": request_id()})
    assert rows("product")[0].photo == names[0]
    assert photos.clean() == 0, "what is young may be spoken of in a moment"
    for path in photos.folder().iterdir():
        os.utime(path, (0, 0))
    assert photos.clean() == 3, "three sizes of the one that nothing shows any more"
    assert client.get(f"/photos/{names[2]}-s.webp").status_code == 404
    assert client.get(f"/photos/{names[0]}-s.webp").status_code == 200


def test_the_same_again_is_one_and_nine_are_too_many(app: Flask, auth: Auth, lamp: str) -> None:
    client = auth("petugas")
    client.post("/products/1/photos", data=upload(picture()))
    client.post("/products/1/photos", data=upload(picture()))
    assert len(rows("photo")) == 1
    many = [picture(size=(401 + number, 300)) for number in range(8)]
    refused = client.post("/products/1/photos", data=upload(*many))
    assert (refused.status_code, "Paling banyak 8 foto" in refused.text) == (422, True)
    assert len(rows("photo")) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "kosong"), (b"bukan foto", "bukan foto"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"), (b"GIF89a", "bukan foto"),
        (picture()[:-200], "rusak atau terpotong"), (picture(size=(20, 20)), "terlalu kecil"),
        (b"%PDF-1.7", "bukan foto"),
    ],
)  # fmt: skip
def test_what_is_no_photo_is_answered_in_words(
    app: Flask, auth: Auth, lamp: str, content: bytes, sentence: str
) -> None:
    answer = auth("petugas").post("/products/1/photos", data=upload(content))
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert rows("photo") == []


def test_nothing_chosen_strangers_and_presses(app: Flask, auth: Auth, lamp: str) -> None:
    assert auth("petugas").post("/products/1/photos", data={"request_id": request_id()}).status_code == 422
    assert auth("petugas-tetangga").post("/products/1/photos", data=upload(picture())).status_code == 404
    made, key = photos.re_encoded(picture()), request_id()
    photos.keep(made)
    for _press in range(2):
        assert photos.add(1, [made], user("petugas"), key) == 1
    for stranger in (1, 10**9):
        with pytest.raises(NotHere):
            photos.remove(stranger, user("petugas-tetangga"), request_id())
    for name in ("..-s.webp", "0" * 32 + "-x.webp", "0" * 32 + "-s.webp", "%2e%2e%2fsecrets"):
        assert app.test_client().get(f"/photos/{name}").status_code == 404


def test_several_photos_may_weigh_more_than_a_form(app: Flask, auth: Auth, lamp: str) -> None:
    heavy = Image.effect_noise((2400, 2400), 90)
    out = io.BytesIO()
    heavy.save(out, "JPEG", quality=98)
    content = out.getvalue()
    assert len(content) * 5 > 12 * 1024 * 1024
    several = upload(*(content + b"\x00" * number for number in range(5)))
    assert auth("petugas").post("/products/1/photos", data=several).status_code == 303


def test_photos_go_with_a_merged_product(app: Flask, lamp: str) -> None:
    receive(line("Lampuu"))
    made = photos.re_encoded(picture())
    photos.keep(made)
    photos.add(2, [made], user("petugas"), request_id())
    products.merge(2, 1, user("pengelola"), request_id())
    assert [(row.product_id, row.name) for row in rows("photo")] == [(1, made.name)]
    assert [row.photo for row in rows("product")] == [made.name, ""]
    with pytest.raises(Refusal, match="sudah digabung"):
        products.save_product(2, products.Typed(name="x", category="Kursi"), user("petugas"), request_id())


def test_photos_that_a_merge_leaves_over_are_cleaned_up(app: Flask, auth: Auth, lamp: str) -> None:
    receive(line("Lampuu"))
    colours = ["brown", "red", "green", "blue", "black", "white", "pink", "gold", "navy"]
    made = [photos.re_encoded(picture(colour)) for colour in colours]
    for one in made:
        photos.keep(one)
    photos.add(1, made[:7], user("petugas"), request_id())
    photos.add(2, made[6:], user("petugas"), request_id())
    assert "kecuali foto yang sama atau lebih dari 8" in auth("pengelola").get("/products/2").text
    products.merge(2, 1, user("pengelola"), request_id())
    kept = [(row.product_id, row.name) for row in rows("photo")]
    assert sorted(kept) == sorted((1, one.name) for one in made[:8]), "the equal one once, the ninth no more"
    for path in photos.folder().glob("*"):
        os.utime(path, (0, 0))
    photos.clean()
    assert [photos.kept(one.name) for one in made] == [True] * 8 + [False]


def test_a_large_photo_is_no_reason_to_lose_a_form(app: Flask, auth: Auth) -> None:
    """Wherever a photo goes with other words: what phones take weighs more than other forms may."""
    [chair], number = receive(line("Kursi")), begin()
    close(number)
    [lamp] = receive(line("Lampu"))
    note = transfer.send(exhibition(), "out", {lamp.id: 1}, user("petugas"), request_id())
    client = auth("pengelola")
    for to in (
        f"/items/{chair.id}/write-off", f"/transfers/{note}/lose/{lamp.id}", f"/stocktakes/{number}/differences",
    ):  # fmt: skip
        large = FileStorage(io.BytesIO(picture()[:500] + bytes(14_000_000)), filename="foto.jpg")
        typed = {"quantity": "1", "reason": "kebanjiran", "how": "lost", "request_id": request_id(), "photo": large}
        answer = client.post(to, data=typed)
        assert (answer.status_code, 'value="kebanjiran"' in answer.text) == (422, True), to
        assert 'id="f-photo-error"' in answer.text, to
