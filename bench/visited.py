"""What browsers and checkers say of the pages: Lighthouse (mobile) of four, and the Nu HTML checker of all.

    npm install --prefix /some/folder lighthouse vnu-jar        (Node 20 or newer, and Java for the checker)
    .venv/bin/python -m bench.visited /some/folder

It serves a sample shop of its own. Chromium is taken from CHROMIUM or the system. Exits with 1 when a target is not
met.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

ROOT = Path(__file__).resolve().parent.parent
PORT = 8147
ADDRESS = f"http://127.0.0.1:{PORT}"
KINDS = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95
QUIET = (
    "--headless --no-sandbox --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
PEOPLE = {
    "": "", "petugas": "demo-petugas", "pengelola": "demo-pengelola", "pengamat": "demo-pengamat", "perajin": "123456",
}  # fmt: skip
# Where a walk along the links begins; each kind of page is looked at once for each of those who see it.
BEGIN = {
    "": ("/catalogue", "/sign-in", "/offline", "/sertifikat", "/q/7K3QXM2F"),
    "petugas": (
        "/till",
        "/find?q=kursi",
        "/labels",
        "/ageing",
        "/stocktakes",
        "/hand-backs",
        "/venues",
        "/shifts",
        "/scan",
    ),
    "pengelola": ("/reports", "/settings", "/users", "/journal", "/activity", "/imports", "/requests", "/payouts"),
    "pengamat": ("/reports", "/items"),
    "perajin": ("/my", "/my/settings", "/my/consent", "/my/questions"),
}
# The checker knows no htmx; an attribute of it is one of HTML's as little as any framework's.
OF_HTMX = re.compile(r"Attribute “hx-[\w:-]+” not allowed")
LINK = re.compile(r'href="(/[^"#]*)"')
NO_PAGE = re.compile(
    r"\.(pdf|csv|xlsx|crt|js|webmanifest|xml|txt|svg|css|png|woff2)|^/(photos|faces|static|exports|plain|imports/example)/|whatsapp|\?before="
)


class _Still(HTTPRedirectHandler):
    """Redirects are told, not followed."""

    def redirect_request(self, *_told: object) -> None:
        return None


def get(path: str, cookie: str = "", form: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Status, text, and the cookies that were set."""
    body = urlencode(form).encode() if form is not None else None
    asked = Request(ADDRESS + path, body, {"Cookie": cookie} if cookie else {})
    try:
        answer = build_opener(_Still).open(asked, timeout=30)
    except HTTPError as error:
        answer = error
    with answer:
        kept = SimpleCookie("\n".join(answer.headers.get_all("Set-Cookie") or []))
        is_page = (answer.headers.get("Content-Type") or "").startswith("text/html")
        text = answer.read().decode() if is_page else ""
        return answer.status, text, "; ".join(f"{name}={one.value}" for name, one in kept.items())


def signed_in(username: str) -> str:
    """The cookie of somebody of the sample shop."""
    if not username:
        return ""
    _status, page, cookie = get("/sign-in")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = {"csrf_token": token[1], "username": username, "password": PEOPLE[username]}
    status, _page, new = get("/sign-in", cookie, form)
    assert status == 303, f"{username} can't sign in: {status}"
    return new


def kind_of(path: str) -> str:
    """What kind of page an address is: its numbers and codes are no matter."""
    return re.sub(r"/([0-9]+|[0-9A-Z]{8})(?=/|$)", "/N", path.partition("?")[0])


def pages(username: str, cookie: str) -> Iterator[tuple[str, str]]:
    """Each kind of page that somebody reaches by links, with its text."""
    seen, waiting = set(), list(BEGIN[username])
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path) if "find" not in path else path
        if kind in seen or NO_PAGE.search(path):
            continue
        seen.add(kind)
        status, text, _cookie = get(path, cookie)
        if text and status not in (301, 302, 303):
            yield path, text
            waiting += [link.replace("&amp;", "&") for link in LINK.findall(text)]


def checked(folder: Path, jar: Path) -> int:
    """Have the Nu checker read every page; how many errors it found."""
    names: dict[str, str] = {}
    for username in PEOPLE:
        for number, (path, text) in enumerate(pages(username, signed_in(username))):
            file = folder / f"{username or 'visitor'}-{number}.html"
            file.write_text(text, encoding="utf-8")
            names[file.name] = f"{username or 'a visitor'} at {path}"
    command = ["java", "-jar", str(jar), "--format", "json", "--errors-only", "--exit-zero-always", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    told = [one for one in json.loads(done.stderr)["messages"] if not OF_HTMX.match(one["message"])]
    print(f"Nu HTML checker: {len(told)} errors in {len(names)} pages")
    for one in told:
        print(f"  {names[Path(one['url']).name]}, line {one.get('lastLine')}: {one['message']}")
    return len(told)


def rated(name: str, path: str, username: str, node: Path, folder: Path) -> int:
    """Have Lighthouse rate a page as a phone sees it; how many of its ratings are too low."""
    kinds = KINDS if not username else KINDS[:3]
    out = folder / "report.json"
    cookie = signed_in(username)
    command = [
        str(node / "node_modules" / ".bin" / "lighthouse"), ADDRESS + path, "--quiet", "--output=json",
        f"--output-path={out}", f"--only-categories={','.join(kinds)}", f"--chrome-flags={QUIET}",
        *([f"--extra-headers={json.dumps({'Cookie': cookie})}"] if cookie else []),
    ]  # fmt: skip
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    subprocess.run(command, env=os.environ | {"CHROME_PATH": chromium}, check=True)
    report = json.loads(out.read_text())
    ratings = {kind: round(100 * (report["categories"][kind]["score"] or 0)) for kind in kinds}
    weight = report["audits"].get("total-byte-weight", {}).get("numericValue", 0)
    print(
        f"Lighthouse, {name}: " + ", ".join(f"{kind} {score}" for kind, score in ratings.items()),
        f"({weight / 1000:.0f} kB)",
    )
    for audit in report["audits"].values():
        if (
            audit.get("score") is not None
            and audit["score"] < 0.9
            and audit.get("scoreDisplayMode") in ("binary", "numeric", "metricSavings")
        ):
            print(f"  {audit['id']}: {audit.get('displayValue', '')}")
    return sum(score < LEAST for score in ratings.values())


@contextmanager
def served(folder: Path) -> Iterator[None]:
    """A sample shop of its own, with a shift open, so that there is a till."""
    command = [sys.executable, str(ROOT / "start.py"), "--demo", "--instance", str(folder / "demo"), "--no-browser"]
    server = subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(PORT)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert any("Untuk berhenti" in line for line in server.stdout)
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Check every page, then rate four."""
    node = Path(sys.argv[1]).resolve()
    [jar, *_more] = node.glob("node_modules/vnu-jar/**/vnu.jar")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        html = folder / "pages"
        html.mkdir()
        with served(folder):
            wrong = checked(html, jar)
            found = re.search(r'href="(/catalogue/\d+)"', get("/catalogue")[1])
            _status, items, _cookie = get("/items?state=shelf", signed_in("petugas"))
            label = re.search(r"/[qQ](/[0-9A-Z]{8})\"", items)
            assert found
            assert label
            for name, path, username in (
                ("a label's page", f"/q{label[1]}", ""), ("the catalogue", "/catalogue", ""),
                ("a kind of goods", found[1], ""), ("the crafter's home", "/my", "perajin"),
                ("the till", "/till", "petugas"),
            ):  # fmt: skip
                wrong += rated(name, path, username, node, folder)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
