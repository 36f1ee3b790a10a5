"""Files from which much is gone are refused whole, unless someone says that it is meant."""

from dataclasses import replace
from datetime import date

import pytest

from matcher.domain import (
    Ban,
    BanReason,
    FamilyTie,
    Instance,
    Ledger,
    Municipality,
    PlannedWeek,
)
from matcher.store import (
    LargeLossError,
    LossLimit,
    Stamp,
    Status,
    Store,
    get_household_state,
    import_instance,
    load_instance_at,
    withdraw,
)
from matcher.store.import_losses import describe_losses
from tests.store.small import BY, DAY, NOON, imported, later, municipality, promised, small

AGAIN = Stamp(NOON, "Importer", "import")


def night(households: int = 30, persons: int = 2) -> Instance:
    """A queue with bans, ties, pins and links, and thirty municipalities with two homes each."""
    queue = [
        replace(
            h,
            bans=(Ban("4601", BanReason.SECURITY),) if k % 2 else (),
            family=(FamilyTie("0301", must_hold=True),) if k % 4 == 0 else (),
            pinned_to="0301" if k % 4 == 2 else None,
        )
        for k, h in enumerate(small(households, persons).households)
    ]
    places = ["0301", "4601", *(f"{3000 + k}" for k in range(28))]
    links = tuple((queue[k].id, queue[k + 1].id) for k in range(0, households, 2))
    return Instance(DAY, tuple(queue), tuple(home_in(n) for n in places), links=links)


def home_in(number: str) -> Municipality:
    """A municipality with two free homes."""
    return municipality(number, homes=2, decided=100)


def refusal(store: Store, instance: Instance) -> dict[str, tuple[int, int]]:
    """What would be gone, by kind."""
    before = load_instance_at(store, DAY)
    with pytest.raises(LargeLossError) as refused:
        import_instance(store, instance, AGAIN)
    assert load_instance_at(store, DAY) == before
    return {str(loss.kind): (loss.gone, loss.had) for loss in refused.value.losses}


def test_an_empty_export_withdraws_nobody(store):
    """Nothing is half done, and the error says what to do."""
    imported(store, night())
    empty = night().replace(households=(), links=())
    assert refusal(store, empty) == {"households": (30, 30), "links": (15, 15)}
    with pytest.raises(LargeLossError, match=r"30 of 30 households.*withdraw_many=True"):
        import_instance(store, empty, AGAIN)
    import_instance(store, empty, AGAIN, withdraw_many=True)
    assert get_household_state(store, "H0").status is Status.WITHDRAWN


def test_the_last_of_a_small_queue_do_not_go_unsaid_either(store):
    """However few they are."""
    imported(store, small(1))
    empty = small(1).replace(households=())
    assert refusal(store, empty) == {"households": (1, 1)}


@pytest.mark.parametrize(("gone", "refused"), [(5, False), (6, True)])
def test_a_few_may_always_go(store, gone, refused):
    """Five of thirty, unless the limit is another."""
    imported(store, night().replace(links=()))
    fewer = night().replace(households=night().households[gone:], links=())
    if refused:
        assert refusal(store, fewer) == {"households": (6, 30)}
        import_instance(store, fewer, AGAIN, loss_limit=LossLimit(share=0.2))
    else:
        import_instance(store, fewer, AGAIN)
    assert len(load_instance_at(store, DAY).households) == 30 - gone


def test_who_has_found_a_place_or_was_withdrawn_is_not_missed(store):
    """They leave the queue as they should."""
    instance = small(8, decided=100)
    imported(store, instance)
    for name in ("H0", "H1", "H2", "H3"):
        promised(store, name)
    for name in ("H4", "H5", "H6"):
        withdraw(store, name, BY)
    import_instance(store, instance.replace(households=instance.households[7:]), AGAIN)


def test_households_that_shrink_to_one_member_are_missed(store):
    """Half of all persons are gone with no household gone."""
    imported(store, night())
    one_each = [replace(h, members=h.members[:1]) for h in night().households]
    shrunk = night().replace(households=tuple(one_each))
    assert refusal(store, shrunk) == {"persons": (30, 60)}


def test_a_column_of_bans_that_is_no_longer_there_is_missed(store):
    """Pins, bans and ties that must hold are what people have decided."""
    imported(store, night())
    bare = [replace(h, bans=()) for h in night().households]
    assert refusal(store, night().replace(households=tuple(bare))) == {"decisions": (15, 30)}


def test_municipalities_homes_and_links_are_missed_too(store):
    """Each kind by itself."""
    imported(store, night())
    places = night().municipalities
    assert refusal(store, night().replace(links=())) == {"links": (15, 15)}
    assert refusal(store, night().replace(municipalities=places[:20])) == {
        "municipalities": (10, 30)
    }
    half = tuple(replace(m, dwellings=m.dwellings[:1]) for m in places)
    homeless = (replace(places[0], dwellings=()), *half[1:])
    assert refusal(store, night().replace(municipalities=homeless)) == {"dwellings": (31, 60)}
    # Homes are let all the time: half of them may be others.
    import_instance(store, night().replace(municipalities=half), AGAIN)


def test_the_refusal_is_told_in_both_languages(store):
    """With the numbers."""
    imported(store, night())
    with pytest.raises(LargeLossError) as refused:
        import_instance(store, night().replace(links=()), AGAIN)
    told = describe_losses(refused.value.losses, "nb")
    assert told.startswith("Ingenting er tatt inn: filene ville ta bort 15 av 15 koblinger")


def test_ledgers_that_became_unknown_are_missed(store):
    """A column that is gone closes every municipality; all that is gone is missed of one too."""
    imported(store, night())
    unknown = tuple(replace(m, ledger=Ledger()) for m in night().municipalities)
    assert refusal(store, night().replace(municipalities=unknown)) == {"numbers": (210, 210)}
    bare = tuple(
        replace(m, ledger=replace(m.ledger, promised=None)) for m in night().municipalities
    )
    assert refusal(store, night().replace(municipalities=bare)) == {"numbers": (30, 210)}
    few = (*night().municipalities[:25], *bare[25:])
    import_instance(store, night().replace(municipalities=few), AGAIN)


def test_numbers_of_the_year_that_ended_are_not_missed(store):
    """Files of January that know nothing of the new year yet lose nothing."""
    imported(store, night())
    unknown = tuple(replace(m, ledger=Ledger()) for m in night().municipalities)
    january = date(2025, 1, 8)
    files = night().replace(municipalities=unknown, today=january)
    import_instance(store, files, later((january - DAY).days))


def test_plans_by_weeks_are_missed_until_their_weeks_have_passed(store):
    """However few have planned."""
    first, *others = night().municipalities
    planned = replace(first, weeks=(PlannedWeek(date(2024, 4, 22), 3),))
    imported(store, night().replace(municipalities=(planned, *others)))
    assert refusal(store, night()) == {"weeks": (1, 1)}
    import_instance(store, night().replace(today=date(2024, 4, 23)), later(8))
