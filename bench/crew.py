"""Several attendants at once, each a process of its own, and what they did in a round."""

import json
import multiprocessing
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.attendant import at_work

SETTLE_SECONDS = 0.5  # for the connections and the first sale of a round, which are not measured


@dataclass(frozen=True, slots=True)
class Round:
    """Some seconds of selling. `per_second` counts every request of the clients; `of_five` leaves out the time in
    which they fetched the till's page for the next basket."""

    sales: int
    per_second: float
    of_five: float
    scans_ms: list[float]
    mean_ms: dict[str, float]


class Crew:
    """Attendants signed in at their tills, selling when told to."""

    def __init__(self, port: int, count: int, codes: Sequence[str]) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipes, self.processes = [], []
        for number in range(count):
            here, there = context.Pipe()
            # Each sells other pieces than the rest, as buyers do.
            given = (there, port, f"petugas{number + 1}", codes[number::count], number)
            process = context.Process(target=at_work, args=given, daemon=True)
            process.start()
            there.close()
            self.pipes.append(here)
            self.processes.append(process)
        for pipe in self.pipes:
            pipe.recv()

    def sell(self, seconds: float, attendants: int) -> Round:
        """A round by the first so many of them, all beginning together."""
        pipes = self.pipes[:attendants]
        begin = time.monotonic() + SETTLE_SECONDS
        for pipe in pipes:
            pipe.send((begin, seconds))
        told = [json.loads(pipe.recv()) for pipe in pipes]
        taken: dict[str, list[float]] = {}
        for one in told:
            for kind, each in one["seconds"].items():
                taken.setdefault(kind, []).extend(each)
        return Round(
            sales=sum(one["sales"] for one in told),
            per_second=sum(one["sales"] / one["wall"] for one in told),
            of_five=sum(one["sales"] / (one["wall"] - sum(one["seconds"]["till"])) for one in told),
            scans_ms=[second * 1000 for second in taken["scan"]],
            mean_ms={kind: statistics.fmean(each) * 1000 for kind, each in taken.items()},
        )

    def go_home(self) -> None:
        """End the processes."""
        for pipe, process in zip(self.pipes, self.processes, strict=True):
            pipe.send(None)
            process.join(timeout=10)
