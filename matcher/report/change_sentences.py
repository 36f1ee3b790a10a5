"""The account of a changed suggestion as sentences."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from matcher.domain.reason import Reason
from matcher.policy.reason_texts import render_reason, rule_title
from matcher.report.wording import Wording

PLACES = {"municipality": "place", "old": "old", "freed": "freed", "other": "other"}
"""Names in sentences, by the fact that holds the number of a municipality."""


def change_sentences(
    why: Sequence[Mapping[str, Any]], wording: Wording, place: Callable[[str | None], str]
) -> list[str]:
    """Write the account of a changed suggestion, what happened first.

    Parameters
    ----------
    why : sequence of mapping
        Codes with facts, from the night's ``changes``.
    wording : Wording
        With the texts of a night's page.
    place : callable
        Returns the name of a municipality by its number.
    """
    return [_sentence(step["code"], step["facts"], wording, place) for step in why]


def _sentence(
    code: str, facts: Mapping[str, Any], wording: Wording, place: Callable[[str | None], str]
) -> str:
    words = dict(facts)
    words |= {word: place(facts[name]) for name, word in PLACES.items() if name in facts}
    words |= _counted(facts, wording)
    if "rule" in facts:
        words["title"] = rule_title(facts["rule"], wording.language)
    if facts.get("reason"):
        words["reason"] = render_reason(Reason(**facts["reason"]), wording.language)
    if "events" in facts:
        events = [wording(f"night.events.{e.replace(' ', '_')}") for e in facts["events"]]
        words["what"] = ", ".join(dict.fromkeys(events))
    if "numbers" in facts:
        words["numbers"] = _numbers(facts, wording)
    return wording(f"night.why.{_variant(code, facts)}", **words)


def _variant(code: str, facts: Mapping[str, Any]) -> str:
    """Return the key of the sentence: a code has another one where a fact is missing."""
    if code == "left":
        return "left_for" if facts["status"] in ("promised", "settled") else "left"
    if code == "moves":
        return "moves" if facts["points"] is None or facts["old"] is None else "moves_gains"
    missing = {
        "barred": facts.get("reason") is None,
        "next_year": facts.get("open") is None,
        "moved_on": facts.get("municipality") is None,
        "makes_way": facts.get("municipality") is None,
        "balance": facts.get("points") is None,
        "search": facts.get("points") is None,
    }
    return f"{code}_none" if missing.get(code) else code


def _counted(facts: Mapping[str, Any], wording: Wording) -> dict[str, str]:
    """Write points, days and counts."""
    words = {
        name: wording.day(date.fromisoformat(facts[name]))
        for name in ("day", "old_day")
        if name in facts
    }
    if facts.get("points") is not None:
        words["points"] = wording.number(facts["points"])
    words |= {n: wording.count("household", facts[n]) for n in ("left", "new") if n in facts}
    return words


def _numbers(facts: Mapping[str, Any], wording: Wording) -> str:
    """Write the numbers of a ledger that differ, and whether homes do."""
    unknown = wording("night.not_said")
    texts = [
        wording(
            f"night.ledger.{name}",
            before=unknown if before is None else wording.number(before),
            now=unknown if now is None else wording.number(now),
        )
        for name, (before, now) in facts["numbers"].items()
    ]
    return ", ".join([*texts, *([wording("night.events.dwellings")] if facts["homes"] else [])])
