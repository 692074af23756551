"""What stands where and since when, what sold in words, and the notes: a crafter's own only, with partners' part."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from showroom_app.extensions import begin_write, commit, now
from showroom_app.lib.clock import jakarta_date
from showroom_app.sales import bargain, refund
from showroom_app.sales.bargain import Wanted
from showroom_app.sales.refund import Asked
from showroom_app.stock import item_change, products, write_off
from showroom_app.stock.hand_back import Pieces, hand_back
from showroom_app.stock.item_change import Agreed, Why
from showroom_app.stock.models import Consignment, Item
from showroom_app.venues import transfer
from tests.builders import exhibition, line, open_till, receive, request_id, show, user
from tests.conftest import Auth
from tests.rules import pdf_text, rows, rules, sell, words


def joint_chair() -> Item:
    """A chair that Tutik brings and made with Slamet, who gets 40 %."""
    typed = line("Kursi goyang", "650.000", commission_percent="20", joint="1", partner_1="Slamet Riyadi", part_1="40")
    return receive(typed)[0]


def test_pieces_by_place_age_and_end(app: Flask, auth: Auth) -> None:
    shelf, fair, way, broken, sold = receive(line("Lampu Kendil", quantity="5"))
    conn = begin_write()
    conn.execute(update(Item).values(received_at=now() - timedelta(days=47)).where(Item.id.in_([shelf.id, fair.id])))
    for agreed in (Item, Consignment):
        conn.execute(update(agreed).values(agreed_until="2027-03-01"))
    commit()
    venue = exhibition("Pameran Kriya")
    show(venue, fair)
    transfer.send(venue, "out", {way.id: 1}, user("petugas"), request_id())
    write_off.write_off(write_off.Harm(broken.id, "damaged", 1, "jatuh"), user("pengelola"), request_id())
    sell(open_till(), sold.code)
    client = auth("perajin")
    listed = words(client.get("/my/items").text)
    assert "Lampu Kendil Rp275.000 paling lama 47 hari Tinggal 1 2 di luar" in listed and "dipamerkan" not in listed
    page = words(client.get(f"/my/products/{shelf.product_id}").text)
    for told in (
        "Di rak galeri sudah 47 hari di rak · titip sampai 1 Mar 2027", "Dipamerkan di Pameran Kriya",
        "Dalam perjalanan", "Rusak", "1 buah sudah laku", "Anda terima Rp233.750 kalau laku", shelf.code,
    ):  # fmt: skip
        assert told in page, told
    assert sold.code not in page


def test_the_price_told_is_of_what_stands(app: Flask, auth: Auth) -> None:
    [dear], [cheap] = receive(line("Lampu", "300.000")), receive(line("Lampu", "250.000"))
    assert dear.product_id == cheap.product_id
    client = auth("perajin")
    assert "Lampu Rp300.000 masuk hari ini 2 di rak" in words(client.get("/my/items").text)
    till = open_till()
    sell(till, dear.code)
    assert "Lampu Rp250.000 masuk hari ini Tinggal 1" in words(client.get("/my/items").text)
    assert "Lampu Rp250.000" in words(client.get("/my").text)
    why = Why("showroom", jakarta_date(now()), "lama di rak")
    item_change.change([cheap.id], Agreed(price=200_000), why, user("pengelola"), request_id())
    assert "Lampu Rp200.000 masuk hari ini Tinggal 1" in words(client.get("/my/items").text)
    write_off.write_off(write_off.Harm(cheap.id, "damaged", 1, "jatuh"), user("pengelola"), request_id())
    assert "Lampu Rp200.000 Rusak" in words(client.get("/my/items").text)


def test_a_kind_of_which_nothing_good_is_left(app: Flask, auth: Auth) -> None:
    [sold], [broken] = receive(line("Gelang")), receive(line("Kendi"))
    sell(open_till(), sold.code)
    write_off.write_off(write_off.Harm(broken.id, "damaged", 1, "retak"), user("pengelola"), request_id())
    listed = words(auth("perajin").get("/my/items").text)
    assert "Gelang Rp275.000 Habis" in listed and "Kendi Rp275.000 Rusak" in listed


def test_joint_work_is_seen_by_its_partner_but_no_other_piece(app: Flask, auth: Auth) -> None:
    mine = receive(line("Rak bumbu", joint="1", partner_1="Tutik Handayani", part_1="40"), crafter="Slamet")[0]
    [alone] = receive(line("Rak bumbu"), crafter="Slamet")
    assert alone.product_id == mine.product_id
    page = words(auth("perajin").get(f"/my/products/{mine.product_id}").text)
    assert mine.code in page and alone.code not in page
    assert "Anda terima Rp93.500 kalau laku" in page and "Slamet Riyadi 60%, Tutik Handayani 40%" in page


def test_merged_goods_lead_to_what_they_are_now(app: Flask, auth: Auth) -> None:
    [one], [other] = receive(line("Lampu Kendil")), receive(line("Lampu Kendhil"))
    products.merge(other.product_id, one.product_id, user("pengelola"), request_id())
    client = auth("perajin")
    assert client.get(f"/my/products/{other.product_id}").location == f"/my/products/{one.product_id}"
    assert other.code in client.get(f"/my/products/{one.product_id}").text


def test_the_split_in_words_with_discount_and_refund(app: Flask, auth: Auth) -> None:
    lamp, second = receive(line("Lampu", "100.000", "2", commission_percent="20"))
    till = open_till()
    sell(till, lamp.code)
    page = words(auth("perajin").get("/my/sales").text)
    assert "Pembeli membayar Rp100.000. Anda terima Rp80.000, galeri Rp20.000 (20%)." in page
    till.scan(second.code)
    bargain.give(till.basket_id, Wanted(second.id, bps=1000, reason="cacat"), till.who, request_id())
    sale = sell(till)
    page = words(auth("perajin").get("/my/sales").text)
    assert "Anda terima Rp72.000, galeri Rp18.000 (20%). Diskon Rp10.000, ditanggung bersama." in page
    refund.refund(sale, Asked({1: (1, "shelf")}, (), {}, "cacat"), till.who, request_id())
    page = words(auth("perajin").get("/my/sales").text)
    assert "1 buah dikembalikan pembeli. Rp72.000 dikurangkan dari saldo Anda." in page


def test_joint_sales_tell_the_partners_part(app: Flask, auth: Auth) -> None:
    sell(open_till(), joint_chair().code)
    page = words(auth("perajin").get("/my/sales").text)
    assert "Anda terima Rp312.000, rekan Anda Rp208.000, galeri Rp130.000 (20%)." in page
    assert "Karya bersama: Tutik Handayani, Slamet Riyadi." in page


def test_notes_of_what_came_and_went_back(app: Flask, auth: Auth) -> None:
    lamp, _other = receive(line("Lampu Kendil", quantity="2"))
    receive(line("Kursi Slamet"), crafter="Slamet")
    given = hand_back([Pieces(lamp.id, 1)], user("petugas"), request_id(), reason="dipakai sendiri")
    client = auth("perajin")
    listed = words(client.get("/my/consignments").text)
    assert "NT-KTR-00001" in listed and "NT-KTR-00002" not in listed
    page = words(client.get("/my/consignments/1").text)
    assert "Lampu Kendil 2 buah · Rp275.000 Anda terima Rp233.750 per buah" in page
    assert "NT-KTR-00001" in pdf_text(client.get("/my/consignments/1/note.pdf").data)
    assert "RT-KTR-00001" in words(client.get("/my/hand-backs").text)
    page = words(client.get(f"/my/hand-backs/{given}").text)
    assert "dipakai sendiri" in page and lamp.code in page
    assert "RT-KTR-00001" in pdf_text(client.get(f"/my/hand-backs/{given}/note.pdf").data)


def test_a_partner_sees_no_note_of_joint_work(app: Flask, auth: Auth) -> None:
    """A note is between the showroom and who brought the goods: others' goods stand on it too."""
    receive(line("Rak bumbu", joint="1", partner_1="Tutik Handayani", part_1="40"), crafter="Slamet")
    client = auth("perajin")
    assert client.get("/my/consignments/1").status_code == 404
    assert "Belum ada nota titip" in client.get("/my/consignments").text


def test_payday_and_from_which_balance(app: Flask, auth: Auth) -> None:
    rules(payday=4, payout_rupiah_min=100_000)
    till, client = open_till(), auth("perajin")
    page = words(client.get("/my").text)
    assert "Rp0 Hari bayar berikutnya: Jumat" in page and "Galeri membayar mulai saldo Rp100.000." in page
    sell(till, receive(line("Gelang", "50.000"))[0].code)
    page = words(client.get("/my").text)
    assert "Dibayar setelah mencapai Rp100.000 Hari bayar berikutnya: Jumat" in page
    sell(till, receive(line("Lampu"))[0].code)
    page = words(client.get("/my").text)
    assert "Rp276.250 Akan dibayar Jumat" in page and "Galeri membayar mulai saldo Rp100.000." in page
    assert "Hari bayar berikutnya" not in page
    rules(payday=None)
    assert "dibayar Jumat" not in words(client.get("/my").text)


def test_own_page_and_tabs(app: Flask, auth: Auth) -> None:
    client = auth("perajin")
    page = client.get("/my/settings").text
    told = words(page)
    for shown in ("Tutik Handayani", "0812-0000-1001", "BRI ••7508", "Ganti PIN", "English", "Keluar"):
        assert shown in told
    assert "0123 01 004567 50 8" not in page  # whole it stands nowhere on the phone
    tabs = page.partition('class="tabs"')[2].partition("</nav>")[0]
    assert tabs.count("<a ") == 5 and tabs.count('aria-current="page"') == 1
    assert len(rows("change_request")) == 0


def test_what_was_lost_is_told_with_why_and_whether_it_was_paid(app: Flask, auth: Auth) -> None:
    lamps = receive(line("Lampu Kendil", "100.000", "3"))
    chair, manager = joint_chair(), user("pengelola")
    for item, paid, why in (
        (lamps[0], True, "pintu jebol"),
        (lamps[1], False, "tercecer"),
        (chair, True, "kebanjiran"),
    ):
        harmed = write_off.Harm(item.id, "lost", 1, why, compensate=paid)
        lost = write_off.write_off(harmed, manager, request_id())
    client = auth("perajin")
    for path in ("/my", "/my/items"):
        page = words(client.get(path).text)
        assert "2 hilang" in page and "1 hilang" in page, path
    page = words(client.get(f"/my/products/{lamps[0].product_id}").text)
    assert "pintu jebol" in page and "Rp85.000 diganti" in page
    assert "tercecer" in page and "tidak diganti" in page
    page = words(client.get(f"/my/products/{chair.product_id}").text)
    assert "kebanjiran" in page and "Rp312.000 diganti" in page, "60 % of four fifths of 650.000"
    write_off.turn_round(lost, 1, "di gudang", manager, request_id())
    assert "kebanjiran" not in client.get(f"/my/products/{chair.product_id}").text
    assert "1 hilang" not in words(client.get("/my/items").text)


def test_what_was_paid_for_when_it_was_damaged_is_not_called_unpaid(app: Flask, auth: Auth) -> None:
    [lamp], manager = receive(line("Lampu Kendil", "100.000")), user("pengelola")
    write_off.write_off(write_off.Harm(lamp.id, "damaged", 1, "jatuh"), manager, request_id())
    write_off.write_off(write_off.Harm(lamp.id, "lost", 1, "dibuang", place="damaged"), manager, request_id())
    page = words(auth("perajin").get(f"/my/products/{lamp.product_id}").text)
    assert "dibuang Sudah diganti waktu rusak." in page and "tidak diganti" not in page
