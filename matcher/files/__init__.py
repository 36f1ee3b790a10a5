"""Instances from and to CSV, Excel and Parquet; every fault with its file, row and column."""

from typing import TYPE_CHECKING

from matcher.lazily import lazy_getattr

if TYPE_CHECKING:
    from matcher.files.faults import Fault, FaultsError
    from matcher.files.reading import check, from_frames, read, read_with_warnings
    from matcher.files.writing import write

__getattr__ = lazy_getattr(
    __name__,
    {
        "matcher.files.faults": ("Fault", "FaultsError"),
        "matcher.files.reading": ("check", "from_frames", "read", "read_with_warnings"),
        "matcher.files.writing": ("write",),
    },
)

__all__ = [
    "Fault",
    "FaultsError",
    "check",
    "from_frames",
    "read",
    "read_with_warnings",
    "write",
]
