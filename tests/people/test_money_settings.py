"""The money rules: every field is kept, bad input comes back with its sentence, each change is remembered."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from showroom_app.lib.refusal import FormRefusal
from showroom_app.lib.typed import Typed
from showroom_app.people import money_settings
from showroom_app.people.showrooms import showroom_row
from tests.builders import user
from tests.conftest import Auth
from tests.rules import activities, words
from tests.web.forms import MONEY


def save(client: FlaskClient, **more: str) -> tuple[int, str]:
    answer = client.post("/settings/money", data=MONEY | more)
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("typed", "field", "kept"),
    [
        ({"discount_bearer": "showroom"}, "discount_bearer", "showroom"),
        ({"discount_bearer": "crafter"}, "discount_bearer", "crafter"),
        ({"discount_percent_max": "12,5 %"}, "discount_bps_max", 1_250),
        ({"discount_percent_max": "0"}, "discount_bps_max", 0),
        ({"discount_percent_max": "100"}, "discount_bps_max", 10_000),
        ({"tender_card": "1", "tender_cash": ""}, "tenders", "qris,transfer,card"),
        ({"cash_rounding": "100"}, "cash_rounding", 100),
        ({"cash_rounding": "500"}, "cash_rounding", 500),
        ({"refund_rupiah_max": "Rp 1.250.000,-"}, "refund_rupiah_max", 1_250_000),
        ({"refund_rupiah_max": "0"}, "refund_rupiah_max", 0),
        ({"paid_refund_bearer": "showroom"}, "paid_refund_bearer", "showroom"),
        ({"payday": "0"}, "payday", 0),
        ({"payday": "6"}, "payday", 6),
        ({"payday": ""}, "payday", None),
        ({"payout_rupiah_min": "50.000"}, "payout_rupiah_min", 50_000),
        ({"advance_rupiah_max": "750000"}, "advance_rupiah_max", 750_000),
        ({"services_refundable": "1"}, "services_refundable", True),
    ],
)
def test_every_field_is_kept_and_shown(app: Flask, auth: Auth, typed: dict[str, str], field: str, kept: object) -> None:
    client = auth("pengelola")
    assert save(client, **typed)[0] == 303
    room = showroom_row(1)
    assert getattr(room, field) == kept
    again = money_settings.as_typed(room)
    money_settings.save_money_settings(again, user("pengelola"))
    assert showroom_row(1) == room, "what the form shows is what is kept"
    assert getattr(showroom_row(2), field) != kept or kept in (None, 0), "next door has its own"
    assert client.get("/settings/money").status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"discount_bearer": ""}, "Pilih salah satu"),
        ({"discount_bearer": "pembeli"}, "Pilih salah satu"),
        ({"paid_refund_bearer": "shared"}, "Pilih salah satu"),
        ({"discount_percent_max": "101"}, "antara 0 dan 100"),
        ({"discount_percent_max": ""}, "antara 0 dan 100"),
        ({"discount_percent_max": "x" * 5_000}, "antara 0 dan 100"),
        ({"cash_rounding": "50"}, "Pilih salah satu"),
        ({"cash_rounding": ""}, "Pilih salah satu"),
        ({"tender_cash": "", "tender_qris": "", "tender_transfer": ""}, "paling sedikit satu cara bayar"),
        ({"payday": "7"}, "Pilih salah satu"),
        ({"payday": "Kamis"}, "Pilih salah satu"),
        ({"refund_rupiah_max": ""}, "Isi jumlah dalam rupiah"),
        ({"refund_rupiah_max": "-1"}, "Isi jumlah dalam rupiah"),
        ({"payout_rupiah_min": "seribu"}, "Isi jumlah dalam rupiah"),
        ({"advance_rupiah_max": "1.000.000.001"}, "Isi jumlah dalam rupiah"),
        ({"advance_rupiah_max": "1,5"}, "Isi jumlah dalam rupiah"),
    ],
)
def test_bad_input_changes_nothing(app: Flask, auth: Auth, typed: dict[str, str], sentence: str) -> None:
    before, client = showroom_row(1), auth("pengelola")
    status, page = save(client, payout_rupiah_min=typed.get("payout_rupiah_min", "77.000"), **{
        name: value for name, value in typed.items() if name != "payout_rupiah_min"
    })  # fmt: skip
    assert status == 422
    assert sentence in words(page)
    assert f'value="{typed.get("payout_rupiah_min", "77.000")}"' in page, "what was typed is still there"
    assert showroom_row(1) == before
    assert activities("settings") == []


def test_several_wrong_fields_are_all_named(app: Flask) -> None:
    with pytest.raises(FormRefusal) as refused:
        money_settings.save_money_settings(Typed(), user("pengelola"))
    wanted = {"discount_bearer", "paid_refund_bearer", "discount_percent_max", "cash_rounding", "tenders"}
    wanted |= {"refund_rupiah_max", "payout_rupiah_min", "advance_rupiah_max"}
    assert set(refused.value.errors) == wanted


def test_what_was_before_and_after_is_remembered(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    save(client)
    save(client, cash_rounding="500", discount_percent_max="5")
    noted = activities("settings")[-1]
    assert (noted.subject, noted.actor_id) == ("showroom:1", user("pengelola").id)
    assert json.loads(noted.before) == {"cash_rounding": 0, "discount_bps_max": 1_000}
    assert json.loads(noted.after) == {"cash_rounding": 500, "discount_bps_max": 500}
    many = len(activities("settings"))
    save(client, cash_rounding="500", discount_percent_max="5")
    assert len(activities("settings")) == many, "nothing changed, nothing is noted"


def test_only_a_manager_sees_and_changes_them(app: Flask, auth: Auth) -> None:
    for who in ("petugas", "perajin", "pengamat"):
        assert auth(who).get("/settings/money").status_code == 403
        assert auth(who).post("/settings/money", data=MONEY).status_code == 403


def test_the_rules_for_goods(app: Flask, auth: Auth) -> None:
    client = auth("pengelola")
    assert 'name="answers_for_loss" value="1" checked' in client.get("/settings/goods").text
    saved = client.post("/settings/goods", data={"answers_for_damage": "1", "ageing_days": "60"})
    assert saved.status_code == 303
    assert json.loads(activities("settings")[-1].after) == {"ageing_days": 60, "answers_for_loss": False}
    for typed in ("", "0", "1.001", "lama"):
        refused = client.post("/settings/goods", data={"ageing_days": typed})
        assert (refused.status_code, "Isi hari antara 1 dan 1.000" in refused.text) == (422, True)
