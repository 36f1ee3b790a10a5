"""A household is not proposed again to a municipality that said no to it."""

from dataclasses import dataclass

from matcher.domain import BanReason
from matcher.rules._ban import NotWhereBanned


@dataclass(frozen=True)
class RefusalStands(NotWhereBanned):
    """A household is not proposed again to a municipality that said no to it."""

    id, source = "refusal", "Fafo 2025:14, 2.3"
    why = BanReason.REFUSED
