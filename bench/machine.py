"""What machine this is, how fast its disk makes a write durable, and how busy others keep it."""

import os
import platform
import statistics
import time
from pathlib import Path

FSYNCS = 200


def describe(folder: Path) -> str:
    """One paragraph for the head of the report."""
    from showroom_app.extensions import SQLITE, WAL

    return (
        f"{_processor()}, {os.cpu_count()} cores; {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}; SQLite {SQLITE.sqlite_version}"
        f"{' (WAL)' if WAL else ' (rollback journal)'}, synchronous=FULL; "
        f"one fsync of 4 kB takes {_fsync_ms(folder):.2f} ms"
    )


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    names = [line for line in known.read_text().splitlines() if line.startswith("model name")] if known.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.processor() or platform.machine()


def _fsync_ms(folder: Path) -> float:
    """The median; every durable sale waits for at least one."""
    taken = []
    path = folder / "fsync"
    with path.open("wb", buffering=0) as file:
        for _time in range(FSYNCS):
            file.write(b"\0" * 4096)
            started = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - started)
    path.unlink()
    return statistics.median(taken) * 1000


class Watch:
    """How much of all cores programs other than this run take, from one look to the next.

    This run is this process, everything started by it, and everything below `roots` (a database server).
    """

    def __init__(self) -> None:
        self.roots = [os.getpid()]
        self.there = Path("/proc/stat").exists()
        self.before = self._ticks()

    def others_percent(self) -> float | None:
        """Since the last look; None where the system does not tell."""
        now = self._ticks()
        total, busy, own = (after - earlier for after, earlier in zip(now, self.before, strict=True))
        self.before = now
        return max(0.0, 100 * (busy - own) / max(total, 1)) if self.there else None

    def _ticks(self) -> tuple[int, int, int]:
        """Of all cores together: passed, not idle, and ours."""
        if not self.there:
            return 0, 0, 0
        ticks = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        own = sum(_own_ticks(pid) for root in self.roots for pid in with_children(root))
        return sum(ticks), sum(ticks) - ticks[3] - ticks[4], own


def with_children(pid: int) -> list[int]:
    """A process and all below it that still run."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # ended meanwhile
        return []
    return [pid, *(found for child in below for found in with_children(int(child)))]


def _own_ticks(pid: int) -> int:
    """Processor time of a process and of those that it started and that ended."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(field) for field in told[11:15])


def cpu_seconds(pid: int) -> float:
    """Processor time that a process and all below it took so far; 0 where the system does not tell."""
    below = with_children(pid)
    return sum(_own_ticks(each) for each in below) / os.sysconf("SC_CLK_TCK") if below else 0.0
