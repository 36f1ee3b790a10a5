"""After any history the ledger is what a plain account in a few lines says."""

import shutil
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.store.database import (
    ChangeError,
    Status,
    Store,
    alarms,
    decline,
    differences,
    household_state,
    lapse,
    municipality_state,
    promise,
    rebuild,
    revise,
    settle,
    withdraw,
)
from tests.store_database.small import BY, household, imported, municipality, proposed, small

NAMES = tuple(f"H{k}" for k in range(5))
NUMBERS = ("0301", "4601")
STEPS = {"promise": promise, "settle": settle, "decline": decline, "lapse": lapse,
         "withdraw": withdraw}  # fmt: skip
happenings = st.one_of(
    st.tuples(st.just("propose"), st.sampled_from(NAMES), st.sampled_from(NUMBERS)),
    st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("promise"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("revise"), st.sampled_from(NUMBERS), st.integers(0, 9)),
    st.tuples(st.just("import"), st.sets(st.sampled_from(NAMES)), st.integers(0, 9)),
)


def queue(names, decided):
    """Files with some of the households, of one to five persons, and the first decision."""
    households = tuple(household(n, 1 + int(n[1]), int(n[1]) % 2) for n in sorted(names))
    places = tuple(municipality(n, decided=decided, minors_decided=2, settled=1) for n in NUMBERS)
    return small().replace(households=households, municipalities=places)


class Account:
    """What is held and decided, in plain numbers."""

    def __init__(self) -> None:
        self.where: dict[str, tuple[str, str]] = {}
        self.decided = dict.fromkeys(NUMBERS, 9)
        self.filed = 9

    def happen(self, what, subject, more) -> None:
        """Take in something that the store has accepted."""
        if what == "propose":
            self.where[subject] = ("proposed", more)
        elif what in ("promise", "settle"):
            self.where[subject] = (what, self.where[subject][1])
        elif what in STEPS:
            self.where.pop(subject, None)
        elif what == "revise":
            self.decided[subject] = more
        else:
            gone = [n for n, (state, _) in self.where.items() if state == "proposed"]
            for name in set(gone) - set(subject):
                del self.where[name]
            if more != self.filed:
                self.filed, self.decided = more, dict.fromkeys(NUMBERS, more)

    def persons(self, state: str) -> Counter[str]:
        """Persons in a state by municipality."""
        found: Counter[str] = Counter()
        for name, (now, number) in self.where.items():
            found[number] += (1 + int(name[1])) * (now == state)
        return found


def attempt(store, what, subject, more) -> None:
    """Let the store do it, or refuse."""
    if what == "propose":
        proposed(store, subject, more)
    elif what in STEPS:
        STEPS[what](store, subject, **BY)
    elif what == "revise":
        revise(store, subject, {"decided": more}, **BY)
    else:
        imported(store, queue(subject, more))


def check(store, account) -> None:
    """The ledger is what the account says; more than decided only with an alarm."""
    flagged = {a.municipality for a in alarms(store) if a.kind == "over-promised"}
    for number in NUMBERS:
        ledger = municipality_state(store, number).ledger
        held = account.persons("promise")[number], account.persons("settle")[number]
        assert (ledger.promised, ledger.settled - 1) == held
        assert ledger.decided == account.decided[number]
        assert (ledger.open < 0) == (number in flagged)
        assert ledger.minors_open >= 0


def play(store, history) -> None:
    """Let all of it happen, holding the ledger against the account after each."""
    account = Account()
    imported(store, queue(NAMES, 9))
    for what, subject, more in history:
        open_before = {n: municipality_state(store, n).ledger.open for n in NUMBERS}
        with suppress(ChangeError):
            attempt(store, what, subject, more)
            account.happen(what, subject, more)
            if what == "promise":
                number = household_state(store, subject).municipality
                assert open_before[number] >= municipality_state(store, number).ledger.open >= 0
        check(store, account)


@given(st.lists(happenings, max_size=25))
@settings(max_examples=60)
def test_the_ledger_is_what_a_plain_account_says(sqlite_template, history):
    """Whatever is tried, in whatever order; and snapshots are what the events say."""
    with TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, Path(folder) / "store.db")
        with Store.open(f"sqlite:///{folder}/store.db") as store:
            play(store, history)
            assert differences(store) == []
            rebuild(store)
            assert differences(store) == []


def test_a_long_history_on_both_databases(store):
    """The same account, with every kind of change in it."""
    history = [
        *(("propose", name, "0301") for name in NAMES),
        *(("promise", name, None) for name in NAMES),
        ("settle", "H0", None), ("decline", "H1", None), ("lapse", "H4", None),
        ("revise", "0301", 2), ("propose", "H4", "4601"), ("promise", "H4", None),
        ("import", frozenset({"H1"}), 9), ("import", frozenset({"H1"}), 4),
        ("withdraw", "H4", None), ("import", frozenset(NAMES), 4),
    ]  # fmt: skip
    play(store, history)
    assert household_state(store, "H4").status is Status.READY
