"""The plan by weeks of a municipality: stated by a person, and what promises have used of it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from matcher.domain.planned_week import PlannedWeek, start_of_week, week_name
from matcher.store.errors import UnusableInstanceError
from matcher.store.events import Event, EventKind
from matcher.store.household_state import HouseholdState, Status
from matcher.store.payloads import WEEKS_ADAPTER, dump_json
from matcher.store.stamp import Stamp
from matcher.store.store import Store


def revise_weeks(
    store: Store, municipality: str, weeks: Iterable[PlannedWeek], stamp: Stamp
) -> Event:
    """Record a municipality's plan by weeks, which replaces the one before it.

    The numbers are persons beside those whom it has promised by now; promises from now on take the
    first places of the plan. It is valid until an import whose plan differs from that of the import
    before it.

    Parameters
    ----------
    municipality : str
        Four-digit number.
    weeks : iterable of PlannedWeek
        Empty when the municipality no longer plans by weeks.
    stamp : Stamp
        When, by whom and why, and the version of the municipality that the caller has read.

    Raises
    ------
    UnusableInstanceError
        When a week occurs twice.
    """
    plan = tuple(sorted(weeks, key=lambda planned: planned.week))
    for week, count in Counter(planned.week for planned in plan).items():
        if count > 1:
            raise UnusableInstanceError(f"week {week_name(week)} is there twice; keep one")
    with store.unit_of_work() as work:
        state = work.get_municipality_state(municipality, stamp.version)
        return work.record(
            EventKind.WEEKS_REVISED,
            stamp,
            municipality=state.number,
            content=work.add_payload("weeks", dump_json(WEEKS_ADAPTER, plan)),
        )


def weeks_left(
    weeks: Iterable[PlannedWeek], stated: int, coming: Iterable[HouseholdState], day: date
) -> tuple[PlannedWeek, ...]:
    """Return the weeks of a plan from that of a day on, with the places that are left.

    Households that were promised since the plan was stated take its first places.

    Parameters
    ----------
    weeks : iterable of PlannedWeek
    stated : int
        Identifier of the event that stated the plan.
    coming : iterable of HouseholdState
        Households that are promised to the municipality or live there.
    day : date
    """
    taken = sum(
        household.held_persons
        for household in coming
        if household.status is Status.PROMISED and (household.promise or 0) > stated
    )
    left = []
    for planned in sorted(weeks, key=lambda planned: planned.week):
        if planned.week >= start_of_week(day):
            used = min(taken, planned.persons)
            taken -= used
            left.append(PlannedWeek(planned.week, planned.persons - used))
    return tuple(left)
