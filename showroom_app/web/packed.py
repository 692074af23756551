"""Pages on their way to a phone are sent with gzip: a line that is slow carries a quarter of them."""

import gzip
import secrets
from io import BytesIO

from flask import Response, request

_KINDS = frozenset(("text/html", "application/xml"))
BYTES_MIN = 1_000
_PADDING_MAX = 100


def pack(response: Response) -> Response:
    """The answer packed, when it is a page, is worth it, and the browser takes it.

    A name of random length in the file's head hides how well the page packed: else who listens to the line and has
    a reader open our addresses with guesses in them could learn the form's token by the length of the answers (BREACH).
    """
    if response.mimetype not in _KINDS or response.is_streamed or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    if len(content) >= BYTES_MIN and request.accept_encodings.quality("gzip") > 0:
        response.set_data(_packed(content))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _packed(content: bytes) -> bytes:
    file = BytesIO()
    with gzip.GzipFile("x" * secrets.randbelow(_PADDING_MAX), "wb", 1, file, mtime=0) as packer:
        packer.write(content)
    return file.getvalue()
