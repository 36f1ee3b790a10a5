"""Parse words of a short list, and find the nearest word to a misspelt one."""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from matcher.domain.answer import Answer
from matcher.files.plain_cells import CellError
from matcher.files.schema import schema, words_by_spelling

T = TypeVar("T")
NO_YES = {
    "yes": Answer.YES,
    "ja": Answer.YES,
    "true": Answer.YES,
    "sann": Answer.YES,
    "1": Answer.YES,
    "no": Answer.NO,
    "nei": Answer.NO,
    "false": Answer.NO,
    "usann": Answer.NO,
    "0": Answer.NO,
}
ANSWERS = NO_YES | {"unknown": Answer.UNKNOWN, "ukjent": Answer.UNKNOWN}


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most similar to a word; None when none is similar."""
    matches = get_close_matches(word.casefold(), sorted(known), n=1, cutoff=0.7)
    return matches[0] if matches else None


def parse_word(text: str, list_name: str) -> str:
    """Read a word of a list of the schema, in any letter case and any of its spellings."""
    return _look_up(text, words_by_spelling(list_name), schema().words[list_name])


def parse_answer(text: str) -> Answer:
    """Read yes, no or unknown."""
    return _look_up(text, ANSWERS, ("yes", "no", "unknown"))


def parse_flag(text: str) -> bool:
    """Read yes or no."""
    return _look_up(text, NO_YES, ("yes", "no")) is Answer.YES


def _look_up(text: str, spellings: Mapping[str, T], words: Collection[str]) -> T:
    value = spellings.get(text.casefold())
    if value is not None:
        return value

    def closer() -> CellError:
        near = nearest_word(text, spellings)
        if near is None:
            return CellError("word.unknown", **facts)
        written = next((word for word in words if word.casefold() == near), near)
        return CellError("word.misspelt", nearest=written, **facts)

    facts = {"allowed": ", ".join(words), "part": text}
    error = CellError("word.unknown", **facts)
    error.diagnose = closer
    raise error
