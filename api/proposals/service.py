"""Conversion of the store's households to proposals, with what a municipality may learn."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from api.events import event_records
from api.proposals.schemas import HouseholdSketch, Proposal, ProposalChangeResult
from api.schemas import BilingualText
from matcher.domain.answer import Answer, combine_answers
from matcher.domain.household import Household
from matcher.domain.need_entry import insert_need_names
from matcher.domain.needs import HOUSEHOLD_NEEDS, PERSON_NEEDS
from matcher.store.asked_for import AskedFor, count_asked_for
from matcher.store.current import CurrentHousehold, get_household, get_municipality
from matcher.store.events import Event
from matcher.store.store import Store
from matcher.texts import LANGUAGES, load_texts

AGE_BANDS = ((0, 5), (6, 15), (16, 17), (18, 29), (30, 54), (55, 66), (67, 120))
"""Bands of age: kindergarten, school, upper secondary school, and adults."""
MEMBER_NEEDS = insert_need_names(["hospital"], (n for n in PERSON_NEEDS if n.in_proposals))
"""Needs of members of which a municipality learns, because its services must meet them."""
UNIT_NEEDS = tuple(need.id for need in HOUSEHOLD_NEEDS if need.in_proposals)
"""Needs of the household as a whole of which a municipality learns."""


def build_proposal(household: CurrentHousehold, today: date) -> Proposal:
    """Build the description of a proposal."""
    state = household.state
    return Proposal(
        household=state.id,
        municipality=state.municipality,
        status=state.status,
        answer_by=state.answer_by,
        overdue=state.is_overdue(today),
        persons=state.persons,
        minors=state.minors,
        dwelling=state.dwelling,
        linked=list(household.linked),
        decision=state.proposal,
        sketch=None if household.facts is None else build_sketch(household.facts, today),
        version=state.version,
    )


def build_change_result(store: Store, events: Iterable[Event], today: date) -> ProposalChangeResult:
    """Build the present state of the proposals that events are about."""
    records = event_records(events)
    proposals = [build_proposal(get_household(store, e.household or ""), today) for e in records]
    number = records[0].municipality
    return ProposalChangeResult(
        proposals=proposals,
        events=records,
        municipality=number,
        version=proposals[0].version,
        **_places(store, number, today),
    )


def _places(store: Store, number: str | None, today: date) -> dict[str, Any]:
    """Return what a municipality has open and is asked for, with a warning if that is more."""
    if number is None:
        return {"open": None, "asked_for": None, "warning": None}
    places = get_municipality(store, number, today).facts
    asked_for = count_asked_for(store).get(number, AskedFor()).persons
    open_ = places.ledger.open
    over = asked_for > max(0, open_ or 0)
    warning = _warning(places.name, open_, asked_for) if over else None
    return {"open": open_, "asked_for": asked_for, "warning": warning}


def _warning(name: str, open: int | None, asked_for: int) -> BilingualText:
    texts = load_texts("api.proposals", "asking_texts.toml")
    facts = {"name": name, "open": max(0, open or 0), "asked_for": asked_for}
    return BilingualText(
        **{language: texts[language]["over_asked"].format(**facts) for language in LANGUAGES}
    )


def build_sketch(household: Household, today: date) -> HouseholdSketch:
    """Build the outline of a household that a municipality needs before it answers."""
    answers = {
        need: combine_answers(getattr(p, need) for p in household.members) for need in MEMBER_NEEDS
    }
    answers |= {need: getattr(household, need) for need in UNIT_NEEDS}
    interpreted = (p for p in household.members if p.interpreter is not Answer.NO)
    return HouseholdSketch(
        ages=dict(Counter(_band(p.age_on(today)) for p in household.members)),
        languages=sorted({language for p in interpreted for language in p.languages[:1]}),
        needs=[need for need, answer in answers.items() if answer is Answer.YES],
        perhaps=[need for need, answer in answers.items() if answer is Answer.UNKNOWN],
        earliest_move=household.earliest_move,
    )


def _band(age: int | None) -> str:
    if age is None:
        return "unknown"
    low, high = next(band for band in AGE_BANDS if band[0] <= age <= band[1])
    return f"{low}-{high}" if high < 120 else f"{low}+"
