"""Ages follow the day: from year and month of birth, or from an age stated on some day."""

from calendar import monthrange
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from matcher.domain import Household, Instance, Person
from matcher.domain.tables.build import build_tables

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def lived_years(born: date, day: date) -> int:
    """Full years from a day of birth, counted birthday by birthday."""
    years = 0
    while (born.year + years + 1, born.month, born.day) <= (day.year, day.month, day.day):
        years += 1
    return years


@given(st.integers(1930, 2014), st.integers(1, 12), DAYS)
def test_a_month_of_birth_gives_the_least_age_that_any_of_its_days_gives(year, month, day):
    """Nobody is of age before it is certain."""
    days = [date(year, month, d + 1) for d in range(monthrange(year, month)[1])]
    age = Person("p", birth_year=year, birth_month=month).age_on(day)
    least = min(lived_years(born, day) for born in days)
    assert age == least or (month == 2 and day.month == 2)  # the 29th of some years


def test_a_minor_turns_18_on_the_last_day_of_the_month_of_birth():
    """Born in June 2008: a child on 29 June 2026, and certainly of age on the 30th."""
    minor = Person("p", birth_year=2008, birth_month=6, unaccompanied=True)
    assert (minor.age_on(date(2026, 6, 29)), minor.is_minor_on(date(2026, 6, 29))) == (17, True)
    assert (minor.age_on(date(2026, 6, 30)), minor.is_minor_on(date(2026, 6, 30))) == (18, False)


def test_without_a_month_the_year_has_to_be_over():
    """Born in 2008, month unknown: 17 until the last day of 2026."""
    person = Person("p", birth_year=2008)
    assert person.age_on(date(2026, 12, 30)) == 17
    assert person.age_on(date(2026, 12, 31)) == 18


def test_a_minor_of_unknown_age_stays_a_minor():
    """Unknown never makes anyone of age."""
    assert Person("p", unaccompanied=True).is_minor_on(date(2099, 1, 1))


@given(st.integers(0, 80), DAYS, st.integers(0, 5000))
def test_a_stated_age_grows_by_a_year_a_year_and_never_too_fast(age, day, later):
    """At most by the years that have passed, at least by one less than their start."""
    person, after = Person("p", age).stated_on(day), day + timedelta(later)
    years = after.year - day.year
    now = person.age_on(after)
    assert age + years - 1 <= now <= age + years
    assert now == person.aged_to(after).age == person.aged_to(after).age_on(date(2100, 1, 1))


def test_an_age_without_a_day_is_that_of_the_plan():
    """Files state ages for their own day."""
    assert Person("p", 34).age_on(date(2050, 1, 1)) == 34


def test_the_same_statement_on_a_later_day_keeps_the_earlier_one():
    """17 in March and 17 in May is one statement; 18 in May is a new one."""
    march, may = date(2026, 3, 1), date(2026, 5, 1)
    earlier = Person("p", 17).stated_on(march)
    assert Person("p", 17).stated_on(may, earlier) == earlier
    assert Person("p", 18).stated_on(may, earlier).age_stated_on == may


def test_a_year_of_birth_replaces_a_stated_age():
    """Two ages would contradict each other in time."""
    assert Person("p", 17, birth_year=2008).stated_on(date(2026, 1, 1)).age is None


def test_the_time_target_is_180_days_from_permission_and_90_for_minors():
    """A stated deadline goes before it; without a permission nothing is known."""
    permission = date(2026, 1, 1)
    adult, minor = (Person("p"),), (Person("p", unaccompanied=True),)

    def settle_by(members, **days):
        return Household("h", date(2026, 2, 1), members, **days).settle_by

    assert settle_by(adult, permission=permission) == date(2026, 6, 30)
    assert settle_by(minor, permission=permission) == date(2026, 4, 1)
    stated = date(2026, 5, 5)
    assert settle_by(adult, permission=permission, deadline=stated) == stated
    assert settle_by(adult) is None


def test_tables_count_children_and_minors_of_the_day_and_days_past_the_target():
    """The same queue a day later: one minor is of age."""
    minor = Household(
        "h",
        date(2026, 2, 1),
        (Person("p", birth_year=2008, birth_month=6, unaccompanied=True),),
        permission=date(2026, 1, 1),
    )
    before, after = (
        build_tables(Instance(day, (minor,), ())).households
        for day in (date(2026, 6, 29), date(2026, 6, 30))
    )
    assert (before.minors[0], before.children[0], before.members.age[0]) == (1, 1, 17)
    assert (after.minors[0], after.children[0], after.members.age[0]) == (0, 0, 18)
    assert (before.days_overdue[0], after.days_overdue[0]) == (89, 90)


@given(st.integers(1930, 2014), st.integers(1, 12), DAYS)
def test_the_oldest_age_is_the_one_of_the_first_day_of_the_month_of_birth(year, month, day):
    """What it rules out is certainly wrong."""
    person = Person("p", birth_year=year, birth_month=month)
    assert person.oldest_on(day) == lived_years(date(year, month, 1), day)


@given(st.integers(0, 80), DAYS, st.integers(0, 5000), st.integers(0, 364))
def test_whatever_the_birthday_the_age_lies_between_the_least_and_the_oldest(
    age, day, later, since
):
    """A stated age leaves a year of birthdays open."""
    birthday = day - timedelta(since)
    born = birthday.replace(year=birthday.year - age, day=min(birthday.day, 28))
    stated, after = lived_years(born, day), day + timedelta(later)
    person = Person("p", stated, age_stated_on=day)
    assert person.age_on(after) <= lived_years(born, after) <= person.oldest_on(after)
