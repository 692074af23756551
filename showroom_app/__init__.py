"""Showroom Balearjosari: inventory and sales for craft showrooms that sell on consignment."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(config: Mapping[str, Any] | None = None) -> "Flask":
    """Wire the application; `config` overrides settings (INSTANCE names the instance folder)."""
    # Imported here so that `python -m showroom_app.lib.document` starts without Flask.
    from showroom_app.wiring import build

    return build(dict(config or {}))
