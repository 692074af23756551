"""The rules for goods in the showroom's care: what it answers for, when crafters are asked. Changes are logged."""

from typing import Any

from flask_babel import gettext as _

from showroom_app.extensions import begin_write, commit
from showroom_app.ledger.act import verb
from showroom_app.lib.refusal import FormRefusal
from showroom_app.lib.typed import Typed, parse_count
from showroom_app.people.showrooms import change_rules
from showroom_app.web.access import SignedIn

DAYS_MAX = 1000


@verb
def save_goods_settings(typed: Typed, manager: SignedIn) -> None:
    """Change the rules for goods. They hold from now on; what was compensated before stays as it was."""
    values: dict[str, Any] = {name: typed.flag(name) for name in ("answers_for_damage", "answers_for_loss")}
    try:
        values["ageing_days"] = parse_count(typed.get("ageing_days", ""))
    except ValueError:
        values["ageing_days"] = 0
    if not 1 <= values["ageing_days"] <= DAYS_MAX:
        raise FormRefusal({"ageing_days": _("Isi hari antara 1 dan %(n)s.", n="1.000")})
    change_rules(begin_write(), values, manager)
    commit()


def as_typed(room: Any) -> Typed:
    """The rules as the form shows them."""
    flags = {name: "1" if getattr(room, name) else "" for name in ("answers_for_damage", "answers_for_loss")}
    return Typed(flags | {"ageing_days": str(room.ageing_days)})
