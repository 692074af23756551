"""The style sheets in the words of 2021: nothing that such a browser would drop, and nothing lost that it knows."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from showroom_app.web.plain_styles import in_older_words

STYLES = sorted((Path(__file__).resolve().parents[2] / "static/css").glob("*.css"))
NEWER = ("@layer", "@container", ":has(", "light-dark(", "dvh", "color-mix(", "@property", "@scope", "&")


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_no_newer_word_is_left(path: Path) -> None:
    told = in_older_words(path.read_text()).replace("@supports not selector(:has(a))", "@supports")
    assert [word for word in NEWER if word in told] == []
    assert told.count("{") == told.count("}")


def test_rules_keep_what_they_say() -> None:
    source = """
    @layer base, last;
    /* a note */
    @layer base {
      :root { --bg: light-dark(#fff, #000); color: red; }
      .a:has(b), .c:is(.d, .e) { min-height: 100dvh; }
      .f:has(g) { color: red; }
      @container page (max-width: 45rem) { .h { color: blue; } }
      @font-face { src: url("../fonts/x.woff2"); }
    }
    @layer last { [hidden] { display: none; } }
    """
    told = " ".join(in_older_words(source).split())
    assert ":root { --bg: #fff; color: red; }" in told
    assert "@media (prefers-color-scheme: dark) { :root { --bg: #000; } }" in told
    assert ".c:is(.d, .e) { min-height: 100vh; }" in told
    assert "@media (max-width: 45rem) { .h { color: blue; } }" in told
    assert 'url("/static/fonts/x.woff2")' in told
    assert "[hidden] { display: none !important; }" in told
    assert ".f" not in told and "a note" not in told


def test_they_are_sent_to_everyone_and_nothing_else_is(client: FlaskClient) -> None:
    answer = client.get("/plain/tokens.css")
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert "public" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    for name in ("none", "..%2f..%2fconfig", "TOKENS"):
        assert client.get(f"/plain/{name}.css").status_code == 404
