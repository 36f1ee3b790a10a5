"""Conversion of the store's households to proposals, with what a municipality may learn."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from api.events import event_records
from api.proposals.schemas import HouseholdSketch, Proposal, ProposalChangeResult
from api.schemas import BilingualText
from matcher.domain.answer import Answer, combine_answers
from matcher.domain.household import Household
from matcher.domain.municipality import Municipality
from matcher.domain.need_entry import insert_need_names
from matcher.domain.needs import HOUSEHOLD_NEEDS, PERSON_NEEDS
from matcher.store.asked_for import AskedFor, count_asked_for
from matcher.store.current import CurrentHousehold, get_household, get_municipality
from matcher.store.events import Event
from matcher.store.ledger_books import change_years
from matcher.store.move_in_year import earliest_year
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
    happened = list(events)
    records = event_records(happened)
    proposals = [build_proposal(get_household(store, e.household or ""), today) for e in records]
    return ProposalChangeResult(
        proposals=proposals,
        events=records,
        municipality=happened[0].municipality,
        version=proposals[0].version,
        **_places(store, happened, today),
    )


def _places(store: Store, events: Sequence[Event], today: date) -> dict[str, Any]:
    """Return what a municipality has open and is asked for, with a warning if that is more."""
    number = events[0].municipality
    if number is None:
        return {"year": None, "open": None, "asked_for": None, "warning": None}
    place = get_municipality(store, number, today)
    year = _year_of_places(store, place.facts, events, today)
    asked_for = count_asked_for(store, today).get(number, AskedFor()).persons
    open_ = place.state.ledger_of(year, today).open
    over = asked_for > max(0, open_ or 0)
    warning = _warning(place.facts.name, year, open_, asked_for) if over else None
    return {"year": year, "open": open_, "asked_for": asked_for, "warning": warning}


def _year_of_places(
    store: Store, municipality: Municipality, events: Sequence[Event], today: date
) -> int:
    """Return the year whose places events took or gave back, or would take if the answer is yes."""
    first = events[0]
    if "settled" in first.facts:
        return change_years(first)["settled_year"]
    if "promised" in first.facts:
        return max(change_years(first)["year"], today.year)
    households = (get_household(store, event.household or "").facts for event in events)
    return earliest_year(municipality, [h for h in households if h is not None], today)


def _warning(name: str, year: int, open: int | None, asked_for: int) -> BilingualText:
    texts = load_texts("api.proposals", "asking_texts.toml")
    facts = {"name": name, "year": year, "open": max(0, open or 0), "asked_for": asked_for}
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
