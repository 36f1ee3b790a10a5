"""What an import would take away: a truncated export looks like a queue in which many are gone."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matcher.domain.household import Household
from matcher.domain.instance import Instance
from matcher.domain.ledger import LEDGER_NUMBERS
from matcher.store.errors import ChangeError
from matcher.store.household_state import HouseholdState, Status
from matcher.store.ledger_books import book_of
from matcher.store.municipality_state import MunicipalityState
from matcher.store.payloads import (
    DWELLINGS_ADAPTER,
    HOUSEHOLD_ADAPTER,
    LINKS_ADAPTER,
    NAMES_ADAPTER,
    WEEKS_ADAPTER,
    load_present_payloads,
)
from matcher.store.unit_of_work import UnitOfWork
from matcher.texts import Language, format_number, texts_in

WAITING = (Status.READY, Status.PROPOSED)
SHARE_OF_HOMES = 0.5
LedgerNumber = tuple[str, int, str]
"""Municipality, year and name of a number."""


class LossKind(StrEnum):
    """What can be gone from files; the key of its texts."""

    HOUSEHOLDS = "households"
    PERSONS = "persons"
    DECISIONS = "decisions"
    LINKS = "links"
    MUNICIPALITIES = "municipalities"
    DWELLINGS = "dwellings"
    NUMBERS = "numbers"
    WEEKS = "weeks"


NEVER_WHOLE = (LossKind.HOUSEHOLDS, LossKind.NUMBERS, LossKind.WEEKS)
"""What may never be gone whole, however little there was of it."""


@dataclass(frozen=True, slots=True)
class Loss:
    """How many of one kind there were in the files before, and how many of them are gone."""

    kind: LossKind
    gone: int
    had: int


@dataclass(frozen=True, slots=True)
class LossLimit:
    """How much one import may take away without saying that this is meant.

    Parameters
    ----------
    share : float
        Share of what there was, for each kind by itself; of free homes, which are let all the
        time, at least :data:`SHARE_OF_HOMES`.
    minimum : int
        So many may go anyway, but never the whole queue, every number of the ledgers or every plan
        by weeks.
    """

    share: float = 0.1
    minimum: int = 5

    def allows(self, loss: Loss) -> bool:
        """Whether a loss is within the limit."""
        is_whole = loss.kind in NEVER_WHOLE and loss.gone == loss.had
        of_homes = loss.kind is LossKind.DWELLINGS
        share = max(self.share, SHARE_OF_HOMES) if of_homes else self.share
        few = loss.gone <= max(self.minimum, share * loss.had)
        return loss.gone == 0 or (few and not is_whole)


class LargeLossError(ChangeError):
    """An import would take away much of what there was, and does not say that this is meant.

    Parameters
    ----------
    message : str
        How much would be gone.
    losses : iterable of Loss
        The numbers, for each kind of which too much would be gone.
    """

    def __init__(self, message: str, losses: Iterable[Loss]) -> None:
        self.losses = tuple(losses)
        super().__init__(message)


def check_losses(
    work: UnitOfWork, instance: Instance, years: Sequence[int], limit: LossLimit
) -> None:
    """Check that an import takes away no more than the limit allows.

    Parameters
    ----------
    work : UnitOfWork
        With all states loaded.
    instance : Instance
    years : sequence of int
        As for :func:`find_losses`.
    limit : LossLimit

    Raises
    ------
    LargeLossError
        When it does; with the numbers of each kind of which too much would be gone.
    """
    too_large = [loss for loss in find_losses(work, instance, years) if not limit.allows(loss)]
    if too_large:
        told = describe_losses(too_large, "en")
        raise LargeLossError(f"{told} If this is meant, pass withdraw_many=True.", too_large)


def describe_losses(losses: Iterable[Loss], language: Language) -> str:
    """Say in a sentence how much would be gone."""
    words = texts_in(language, "matcher.store", "import_losses.toml")
    parts = [
        words[loss.kind].format(
            gone=format_number(loss.gone, language), had=format_number(loss.had, language)
        )
        for loss in losses
    ]
    return str(words["refused"].format(losses="; ".join(parts)))


def find_losses(work: UnitOfWork, instance: Instance, years: Sequence[int]) -> list[Loss]:
    """Count what was in the files before and is not in these, by kind.

    Parameters
    ----------
    work : UnitOfWork
        With all states loaded. The first import takes nothing away.
    instance : Instance
    years : sequence of int
        Year of which the files' ledgers tell, and the next while that is still to come; numbers of
        other years are not missed.
    """
    waiting = {
        name: state
        for name, state in work.projections.households.items()
        if state.listed and state.status in WAITING
    }
    queue = {household.id: household for household in instance.households}
    kept = {name: state for name, state in waiting.items() if name in queue}
    return [
        Loss(LossKind.HOUSEHOLDS, len(waiting) - len(kept), len(waiting)),
        *_losses_of_households(work, kept, queue),
        _loss(LossKind.LINKS, _filed_links(work), _pairs(instance.links)),
        _loss(
            LossKind.MUNICIPALITIES,
            set(NAMES_ADAPTER.validate_json(_part(work, "municipalities"))),
            {municipality.number for municipality in instance.municipalities},
        ),
        _loss(
            LossKind.DWELLINGS,
            _filed_dwellings(work),
            {home.id for m in instance.municipalities for home in m.dwellings},
        ),
        _loss(LossKind.NUMBERS, _filed_numbers(work, instance, years), _known(instance, years)),
        _loss(
            LossKind.WEEKS,
            _filed_weeks(work, instance),
            {m.number for m in instance.municipalities if m.weeks},
        ),
    ]


def _loss(kind: LossKind, before: Collection[object], now: Collection[object]) -> Loss:
    return Loss(kind, sum(item not in now for item in before), len(before))


def _losses_of_households(
    work: UnitOfWork, kept: dict[str, HouseholdState], queue: dict[str, Household]
) -> Iterator[Loss]:
    """Compare the members, pins, bans and ties of those that are still in the queue."""
    texts = load_present_payloads(work.connection, {state.filed for state in kept.values()})
    persons: set[object] = set()
    decisions: set[object] = set()
    for name, state in kept.items():
        # What has been erased is not known any more, and cannot be missed.
        if state.filed in texts:
            filed: Household = HOUSEHOLD_ADAPTER.validate_json(texts[state.filed])
            persons |= {(name, person.id) for person in filed.members}
            decisions |= {(name, decision) for decision in _decisions(filed)}
    still = [queue[name] for name in kept]
    yield _loss(LossKind.PERSONS, persons, {(h.id, p.id) for h in still for p in h.members})
    yield _loss(LossKind.DECISIONS, decisions, {(h.id, d) for h in still for d in _decisions(h)})


def _decisions(household: Household) -> Iterator[object]:
    yield from household.bans
    yield from (tie for tie in household.family if tie.must_hold)
    if household.pinned_to is not None:
        yield household.pinned_to


def _filed_links(work: UnitOfWork) -> set[frozenset[str]]:
    """Return the earlier links between households that are both still waiting.

    A link goes with the household at one of its ends, and is not a loss of its own.
    """
    states = work.projections.households
    return {
        pair
        for pair in _pairs(LINKS_ADAPTER.validate_json(_part(work, "links")))
        if all(name in states and states[name].status in WAITING for name in pair)
    }


def _pairs(links: Iterable[tuple[str, str]]) -> set[frozenset[str]]:
    return {frozenset(link) for link in links}


def _filed_dwellings(work: UnitOfWork) -> set[str]:
    hashes = {state.filed_dwellings for state in work.projections.municipalities.values()}
    texts = load_present_payloads(work.connection, hashes)
    return {home.id for text in texts.values() for home in DWELLINGS_ADAPTER.validate_json(text)}


def _filed_numbers(work: UnitOfWork, instance: Instance, years: Sequence[int]) -> set[LedgerNumber]:
    """Return which numbers the files before had, of municipalities and years in these files too."""
    return {
        (number, year, name)
        for number, state in _filed_states(work, instance)
        for year in years
        for name in LEDGER_NUMBERS
        if book_of(state.books, year).imported.get(name) is not None
    }


def _known(instance: Instance, years: Sequence[int]) -> set[LedgerNumber]:
    return {
        (m.number, year, name)
        for m in instance.municipalities
        for year, ledger in zip(years, (m.ledger, m.next_ledger), strict=False)
        for name in LEDGER_NUMBERS
        if getattr(ledger, name) is not None
    }


def _filed_weeks(work: UnitOfWork, instance: Instance) -> set[str]:
    """Return the municipalities whose plan in the files before has weeks that have not passed."""
    hashes = {number: state.filed_weeks for number, state in _filed_states(work, instance)}
    texts = load_present_payloads(work.connection, filter(None, hashes.values()))
    return {
        number
        for number, content in hashes.items()
        for planned in WEEKS_ADAPTER.validate_json(texts.get(content, "[]"))
        if planned.week >= instance.today
    }


def _filed_states(work: UnitOfWork, instance: Instance) -> Iterator[tuple[str, MunicipalityState]]:
    """Iterate over what was known of the municipalities of the files; one gone is its own loss."""
    states = work.projections.municipalities
    numbers = (m.number for m in instance.municipalities)
    return ((number, states[number]) for number in numbers if number in states)


def _part(work: UnitOfWork, name: str) -> str:
    """Return the text of a part of the latest import; an empty list before the first."""
    state = work.get_part_state(name)
    texts = load_present_payloads(work.connection, [] if state is None else [state.content])
    return next(iter(texts.values()), "[]")
