"""Rendering pages: what never changes in a template is settled when it is compiled, once for each language.

A till answers hundreds of times a day with the same words, icons and addresses; looking each of them up again
took more than half of the time of an answer.
"""

import json
import re
from typing import Any

from flask import Flask, current_app
from flask.templating import Environment as FlaskEnvironment
from flask_babel import force_locale, get_domain, get_locale
from jinja2 import Environment
from jinja2.ext import Extension
from markupsafe import Markup, escape

from showroom_app.web.filters import static_url

LANGUAGES = ("id", "en")

# {{ _("Kembali") }}, {{ _("Keluarkan %(name)s", name=line.name) }}: what fills a gap is any expression without a comma.
_TEXT = re.compile(r"""{{ _\((?:"([^"\\]*)"|'([^'\\]*)')((?:, ?\w+=[\w.|]+)*)\) }}""")
_GAP = re.compile(r"%\((\w+)\)s")
_TEXT_IN_CODE = re.compile(r"""_\((?:"([^"\\]*)"|'([^'\\]*)')\)""")
_ICON = re.compile(r'{{ icon\("([\w-]+)"\) }}')
_STATIC = re.compile(r"{{ static_url\('([\w./-]+)'\) }}")
_ICON_MARKUP = '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>'


class Settled(Extension):
    """Put fixed texts (translated), icons and static addresses into a template's source before it is compiled."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Only what has no variable in it; the rest is left to each rendering."""
        language: str = self.environment.language  # type: ignore[attr-defined]
        source = _TEXT.sub(lambda m: _sentence(_translated(language, m[1] or m[2] or ""), m[3]), source)
        source = _TEXT_IN_CODE.sub(
            lambda m: json.dumps(_translated(language, m[1] or m[2] or ""), ensure_ascii=False), source
        )
        sprite = static_url("icons.svg")
        source = _ICON.sub(lambda m: _ICON_MARKUP.format(sprite, m[1]), source)
        return _STATIC.sub(lambda m: static_url(m[1]), source)


class PageEnvironment(FlaskEnvironment):
    """Jinja, quicker with dicts: `a.b` of one is first its key, and costs no exception."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What `obj.attribute` is in a template."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def _sentence(text: str, given: str) -> str:
    filled = dict(one.strip().split("=", 1) for one in given.split(",")[1:])
    return _GAP.sub(lambda m: "{{ " + filled[m[1]] + " }}", str(escape(text)))


def _translated(language: str, text: str) -> str:
    with force_locale(language):
        return str(get_domain().get_translations().gettext(text)).replace("%%", "%")


def render_template(template: str, **context: Any) -> str:
    """Render a template in the reader's language."""
    environments: dict[str, Environment] = current_app.extensions["pages"]
    environment = environments.get(str(get_locale()), environments["id"])
    current_app.update_template_context(context)
    return environment.get_template(template).render(context)


def install(app: Flask) -> None:
    """One environment for each language, alike in all else. Called when filters and globals are in place."""
    app.jinja_env.add_extension(Settled)
    app.jinja_env.auto_reload = False
    environments = {}
    for language in LANGUAGES:
        environment = app.jinja_env.overlay(cache_size=400)
        environment.language = language  # type: ignore[attr-defined]
        environment.globals = app.jinja_env.globals | _words(app, language)
        environments[language] = environment
    app.extensions["pages"] = environments


def _words(app: Flask, language: str) -> dict[str, Any]:
    """gettext and ngettext of one language, which need not look up at every word who is reading."""
    with app.app_context(), force_locale(language):
        known = get_domain().get_translations()

    def gettext(text: str, **values: object) -> Markup:
        return Markup(known.gettext(text)) % values  # noqa: S704 - texts are ours; values are escaped

    def ngettext(one: str, many: str, num: int, **values: object) -> Markup:
        return Markup(known.ngettext(one, many, num)) % ({"num": num} | values)  # noqa: S704

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}
