"""The real server in a process of its own, and what it takes of the machine's memory."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.machine import cpu_seconds, with_children
from showroom_app.config import ROOT
from showroom_app.network import answers

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 20


@dataclass(frozen=True, slots=True)
class Memory:
    """What one process holds, in MB of 1 000 000 bytes. `rss`: every page it has in memory, those of shared
    libraries too; `pss`: a page that several processes have is divided among them."""

    name: str
    rss: float
    pss: float
    peak: float


class Served:
    """`python -m showroom_app.server` on an instance folder and a free port of this machine."""

    def __init__(self, instance: Path, database_url: str = "", workers: int = 1) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        settings = {"SHOWROOM_INSTANCE": str(instance), "DATABASE_URL": database_url, "SHOWROOM_WORKERS": str(workers)}
        self.log = instance / "server.log"
        command = [sys.executable, "-m", "showroom_app.server", "--host", "127.0.0.1", "--port", str(self.port)]
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [*command, "--no-browser"], cwd=ROOT, env=os.environ | settings, stdout=output, stderr=output
            )

    def __enter__(self) -> "Served":
        until = time.monotonic() + START_SECONDS_MAX
        while not answers(f"http://127.0.0.1:{self.port}"):
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"The server did not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def cpu_seconds(self) -> float:
        """Processor time that the server took so far, all its processes together."""
        return cpu_seconds(self.process.pid)

    def memory(self) -> list[Memory]:
        """Of the parent and of every process below it; empty where the system has no /proc."""
        if not Path("/proc/self/smaps_rollup").exists():
            return []
        return [memory_of(pid, self.process.pid) for pid in with_children(self.process.pid)]


def memory_of(pid: int, parent: int) -> Memory:
    """What a process holds. Its peak is its program's own: `getrusage` would tell that of who started it, if higher."""
    command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    helper = "resource tracker" if "resource_tracker" in command else "worker"
    told = Path(f"/proc/{pid}/smaps_rollup").read_text() + Path(f"/proc/{pid}/status").read_text()
    size = {line.split()[0]: int(line.split()[1]) * 1024 / 1e6 for line in told.splitlines() if line.endswith(" kB")}
    return Memory("parent" if pid == parent else helper, size["Rss:"], size["Pss:"], size["VmHWM:"])
