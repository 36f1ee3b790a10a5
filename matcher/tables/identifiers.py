"""Identifiers of households, and how those of linked households are joined."""

from collections.abc import Iterable

LINK = "+"
"""Joins the identifiers of linked households."""


def check_identifiers(identifiers: Iterable[str]) -> None:
    """Check that no two households can be mixed up.

    Raises
    ------
    ValueError
        When two are alike, or one is empty or has the sign that joins linked households.
    """
    seen: set[str] = set()
    for identifier in identifiers:
        if identifier in seen:
            raise ValueError(f"household {identifier!r} is in the queue twice")
        if LINK in identifier or not identifier:
            raise ValueError(
                f"household {identifier!r}: an identifier is not empty and has no {LINK!r}, "
                "which joins those of linked households"
            )
        seen.add(identifier)
