"""A browser of 2021 gets the style sheets in older words, of the same version as the page's own."""

from tests.browser.conftest import PHONE, Visit


def test_each_sheet_is_asked_for_in_older_words_with_its_version(visit: Visit) -> None:
    page = visit("", PHONE)
    page.add_init_script("CSS.supports = () => false")
    page.goto("/sign-in")
    hrefs = "links => links.map(link => link.getAttribute('href'))"
    sheets = page.eval_on_selector_all('link[rel="stylesheet"]', hrefs)
    own = [sheet for sheet in sheets if sheet.startswith("/static/css/")]
    assert own
    assert all("?v=" in sheet for sheet in own)
    assert [sheet for sheet in sheets if sheet not in own] == [sheet.replace("/static/css", "/plain") for sheet in own]
