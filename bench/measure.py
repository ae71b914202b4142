"""Clocks, processes and the table. It knows nothing of what is measured."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure: ours beside an anchor, both in `unit`; `goal` is what was asked for, in words."""

    what: str
    ours: float
    unit: str
    anchor: str
    theirs: float
    goal: str

    def cells(self) -> tuple[str, ...]:
        ratio = f"{self.ours / self.theirs:.2f}" if self.theirs else "-"
        theirs = f"{self.theirs:.3g} {self.unit}" if self.theirs else "-"
        return self.what, f"{self.ours:.3g} {self.unit}", self.anchor, theirs, ratio, self.goal


HEAD = ("what", "petition-bot", "beside", "theirs", "ratio", "goal")


def table(rows: Sequence[Row]) -> str:
    """Markdown, aligned."""
    cells = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The best of a few runs."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def python(code: str, *arguments: str, folder: Path | None = None) -> float:
    """Seconds of a fresh interpreter that runs `code`."""
    command = [sys.executable, "-c", code, *arguments]
    return seconds(lambda: subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL))


def memory(code: str, folder: Path | None = None) -> float:
    """Peak MB of a fresh interpreter that runs `code`."""
    report = "\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    ran = subprocess.run(
        [sys.executable, "-c", code + report], check=True, cwd=folder, capture_output=True, text=True
    )
    return float(ran.stdout.split()[-1])
