"""What the receipt printer gets: the paper alone, as wide as a roll of 58 or 80 mm prints."""

from playwright.sync_api import Page
from sqlalchemy import func, select

from showroom_app.extensions import reading, rollback
from showroom_app.labels.models import LabelRun
from showroom_app.lib.money import in_notes
from showroom_app.sales import refund, shift
from showroom_app.sales.refund import Asked
from tests.browser.conftest import Shop, Visit
from tests.builders import line, open_till, receive, request_id
from tests.rules import pdf_text, sell

PIXELS_PER_MM = 96 / 25.4
# Roll -> what a printer's head reaches, in mm.
ROLLS = {58: 48, 80: 70}
SEEN = """() => {
  const paper = document.querySelector(".paper");
  const shown = (one) => one.getClientRects().length && !one.contains(paper) && !paper.contains(one);
  const box = paper.getBoundingClientRect();
  const right = Math.max(...Array.from(paper.querySelectorAll("*"), (one) => one.getBoundingClientRect().right));
  return {
    beside: Array.from(document.body.querySelectorAll("*")).filter(shown).map((one) => one.outerHTML.slice(0, 80)),
    before: getComputedStyle(document.body, "::before").display,
    left: box.left, width: box.width, over: right - box.right,
    wide: document.documentElement.scrollWidth, text: paper.innerText,
  };
}"""


def must_print_alone(page: Page, address: str) -> None:
    page.goto(address)
    for roll, reach in ROLLS.items():
        on_paper(page, roll, reach)


def on_paper(page: Page, roll: int, reach: int) -> None:
    page.set_viewport_size({"width": round(roll * PIXELS_PER_MM), "height": 800})
    page.emulate_media(media="print")
    seen = page.evaluate(SEEN)
    assert (seen["beside"], seen["before"]) == ([], "none")
    assert abs(seen["width"] / PIXELS_PER_MM - reach) < 0.5
    assert abs(seen["left"] / PIXELS_PER_MM - 5) < 0.5
    assert seen["over"] < 1, "nothing sticks out of the paper"
    assert seen["wide"] <= round(roll * PIXELS_PER_MM)
    printed = pdf_text(page.pdf(width=f"{roll}mm", height="400mm"))
    assert "".join(printed.split()).upper() == "".join(seen["text"].split()).upper()


def test_receipts_slips_and_reports_print_as_paper_alone(visit: Visit, shop: Shop) -> None:
    long = "Lampu gantung anyaman rotan “Kendil” besar dengan kap ganda"
    lamp, chair = receive(line(long, "12.275.000"), line("Kursi", "50.000"))
    till = open_till("petugas", "K1")
    sale_id = sell(till, lamp.code, chair.code)
    slip = refund.refund(sale_id, Asked({2: (1, "shelf")}, (), {}, "kekecilan"), till.who, request_id())
    manager = visit("pengelola")
    report = f"/shifts/{till.shift_id}"
    for address in (f"/sales/{sale_id}?new=1", f"/refunds/{slip}", report):
        must_print_alone(manager, address)
    shift.close_shift(till.shift_id, in_notes(12_000_000), till.who, request_id(), note="belum dihitung semua")
    must_print_alone(manager, report)


def test_a_double_press_prints_labels_once_and_the_next_again(visit: Visit, shop: Shop) -> None:
    [lamp] = receive(line())
    page = visit("petugas")
    page.goto(f"/labels?item={lamp.id}")
    with page.context.expect_page():
        page.get_by_role("button", name="Cetak 1 label").dblclick()
    page.wait_for_timeout(3_500)
    with page.context.expect_page():
        page.get_by_role("button", name="Cetak 1 label").click()
    page.wait_for_timeout(1_000)
    rollback()
    runs = select(func.count()).select_from(LabelRun).where(LabelRun.items == f"[{lamp.id}]")
    assert reading().execute(runs).scalar_one() == 2, "one for the double press, one for the next"
