"""What cannot both be true, or both hold, of a household: stated here and nowhere else.

Files, the store, the service and the night's check all ask here. Where something is not known,
nothing is said: a contradiction is between what is known. Texts are in ``contradictions.toml``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from matcher.domain.answer import Answer
from matcher.domain.household import Household, HouseholdType
from matcher.domain.person import ADULT_AGE, Education, Person
from matcher.texts import Language, load_texts

OLD_ENOUGH = 16
"""Age under which nobody has a driving licence or a completed higher education."""
LONGEST_WAIT = timedelta(days=10 * 365)
"""Nobody has waited longer; an earlier day is a slip of the pen, and would go before everyone."""
FARTHEST_AHEAD = timedelta(days=3 * 365)
"""Nobody plans a move or a deadline later than this."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What does not go together about one household.

    Parameters
    ----------
    code : str
        Its key in the texts.
    household : str
        Identifier of the household.
    column : str
        Name of the column, and of the field, that is to be looked at.
    value : str
        What stands there.
    member : str or None
        Identifier of the member that it is about, if it is about one.
    facts : mapping of str to str
        What the texts mention.
    """

    code: str
    household: str
    column: str
    value: str
    member: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)

    def sentence(self, language: Language) -> str:
        """Return what does not go together, and what to do, in a few words."""
        text = load_texts("matcher.domain", "contradictions.toml")[self.code][language]
        known = {"column": self.column, "value": self.value, **self.facts}
        return f"{text['message'].format(**known)} {text['advice'].format(**known)}"

    @property
    def is_refused(self) -> bool:
        """Whether a person cannot record it, because they can put it right at once.

        In files, what several households contradict each other in is a warning: the others should
        not wait for it.
        """
        text = load_texts("matcher.domain", "contradictions.toml")[self.code]
        return bool(text.get("recorded", text["severity"]) == "error")


def find_contradictions(
    households: Sequence[Household], links: Iterable[tuple[str, str]], today: date | None
) -> list[Contradiction]:
    """Find what does not go together in each household, and among linked households.

    Parameters
    ----------
    households : sequence of Household
        Ages, days and members that are not known are None or missing.
    links : iterable of (str, str)
        Pairs of identifiers; others than those of the households are passed over.
    today : date or None
        None when the day is not known; days are then compared only with each other.
    """
    by_id = {household.id: household for household in households}
    group_of = _linked_groups(by_id, links)
    contradictions: list[Contradiction] = []
    for household in households:
        group = group_of.get(household.id, [])
        others = [by_id[name] for name in group if name != household.id]
        contradictions += find_in_household(household, others, today)
    return contradictions


def find_in_household(
    household: Household, linked: Sequence[Household], today: date | None
) -> Iterator[Contradiction]:
    """Find what does not go together in a household and with those that it is linked to.

    Parameters
    ----------
    household : Household
    linked : sequence of Household
        All that it is linked to, directly or through others.
    today : date or None
        None when the day is not known.
    """
    yield from _days(household, today)
    yield from _places(household)
    for other in linked:
        yield from _places_apart(household, other)
    yield from _minors(household, linked, today)
    if today is not None:
        for person in household.members:
            yield from _person(household, person, today)
    if household.type is not None:
        yield from _type(household, household.type, today)
    if household.wishes:
        yield from _wishes(household)


def _linked_groups(
    by_id: Mapping[str, Household], links: Iterable[tuple[str, str]]
) -> dict[str, list[str]]:
    """Return, for each linked household, the names of all that must come along, itself included."""
    group_of: dict[str, list[str]] = {}
    for first, second in links:
        if first in by_id and second in by_id and first != second:
            one = group_of.setdefault(first, [first])
            other = group_of.setdefault(second, [second])
            if one is not other:
                one += other
                group_of.update(dict.fromkeys(other, one))
    return group_of


def _days(household: Household, today: date | None) -> Iterator[Contradiction]:
    ready, deadline, move = household.ready_since, household.deadline, household.earliest_move

    def about(code: str, column: str, day: date, **facts: object) -> Contradiction:
        return _about(household, code, column, day, facts)

    if today is not None:
        if ready > today:
            yield about("ready_since.future", "ready_since", ready, today=today)
        if today - ready > LONGEST_WAIT:
            yield about("ready_since.long_ago", "ready_since", ready, today=today)
        if deadline is not None and deadline - today > FARTHEST_AHEAD:
            yield about("day.far_ahead", "deadline", deadline, today=today)
        if move is not None and move - today > FARTHEST_AHEAD:
            yield about("day.far_ahead", "earliest_move", move, today=today)
    permission = household.permission
    if permission is not None and ready < permission:
        yield about("ready_since.too_early", "ready_since", ready, permission=permission)
    if deadline is not None and deadline < ready:
        yield about("deadline.too_early", "deadline", deadline, ready_since=ready)
    # That a deadline is missed once it has passed is no contradiction.
    ahead = deadline is not None and (today is None or deadline >= today)
    if deadline is not None and ahead and move is not None and move > deadline:
        yield about("earliest_move.too_late", "earliest_move", move, deadline=deadline)


def _places(household: Household) -> Iterator[Contradiction]:
    """Compare the pin, the bans and the ties that must hold of one household."""
    pin, banned, ties = household.pinned_to, _banned(household), _must_hold(household)
    family = ", ".join(ties)
    if pin is not None and pin in banned:
        yield _about(household, "pinned_to.banned", "pinned_to", pin)
    if pin is not None and ties and pin not in ties:
        yield _about(household, "pinned_to.family", "pinned_to", pin, {"family": family})
    if ties and banned.issuperset(ties):
        yield _about(household, "family.banned", "family", family, {"family": family})


def _places_apart(household: Household, other: Household) -> Iterator[Contradiction]:
    """Compare where two linked households must and must not come."""
    here, there = _demanded(household), _demanded(other)
    if not here:
        return
    column = "pinned_to" if household.pinned_to is not None else "family"
    place, facts = ", ".join(here), {"here": ", ".join(here), "other": other.id}
    if there and not set(here) & set(there):
        elsewhere = ", ".join(there)
        told = {**facts, "elsewhere": elsewhere}
        yield _about(household, "linked.apart", column, place, told)
    if _banned(other).issuperset(here):
        yield _about(household, "linked.banned", column, place, facts)


def _banned(household: Household) -> set[str]:
    return {ban.municipality for ban in household.bans}


def _must_hold(household: Household) -> list[str]:
    return [tie.municipality for tie in household.family if tie.must_hold]


def _demanded(household: Household) -> list[str]:
    """Return the municipalities one of which a household must come to; none where it is free."""
    return [household.pinned_to] if household.pinned_to is not None else _must_hold(household)


def _minors(
    household: Household, linked: Sequence[Household], today: date | None
) -> Iterator[Contradiction]:
    """Compare who is unaccompanied with who is an adult."""
    ages = {person.id: _age(person, today) for h in (household, *linked) for person in h.members}
    oldest = max((ages[p.id] or 0 for p in household.members), default=0)
    for person in household.members:
        age = ages[person.id]
        if not person.unaccompanied:
            continue
        if age is not None and age >= ADULT_AGE:
            facts = {"age": age}
            yield _about(
                household, "unaccompanied.adult", "unaccompanied", "yes", facts, person=person
            )
        elif oldest >= ADULT_AGE:
            facts = {"age": oldest}
            yield _about(
                household, "unaccompanied.with_adult", "unaccompanied", "yes", facts, person=person
            )
    if household.members and _are_children_alone((household, *linked), today):
        yield _about(household, "household.children_alone", "id", household.id, {"age": oldest})


def _are_children_alone(unit: Sequence[Household], today: date | None) -> bool:
    """Whether certainly nobody of a unit is of age, and nobody is marked as unaccompanied."""
    ages = [_oldest(person, today) for h in unit for person in h.members]
    unaccompanied = any(person.unaccompanied for h in unit for person in h.members)
    return not unaccompanied and all(age is not None and age < ADULT_AGE for age in ages)


def _age(person: Person, today: date | None) -> int | None:
    return person.age if today is None else person.age_on(today)


def _oldest(person: Person, today: date | None) -> int | None:
    return person.age if today is None else person.oldest_on(today)


def _person(household: Household, person: Person, today: date) -> Iterator[Contradiction]:
    """Compare the facts of a member with each other."""
    if person.birth_year is not None and person.birth_year > today.year:
        facts: dict[str, object] = {"today": today}
        year = person.birth_year
        yield _about(household, "birth_year.future", "birth_year", year, facts, person=person)
    elif person.birth_year is not None and person.age is not None:
        born_age = person.age_on(person.age_stated_on or today)
        if born_age is not None and abs(born_age - person.age) > 1:
            facts = {"birth_year": person.birth_year, "age": born_age}
            yield _about(household, "age.birth_year", "age", person.age, facts, person=person)
    oldest = person.oldest_on(today)
    if oldest is None or oldest >= OLD_ENOUGH:
        return
    facts = {"age": oldest}
    if person.licence is Answer.YES:
        yield _about(household, "age.too_young", "licence", "yes", facts, person=person)
    if person.education is Education.HIGHER:
        level = person.education
        yield _about(household, "age.too_young", "education", level, facts, person=person)


def _type(
    household: Household, stated: HouseholdType, today: date | None
) -> Iterator[Contradiction]:
    ages, size = [_age(person, today) for person in household.members], household.size
    all_adults = all(age is not None and age >= ADULT_AGE for age in ages)
    fits = {
        HouseholdType.ALONE: size == 1,
        HouseholdType.COUPLE: size > 1,
        HouseholdType.PARENT: size > 1 and not all_adults,
        HouseholdType.MULTI_FAMILY: size > 1,
    }
    if size and not fits.get(stated, True):
        yield _about(household, "type.members", "type", stated, {"size": size})


def _wishes(household: Household) -> Iterator[Contradiction]:
    wanted = {(w.kind, w.value) for w in household.wishes if w.wanted}
    for wish in household.wishes:
        if not wish.wanted and (wish.kind, wish.value) in wanted:
            text = f"{wish.kind}:{wish.value}"
            yield _about(household, "wish.both_ways", "wishes", text, {"wish": text})


def _about(
    household: Household,
    code: str,
    column: str,
    value: object,
    facts: Mapping[str, object] = MappingProxyType({}),
    *,
    person: Person | None = None,
) -> Contradiction:
    member = None if person is None else person.id
    told = {name: str(fact) for name, fact in facts.items()}
    return Contradiction(code, household.id, column, str(value), member, told)
