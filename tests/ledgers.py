"""Ledgers of which every number is known."""

from typing import Any

from matcher.domain import Ledger


def known(**numbers: Any) -> Ledger:
    """A ledger of which nothing is used, nor anything decided that is not given."""
    nothing = dict.fromkeys(("decided", "settled", "promised", "extra"), 0)
    minors = dict.fromkeys((f"minors_{word}" for word in ("decided", "settled", "promised")), 0)
    return Ledger(**{**nothing, **minors, **numbers})
