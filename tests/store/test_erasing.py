"""What is known of households that are done with is erased; numbers, events and ledgers stay."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from matcher.domain import Household, PairProbabilities, Person
from matcher.domain.trace import Trace
from matcher.store import (
    ErasedError,
    EventKind,
    Retention,
    Stamp,
    Status,
    Store,
    WrongStatusError,
    erase_households,
    find_differences,
    get_household_state,
    get_municipality_state,
    import_instance,
    load_instance_at,
    promise,
    propose,
    purge,
    read_household_events,
    rebuild_snapshots,
    revise_household,
    settle,
    undo,
    vacuum,
    withdraw,
)
from matcher.store.runs import (
    claim_run,
    complete_run,
    enqueue_run,
    list_outputs,
    store_output,
)
from matcher.store.service.idempotency import StoredResponse, find_response, store_response
from matcher.store.traces import get_decision
from tests.store.small import BY, DAY, NOON, imported, later, small

SECRETS = ("Rikshospitalet-vest", "Tigrinja-nord", "brother-in-the-valley")
KEPT = Retention(settled_days=100, withdrawn_days=30, response_days=2)


def secret(number: int, name: str) -> Household:
    """A household with something that must not be found afterwards."""
    words = [f"{word}-{number}" for word in SECRETS]
    person = Person(f"{name}/0", hospital_name=words[0], languages=(words[1],), origin=words[2])
    return Household(name, date(2024, 1, 1), (person,))


def filled(store) -> None:
    """H0 has settled, H1 is withdrawn, H2 waits; each with a secret of its own."""
    households = tuple(secret(k, f"H{k}") for k in range(3))
    imported(store, small(decided=10).replace(households=households))
    trace = Trace("H0", "0301", DAY, policy={"name": "shown-of-H0"})
    propose(store, "H0", "0301", BY, answer_by=DAY, trace=trace)
    promise(store, "H0", BY)
    revise_household(store, secret(7, "H0"), BY)
    settle(store, "H0", later(10))
    withdraw(store, "H1", later(20))


def text_of(store_url: str) -> str:
    """Everything that the database keeps: every byte of SQLite's files, every row elsewhere."""
    if store_url.startswith("sqlite"):
        file = Path(store_url.removeprefix("sqlite:///"))
        return "".join(f.read_bytes().decode("latin-1") for f in file.parent.glob(f"{file.name}*"))
    return dumped(store_url)


def dumped(store_url: str) -> str:
    """All rows of all tables."""
    with Store.open(store_url) as store, store.read_transaction() as connection:
        names = connection.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).scalars()
        return "".join(
            str(row[0])
            for name in list(names)
            for row in connection.exec_driver_sql(f"SELECT t::text FROM {name} t")
        )


def test_after_a_purge_nothing_of_the_household_is_in_the_database(store, store_url):
    """Not in free pages either; of those who wait everything is there."""
    filled(store)
    store_response(
        store, "me", "1", StoredResponse("", NOON + timedelta(days=150), 200, b'{"id": "H0"}')
    )
    assert "Tigrinja-nord-7" in text_of(store_url)
    found = purge(store, KEPT, at=NOON + timedelta(days=150), actor="purge")
    assert found.households == ("H0", "H1")
    # Three descriptions, the trace, and the answer.
    assert (found.payloads, found.responses) == (4, 1)
    vacuum(store)
    text = text_of(store_url)
    assert [word for word in SECRETS if f"{word}-2" in text] == list(SECRETS)
    assert [f"{w}-{k}" for w in SECRETS for k in (0, 1, 7) if f"{w}-{k}" in text] == []
    assert "shown-of-H0" not in text


def test_numbers_events_and_ledgers_stay(store):
    """And snapshots are still what the events say."""
    filled(store)
    before = read_household_events(store, "H0")
    ledger = get_municipality_state(store, "0301").ledger
    purge(store, KEPT, at=NOON + timedelta(days=150), actor="purge")
    assert get_municipality_state(store, "0301").ledger == ledger
    after = read_household_events(store, "H0")
    assert after[:-1] == before
    assert (after[-1].kind, after[-1].actor) == (EventKind.ERASED, "purge")
    assert after[-1].reason == "kept for 100 days after settlement, 30 after withdrawal"
    state = get_household_state(store, "H0")
    assert (state.status, state.held_persons, state.erased) == (Status.SETTLED, 1, True)
    assert find_differences(store) == []
    rebuild_snapshots(store)
    assert find_differences(store) == []


def test_old_days_are_no_longer_known_and_new_ones_are(store):
    """Neither the queue of a day with the household in it, nor its decision."""
    filled(store)
    proposal = next(e for e in read_household_events(store, "H0") if e.kind is EventKind.PROPOSED)
    assert [h.id for h in load_instance_at(store, DAY).households] == ["H1", "H2"]
    purge(store, KEPT, at=NOON + timedelta(days=150), actor="purge")
    with pytest.raises(ErasedError):
        load_instance_at(store, DAY)
    with pytest.raises(ErasedError):
        get_decision(store, proposal.id)
    later_day = DAY + timedelta(days=150)
    assert [h.id for h in load_instance_at(store, later_day).households] == ["H2"]


@pytest.mark.parametrize(
    ("days", "gone"), [(49, []), (50, ["H1"]), (109, ["H1"]), (110, ["H0", "H1"])]
)
def test_each_is_kept_for_its_days(store, days, gone):
    """A hundred after settlement on the tenth day, thirty after withdrawal on the twentieth."""
    filled(store)
    found = purge(store, KEPT, at=NOON + timedelta(days=days), actor="purge")
    assert list(found.households) == gone
    again = purge(store, KEPT, at=NOON + timedelta(days=days), actor="purge")
    assert again.households == ()


def test_a_household_can_ask_to_be_forgotten(store):
    """When it is done with, and not before."""
    filled(store)
    asked = replace(later(20), reason="asked for it")
    with pytest.raises(WrongStatusError, match="H2 is ready; it must be settled or withdrawn"):
        erase_households(store, ["H1", "H2"], asked)
    assert not get_household_state(store, "H1").erased
    assert erase_households(store, ["H1"], asked).payloads == 1
    with pytest.raises(WrongStatusError, match="cannot be undone"):
        undo(store, "H1", asked)


def test_files_do_not_bring_back_what_was_erased(store):
    """Files that keep them say nothing of them; who was left out and comes again is waiting."""
    filled(store)
    purge(store, KEPT, at=NOON + timedelta(days=150), actor="purge")
    everyone = tuple(secret(k, f"H{k}") for k in range(3))
    for queue, erased in (
        (everyone, [True, True]),
        (everyone[2:], [True, True]),
        (everyone, [True, False]),
    ):
        import_instance(
            store,
            small(decided=10).replace(households=queue),
            Stamp(NOON + timedelta(days=151), "Importer", "import"),
        )
        assert [get_household_state(store, name).erased for name in ("H0", "H1")] == erased
    assert get_household_state(store, "H1").status is Status.READY


def test_an_operators_probabilities_of_them_are_erased(store):
    """Those of others stay."""
    pairs = PairProbabilities(
        np.array(["H0", "H2", "H1"]), np.array(["0301", "0301", "4601"]), np.array([0.5, 0.7, 0.9])
    )
    imported(store, small(decided=9).replace(probabilities=pairs))
    withdraw(store, "H1", BY)
    withdraw(store, "H0", BY)
    erase_households(store, ["H0", "H1"], BY)
    rest = load_instance_at(store, DAY).probabilities
    assert (rest.household.tolist(), rest.probability.tolist()) == (["H2"], [0.7])
    withdraw(store, "H2", BY)
    erase_households(store, ["H2"], BY)
    assert load_instance_at(store, DAY).probabilities is None


def night(store, body: bytes, days: int = 0) -> str:
    """A complete night with one output; its identifier."""
    at = NOON + timedelta(days=days)
    asked = enqueue_run(store, "night", {}, day=at.date(), at=at, asked_by="me")
    run = claim_run(store, ["night"], worker="w", at=at, stalled_before=at, run=asked.id)
    store_output(store, run.id, worker="w", at=at, name="plan", media_type="text/csv", body=body)
    complete_run(store, run.id, worker="w", at=at)
    return run.id


def test_outputs_of_runs_that_name_them_are_erased_but_not_of_the_night_in_force(store):
    """A longer identifier is another household's."""
    imported(store, small(2))
    old, other = night(store, b"H0,0301\n"), night(store, b"H01,0301\nH0-1,0301\n", 1)
    withdraw(store, "H0", later(1))
    withdraw(store, "H1", later(1))
    new = night(store, b"H1,0301\n", 2)
    assert erase_households(store, ["H0"], later(3)).outputs == 1
    assert [len(list_outputs(store, one)) for one in (old, other, new)] == [0, 1, 1]
    with pytest.raises(WrongStatusError, match="run a night without them first"):
        erase_households(store, ["H1"], later(3))
    assert not get_household_state(store, "H1").erased


def test_answers_are_kept_for_their_days(store):
    """However often they purge."""
    imported(store, small())
    for days in (0, 1, 2):
        store_response(
            store, "me", str(days), StoredResponse("", NOON + timedelta(days=days), 200, b"{}")
        )
    assert purge(store, KEPT, at=NOON + timedelta(days=3, seconds=-1), actor="purge").responses == 1
    assert [find_response(store, "me", key) is None for key in "012"] == [True, False, False]
