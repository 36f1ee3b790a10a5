"""Parse and format cells that hold several values with ``;`` between them."""

import re
from collections.abc import Sequence

from matcher.domain.household import Ban, BanReason, FamilyTie, Wish, WishKind
from matcher.files.plain_cells import (
    CellError,
    parse_county,
    parse_integer,
    parse_municipality,
    parse_number,
    parse_occupation,
)
from matcher.files.word_cells import parse_word

LANGUAGE = re.compile(r"[a-z]{2,3}")


def split_parts(text: str) -> list[str]:
    """Split a cell at its semicolons; empty parts are dropped."""
    return [part for raw in text.split(";") if (part := raw.strip())]


def parse_names(text: str) -> tuple[str, ...]:
    """Read names; none may begin like a formula."""
    if text.startswith(("=", "+", "-", "@")):
        raise CellError("text.formula")
    return tuple(split_parts(text))


def parse_languages(text: str) -> tuple[str, ...]:
    """Read ISO 639 codes."""
    return tuple(_language(part) for part in split_parts(text))


def parse_interpreters(text: str) -> tuple[str, ...]:
    """Read ISO 639 codes; ``*`` is all languages and ``-`` none."""
    if text == "-":
        return ()
    return tuple(part if part == "*" else _language(part) for part in split_parts(text))


def parse_bans(text: str) -> tuple[Ban, ...]:
    """Read municipalities, each with the reason for its ban."""
    return tuple(_ban(part) for part in split_parts(text))


def parse_wishes(text: str) -> tuple[Wish, ...]:
    """Read wishes; ``-`` before a wish marks a place to avoid."""
    return tuple(_wish(part) for part in split_parts(text))


def parse_family(text: str) -> tuple[FamilyTie, ...]:
    """Read municipalities where family lives; ``!`` after one marks a tie that must hold."""
    return tuple(
        FamilyTie(parse_municipality(part.removesuffix("!").strip()), part.endswith("!"))
        for part in split_parts(text)
    )


def parse_counts(text: str) -> tuple[tuple[str, int], ...]:
    """Read languages, each with a number of persons."""
    counts = []
    for part in split_parts(text):
        name, count = _split_pair(part)
        if (number := parse_integer(count)) < 0:
            raise CellError("list.negative", part=part)
        counts.append((_language(name), number))
    return tuple(counts)


def parse_jobs(text: str) -> tuple[tuple[str, float], ...]:
    """Read occupation groups, each with its jobs relative to the national average."""
    jobs = []
    for part in split_parts(text):
        name, share = _split_pair(part)
        if (number := parse_number(share)) < 0:
            raise CellError("list.negative", part=part)
        jobs.append((parse_occupation(name), number))
    return tuple(jobs)


def format_names(names: Sequence[str]) -> str:
    """Write names or codes."""
    return ";".join(names)


def format_interpreters(languages: Sequence[str]) -> str:
    """Write languages; an empty sequence is written as ``-``."""
    return ";".join(languages) or "-"


def format_bans(bans: Sequence[Ban]) -> str:
    """Write bans with their reasons."""
    return ";".join(f"{ban.municipality}:{ban.reason}" for ban in bans)


def format_wishes(wishes: Sequence[Wish]) -> str:
    """Write wishes."""
    return ";".join(f"{'' if w.wanted else '-'}{w.kind}:{w.value}" for w in wishes)


def format_family(ties: Sequence[FamilyTie]) -> str:
    """Write municipalities where family lives."""
    return ";".join(f"{tie.municipality}{'!' if tie.must_hold else ''}" for tie in ties)


def format_pairs(pairs: Sequence[tuple[str, float]]) -> str:
    """Write names, each with its number."""
    return ";".join(f"{word}:{number!r}" for word, number in pairs)


def _split_pair(part: str) -> tuple[str, str]:
    first, colon, second = part.partition(":")
    if not (first.strip() and colon and second.strip()):
        raise CellError("list.form", part=part)
    return first.strip(), second.strip()


def _language(text: str) -> str:
    code = text.casefold()
    if not LANGUAGE.fullmatch(code):
        raise CellError("language.form", part=text)
    return code


def _ban(part: str) -> Ban:
    number, reason = _split_pair(part)
    return Ban(parse_municipality(number), BanReason(parse_word(reason, "ban_reason")))


def _wish(part: str) -> Wish:
    wanted = not part.startswith("-")
    about, value = _split_pair(part.removeprefix("-"))
    kind = WishKind(parse_word(about, "wish_kind"))
    return Wish(kind, _wish_value(kind, value), wanted)


def _wish_value(kind: WishKind, value: str) -> str:
    if kind is WishKind.MUNICIPALITY:
        return parse_municipality(value)
    if kind is WishKind.LANDSDEL:
        return parse_word(value, "landsdel")
    if kind is WishKind.COUNTY:
        return parse_county(value)
    if value not in tuple("123456"):
        raise CellError("wish.centrality", part=value)
    return value
