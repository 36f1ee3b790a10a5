"""The list of dwellings of a municipality, as a person states it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from matcher.domain import Dwelling
from matcher.store.database import tables
from matcher.store.database.books import load_states
from matcher.store.database.contents import DWELLINGS, get_contents, text_of
from matcher.store.database.errors import TakenDwellingError, UnusableInstanceError
from matcher.store.database.events import Event, EventKind
from matcher.store.database.store import Store
from matcher.store.database.work import Work


def revise_dwellings(
    store: Store,
    municipality: str,
    dwellings: Iterable[Dwelling],
    *,
    at: datetime,
    actor: str,
    reason: str,
    version: int | None = None,
) -> Event:
    """Record the full list of a municipality's dwellings, promised dwellings included.

    The list is valid until an import whose list differs from that of the import before it.

    Parameters
    ----------
    municipality : str
        Four-digit number.
    dwellings : iterable of Dwelling
        May be empty.
    at, actor, reason
        See :meth:`Work.record`.
    version : int or None
        The version of the municipality that the caller has read; None skips the check.

    Raises
    ------
    UnusableInstanceError
        When an identifier occurs twice, or another municipality has it.
    TakenDwellingError
        When a promised dwelling is missing.
    """
    homes = tuple(dwellings)
    with store.writing() as work:
        state = work.municipality(municipality, version)
        names = [home.id for home in homes]
        _check_unique(work, municipality, names)
        _check_promised(work, municipality, names)
        content = work.say("dwellings", text_of(DWELLINGS, homes))
        return work.record(
            EventKind.DWELLINGS_REVISED,
            at=at,
            actor=actor,
            reason=reason,
            municipality=state.number,
            content=content,
        )


def _check_unique(work: Work, number: str, names: list[str]) -> None:
    work.flush()
    states = load_states(
        work.connection, tables.municipalities, tables.municipalities.c.number != number
    )
    texts = get_contents(work.connection, [state.dwellings for state in states])
    elsewhere = {home.id for text in texts.values() for home in DWELLINGS.validate_json(text)}
    for name, count in Counter(names).items():
        if count > 1:
            raise UnusableInstanceError(f"dwelling {name} is there twice; keep one")
        if name in elsewhere:
            raise UnusableInstanceError(f"another municipality has a dwelling {name}; rename it")


def _check_promised(work: Work, number: str, names: list[str]) -> None:
    where = (tables.households.c.municipality == number, tables.households.c.status == "promised")
    for state in load_states(work.connection, tables.households, *where):
        if state.dwelling is not None and state.dwelling not in names:
            raise TakenDwellingError(
                f"dwelling {state.dwelling} is promised to household {state.id}; keep it on the"
                " list, or take the promise back first"
            )
