"""After any history the ledger is what a plain account in a few lines says.

H0 and H1 are linked: they are proposed, promised, declined and lapse together.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain import BanReason
from matcher.store import (
    ChangeError,
    NoCapacityError,
    Status,
    Store,
    ban,
    decline,
    find_differences,
    get_household_state,
    get_municipality_state,
    lapse,
    list_alarms,
    pin,
    promise,
    rebuild_snapshots,
    revise_household,
    revise_ledger,
    settle,
    unban,
    undo,
    unpin,
    withdraw,
)
from tests.store.small import BY, DAY, household, imported, municipality, proposed, small

NAMES = tuple(f"H{k}" for k in range(5))
NUMBERS = ("0301", "4601")
STEPS: dict[str, Callable[..., Any]] = {
    "promise": promise,
    "settle": settle,
    "decline": decline,
    "lapse": lapse,
    "withdraw": withdraw,
}
TOGETHER = ("propose", "promise", "decline", "lapse")
MARKS = {
    "pin": lambda store, name, number: pin(store, name, number, BY),
    "unpin": lambda store, name, number: unpin(store, name, BY),
    "ban": lambda store, name, number: ban(store, name, number, BanReason.CASEWORKER, BY),
    "unban": lambda store, name, number: unban(store, name, number, BanReason.REFUSED, BY),
    "describe": lambda store, name, number: revise_household(store, grown(name, number), BY),
}
happenings = st.one_of(
    st.tuples(st.sampled_from(sorted(MARKS)), st.sampled_from(NAMES), st.sampled_from(NUMBERS)),
    st.tuples(st.just("undo"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("propose"), st.sampled_from(NAMES), st.sampled_from(NUMBERS)),
    st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("promise"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("revise"), st.sampled_from(NUMBERS), st.integers(0, 9)),
    st.tuples(st.just("import"), st.sets(st.sampled_from(NAMES)), st.integers(0, 9)),
)


def queue(names, decided):
    """Files with some of the households, of one to five persons, and the first decision."""
    households = tuple(household(n, 1 + int(n[1]), int(n[1]) % 2) for n in sorted(names))
    numbers = {"decided": decided, "minors_decided": 2, "settled": 1, "receive_now": 6}
    places = tuple(municipality(n, **numbers) for n in NUMBERS)
    links = (("H0", "H1"),) if {"H0", "H1"} <= set(names) else ()
    return small().replace(households=households, municipalities=places, links=links)


def grown(name, number):
    """A household of which something is newly known, of the same size."""
    return replace(household(name, 1 + int(name[1]), int(name[1]) % 2), lives_in=number)


class Account:
    """What is held and decided, in plain numbers."""

    def __init__(self) -> None:
        self.where: dict[str, tuple[str, str]] = {}
        self.decided = dict.fromkeys(NUMBERS, 9)
        self.filed = 9
        self.before: dict[str, tuple[str, str] | None] = {}

    def happen(self, what, subject, more, names) -> None:
        """Take in something that the store has accepted for some households."""
        for name in names:
            self.put(what, name, more)
        if what == "revise":
            self.decided[subject] = more
        elif what == "import":
            self.take_in(subject, more)

    def put(self, what, name, more) -> None:
        """Take in what has happened to a household, and what it was before."""
        was = self.where.pop(name, None)
        now = {
            "propose": ("proposed", more),
            "undo": self.before.get(name),
            **{kind: (kind, was[1]) for kind in ("promise", "settle") if was},
            **dict.fromkeys(MARKS, was),
        }.get(what)
        self.before[name] = was
        if now is not None:
            self.where[name] = now

    def take_in(self, subject, more) -> None:
        """Take in files: who is proposed and not in them any more is withdrawn."""
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


def attempt(store, what, subject, more) -> set[str]:
    """Let the store do it, or refuse; households that a person's change is about."""
    if what in MARKS:
        MARKS[what](store, subject, more)
        return {subject}
    if what == "revise":
        revise_ledger(store, subject, {"decided": more}, BY)
        return set()
    if what == "import":
        imported(store, queue(subject, more))
        return set()
    if what == "propose":
        events = proposed(store, subject, more)
    else:
        events = (undo if what == "undo" else STEPS[what])(store, subject, BY)
    names = {event.household for event in events}
    assert names == {subject} or (names == {"H0", "H1"} and what in (*TOGETHER, "undo"))
    return names


def check(store, account) -> None:
    """The ledger is what the account says; more than decided only with an alarm."""
    flagged = {a.municipality for a in list_alarms(store) if a.kind == "over-promised"}
    for number in NUMBERS:
        ledger = get_municipality_state(store, number).ledger
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
        open_before = {n: get_municipality_state(store, n).ledger.open for n in NUMBERS}
        with suppress(ChangeError):
            names = attempt(store, what, subject, more)
            account.happen(what, subject, more, names)
            if what == "promise":
                number = get_household_state(store, subject).municipality
                assert open_before[number] >= get_municipality_state(store, number).ledger.open >= 0
        check(store, account)


@pytest.mark.slow
@given(st.lists(happenings, max_size=25))
@settings(max_examples=60)
def test_the_ledger_is_what_a_plain_account_says(sqlite_template, history):
    """Whatever is tried, in whatever order; and snapshots are what the events say."""
    with TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, Path(folder) / "store.db")
        with Store.open(f"sqlite:///{folder}/store.db") as store:
            play(store, history)
            assert find_differences(store) == []
            rebuild_snapshots(store)
            assert find_differences(store) == []


def test_a_long_history_on_both_databases(store):
    """The same account, with every kind of change in it."""
    history = [
        *(("propose", name, "0301") for name in NAMES),
        *(("promise", name, None) for name in NAMES),
        ("settle", "H0", None),
        ("decline", "H1", None),
        ("lapse", "H4", None),
        ("revise", "0301", 2),
        ("propose", "H4", "4601"),
        ("promise", "H4", None),
        ("import", frozenset({"H1"}), 9),
        ("import", frozenset({"H1"}), 4),
        ("withdraw", "H4", None),
        ("undo", "H4", None),
        ("withdraw", "H4", None),
        ("import", frozenset(NAMES), 4),
        ("pin", "H2", "0301"),
        ("ban", "H2", "4601"),
        ("describe", "H2", "4601"),
        ("undo", "H2", None),
        ("unpin", "H2", None),
    ]
    play(store, history)
    assert get_household_state(store, "H4").status is Status.READY


def numbers(store):
    """Every ledger, and every household without its versions and days."""
    households = [get_household_state(store, name) for name in NAMES]
    anew: Any = {"version": 0, "day": DAY, "before": None, "proposal": None, "promise": None}
    plain = [replace(s, **anew) for s in households]
    return plain, [get_municipality_state(store, number).ledger for number in NUMBERS]


def do_undo_do(store, what, subject, more) -> None:
    """Let something happen, undo it, and let it happen again."""
    before, names = numbers(store), set()
    with suppress(ChangeError):
        names = attempt(store, what, subject, more)
    if not names or what == "undo":
        return
    after = numbers(store)
    try:
        undo(store, subject, BY)
    except NoCapacityError:
        # More was promised than is decided, and the undone step had given some of it back.
        assert what in ("decline", "withdraw")
        return
    assert numbers(store) == before
    attempt(store, what, subject, more)
    assert numbers(store) == after


@pytest.mark.slow
@given(st.lists(happenings, max_size=15))
@settings(max_examples=40)
def test_undoing_at_once_gives_back_what_was(sqlite_template, history):
    """Every number and every state, whatever came before; and then it can be done again."""
    with TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, Path(folder) / "store.db")
        with Store.open(f"sqlite:///{folder}/store.db") as store:
            imported(store, queue(NAMES, 9))
            first = [("propose", name, "0301") for name in NAMES]
            for what, subject, more in (*first, *history):
                do_undo_do(store, what, subject, more)
            assert find_differences(store) == []
