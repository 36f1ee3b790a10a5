"""Discover the rules and terms, check that they are complete, and list them."""

import inspect
import pkgutil
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import matcher.rules
import matcher.stay.effects
import matcher.terms
from matcher.errors import CatalogueError
from matcher.shapes import Budget, PairRule, Shape, SpreadTerm, Term

LANGUAGES = ("nb", "en")
"""Languages in which every rule and term has texts: Norwegian bokmål and English."""
ADDED = "treffsikker.shapes"
"""Group of entry points in which other installed packages name their rules and terms."""
SECTIONS: Mapping[str, tuple[tuple[ModuleType, ...], tuple[type[Shape], ...]]] = {
    "rules": ((matcher.rules,), (PairRule, Budget)),
    "terms": ((matcher.terms, matcher.stay.effects), (Term, SpreadTerm)),
}
"""Sections of a policy: the packages with their files, and the types that belong there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule or term: its class, its texts by language and code, and its section of a policy."""

    shape: type[Shape]
    texts: Mapping[str, Mapping[str, str]]
    section: str

    @property
    def id(self) -> str:
        """Identifier of the rule or term in policies, results and reasons."""
        return self.shape.id

    def title(self, language: str) -> str:
        """Name for readers, in a few words."""
        return self.texts[language]["title"]

    def sentence(self, language: str) -> str:
        """What the rule demands or the term weighs, in one sentence."""
        return self.texts[language]["sentence"]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All rules and terms by identifier.

    Parameters
    ----------
    entries : mapping of str to Entry
        In alphabetical order, rules before terms.
    """

    entries: Mapping[str, Entry]

    def section(self, name: str) -> Mapping[str, Entry]:
        """Entries of a section: ``"rules"`` or ``"terms"``."""
        return {key: entry for key, entry in self.entries.items() if entry.section == name}

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Catalogue":
        """Build a catalogue of entries, and check that they are complete.

        Raises
        ------
        CatalogueError
            When an identifier occurs twice, or a source or a text is missing.
        """
        by_id: dict[str, Entry] = {}
        for entry in entries:
            if entry.id in by_id:
                raise CatalogueError(f"two rules or terms are called {entry.id!r}; rename one")
            _check_complete(entry)
            by_id[entry.id] = entry
        return cls(by_id)


@cache
def catalogue() -> Catalogue:
    """List all rules and terms, of the project and of packages that add their own; checked."""
    of_project = [entry for name in SECTIONS for entry in _discover(name)]
    entries = sorted([*of_project, *_discover_plugins()], key=lambda e: (e.section, e.id))
    return Catalogue.of(entries)


def entry_of(shape: type[Shape]) -> Entry:
    """Build the entry of a class, whose texts are in a TOML file beside its module."""
    module = inspect.getmodule(shape)
    if module is None or module.__file__ is None:
        raise CatalogueError(f"{shape.__name__} is not defined in a file; texts lie beside it")
    path = Path(module.__file__).with_suffix(".toml")
    if not path.is_file():
        raise CatalogueError(
            f"{shape.__name__} has no texts; write {path.name} beside {path.stem}.py"
        )
    texts = tomllib.loads(path.read_text(encoding="utf-8"))
    return Entry(shape, texts, _section_of(shape))


def _section_of(shape: type[Shape]) -> str:
    for name, (_, types) in SECTIONS.items():
        if issubclass(shape, types):
            return name
    raise CatalogueError(f"{shape.__name__} has none of the four shapes")


def _discover(section: str) -> Iterator[Entry]:
    packages, types = SECTIONS[section]
    for module in (module for package in packages for module in _import_modules(package)):
        for _, shape in inspect.getmembers(module, inspect.isclass):
            if shape.__module__ == module.__name__ and issubclass(shape, types):
                yield entry_of(shape)


def _import_modules(package: ModuleType) -> Iterator[ModuleType]:
    for info in pkgutil.iter_modules(package.__path__):
        if not info.name.startswith("_"):
            yield import_module(f"{package.__name__}.{info.name}")


def _discover_plugins() -> Iterator[Entry]:
    for point in entry_points(group=ADDED):
        shape: Any = point.load()
        if not isinstance(shape, type):
            raise CatalogueError(f"{point.value} is no class; name a rule or a term there")
        yield entry_of(shape)


def _check_complete(entry: Entry) -> None:
    if not getattr(entry.shape, "source", ""):
        raise CatalogueError(f"{entry.id} has no source; say what it rests on")
    for language in LANGUAGES:
        missing = {"title", "sentence"} - set(entry.texts.get(language, {}))
        if missing:
            raise CatalogueError(f"{entry.id} has no {' or '.join(sorted(missing))} in {language}")
    first, second = (set(entry.texts[language]) for language in LANGUAGES)
    if first != second:
        raise CatalogueError(f"{entry.id} lacks a text in one language: {sorted(first ^ second)}")
