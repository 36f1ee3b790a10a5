"""Import a queue and its municipalities from files: new facts become events."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from matcher.domain.household import Household
from matcher.domain.instance import Instance
from matcher.domain.ledger import NOTHING_KNOWN, Ledger
from matcher.domain.municipality import Municipality
from matcher.store.errors import UnusableInstanceError
from matcher.store.events import Event, EventKind
from matcher.store.household_state import HouseholdState, Status
from matcher.store.import_losses import LossLimit, check_losses
from matcher.store.ledger import check_ledger_number
from matcher.store.ledger_books import book_of
from matcher.store.ledger_facts import LedgerFact, ledger_to_facts
from matcher.store.municipality_state import MunicipalityState
from matcher.store.payloads import (
    DWELLINGS_ADAPTER,
    HOUSEHOLD_ADAPTER,
    LINKS_ADAPTER,
    MUNICIPALITY_ADAPTER,
    NAMES_ADAPTER,
    PLACEMENTS_ADAPTER,
    TRAVEL_TIMES_ADAPTER,
    WEEKS_ADAPTER,
    dump_json,
    dump_probabilities,
    load_present_payloads,
)
from matcher.store.stamp import Stamp
from matcher.store.store import Store
from matcher.store.unit_of_work import UnitOfWork

DEFAULT_LOSS_LIMIT = LossLimit()
MAX_DAYS_LATE = 31
"""Days after their own day for which files still tell of the year of that day."""


@dataclass(frozen=True, slots=True)
class _Importer:
    """An import in progress: the unit of work, and when, by whom and why events are recorded."""

    work: UnitOfWork
    stamp: Stamp

    def record(self, kind: EventKind, **subject: Any) -> Event:
        return self.work.record(kind, self.stamp, **subject)


def import_instance(
    store: Store,
    instance: Instance,
    stamp: Stamp,
    *,
    loss_limit: LossLimit = DEFAULT_LOSS_LIMIT,
    withdraw_many: bool = False,
) -> list[Event]:
    """Import a queue and its municipalities: all of it or nothing.

    The queue counts as complete: a household that waits and is missing from it is withdrawn; a
    promised household stays promised. Events are recorded only for what differs from the previous
    import. Therefore the same files twice record nothing the second time, and old files do not
    undo what people have recorded since. The suggestions of an instance are not imported: those of
    a store are what its own last night suggested.

    Parameters
    ----------
    instance : Instance
        An instance, as :func:`matcher.files.read` returns it.
    stamp : Stamp
        When, by whom and why; its version is not used.
    loss_limit : LossLimit
        How much may be gone from the files without anybody saying so.
    withdraw_many : bool
        Say that it is meant that more is gone, such as when a year's queue has been closed.

    Returns
    -------
    list of Event
        The events that were recorded.

    Raises
    ------
    UnusableInstanceError
        When a household, a member or a municipality occurs twice.
    LargeLossError
        When much of what there was is gone from the files and ``withdraw_many`` is not set.
    UnusableNumberError
        When a ledger has a negative number.
    OutOfOrderError
        When the store has an event of a later day about one of the subjects.
    """
    _check_unique("household", (h.id for h in instance.households))
    _check_unique("member", (p.id for h in instance.households for p in h.members))
    _check_unique("municipality", (m.number for m in instance.municipalities))
    with store.unit_of_work() as work:
        work.load_all_states()
        if not withdraw_many:
            check_losses(work, instance, _ledger_years(instance, stamp.at.date()), loss_limit)
        importer = _Importer(work, stamp)
        queue = _keep_stated_ages(work, instance)
        events = [*_import_households(importer, queue)]
        for municipality in instance.municipalities:
            events += _import_municipality(importer, municipality, instance.today)
        return events + _import_parts(importer, instance)


def _check_unique(what: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise UnusableInstanceError(f"{what} {key} is there twice; keep one")
        seen.add(key)


def _keep_stated_ages(work: UnitOfWork, instance: Instance) -> list[Household]:
    """Return the queue with the day of each stated age, or with the earlier statement it follows.

    A file that states ages anew every day would otherwise change every household every day.
    """
    states = work.projections.households
    filed = {
        household.id: states[household.id].filed
        for household in instance.households
        if household.id in states and any(p.age is not None for p in household.members)
    }
    texts = load_present_payloads(work.connection, filter(None, filed.values()))
    queue = []
    for household in instance.households:
        text = texts.get(filed.get(household.id, ""))
        earlier = () if text is None else HOUSEHOLD_ADAPTER.validate_json(text).members
        earlier_by_id = {person.id: person for person in earlier}
        members = tuple(
            person.stated_on(instance.today, earlier_by_id.get(person.id))
            for person in household.members
        )
        queue.append(replace(household, members=members))
    return queue


def _import_households(importer: _Importer, queue: Iterable[Household]) -> Iterable[Event]:
    states = dict(importer.work.projections.households)
    queued = set()
    for household in queue:
        queued.add(household.id)
        content = importer.work.add_payload("household", dump_json(HOUSEHOLD_ADAPTER, household))
        if not _is_listed(states.get(household.id), content):
            minors = household.minors_on(importer.stamp.at.date())
            yield importer.record(
                EventKind.LISTED,
                household=household.id,
                content=content,
                facts={"persons": household.size, "minors": minors},
            )
    for identifier, state in states.items():
        if state.listed and identifier not in queued:
            proposed = state.municipality if state.status is Status.PROPOSED else None
            yield importer.record(EventKind.UNLISTED, household=identifier, municipality=proposed)


def _is_listed(state: HouseholdState | None, content: str) -> bool:
    if state is None:
        return False
    # The description of an erased household is not recorded again while the files still have it.
    stays_erased = state.erased and (state.listed or state.status is Status.SETTLED)
    return stays_erased or (state.listed and state.filed == content)


def _import_municipality(
    importer: _Importer, municipality: Municipality, today: date
) -> Iterable[Event]:
    number = municipality.number
    state = importer.work.projections.municipalities.get(number, MunicipalityState(number))
    described = replace(
        municipality, ledger=NOTHING_KNOWN, next_ledger=NOTHING_KNOWN, dwellings=(), weeks=()
    )
    content = importer.work.add_payload("municipality", dump_json(MUNICIPALITY_ADAPTER, described))
    if content != state.content:
        yield importer.record(EventKind.DESCRIBED, municipality=number, content=content)
    homes = importer.work.add_payload(
        "dwellings", dump_json(DWELLINGS_ADAPTER, municipality.dwellings)
    )
    if homes != state.filed_dwellings:
        yield importer.record(EventKind.DWELLINGS, municipality=number, content=homes)
    if municipality.weeks or state.filed_weeks:
        plan = importer.work.add_payload("weeks", dump_json(WEEKS_ADAPTER, municipality.weeks))
        if plan != state.filed_weeks:
            yield importer.record(EventKind.WEEKS, municipality=number, content=plan)
    day = importer.stamp.at.date()
    year = _ledger_year(today, day)
    yield from _import_ledger(importer, number, year, municipality.ledger)
    # Late files that do not tell of the year that has begun since take nothing of it away.
    if year == day.year or municipality.next_ledger != NOTHING_KNOWN:
        yield from _import_ledger(importer, number, year + 1, municipality.next_ledger)


def _ledger_year(today: date, day: date) -> int:
    """Return the year of the ledgers in files made for ``today`` and imported on ``day``.

    Files of December that are late by some weeks tell of the year that has ended. Older files are
    taken to tell how things stand on the day of the import.
    """
    return today.year if abs((day - today).days) <= MAX_DAYS_LATE else day.year


def _ledger_years(instance: Instance, day: date) -> tuple[int, ...]:
    """Return of which years files tell; late ones of a year that has ended, only of that."""
    year = _ledger_year(instance.today, day)
    return (year, year + 1) if year == day.year else (year,)


def _import_ledger(importer: _Importer, number: str, year: int, ledger: Ledger) -> Iterable[Event]:
    for name, value in asdict(ledger).items():
        check_ledger_number(number, name, value)
    state = importer.work.projections.municipalities[number]
    imported = book_of(state.books, year).imported
    facts = _new_facts(imported, ledger_to_facts(asdict(ledger)))
    if facts:
        of_year = {} if year == importer.stamp.at.date().year else {"year": year}
        yield importer.record(EventKind.COUNTED, municipality=number, facts=facts | of_year)


def _new_facts(
    before: Mapping[str, LedgerFact], ledger: Mapping[str, LedgerFact]
) -> dict[str, LedgerFact]:
    """Return what differs from the previous import; at the first, all that is known."""
    unknown = ledger_to_facts(asdict(NOTHING_KNOWN))
    return {n: v for n, v in ledger.items() if before.get(n, unknown[n]) != v}


def _import_parts(importer: _Importer, instance: Instance) -> list[Event]:
    """Record what is new in the other parts of an instance; an empty text stands for no part."""
    pairs = instance.probabilities
    texts = {
        "name": dump_json(NAMES_ADAPTER, (instance.name,)),
        "made_up": dump_json(NAMES_ADAPTER, instance.made_up),
        "households": dump_json(NAMES_ADAPTER, tuple(h.id for h in instance.households)),
        "municipalities": dump_json(
            NAMES_ADAPTER, tuple(m.number for m in instance.municipalities)
        ),
        "links": dump_json(LINKS_ADAPTER, instance.links),
        "travel_times": dump_json(TRAVEL_TIMES_ADAPTER, instance.travel_times),
        "earlier_plan": dump_json(PLACEMENTS_ADAPTER, instance.earlier_plan.placements),
        "probabilities": "" if pairs is None else dump_probabilities(pairs),
    }
    states = importer.work.projections.parts
    events = []
    for name, text in texts.items():
        content = importer.work.add_payload(name, text)
        if name not in states or states[name].content != content:
            events.append(importer.record(EventKind.STATED, part=name, content=content))
    return events
