"""The list of dwellings of a municipality, as a person states it."""

from collections import Counter
from collections.abc import Iterable

from matcher.domain.municipality import Dwelling
from matcher.store import tables
from matcher.store.errors import TakenDwellingError, UnusableInstanceError
from matcher.store.events import Event, EventKind
from matcher.store.payloads import DWELLINGS_ADAPTER, dump_json, load_payloads
from matcher.store.projections import load_states
from matcher.store.stamp import Stamp
from matcher.store.store import Store
from matcher.store.unit_of_work import UnitOfWork


def revise_dwellings(
    store: Store,
    municipality: str,
    dwellings: Iterable[Dwelling],
    stamp: Stamp,
    *,
    complete: bool | None = None,
) -> Event:
    """Record the list of a municipality's dwellings, promised dwellings included.

    Households wait for the dwellings of a list only when it is complete, and it is complete only
    where someone says so. The list is valid until an import whose list differs from that of the
    import before it.

    Parameters
    ----------
    municipality : str
        Four-digit number.
    dwellings : iterable of Dwelling
        May be empty.
    stamp : Stamp
        When, by whom and why, and the version of the municipality that the caller has read.
    complete : bool or None
        Whether there are no other free homes; None leaves it as it was last said.

    Raises
    ------
    UnusableInstanceError
        When an identifier occurs twice, or another municipality has it.
    TakenDwellingError
        When a promised dwelling is missing.
    """
    homes = tuple(dwellings)
    with store.unit_of_work() as work:
        state = work.get_municipality_state(municipality, stamp.version)
        names = [home.id for home in homes]
        _check_unique(work, municipality, names)
        _check_promised(work, municipality, names)
        content = work.add_payload("dwellings", dump_json(DWELLINGS_ADAPTER, homes))
        return work.record(
            EventKind.DWELLINGS_REVISED,
            stamp,
            municipality=state.number,
            content=content,
            facts={} if complete is None else {"complete": complete},
        )


def _check_unique(work: UnitOfWork, number: str, names: list[str]) -> None:
    work.flush()
    states = load_states(
        work.connection, tables.municipalities, tables.municipalities.c.number != number
    )
    texts = load_payloads(work.connection, [state.dwellings for state in states])
    elsewhere = {
        home.id for text in texts.values() for home in DWELLINGS_ADAPTER.validate_json(text)
    }
    for name, count in Counter(names).items():
        if count > 1:
            raise UnusableInstanceError(f"dwelling {name} is there twice; keep one")
        if name in elsewhere:
            raise UnusableInstanceError(f"another municipality has a dwelling {name}; rename it")


def _check_promised(work: UnitOfWork, number: str, names: list[str]) -> None:
    where = (tables.households.c.municipality == number, tables.households.c.status == "promised")
    for state in load_states(work.connection, tables.households, *where):
        if state.dwelling is not None and state.dwelling not in names:
            raise TakenDwellingError(
                f"dwelling {state.dwelling} is promised to household {state.id}; keep it on the"
                " list, or take the promise back first"
            )
