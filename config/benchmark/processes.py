"""What processes cost, from the operating system's accounting (Linux)."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def tree(root: int) -> set[int]:
    """``root`` and all that it has started, directly or not."""
    parents = {pid: fields[1] for pid, fields in _all().items()}
    found = {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more


def cpu_seconds(root: int) -> float:
    """The processor time of ``root`` and its descendants, those that have ended included."""
    every = _all()
    ticks = sum(sum(every[pid][2:]) for pid in tree(root) if pid in every)
    return ticks / TICK


def memory_megabytes(root: int) -> float:
    """The largest proportional share of memory (PSS) among ``root`` and its descendants."""
    return max((_pss(pid) for pid in tree(root)), default=0) / 1024


def _all() -> dict[int, tuple[int, ...]]:
    """For each process: itself, its parent, and its own and its dead children's ticks."""
    found = {}
    for path in PROC.glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue
        fields = text[text.rindex(")") + 2 :].split()
        pid = int(path.parent.name)
        found[pid] = (pid, int(fields[1]), *(int(ticks) for ticks in fields[11:15]))
    return found


def _pss(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
