"""The table that is printed at the end: what was measured, against what, and whether that is met."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

COLUMNS = ("what", "measured", "worst - best round", "ratio", "target", "", "others")


@dataclass(slots=True)
class Figure:
    """One line. `met` is None for what has no target of its own; `others` is how much of the processor other
    programs took meanwhile."""

    what: str
    measured: str
    spread: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None
    others: str | None = None


@dataclass
class Table:
    """Figures in the order in which they were measured."""

    figures: list[Figure] = field(default_factory=list)

    def add(
        self, what: str, measured: str, spread: str = "", *, ratio: str = "", target: str = "", met: bool | None = None
    ) -> None:
        """A line at the end."""
        self.figures.append(Figure(what, measured, spread, ratio, target, met))

    def disturbed(self, percent: float | None) -> None:
        """Say of the lines since the last time how much of the processor others took."""
        for figure in self.figures:
            if figure.others is None:
                figure.others = "" if percent is None else f"{percent:.0f} %"

    def text(self) -> str:
        """All lines, in columns, as a Markdown table that is readable as it is."""
        word = {True: "met", False: "NOT MET", None: ""}
        lines = [
            COLUMNS,
            *((f.what, f.measured, f.spread, f.ratio, f.target, word[f.met], f.others or "") for f in self.figures),
        ]
        widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
        padded = ["| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines]
        return "\n".join([padded[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *padded[1:]])

    def unmet(self) -> int:
        """How many targets are not met."""
        return sum(figure.met is False for figure in self.figures)


def middle(rounds: Sequence[float]) -> float:
    """What counts of several rounds: the median."""
    return statistics.median(rounds)


def spread(rounds: Sequence[float], digits: int = 0) -> str:
    """The slowest and the fastest round of a rate."""
    return f"{min(rounds):.{digits}f} - {max(rounds):.{digits}f}"


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many of a hundred do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
