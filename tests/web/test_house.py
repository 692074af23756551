"""The house keeps its own rules: sizes, no inline script or style, translations, pictures."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages import Catalog, pofile

from showroom_app.lib.pictures import CATEGORIES, picture_file

ROOT = Path(__file__).resolve().parents[2]
PYTHON = [*ROOT.glob("showroom_app/**/*.py"), ROOT / "start.py", ROOT / "wsgi.py", *ROOT.glob("bench/*.py")]
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
STYLES = sorted(ROOT.glob("static/css/*.css"))
SCRIPTS = sorted([*ROOT.glob("static/js/*.js"), *ROOT.glob("templates/shell/*.js")])
ENGLISH = ROOT / "showroom_app/translations/en/LC_MESSAGES/messages.po"


@pytest.mark.parametrize("path", PYTHON, ids=lambda p: str(p.relative_to(ROOT)))
def test_python_stays_small(path: Path) -> None:
    source = path.read_text()
    assert source.count("\n") < 300
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno + 1 <= 45, node.name


@pytest.mark.parametrize(
    "path", [p for p in PYTHON if "showroom_app" in p.parts], ids=lambda p: str(p.relative_to(ROOT))
)
def test_what_others_call_says_what_it_does(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "the module"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_templates_are_small_and_without_inline_script_or_style(path: Path) -> None:
    source = path.read_text()
    assert source.count("\n") <= 120
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|hx-vals=.js:", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)


WORD = re.compile(r">\s*[A-Za-z][a-z]{3,}[^<{]*<")
NOT_WORDS = {"English", "TOTAL"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_word_on_the_screen_can_be_translated(path: Path) -> None:
    source = re.sub(r"{#.*?#}|{%.*?%}", "", path.read_text(), flags=re.S)
    bare = [found for found in WORD.findall(source) if found.strip("<> \n") not in NOT_WORDS]
    assert bare == []


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_styles_live_in_layers_without_ids(path: Path) -> None:
    source = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    assert "!important" not in source
    assert not re.search(r"(^|[\s,}])#[a-zA-Z][\w-]*\s*[{,:.]", source)
    assert source.lstrip().startswith("@layer")


# What Chrome 90 doesn't know, unless it is asked for first: `?.(` for a call, `"popover" in` for a selector.
LATER = re.compile(
    r"\.(at|findLast|findLastIndex|toSorted|toReversed|toSpliced|with|isSubsetOf|union|intersection|difference|groupBy"
    r"|fromAsync|hasOwn|withResolvers|randomUUID|canParse|checkVisibility|showPicker|showPopover|hidePopover"
    r"|togglePopover|startViewTransition|requestClose|moveBefore|isWellFormed)\("
    r"|AbortSignal\.(timeout|any)\(|Response\.json\(|\bstructuredClone\(|\bscheduler\.|\bnavigation\."
    r"|(values|keys|entries)\(\)\.(map|filter|find|some|every|take|drop|toArray|reduce|forEach|flatMap)\("
    r"|:has\(|^(?!.*in HTMLElement\.prototype).*:popover-open|\bstatic \{|\.inert\b|scrollend|\busing "
    r"|import .* (with|assert) \{|/v[;,.)]",
    re.M,
)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_scripts_ask_nothing_of_a_browser_of_2021_that_came_later(path: Path) -> None:
    code = re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.M)
    assert [found[0] for found in LATER.finditer(code)] == []


@pytest.mark.parametrize(
    "line",
    ["const last = rows.at(-1);", "{ signal: AbortSignal.timeout(4000) }", 'find(":popover-open")', "rows.findLast(x)"],
)
def test_what_came_later_is_noticed(line: str) -> None:
    assert LATER.search(line)


def test_every_category_has_its_picture() -> None:
    for category in CATEGORIES:
        assert (ROOT / "static" / picture_file(category)).is_file()


def test_every_icon_used_is_in_the_sprite() -> None:
    sprite = (ROOT / "static/icons.svg").read_text()
    there = set(re.findall(r'id="([\w-]+)"', sprite))
    used = {name for t in TEMPLATES for name in re.findall(r'icon\("([\w-]+)"\)', t.read_text())}
    assert used <= there


def test_english_is_complete_and_fits() -> None:
    catalogue = pofile.read_po(ENGLISH.open("rb"))
    missing = [
        m.id for m in catalogue if m.id and (not m.string or (isinstance(m.string, tuple) and not all(m.string)))
    ]
    assert missing == []
    assert [m.id for m in catalogue if m.fuzzy and m.id] == []
    assert [(m.id, [str(e) for e in m.check(catalogue)]) for m in catalogue if m.id and list(m.check(catalogue))] == []


def test_other_screens_are_followed_within_a_second() -> None:
    """What the phone scans shows at the till after one interval at most, and the time of an answer."""
    every = re.search(r"EVERY_MS = (\d+)", (ROOT / "static/js/follow.js").read_text())
    assert every is not None
    assert int(every[1]) <= 800


def test_english_knows_every_source_text() -> None:
    from babel.messages.extract import extract_from_dir

    catalogue = pofile.read_po(ENGLISH.open("rb"))
    known = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue}
    methods = [("showroom_app/**.py", "python"), ("templates/**.html", "jinja2")]
    found = extract_from_dir(str(ROOT), methods, keywords={"_": None, "gettext": None, "ngettext": (1, 2)})
    texts = {text if isinstance(text, str) else text[0] for _file, _line, text, _comments, _context in found}
    assert texts - known == set()


def test_the_compiled_english_is_the_written_one() -> None:
    from babel.messages.mofile import read_mo

    def forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
        return (text,) if isinstance(text, str) else tuple(text)

    def texts(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
        return {forms(m.id): forms(m.string) for m in catalogue if m.id}

    assert texts(read_mo(ENGLISH.with_suffix(".mo").open("rb"))) == texts(pofile.read_po(ENGLISH.open("rb")))
