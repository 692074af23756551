"""Sentences of templates that are settled when a template is compiled: in each language, and always escaped."""

import pytest
from flask import Flask

HOSTILE = '<b onclick="x">%(name)s & {{ 7 * 7 }}'
SHOWN = "&lt;b onclick=&#34;x&#34;&gt;%(name)s &amp; {{ 7 * 7 }}"


@pytest.mark.parametrize(
    ("language", "source", "shown"),
    [
        ("id", '{{ _("Keluarkan %(name)s", name=line.name) }}', f"Keluarkan {SHOWN}"),
        ("en", "{{ _('Keluarkan %(name)s', name=line.name) }}", f"Remove {SHOWN}"),
        ("id", '{{ _("Selesaikan %(amount)s", amount=line.price|rupiah) }}', "Selesaikan Rp1.250.000"),
        ("en", '{{ _("Selesaikan %(amount)s", amount=line["price"]|rupiah) }}', "Complete Rp1.250.000"),
        ("id", '{{ _("Cetak pada ukuran asli (100%%), tanpa “sesuaikan halaman”.") }}', None),
    ],
)
def test_a_sentence_with_gaps(app: Flask, language: str, source: str, shown: str | None) -> None:
    template = app.extensions["pages"][language].from_string(source)
    told = template.render(line={"name": HOSTILE, "price": 1_250_000})
    assert told == (shown or "Cetak pada ukuran asli (100%), tanpa “sesuaikan halaman”.")
