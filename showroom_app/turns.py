"""How one worker answers: a request at a time as long as requests are short, and each answer in one piece."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# Larger answers (pictures, downloads) are passed on piece by piece.
WHOLE_BYTES_MAX = 1024 * 1024
TURN_SECONDS = 0.03


class Turns:
    """Lets one request through at a time, as long as requests are short.

    Threads that compete for the interpreter, or poll for SQLite's one write lock, slow each other down: with four
    clients the queue answers a fifth more, and the slowest writes on SQLite take 4 to 8 ms instead of 35 to 55.
    A request that takes longer than TURN_SECONDS loses its turn to the next, and both go on.
    """

    def __init__(self) -> None:
        self.current = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[None]:
        """A turn, after waiting for it."""
        turn = self.current
        while not turn.acquire(timeout=TURN_SECONDS):
            if self.current is turn:
                self.current = threading.Lock()
            turn = self.current
        try:
            yield
        finally:
            turn.release()


def in_one_piece(app: Wsgi) -> Wsgi:
    """Answer within one turn and in one write.

    In two, the body waits until the head is acknowledged (Nagle's algorithm is on), up to 40 ms on phones.
    """

    turns = Turns()

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length: str | None = None

        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal length
            length = next((value for name, value in headers if name.lower() == "content-length"), None)
            return start_response(status, headers, exc_info)

        with turns.one():
            body = app(environ, started)
            if length is None or int(length) > WHOLE_BYTES_MAX:
                return body
            try:
                return [b"".join(body)]
            finally:
                getattr(body, "close", lambda: None)()

    return answer
