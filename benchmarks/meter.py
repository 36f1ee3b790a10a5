"""Measure time and memory of this process."""

import resource
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

STATUS = Path("/proc/self/status")
KIB_PER_MB = 1024


@dataclass(frozen=True, slots=True)
class Meter:
    """Wall and processor seconds since a start."""

    wall_start: float
    cpu_start: float

    @classmethod
    def start(cls) -> Self:
        """Start a meter now."""
        return cls(time.perf_counter(), _cpu_seconds())

    def wall_seconds(self) -> float:
        """Return wall-clock seconds since the start."""
        return time.perf_counter() - self.wall_start

    def cpu_seconds(self) -> float:
        """Return processor seconds since the start, of all threads and of ended child processes."""
        return _cpu_seconds() - self.cpu_start


def peak_mb() -> float:
    """Return the peak memory of this process or its largest ended child, in 2^20 bytes."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(_own_peak_kib(), children) / KIB_PER_MB


def _own_peak_kib() -> int:
    """Return the peak memory of this program alone.

    ``ru_maxrss`` includes the peak of the parent process from before this program was started;
    the high-water mark ``VmHWM``, where the system reports it, does not.
    """
    lines = STATUS.read_text(encoding="ascii").splitlines() if STATUS.exists() else []
    marks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return marks[0] if marks else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _cpu_seconds() -> float:
    process, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return process.ru_utime + process.ru_stime + children.ru_utime + children.ru_stime
