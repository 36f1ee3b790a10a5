"""The only place that knows files: reading, checking and writing instances and plans."""

from matcher.store.faults import Fault, FaultsError
from matcher.store.plans import read_plan, write_plan
from matcher.store.reading import check, from_frames, read, read_with_warnings
from matcher.store.writing import write

__all__ = [
    "Fault",
    "FaultsError",
    "check",
    "from_frames",
    "read",
    "read_plan",
    "read_with_warnings",
    "write",
    "write_plan",
]
