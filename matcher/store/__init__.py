"""Read, check and write instances and plans as files; no other package knows file formats."""

from typing import TYPE_CHECKING

from matcher.lazily import lazily

if TYPE_CHECKING:
    from matcher.store.faults import Fault, FaultsError
    from matcher.store.plans import read_plan, write_plan
    from matcher.store.reading import check, from_frames, read, read_with_warnings
    from matcher.store.results import ResultNotFoundError, SavedResult, read_result
    from matcher.store.writing import write

__getattr__ = lazily(
    __name__,
    {
        "matcher.store.faults": ("Fault", "FaultsError"),
        "matcher.store.plans": ("read_plan", "write_plan"),
        "matcher.store.reading": ("check", "from_frames", "read", "read_with_warnings"),
        "matcher.store.results": ("ResultNotFoundError", "SavedResult", "read_result"),
        "matcher.store.writing": ("write",),
    },
)

__all__ = [
    "Fault",
    "FaultsError",
    "ResultNotFoundError",
    "SavedResult",
    "check",
    "from_frames",
    "read",
    "read_plan",
    "read_result",
    "read_with_warnings",
    "write",
    "write_plan",
]
