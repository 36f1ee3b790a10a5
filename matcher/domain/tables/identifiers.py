"""Identifiers of households and numbers of municipalities, and checks of both."""

from collections.abc import Iterable, Mapping

LINK_SIGN = "+"
"""Separator in the identifier of a unit of linked households."""


def check_identifiers(identifiers: Iterable[str]) -> None:
    """Check that identifiers are unique and can be joined.

    Raises
    ------
    ValueError
        When two identifiers are equal, or one is empty or contains ``LINK_SIGN``.
    """
    seen: set[str] = set()
    for identifier in identifiers:
        if identifier in seen:
            raise ValueError(f"household {identifier!r} is in the queue twice")
        if LINK_SIGN in identifier or not identifier:
            raise ValueError(
                f"household {identifier!r}: an identifier is not empty and has no {LINK_SIGN!r}, "
                "which joins those of linked households"
            )
        seen.add(identifier)


class MunicipalityLookup:
    """Rows of municipalities by number.

    Parameters
    ----------
    row_of : mapping of str to int
        Row by four-digit number.
    """

    def __init__(self, row_of: Mapping[str, int]) -> None:
        self.row_of = row_of

    def optional(self, number: str | None) -> int:
        """Return the row of a municipality, -1 for none or one that does not exist."""
        return -1 if number is None else self.row_of.get(number, -1)

    def row(self, number: str, household: str, field: str) -> int:
        """Return the row of the municipality that a field of a household names.

        Raises
        ------
        ValueError
            When there is no such municipality.
        """
        if number not in self.row_of:
            raise ValueError(
                f"household {household}: {field} {number!r} is not a municipality of this instance"
            )
        return self.row_of[number]
