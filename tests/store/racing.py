"""One racer for the last places, in a thread or a process of its own."""

from matcher.store import NoCapacityError, Store, promise
from tests.store.small import BY


def race(store: Store, name: str) -> str:
    """Try to have a household promised."""
    try:
        promise(store, name, BY)
    except NoCapacityError as error:
        return f"no room: {error.open} open"
    return "promised"


def race_alone(url: str, names: tuple[str, ...]) -> list[str]:
    """The same for some households, in a process that opens the store itself."""
    with Store.open(url) as store:
        return [race(store, name) for name in names]
