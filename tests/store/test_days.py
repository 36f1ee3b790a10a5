"""Nothing is dated after the present day, and each subject has an order of its own."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from matcher.domain import BanReason
from matcher.store import (
    FutureDayError,
    OutOfOrderError,
    Stamp,
    Store,
    ban,
    get_household_state,
    import_instance,
    pin,
    promise,
    propose,
    revise_ledger,
)
from matcher.store.runs import NIGHT_KIND, Run, enqueue_run, list_runs
from tests.store.small import BY, DAY, NOON, imported, later, proposed, small

ANSWER_BY = DAY + timedelta(days=30)


@pytest.fixture
def present_days() -> list[date]:
    """The present day is the last of these."""
    return [DAY]


@pytest.fixture
def dated(store_url, present_days) -> Iterator[Store]:
    """A store with a clock."""
    with Store.open(store_url, lambda: present_days[-1]) as opened:
        yield opened


def test_an_import_of_a_later_day_is_refused(dated, present_days):
    """Whole: it would keep every change out until that day."""
    stamp = Stamp(NOON + timedelta(days=1), "Importer", "import")
    with pytest.raises(FutureDayError, match="dated 2024-04-16, but today is 2024-04-15"):
        import_instance(dated, small(), stamp)
    imported(dated, small())
    present_days.append(DAY + timedelta(days=1))
    assert import_instance(dated, small(4), stamp)


def asked(store: Store, day: date) -> Run:
    """Ask for a night of a day."""
    return enqueue_run(store, NIGHT_KIND, {}, day=day, at=NOON, asked_by="person:1")


def test_a_night_of_a_later_day_is_refused(dated):
    """It would be in force until then."""
    with pytest.raises(FutureDayError):
        asked(dated, DAY + timedelta(days=1))
    assert list_runs(dated) == []
    assert asked(dated, DAY).day == DAY


def test_a_store_without_a_clock_takes_any_day(store):
    """A simulation runs ahead of the present day."""
    import_instance(store, small(), later(20_000))
    assert get_household_state(store, "H0").day == DAY + timedelta(days=20_000)


def test_other_households_do_not_keep_a_change_out(store):
    """A proposal, pin or ban at the same municipality may be dated before theirs."""
    imported(store, small(decided=9))
    propose(store, "H0", "0301", later(5), answer_by=ANSWER_BY)
    proposed(store, "H1")
    pin(store, "H2", "0301", later(1))
    with pytest.raises(OutOfOrderError):
        ban(store, "H0", "4601", BanReason.CASEWORKER, later(4))


def test_a_ledger_changes_in_the_order_of_its_days(store):
    """A proposal in between, dated earlier, does not put its day back."""
    imported(store, small(decided=9))
    revise_ledger(store, "0301", {"decided": 8}, later(3))
    proposed(store, "H0")
    with pytest.raises(OutOfOrderError):
        promise(store, "H0", later(2))
    with pytest.raises(OutOfOrderError):
        revise_ledger(store, "0301", {"decided": 7}, later(2))
    promise(store, "H0", later(3))


def test_no_change_of_a_later_day_is_recorded(dated):
    """Whatever the change is."""
    imported(dated, small())
    for change in (
        lambda: pin(dated, "H0", "0301", later(1)),
        lambda: revise_ledger(dated, "0301", {"decided": 7}, later(1)),
        lambda: propose(dated, "H0", "0301", later(1), answer_by=ANSWER_BY),
    ):
        with pytest.raises(FutureDayError):
            change()
    pin(dated, "H0", "0301", BY)
