"""Products: what is told once for all pieces, two that are one, and the same taken in again."""

import pytest
from flask import Flask

from showroom_app.extensions import reading
from showroom_app.lib.refusal import NotHere, Refusal
from showroom_app.lib.typed import Typed, parse_size, parse_weight
from showroom_app.stock import products
from showroom_app.stock.models import Product
from tests.builders import line, open_till, receive, request_id, user
from tests.conftest import Auth
from tests.rules import activities, rows, words

TYPED = {
    "name": "Lampu Kendil", "category": "Lampu gantung", "material": "rotan pitrit", "width_mm": "35", "depth_mm": "",
    "height_mm": "40,5 cm", "weight_g": "1,25", "care": "lap kering", "story": "Dianyam\ndua hari.",
    "name_en": "Kendil",
    "material_en": "rattan", "care_en": "", "story_en": "",
}  # fmt: skip


def product_of(item_id: int) -> int:
    return next(row.product_id for row in rows("item") if row.id == item_id)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("45", 450), ("45,5", 455), ("45.5 cm", 455), ("", None), (" ", None), ("0,1", 1), ("1000", 10_000)],
)
def test_sizes_as_people_type_them(typed: str, kept: int | None) -> None:
    assert parse_size(typed) == kept


@pytest.mark.parametrize("typed", ["0", "-1", "x", "1000,1", "4,55", "4 5", "٣", "1e3", "9" * 30])
def test_sizes_nobody_means(typed: str) -> None:
    with pytest.raises(ValueError, match=r"measure|range|finer"):
        parse_size(typed)


def test_weights() -> None:
    assert [parse_weight(text) for text in ("2", "2,5", "0.250 kg", "")] == [2000, 2500, 250, None]


def test_told_once_and_seen_by_visitors(app: Flask, auth: Auth) -> None:
    [lamp] = receive()
    client, path = auth("petugas"), f"/products/{product_of(lamp.id)}"
    assert client.post(path, data=TYPED | {"request_id": request_id()}).status_code == 303
    assert 'value="40,5"' in client.get(path).text
    page = words(app.test_client().get(f"/q/{lamp.code}").text)
    for shown in ("Lampu Kendil", "35 × 40,5 cm", "1,25 kg", "rotan pitrit", "lap kering", "Dianyam"):
        assert shown in page
    guest = app.test_client()
    guest.post("/language", data={"language": "en", "next": "/"})
    page = words(guest.get(f"/q/{lamp.code}").text)
    for shown in ("Kendil", "35 × 40.5 cm", "rattan", "lap kering"):
        assert shown in page
    assert [row.kind for row in activities("product")] == ["product"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"name": ""}, "Tulis nama"),
        ({"name": "x" * 121}, "Terlalu panjang"),
        ({"category": "Mobil"}, "Pilih jenis"),
        ({"width_mm": "lebar"}, "ukuran dalam cm"),
        ({"weight_g": "-1"}, "berat dalam kg"),
        ({"story": "x" * 1001}, "Terlalu panjang"),
        ({"name": "Kursi"}, "Gabungkan saja"),
    ],
)
def test_bad_input_keeps_what_was_typed(app: Flask, auth: Auth, more: dict[str, str], sentence: str) -> None:
    lamp, _chair = receive(line(), line("Kursi"))
    answer = auth("petugas").post(f"/products/{product_of(lamp.id)}", data=TYPED | more | {"request_id": request_id()})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert "rotan pitrit" in answer.text
    assert rows("product")[0].material == ""


def test_two_that_are_one_are_merged(app: Flask) -> None:
    lamp, again = receive(line("Lampu Kendil"), line("lampu kendhil"))
    gone, stays = product_of(again.id), product_of(lamp.id)
    products.merge(gone, stays, user("pengelola"), request_id())
    assert {row.product_id for row in rows("item")} == {stays}
    [third] = receive(line("Lampu Kendhil"))
    assert product_of(third.id) == stays
    assert [row.id for row in products.list_products(1)] == [stays]
    till = open_till()
    till.scan(again.code)
    till.pay()
    [noted] = activities("product-merge")
    assert noted.after == '{"into": "Lampu Kendil", "name": "lampu kendhil"}'
    with pytest.raises(Refusal, match="sudah digabung"):
        products.merge(gone, stays, user("pengelola"), request_id())


def test_a_name_that_was_merged_can_be_taken_up_again(app: Flask) -> None:
    stays, gone = (product_of(item.id) for item in receive(line("Kursi"), line("Kursi rotan")))
    products.merge(gone, stays, user("pengelola"), request_id())
    typed = Typed(name="Kursi rotan", category="Kursi")
    products.save_product(stays, typed, user("petugas"), request_id())
    assert {row.id: (row.name, row.merged_into_id) for row in rows("product")} == {
        stays: ("Kursi rotan", None), gone: ("Kursi", stays),
    }  # fmt: skip
    [again] = receive(line("Kursi"))
    assert product_of(again.id) == stays


def test_who_may_not_merge_what(app: Flask) -> None:
    [lamp], [chair] = receive(line("Lampu")), receive(line("Kursi"), crafter="Slamet")
    first, second = product_of(lamp.id), product_of(chair.id)
    for pair, by, sentence in (
        ((first, second), "pengelola", "perajin yang sama"), ((first, first), "pengelola", "barang lain"),
        ((first, second), "petugas", "Hanya pengelola"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=sentence):
            products.merge(*pair, user(by), request_id())
    for stranger, wrong in (("tetangga", (first, second)), ("pengelola", (first, 10**9))):
        with pytest.raises(NotHere):
            products.merge(*wrong, user(stranger), request_id())


def test_merging_on_the_screen(app: Flask, auth: Auth) -> None:
    lamp, again = receive(line("Lampu"), line("Lampuu"))
    client = auth("pengelola")
    gone, stays = product_of(again.id), product_of(lamp.id)
    refused = client.post(f"/products/{gone}/merge", data={"into": "", "request_id": request_id()})
    assert (refused.status_code, "Pilih barang lain" in refused.text) == (422, True)
    done = client.post(f"/products/{gone}/merge", data={"into": str(stays), "request_id": request_id()})
    assert done.location == f"/products/{stays}"
    assert client.get(f"/products/{gone}").location == f"/products/{stays}"


def test_the_same_again_takes_two_taps(app: Flask, auth: Auth) -> None:
    [lamp] = receive(line("Lampu", "175.000", commission_percent="20"))
    client = auth("petugas")
    draft = client.post(f"/products/{product_of(lamp.id)}/consign", data={"request_id": request_id()}).location
    page = client.get(draft).text
    for shown in ('value="Lampu"', 'value="175.000"', 'value="20"'):
        assert shown in page
    note = client.post("/consignments", data={"crafter_id": "1", "request_id": request_id()}).location
    assert "Pernah dititip" in client.get(note).text
    product = product_of(lamp.id)
    client.post(f"{note}/draft", data={"do": f"again-{product}", "lines-0-quantity": "1"})
    again = client.get(note).text
    assert again.count('value="175.000"') == 1
    for wrong in ("again-x", "again-999"):
        assert client.post(f"{note}/draft", data={"do": wrong}).status_code == 404


def test_the_list_is_searched_and_paged_by_name(app: Flask, auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    receive(*(line(f"Barang {number:02d}") for number in range(5)))
    monkeypatch.setattr(products, "PAGE", 2)
    client, seen, url = auth("petugas"), [], "/products"
    while url:
        page = client.get(url).text
        seen += [name for name in (f"Barang {number:02d}" for number in range(5)) if f"<b>{name}</b>" in page]
        more = page.partition('class="more"><a class="button" href="')[2].partition('"')[0]
        url = more.replace("&amp;", "&")
    assert seen == [f"Barang {number:02d}" for number in range(5)]
    assert "Barang 03" in client.get("/products?q=03").text
    assert "Tidak ada yang cocok" in client.get("/products?q=zzz").text


def test_no_column_is_told_that_is_not_there(app: Flask) -> None:
    receive()
    known = {column.key for column in Product.__table__.columns}
    assert set(products._LOGGED) <= known
    assert reading() is not None
