"""The screens of imports: examples to fill in, upload, preview with its problems, acceptance, what became of a file."""

import io
import re

import pytest
from flask import Flask
from flask_babel import force_locale

from showroom_app.imports import columns, example_file, kept
from showroom_app.imports.models import KINDS
from tests.builders import request_id
from tests.conftest import Auth
from tests.imports.files import GOODS, bring, count, file_row, goods_row, post, problems, table, take, told, xlsx
from tests.rules import activities, words

GOOD = xlsx(GOODS, goods_row(), goods_row("Kursi", "900.000", "3", category="Kursi", crafter="Slamet Riyadi"))


def mark_on(page: str) -> dict[str, str]:
    """What the accept form sends besides its token."""
    return {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[-1] for name in ("mark", "request_id")}


def test_from_the_file_to_the_notes(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    answer = post(client, GOOD)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Terima 2 baris" in page and "Rp3.250.000" in page and "Lampu Kendil" in page
    assert count("item") == 0, "nothing is written before it is accepted"
    done = client.post(f"{answer.location}/accept", data=mark_on(page))
    assert (done.status_code, done.location) == (303, answer.location)
    page = client.get(answer.location).text
    assert "2 nota titip dibuat" in page and "NT-K" in page and "tidak masuk dua kali" in page
    assert count("item") == 5
    assert "Sudah diimpor" in client.get("/imports").text
    log = words(client.get("/activity?kind=import").text)
    assert "Berkas diimpor" in log and "barang.xlsx" in log and "Rp3.250.000" in log


def test_with_htmx_it_leaves_for_the_file_s_page(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    to = post(client, GOOD).location
    answer = client.post(f"{to}/accept", data=mark_on(client.get(to).text), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, to)


def test_problems_by_page(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    to = post(client, xlsx(GOODS, *[goods_row(f"Barang {n}", price=f"harga {n}") for n in range(120)])).location
    first, last, beyond = (client.get(f"{to}?page={page}").text for page in (1, 3, 99))
    assert "120 hal perlu diperbaiki" in first and "“harga 0”" in first and "“harga 50”" not in first
    assert "“harga 119”" in last and "“harga 119”" in beyond
    assert "Halaman 1 dari 3" in first and "/accept" not in first
    assert "E2" in words(first)
    answer = client.post(f"{to}/accept", data={"mark": told_mark(to), "request_id": request_id()})
    assert answer.status_code == 422 and "Masih ada yang perlu diperbaiki" in answer.text


def told_mark(to: str) -> str:
    from showroom_app.imports import preview

    return str(preview.preview(file_row(int(to.rpartition("/")[2])))["mark"])


def test_a_preview_is_fresh_whenever_it_is_opened(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    to = post(client, xlsx(GOODS, goods_row(crafter="Sri Wahyuni"))).location
    assert "Belum ada perajin bernama ini" in client.get(to).text
    take(table(["Nama"], ["Sri Wahyuni"]), "crafters")
    assert "Terima 1 baris" in client.get(to).text


def test_the_same_file_is_said_with_who(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    to = post(client, GOOD).location
    again = post(client, GOOD, name="salinan.xlsx")
    assert again.location == to
    assert "Isi yang sama sudah diunggah Ratna" in client.get(to).text
    client.post(f"{to}/accept", data=mark_on(client.get(to).text))
    assert post(client, GOOD).location == to
    page = client.get(to).text
    assert "Berkas ini sudah diimpor Ratna" in words(page) and "/accept" not in page
    late = client.post(f"{to}/accept", data={"mark": "x", "request_id": request_id()})
    assert late.status_code == 422 and "sudah diimpor Ratna" in words(late.text)


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (b"", "goods", "Pilih berkasnya dulu"), (b"%PDF-1.4", "goods", "bukan berkas XLSX"),
        (table(["a"], ["b"]), "crafters", "belum dikenali"), (GOOD, "sales", "Pilih isi berkasnya"),
        (b"x" * (10 * 1024 * 1024 + 1), "goods", "lebih besar dari 10 MB"), (GOOD, "", "Pilih isi berkasnya"),
    ],
)  # fmt: skip
def test_what_can_t_be_read_is_told_beside_its_form(
    app: Flask, auth: Auth, content: bytes, kind: str, sentence: str
) -> None:
    answer = post(auth("pengelola"), content, kind)
    assert answer.status_code == 422 and sentence in answer.text
    assert count("import_file") == 0


def test_larger_than_a_request_may_be(app: Flask, auth: Auth) -> None:
    assert post(auth("pengelola"), b"x" * (13 * 1024 * 1024)).status_code == 413


def test_names_of_files_and_cells_are_words(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    name, evil = "fakepath/<script>alert(1)\u202e.xlsx", "<script>alert(2)</script>"
    page = client.get(post(client, xlsx(GOODS, goods_row(evil, price=evil)), name=name).location).text
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page and "&lt;script&gt;alert(2)" in page
    assert "fakepath" not in page and "\u202e" not in page
    assert client.get("/imports").text.count("<script>alert") == 0


def test_progress_is_told_and_then_leads_on(app: Flask, auth: Auth) -> None:
    client, import_id = auth("pengelola"), bring(GOOD)
    to = f"/imports/{import_id}/progress"
    assert "Menyiapkan" in client.get(to).text
    kept.Progress(import_id).say("checking", 0, 10_000)
    assert "Memeriksa baris 0 dari 10.000" in client.get(to).text
    assert 'value="0"' in client.get(f"/imports/{import_id}").text
    kept.forget("none", import_id)
    assert "berhenti, dan belum ada yang disimpan" in client.get(f"{to}?seen=1").text
    take(GOOD)
    assert client.get(to, headers={"HX-Request": "true"}).headers["HX-Redirect"] == f"/imports/{import_id}"


def test_discarding(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    to = post(client, GOOD).location
    assert client.post(f"{to}/discard").status_code == 303
    assert client.get(to).status_code == 404
    assert activities("import") == []


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", example_file.FORMS)
def test_examples_come_back_in_without_a_change(app: Flask, kind: str, form: str, language: str) -> None:
    with force_locale(language):
        content = example_file.example(kind, form)
        said = told(content, kind)
        assert (said["rows"], len(said["remarks"])) == (0, 1)
        assert [one["cell"] for one in said["problems"]] == [""], "only that there are no rows"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_heading_of_an_example_means_its_own_column(app: Flask, kind: str, language: str) -> None:
    known = columns.known_headings(kind)
    with force_locale(language):
        for column in columns.columns_of(kind):
            assert known[columns.plain(column.heading)] == column.field


def test_the_example_is_right_once_it_is_somebody_s(app: Flask) -> None:
    example = example_file.example("goods", "csv").decode("utf-8-sig").replace("Contoh: ", "")
    assert problems(example.encode()) == []
    assert problems(example_file.example("crafters", "csv").replace(b"Contoh: Tutik", b"Sri"), "crafters") == []


def test_examples_are_downloads(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    links = re.findall(r'href="(/imports/example/[^"]+)"', client.get("/imports").text)
    assert len(links) == 4
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
        assert io.BytesIO(answer.data).read(4) in (b"PK\x03\x04", b"\xef\xbb\xbfN", b"\xef\xbb\xbfP")
    assert client.get("/imports/example/lain.xlsx").status_code == 404


def test_links_lead_there(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    for page in ("/crafters", "/items", "/reports"):
        assert 'href="/imports"' in client.get(page).text, page
    assert 'href="/imports"' not in auth("petugas").get("/items").text
    assert "/exports/everything.xlsx" in auth("pengamat").get("/reports").text
