"""Printed documents: a Typst template under templates/print/ and its content make a PDF.

Typst runs in a process of its own, for a run of labels takes more than 100 MB and the server must not grow by
it: `render` starts this very file, hands it the content as JSON on its standard input and reads the PDF back.
So this file imports nothing of the application, and little else: starting is part of every document's wait.

Content is data only: it reaches the template as JSON and is never read as markup, whatever it says. Fonts
come from templates/print/fonts and Typst itself, never from the machine, so that the same content is the same
bytes anywhere.
"""

import json
import re
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "print"
SECONDS_MAX = 30.0
# Each takes a core and its memory; a third waits its turn.
_AT_ONCE = threading.BoundedSemaphore(2)
_TEMPLATE_NAME = re.compile(r"[a-z][a-z_]*")
# Tags make a text readable aloud; on a thousand labels they are weight without a reader.
_UNTAGGED = {"labels"}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class DocumentFailed(Exception):
    """No PDF came of it: a mistake in the template or its content (Typst's words), or the time ran out."""


def render(
    template: str,
    content: Mapping[str, Any],
    *,
    made_at: datetime = _EPOCH,
    seconds_max: float = SECONDS_MAX,
) -> bytes:
    """The PDF of `template` ("labels" for labels.typ) filled with `content`, whose shape stands at its top.

    `made_at` is the date kept in the PDF's properties: pass the fact's own time, so that printing again gives
    the same bytes. Waits `seconds_max` for its turn, and as long again for the PDF. Raises DocumentFailed; an
    unknown template is a ValueError.
    """
    if not _TEMPLATE_NAME.fullmatch(template) or not (TEMPLATES / f"{template}.typ").is_file():
        raise ValueError(f"no such template: {template!r}")
    # Half a character, which Python text may hold and JSON may not, is printed as a question mark.
    given = json.dumps(content, ensure_ascii=False).encode(errors="replace")
    if not _AT_ONCE.acquire(timeout=seconds_max):
        raise DocumentFailed(f"{template}: other documents are being made, try again")
    try:
        return _run(template, int(made_at.timestamp()), given, seconds_max)
    finally:
        _AT_ONCE.release()


def _run(template: str, made_at: int, given: bytes, seconds_max: float) -> bytes:
    import subprocess  # not for the child, which is this same file

    # -I: neither the environment nor the current folder decides what is imported.
    command = [sys.executable, "-I", "-X", "utf8", __file__, template, str(made_at)]
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            timeout=seconds_max,
            check=False,
            creationflags=flags,
        )
    except subprocess.TimeoutExpired:
        raise DocumentFailed(f"{template}: not done after {seconds_max:g} seconds") from None
    if done.returncode != 0:
        raise DocumentFailed(f"{template}: {done.stderr.decode(errors='replace').strip()[-2000:]}")
    return done.stdout


def _main(template: str, made_at: str) -> int:
    import typst  # 80 MB of library that only the child carries

    try:
        pdf = typst.compile(
            str(TEMPLATES / f"{template}.typ"),
            root=str(TEMPLATES),
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(TEMPLATES / "fonts")]),
            sys_inputs={"data": sys.stdin.buffer.read().decode()},
            timestamp=int(made_at),
            pdf_tags=template not in _UNTAGGED,
        )
    except typst.TypstError as error:
        print(error.diagnostic or error.message, file=sys.stderr)
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
