"""A small queue in the service's store, and requests that most tests make."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from matcher.domain import Answer, Household, Instance, Person, Wish, WishKind
from matcher.store import Stamp, import_instance
from tests.store.small import small

CASE = "/api/v1/households/H0"
PROPOSALS = "/api/v1/proposals"
OSLO = "/api/v1/municipalities/0301"


def queue(households: int = 3, **ledger: int) -> Instance:
    """Households of two, each ready a day after the one before; 0301 with ten places."""
    instance = small(households, 2, **{"decided": 10, **ledger})
    ready = tuple(
        replace(h, ready_since=date(2026, 8, 1) + timedelta(days=k))
        for k, h in enumerate(instance.households)
    )
    return instance.replace(households=ready)


def described() -> Household:
    """A household of which something is known."""
    members = (
        Person("D/0", 34, languages=("ar", "en"), interpreter=Answer.YES, lar=Answer.YES),
        Person("D/1", 3, languages=("ar",), step_free=Answer.NO, hospital_name="Ullevål"),
    )
    wish = Wish(WishKind.MUNICIPALITY, "4601")
    return Household("D", date(2026, 7, 1), members, wishes=(wish,))


def fill(app, instance: Instance | None = None) -> None:
    """Take the queue in, some weeks before the service's day."""
    at = datetime(2026, 11, 1, 12, tzinfo=UTC)
    import_instance(app.state.store, instance or queue(), Stamp(at, "Importer", "import"))


def new(household: str = "H0", municipality: str = "0301", **more: object) -> dict[str, object]:
    """A proposal as it is asked for."""
    return {"household": household, "municipality": municipality, **more}
