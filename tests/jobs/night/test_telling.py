"""What a night's page says, and that it has words for everything that can happen."""

import re
from typing import Any, get_args

import pytest

from matcher.jobs.night.attention import collect_attention_points
from matcher.policy.policy import Policy
from matcher.report.night_page import NightPageText, night_wording
from matcher.store.alarms import AlarmKind
from matcher.store.events import EventKind
from matcher.store.household_state import Status
from matcher.texts import Language, load_texts

LANGUAGES: tuple[Language, ...] = ("nb", "en")
OVER = {"kind": "over-promised", "municipality": "0301", "persons": 4, "household": None}
NO_FINDINGS: dict[str, Any] = {"findings": []}


def fault(number: str, code: str = "ledger.over_decided") -> dict[str, object]:
    return {
        "severity": "warning",
        "code": code,
        "table": "municipalities",
        "column": "promised",
        "value": "9",
        "facts": {"used": "14", "decided": "10"},
        "municipality": number,
    }


def teller(language: Language = "nb", **facts: object) -> NightPageText:
    return NightPageText({"names": {"0301": "Oslo"}, **facts}, night_wording(language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", EventKind)
def test_whatever_happened_can_be_told_as_a_cause(kind, language):
    """Of a household and of a municipality, in words, in each language."""
    facts = {"events": [str(kind)], "municipality": "0301", "household": "H-1"}
    for code in ("household", "municipality"):
        (text,) = teller(language).why({"why": [{"code": code, "facts": facts}]})
        assert re.search(r"\(\w.*\)", text)


FACTS = {
    "household": "H-1",
    "municipality": "0301",
    "old": "0301",
    "freed": "0301",
    "other": "0301",
    "status": "promised",
    "rule": "speed",
    "events": ["revised"],
    "numbers": {"decided": [10, 6], "receive_now": [None, 3]},
    "homes": True,
    "points": 41.5,
    "reason": {"code": "lar.missing", "facts": {"municipality": "Oslo"}},
    "year": "2027",
    "open": 65,
    "day": "2026-12-01",
    "old_day": "2026-12-08",
    "left": 8,
    "new": 0,
    "after": 1,
}
MAY_LACK = {
    "left": "status",
    "moved_on": "municipality",
    "makes_way": "municipality",
    "moves": "points",
    "balance": "points",
    "search": "points",
    "barred": "reason",
    "next_year": "open",
}
VARIANTS = ("_none", "_for", "_gains")
WHY = load_texts("matcher.report", "night_texts.toml")["nb"]["night"]["why"]
CODES = [code for code in WHY if not code.endswith(VARIANTS)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("gap", [False, True])
def test_each_step_of_an_account_is_a_sentence(code, gap, language):
    """Also where a household has no place, or nothing is known of the points."""
    facts = FACTS | ({MAY_LACK[code]: None} if gap and code in MAY_LACK else {})
    (text,) = teller(language).why({"why": [{"code": code, "facts": facts}]})
    assert text.endswith(".") and "{" not in text and "None" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", get_args(AlarmKind))
def test_each_alarm_is_a_sentence(kind, language):
    """With the municipality by its name and the number, of which nothing is left open."""
    needs = {"alarms": [{**OVER, "kind": kind, "household": "H-1"}], "errors": [], "disagrees": []}
    (text,) = teller(language, needs=needs).urgent
    assert "Oslo" in text
    assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", Status)
def test_each_way_out_of_the_queue_has_words(status, language):
    """A household that is gone is told with what became of it."""
    assert teller(language).gone({"status": str(status), "municipality": "0301"})


def test_what_an_alarm_says_is_not_said_again_as_a_warning():
    """Of the same municipality; the same of another stays, and so does another fault of this."""
    other, more = fault("1101"), fault("0301", "ledger.receive_now")
    check = {"alarms": [OVER], "faults": [fault("0301"), other, more]}
    assert collect_attention_points(check, NO_FINDINGS)["warnings"] == [other, more]


def test_households_that_lost_their_place_stand_first():
    """Then those who got one, then those who have another; within each as in the queue."""
    moved = [
        {"household": "A", "before": "0301", "now": "1101"},
        {"household": "B", "before": None, "now": "1101"},
        {"household": "C", "before": "0301", "now": None},
        {"household": "D", "before": "1101", "now": "0301"},
    ]
    told = teller(changes={"moved": moved}).moved
    assert [one["household"] for one in told] == ["C", "B", "A", "D"]


def test_that_a_policy_is_only_proposed_is_said_in_the_language_of_the_page():
    """What somebody else wrote of who decided theirs stays as they wrote it."""
    mine = {"name": "default", "version": "1", "decided_by": Policy.default().decided_by}
    assert teller(policy=mine).policy.startswith("default 1. Foreslått med prosjektet")
    assert teller("en", policy=mine).policy.startswith("default 1. Proposed with the project")
    assert teller(policy={**mine, "decided_by": "the council"}).policy == "default 1 (the council)"


def test_a_household_with_a_decided_place_is_told_what_is_wrong_there():
    """What bars it elsewhere is of no interest; an older night's report does not know of it."""
    reasons = [{"rule": "pin", "municipalities": 356}]
    pinned: dict[str, Any] = {"municipality": "0301", "rules": ["places_this_year"]}
    one = {"reasons": reasons, "pinned": pinned}
    assert teller().reasons(one) == ["Bestemt for Oslo, men stengt der: Plasser i år"]
    pinned["rules"] = []
    assert teller("en").reasons(one) == ["Decided for Oslo, but the places there went to others"]
    assert teller().reasons({"reasons": reasons}) == ["Bestemt av en saksbehandler (356)"]


@pytest.mark.parametrize(
    ("begun", "advice"), [(False, "`treffsikker year begin 2027`"), (True, "Register")]
)
def test_decisions_that_are_missing_and_late_households_come_first(begun, advice):
    """Before every alarm, with the year, the places that they bar, and what to do."""
    undecided = {"year": 2027, "municipalities": ["0301", "1101"], "open": 12, "begun": begun}
    needs = {"alarms": [OVER], "errors": [], "disagrees": [], "undecided": undecided}
    first, second, third = teller("en", needs={**needs, "late": ["H-1"]}).urgent
    assert "2\u00a0municipalities for 2027" in first and "12\u00a0places are open" in first
    assert advice in first and ("year begin" in first) is not begun
    assert "H-1" in second and "past the deadline" in second
    assert "Oslo" in third


@pytest.mark.parametrize(
    ("language", "nowhere"), [("nb", "B (ingen plass)"), ("en", "B (no place)")]
)
def test_who_is_new_is_listed_with_the_suggestion(language, nowhere):
    """By the name of the municipality, or that there is no place."""
    page = teller(language)
    assert page.new({"household": "A", "now": "0301"}) == "A (Oslo)"
    assert page.new({"household": "B", "now": None}) == nowhere
