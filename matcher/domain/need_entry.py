"""The form of an entry in the list of needs, and how a need becomes a field of a class."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, replace
from typing import Any, TypeVar, dataclass_transform, get_args, get_origin

EVERY_AGE = (0, 120)
"""First and last age of persons when a need can concern everyone."""
POPULATION_BANDS = 5
"""Municipalities with under 5 000, 10 000, 20 000 and 50 000 inhabitants, and larger ones."""

Class = TypeVar("Class")
Column = TypeVar("Column")


@dataclass(frozen=True, slots=True)
class NeedText:
    """One sentence in English and in Norwegian bokmål."""

    en: str
    nb: str


@dataclass(frozen=True, slots=True)
class AgeShare:
    """Share with the need in a synthetic queue, among those of an age whose answer is known.

    Parameters
    ----------
    share : float
        0-1; a profile may set another.
    first, last : int
        Ages in years, both included.
    name : str
        What the profile's parameter is called after the need's name; empty for the need itself.
    """

    share: float
    first: int = EVERY_AGE[0]
    last: int = EVERY_AGE[1]
    name: str = ""


@dataclass(frozen=True, slots=True)
class SyntheticNeed:
    """How synthetic queues draw a need and its service. Every number is made up.

    Parameters
    ----------
    shares : tuple of AgeShare
        Shares with the need; a need of households has a single share, without ages.
    unknown : float
        Share of those concerned whose need is not known, 0-1; a profile may set another.
    ages : (int, int)
        First and last age of persons whom the need can concern; the others do not have it.
    offered : tuple of int, length 5, or None
        Per cent of municipalities with the service in each of the ``POPULATION_BANDS``; None
        when real data say which municipalities have it.
    unreported : int
        Per cent of municipalities, outside cities, of which it is not known.

    Raises
    ------
    ValueError
        When a share or a per cent is out of range, or ``offered`` has not five numbers.
    """

    shares: tuple[AgeShare, ...]
    unknown: float
    ages: tuple[int, int] = EVERY_AGE
    offered: tuple[int, ...] | None = None
    unreported: int = 0

    def __post_init__(self) -> None:
        for share in (*(s.share for s in self.shares), self.unknown):
            if not 0 <= share <= 1:
                raise ValueError(f"a share is from 0 to 1, not {share}")
        if self.offered is not None and len(self.offered) != POPULATION_BANDS:
            raise ValueError(f"offered has {len(self.offered)} numbers; give {POPULATION_BANDS}")
        for per_cent in (*(self.offered or ()), self.unreported):
            if not 0 <= per_cent <= 100:
                raise ValueError(f"a per cent is from 0 to 100, not {per_cent}")


@dataclass(frozen=True, slots=True)
class Need:
    """A need of a person or household, and the service of a municipality that meets it.

    Both have the name of the field under which the need is listed. That is also the name of the
    column in files and tables, and of the key in the service's answers.

    Parameters
    ----------
    need, service : NeedText
        What yes means: of a person or household, and of a municipality.
    synthetic : SyntheticNeed
        How synthetic queues draw both.
    in_proposals : bool
        Whether a municipality that is asked to settle a household learns of the need.
    demanding : bool
        Whether the term ``fair_shares`` spreads units with the need over municipalities.
    close_follow_up : bool
        Whether the pair effect ``steady_follow_up`` concerns units with the need.
    before : tuple of str
        Names of columns; the need's column stands before the first of them that a table has,
        otherwise after the columns of earlier needs.
    id : str
        Name of the field; the list of needs fills it in.
    """

    need: NeedText
    service: NeedText
    synthetic: SyntheticNeed
    in_proposals: bool
    demanding: bool = False
    close_follow_up: bool = False
    before: tuple[str, ...] = ()
    id: str = ""


def entry(need: Need) -> Any:
    """Return the entry as the value of a field: the type of a need differs from class to class."""
    return need


@dataclass_transform(kw_only_default=True, frozen_default=True)
def need_sheet(sheet: type[Class]) -> type[Class]:
    """Mark a class whose fields are entries, so that type checkers know them as fields.

    A data class inherits the sheet for its types, and gets the fields from :func:`with_needs`.
    """
    return sheet


def sheet_entries(sheet: type) -> dict[str, Need]:
    """Return the entries of a sheet by name, in order."""
    return {
        name: replace(value, id=name)
        for name, value in vars(sheet).items()
        if isinstance(value, Need)
    }


def insert_needs(
    columns: Mapping[str, Column],
    needs: Iterable[Need],
    column_of: Callable[[Need], Column],
    before: str | None = None,
) -> dict[str, Column]:
    """Return columns with those of the needs in their places.

    Parameters
    ----------
    columns : mapping by name
        The other columns, in order.
    needs : iterable of Need
        Needs to insert, in order.
    column_of : callable
        Returns the column of a need.
    before : str or None
        Column before which a need stands whose entry names none of the columns; None is the end.

    Raises
    ------
    ValueError
        When there is no column ``before``.
    """
    if before is not None and before not in columns:
        raise ValueError(f"there is no column {before!r} to put needs before")
    inserted: dict[str | None, dict[str, Column]] = {}
    for need in needs:
        place = next((name for name in need.before if name in columns), before)
        inserted.setdefault(place, {})[need.id] = column_of(need)
    result: dict[str, Column] = {}
    for name, column in columns.items():
        result |= inserted.pop(name, {})
        result[name] = column
    return result | {key: column for group in inserted.values() for key, column in group.items()}


def insert_need_names(
    names: Sequence[str], needs: Iterable[Need], before: str | None = None
) -> tuple[str, ...]:
    """Return names with those of the needs in their places; see :func:`insert_needs`."""
    return tuple(insert_needs({name: name for name in names}, needs, lambda need: need.id, before))


def with_needs(before: str, default: Any = MISSING) -> Callable[[type[Class]], type[Class]]:
    """Declare the needs of the inherited sheets as fields of a class; stands below ``dataclass``.

    Parameters
    ----------
    before : str
        Field before which a need stands whose entry names none of the class.
    default : object
        Default of the fields; without one they must be given.
    """

    def declare(target: type[Class]) -> type[Class]:
        types = {need.id: (need, type_) for need, type_ in _inherited_needs(target)}
        target.__annotations__ = insert_needs(
            target.__annotations__,
            (need for need, _ in types.values()),
            lambda need: types[need.id][1],
            before,
        )
        for name in types:
            setattr(target, name, field(default=default))
        return target

    return declare


def _inherited_needs(target: type) -> Iterator[tuple[Need, Any]]:
    """List the needs of the sheets that a class inherits, with the type that it states for each."""
    for base in vars(target).get("__orig_bases__", ()):
        for need in sheet_entries(get_origin(base) or base).values():
            yield need, get_args(base)[0]
