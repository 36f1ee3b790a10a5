"""A ledger belongs to a year: two are open in December, and a promise goes where it is settled."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from matcher.domain import Instance, Ledger
from matcher.store import (
    LedgerAlarm,
    NoCapacityError,
    Stamp,
    Store,
    UnusableNumberError,
    UnusableYearError,
    WrongStatusError,
    begin_ledger_year,
    decline,
    find_differences,
    get_municipality_state,
    import_instance,
    list_alarms,
    load_instance_at,
    promise,
    propose,
    revise_ledger,
    settle,
    undo,
    upgrade,
)
from tests.ledgers import known
from tests.store.small import household, municipality

AUTUMN = date(2024, 10, 15)
DECEMBER = date(2024, 12, 10)
NEW_YEAR = date(2025, 1, 3)
NAMES = tuple(f"H{k}" for k in range(4))


def on(day: date) -> Stamp:
    """Somebody at noon of a day."""
    return Stamp(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), "Caseworker 7", "agreed")


def autumn(persons: int = 2, **ledger: int | None) -> Instance:
    """A queue in October, one municipality that needs ten days."""
    place = replace(
        municipality("0301", **{"decided": 10, "settled": 0, "promised": 0, **ledger}), lead_days=10
    )
    return Instance(AUTUMN, tuple(household(name, persons) for name in NAMES), (place,))


def ledger(store: Store, year: int, today: date) -> Ledger:
    """The ledger of a year as it stands on a day."""
    return get_municipality_state(store, "0301").ledger_of(year, today)


def asked(store: Store, name: str, day: date) -> None:
    """Propose a household."""
    propose(store, name, "0301", on(day), answer_by=day)


def test_a_promise_goes_with_the_household_to_the_year_it_moves_in(store):
    """Promised in October, moved in in January: a place of the new year, none of the old."""
    import_instance(store, autumn(), on(AUTUMN))
    asked(store, "H0", AUTUMN)
    promise(store, "H0", on(AUTUMN))
    begin_ledger_year(store, 2025, on(DECEMBER))
    assert ledger(store, 2024, DECEMBER).promised == 2
    assert (ledger(store, 2025, DECEMBER).settled, ledger(store, 2025, DECEMBER).promised) == (0, 0)
    assert ledger(store, 2024, NEW_YEAR).promised == 0
    assert (ledger(store, 2025, NEW_YEAR).settled, ledger(store, 2025, NEW_YEAR).promised) == (0, 2)
    settle(store, "H0", on(NEW_YEAR))
    assert (ledger(store, 2025, NEW_YEAR).settled, ledger(store, 2025, NEW_YEAR).promised) == (2, 0)
    assert ledger(store, 2024, NEW_YEAR).settled == 0


def test_in_december_who_arrives_in_january_takes_a_place_of_the_new_decision(store):
    """The old decision is used up, the new one is not; each has its own places."""
    import_instance(store, autumn(decided=2), on(AUTUMN))
    begin_ledger_year(store, 2025, on(DECEMBER))
    late = date(2024, 12, 27)
    asked(store, "H0", DECEMBER)
    promise(store, "H0", on(DECEMBER))
    asked(store, "H1", DECEMBER)
    with pytest.raises(NoCapacityError, match="0 open places"):
        promise(store, "H1", on(DECEMBER))
    with pytest.raises(NoCapacityError, match="no number of open places"):
        promise(store, "H1", on(DECEMBER), move_in=NEW_YEAR)
    revise_ledger(store, "0301", {"decided": 3}, on(DECEMBER), year=2025)
    promise(store, "H1", on(DECEMBER), move_in=NEW_YEAR)
    assert [ledger(store, y, DECEMBER).promised for y in (2024, 2025)] == [2, 2]
    asked(store, "H2", late)
    with pytest.raises(NoCapacityError, match="1 open places"):
        promise(store, "H2", on(late))
    decline(store, "H1", on(late))
    promise(store, "H2", on(late))
    assert [ledger(store, y, late).promised for y in (2024, 2025)] == [2, 2]


def test_who_moved_in_before_the_year_ended_counts_in_it(store):
    """The day of moving in decides, not the day on which somebody records it."""
    import_instance(store, autumn(), on(AUTUMN))
    for name in ("H0", "H1"):
        asked(store, name, AUTUMN)
        promise(store, name, on(AUTUMN))
    begin_ledger_year(store, 2025, on(DECEMBER))
    with pytest.raises(WrongStatusError, match="after 2025-01-03"):
        settle(store, "H0", on(NEW_YEAR), moved_in=date(2025, 1, 4))
    settle(store, "H0", on(NEW_YEAR), moved_in=date(2024, 12, 30))
    settle(store, "H1", on(NEW_YEAR))
    assert [ledger(store, year, NEW_YEAR).settled for year in (2024, 2025)] == [2, 2]
    assert ledger(store, 2025, NEW_YEAR).promised == 0
    undo(store, "H0", on(NEW_YEAR))
    assert [ledger(store, year, NEW_YEAR).settled for year in (2024, 2025)] == [0, 2]
    assert ledger(store, 2025, NEW_YEAR).promised == 2


def test_numbers_of_january_are_taken_as_those_of_the_new_year(store):
    """The same numbers in new files count anew, and promises that go on are in the total."""
    import_instance(store, autumn(settled=4, promised=3), on(AUTUMN))
    asked(store, "H0", AUTUMN)
    promise(store, "H0", on(AUTUMN))
    assert ledger(store, 2024, AUTUMN).promised == 5
    january = autumn(settled=0, promised=5).replace(today=NEW_YEAR)
    assert ledger(store, 2025, NEW_YEAR).decided is None
    import_instance(store, january, on(NEW_YEAR))
    shown = ledger(store, 2025, NEW_YEAR)
    assert (shown.decided, shown.settled, shown.promised, shown.open) == (10, 0, 5, 5)
    assert ledger(store, 2024, NEW_YEAR).settled == 4
    assert list_alarms(store, NEW_YEAR) == []
    assert not import_instance(store, january, on(NEW_YEAR))


def test_files_of_december_that_are_late_tell_of_the_old_year(store):
    """Taken in in January, they are no decision of the new one; much older files tell of today."""
    import_instance(store, autumn().replace(today=date(2024, 12, 30)), on(NEW_YEAR))
    assert (ledger(store, 2024, NEW_YEAR).decided, ledger(store, 2025, NEW_YEAR).decided) == (
        10,
        None,
    )
    import_instance(store, autumn(decided=8), on(NEW_YEAR))
    assert [ledger(store, year, NEW_YEAR).decided for year in (2024, 2025)] == [10, 8]


def test_what_others_were_promised_goes_on_too(store):
    """Until January's numbers say how many there are; not known stays not known."""
    import_instance(store, autumn(promised=3), on(AUTUMN))
    begin_ledger_year(store, 2025, on(DECEMBER))
    assert [ledger(store, 2025, day).promised for day in (DECEMBER, NEW_YEAR)] == [0, 3]
    revise_ledger(store, "0301", {"promised": None}, on(DECEMBER))
    assert ledger(store, 2025, NEW_YEAR).promised is None
    revise_ledger(store, "0301", {"promised": 1}, on(NEW_YEAR))
    assert ledger(store, 2025, NEW_YEAR).promised == 1


def test_files_bring_the_ledger_of_the_next_year_with_them(store):
    """And the instance of a day has both years as they stand on it."""
    place = autumn().municipalities[0]
    coming = known(decided=7, settled=0, promised=1)
    files = autumn().replace(municipalities=(replace(place, next_ledger=coming),))
    import_instance(store, files, on(AUTUMN))
    (shown,) = load_instance_at(store, AUTUMN).municipalities
    assert (shown.ledger.open, shown.next_ledger.open) == (10, 6)
    assert not import_instance(store, files, on(AUTUMN))
    (next_day,) = load_instance_at(store, date(2025, 1, 1)).municipalities
    assert (next_day.ledger.decided, next_day.ledger.open) == (7, 6)


def test_beginning_a_year_fills_no_gap_in_what_files_say_of_it(store):
    """Files that bring next year's decision without what is promised leave that unknown."""
    place = autumn().municipalities[0]
    coming = replace(place, next_ledger=known(decided=7, promised=None))
    import_instance(store, autumn().replace(municipalities=(coming,)), on(AUTUMN))
    begin_ledger_year(store, 2025, on(DECEMBER))
    shown = ledger(store, 2025, DECEMBER)
    assert (shown.settled, shown.promised, shown.open) == (0, None, None)


def test_every_past_day_can_still_be_shown(store):
    """A day of the old year shows its decision, with what was settled by then."""
    import_instance(store, autumn(), on(AUTUMN))
    asked(store, "H0", AUTUMN)
    promise(store, "H0", on(AUTUMN))
    settle(store, "H0", on(DECEMBER))
    begin_ledger_year(store, 2025, on(DECEMBER))
    revise_ledger(store, "0301", {"decided": 4}, on(NEW_YEAR))

    def open_on(day: date) -> int | None:
        return load_instance_at(store, day).municipalities[0].ledger.open

    assert [open_on(day) for day in (AUTUMN, DECEMBER, NEW_YEAR)] == [8, 8, 4]


def test_a_year_is_begun_in_the_december_before_or_in_january(store):
    """Once for each municipality; no other year, and no number of a year that is not open."""
    import_instance(store, autumn(), on(AUTUMN))
    for year, day in ((2026, DECEMBER), (2024, DECEMBER), (2025, date(2025, 2, 1))):
        with pytest.raises(UnusableYearError, match="cannot be begun"):
            begin_ledger_year(store, year, on(day))
    with pytest.raises(UnusableNumberError, match="year begin 2025"):
        revise_ledger(store, "0301", {"decided": 5}, on(DECEMBER), year=2025)
    assert len(begin_ledger_year(store, 2025, on(DECEMBER))) == 1
    assert begin_ledger_year(store, 2025, on(DECEMBER)) == []
    for number in ("settled", "receive_now"):
        with pytest.raises(UnusableNumberError, match=f"{number} is not a number of 2025"):
            revise_ledger(store, "0301", {number: 5}, on(DECEMBER), year=2025)
    revise_ledger(store, "0301", {"settled": 9}, on(NEW_YEAR), year=2024)
    with pytest.raises(UnusableNumberError, match="promised is not a number of 2024"):
        revise_ledger(store, "0301", {"promised": 5}, on(NEW_YEAR), year=2024)
    assert ledger(store, 2024, NEW_YEAR).settled == 9


def test_too_much_promised_for_the_next_year_is_flagged_this_year(store):
    """The council decides less than was promised; there is time to say so."""
    import_instance(store, autumn(), on(AUTUMN))
    begin_ledger_year(store, 2025, on(DECEMBER))
    revise_ledger(store, "0301", {"decided": 2}, on(DECEMBER), year=2025)
    asked(store, "H0", DECEMBER)
    promise(store, "H0", on(DECEMBER), move_in=NEW_YEAR)
    revise_ledger(store, "0301", {"decided": 1}, on(DECEMBER), year=2025)
    assert list_alarms(store, DECEMBER) == [LedgerAlarm("over-promised", "0301", 1)]


def test_a_store_of_before_is_read_by_the_days_of_its_events(empty_url):
    """Its snapshots are written anew when the store is upgraded."""
    upgrade(empty_url)
    with Store.open(empty_url) as store:
        import_instance(store, autumn(settled=4), on(AUTUMN))
        with store.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE municipality SET state = '{}'")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    upgrade(empty_url)
    with Store.open(empty_url) as store:
        assert find_differences(store) == []
        assert ledger(store, 2024, DECEMBER).settled == 4
