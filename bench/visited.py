"""What browsers and checkers say of the pages: Lighthouse (mobile) of five, and the Nu HTML checker of all.

    npm install --prefix /some/folder lighthouse vnu-jar        (Node 20 or newer, and Java for the checker)
    .venv/bin/python -m bench.visited /some/folder

It serves a sample shop of its own, with photos of its goods. Chromium is taken from CHROMIUM or the system. Exits with
1 when a target is not met, and when a route of a page was not reached.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.pages import ADDRESS, PORT, Seen, everything, get, never_seen, signed_in
from bench.sample import prepare
from showroom_app import create_app
from showroom_app.config import ROOT

KINDS = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95
QUIET = (
    "--headless --no-sandbox --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
# The checker knows no htmx; an attribute of it is one of HTML's as little as any framework's.
OF_HTMX = re.compile(r"Attribute “hx-[\w:-]+” not allowed")


def checked(found: Sequence[Seen], folder: Path, jar: Path) -> int:
    """Have the Nu checker read every page; how many errors it found."""
    names: dict[str, str] = {}
    for number, page in enumerate(found):
        file = folder / f"{number:04d}.html"
        file.write_text(page.text, encoding="utf-8")
        names[file.name] = page.name
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
    """Check every page, then rate five."""
    node = Path(sys.argv[1]).resolve()
    [jar, *_more] = node.glob("node_modules/vnu-jar/**/vnu.jar")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        html = folder / "pages"
        html.mkdir()
        with served(folder):
            found = everything(prepare(folder / "demo"))
            unseen = never_seen(create_app({"INSTANCE": folder / "demo"}), found)
            for endpoint in sorted(unseen):
                print(f"no page of {endpoint} was reached")
            wrong = len(unseen) + checked(found, html, jar)
            goods = re.search(r'href="(/catalogue/\d+)"', get("/catalogue")[1])
            _status, items, _cookie = get("/items?state=shelf", signed_in("petugas"))
            label = re.search(r"/[qQ](/[0-9A-Z]{8})\"", items)
            assert goods
            assert label
            for name, path, username in (
                ("a label's page", f"/q{label[1]}", ""), ("the catalogue", "/catalogue", ""),
                ("a kind of goods", goods[1], ""), ("the crafter's home", "/my", "perajin"),
                ("the till", "/till", "petugas"),
            ):  # fmt: skip
                wrong += rated(name, path, username, node, folder)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
