"""Asking servers as fast as they can answer, in turn, by wrk (Debian's package wrk)."""

import os
import re
import shutil
import statistics
import subprocess
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

# wrk sends some 50,000 requests a second with one thread: never the slowest part here.
WRK = shutil.which("wrk")
CONNECTIONS = 8


@dataclass
class Contestant:
    """One thing that is asked: where, and with which headers. Figures of each round are kept."""

    address: str
    headers: dict[str, str] = field(default_factory=dict)
    # The processes that answer, or none: then their time is not known.
    workers: list[int] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    medians: list[float] = field(default_factory=list)
    lates: list[float] = field(default_factory=list)
    works: list[float] = field(default_factory=list)

    def ask(self, seconds: int) -> None:
        """Ask for so long. Raises AssertionError when an answer was an error."""
        assert WRK
        headers = [f"--header={name}: {value}" for name, value in self.headers.items()]
        before = _work_of(self.workers)
        options = ["--threads=1", f"--connections={CONNECTIONS}", f"--duration={seconds}s"]
        done = subprocess.run(
            [WRK, *options, "--latency", *headers, self.address],
            capture_output=True,
            text=True,
            check=True,
        )
        assert not re.search("Non-2xx|Socket errors", done.stdout), done.stdout
        # A machine that is too busy to answer once is no reason to stop.
        self.rates.append(float(_found(r"Requests/sec:\s+([\d.]+)", done.stdout)[0]) or 0.1)
        answered = int(_found(r"(\d+) requests in", done.stdout)[0]) or 1
        self.works.append((_work_of(self.workers) - before) / answered)
        for kept, percent in ((self.medians, 50), (self.lates, 99)):
            number, unit = _found(rf"{percent}%\s+([\d.]+)(us|ms|s)", done.stdout)
            kept.append(float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1.0}[unit])

    @property
    def rate(self) -> float:
        """Requests a second: the median of the rounds."""
        return statistics.median(self.rates)

    def times(self, other: "Contestant") -> float:
        """How many times as many requests as another: the median over the rounds."""
        pairs = zip(self.rates, other.rates, strict=True)
        return statistics.median(own / theirs for own, theirs in pairs)

    def work_of(self, other: "Contestant") -> float:
        """The processor time of an answer as a part of that of another."""
        pairs = zip(self.works, other.works, strict=True)
        return statistics.median(own / theirs for own, theirs in pairs)

    @property
    def cells(self) -> list[str]:
        """Requests a second, median and p99 in ms, processor time in ms, for a table."""
        late, median = statistics.median(self.lates), statistics.median(self.medians)
        work = f"{1000 * statistics.median(self.works):.2f}" if self.workers else ""
        return [f"{self.rate:,.0f}", f"{1000 * median:.1f}", f"{1000 * late:.1f}", work]


def race(contestants: list[Contestant], rounds: int, seconds: int) -> None:
    """Ask all of them in turn, round after round, each time in the other direction.

    Whatever else the machine does touches all alike; a first round warms up and does not count.
    """
    for contestant in contestants:
        urllib.request.urlopen(contestant.address, timeout=60).close()
        Contestant(contestant.address, contestant.headers).ask(1)
    for number in range(rounds):
        for contestant in contestants if number % 2 else reversed(contestants):
            contestant.ask(seconds)


def workers_of(master: int) -> list[int]:
    """The processes that a gunicorn started."""
    children = Path(f"/proc/{master}/task/{master}/children")
    return [int(pid) for pid in children.read_text().split()]


def _work_of(workers: list[int]) -> float:
    """The processor time that these processes took so far, in seconds."""
    ticks = 0
    for pid in workers:
        # The name of the program is the second field, and may have spaces in it.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _found(pattern: str, text: str) -> tuple[str, ...]:
    match = re.search(pattern, text)
    assert match, text
    return match.groups()
