"""Export the whole book into one file that other programs read: Beancount, CSV or a workbook."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from showroom_app.extensions import AnyRow
from showroom_app.ledger.export_beancount import write_beancount
from showroom_app.ledger.export_book import Book, Names, Say, open_book, postings
from showroom_app.ledger.export_tables import write_csv, write_xlsx
from showroom_app.lib.refusal import Refusal

Writer = Callable[[Book, Iterator[AnyRow], Path, Path], None]

WRITERS: Mapping[str, Writer] = {"beancount": write_beancount, "csv": write_csv, "xlsx": write_xlsx}
FORMATS = tuple(WRITERS)
NO_NAMES = Names()


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that is whole, and how many entries are in it."""

    path: Path
    entries: int


def export(
    target: Path,
    form: str,
    say: Say,
    *,
    showroom_id: int | None = None,
    names: Names = NO_NAMES,
    force: bool = False,
) -> Exported:
    """Write the book as it stands now into `target`, as one of FORMATS; `say` is told how far it is.

    The file appears under its name when it is whole, never before. Refuses to write over another file unless forced,
    and tells in a sentence what the disk refuses. `showroom_id` leaves out what the desks of other showrooms wrote.
    """
    write = WRITERS[form]
    try:
        _must_be_free(target, force)
        book = open_book(showroom_id, names)
        # Beside the target: renaming is then one step, and there is room for what is set aside on the way.
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            whole = scratch / "whole"
            write(book, postings(book, say), whole, scratch)
            _keep(whole)
            _must_be_free(target, force)
            whole.replace(target)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise Refusal(f"{target} tidak bisa ditulis: {error.strerror or error}.") from error
    return Exported(target, book.entries)


def _must_be_free(target: Path, force: bool) -> None:
    if target.is_dir():
        raise Refusal(f"{target} adalah folder. Sebut nama berkas, misalnya {target / 'buku'}.")
    if not target.parent.is_dir():
        raise Refusal(f"Folder {target.parent} tidak ada. Buat dulu folder itu.")
    if target.exists() and not force:
        raise Refusal(f"{target} sudah ada. Pilih nama lain, atau tambahkan --force untuk menimpanya.")


def _keep(file: Path) -> None:
    """Bring a file from the system's memory to the disk."""
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
