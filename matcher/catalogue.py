"""Finds the rules and terms, checks that they are complete, and lists them."""

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
"""Languages every rule and term has texts in: Norwegian bokmål and English."""
ADDED = "treffsikker.shapes"
"""Entry points under which other installed packages name rules and terms of their own."""
SECTIONS: Mapping[str, tuple[tuple[ModuleType, ...], tuple[type[Shape], ...]]] = {
    "rules": ((matcher.rules,), (PairRule, Budget)),
    "terms": ((matcher.terms, matcher.stay.effects), (Term, SpreadTerm)),
}
"""Sections of a policy: where their files lie, and which shapes belong there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule or term: its class, its texts by language and code, its section of a policy."""

    shape: type[Shape]
    texts: Mapping[str, Mapping[str, str]]
    section: str

    @property
    def id(self) -> str:
        """Identifier in policies, results and reasons."""
        return self.shape.id

    def title(self, language: str) -> str:
        """Name for a person, in a few words."""
        return self.texts[language]["title"]

    def sentence(self, language: str) -> str:
        """What it demands or weighs, in one sentence."""
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
        """The rules, or the terms."""
        return {key: entry for key, entry in self.entries.items() if entry.section == name}

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Catalogue":
        """Check entries and gather them.

        Raises
        ------
        CatalogueError
            When an identifier occurs twice, or a source or a text is missing.
        """
        gathered: dict[str, Entry] = {}
        for entry in entries:
            if entry.id in gathered:
                raise CatalogueError(f"two rules or terms are called {entry.id!r}; rename one")
            _check(entry)
            gathered[entry.id] = entry
        return cls(gathered)


@cache
def catalogue() -> Catalogue:
    """Give every rule and term of the project and of packages that add their own, checked."""
    own = [entry for name in SECTIONS for entry in _find(name)]
    everything = sorted([*own, *_added()], key=lambda entry: (entry.section, entry.id))
    return Catalogue.of(everything)


def entry_of(shape: type[Shape]) -> Entry:
    """Make the entry of one class; its texts lie in a TOML file beside its module."""
    module = inspect.getmodule(shape)
    if module is None or module.__file__ is None:
        raise CatalogueError(f"{shape.__name__} is not defined in a file; texts lie beside it")
    path = Path(module.__file__).with_suffix(".toml")
    if not path.is_file():
        raise CatalogueError(
            f"{shape.__name__} has no texts; write {path.name} beside {path.stem}.py"
        )
    texts = tomllib.loads(path.read_text(encoding="utf-8"))
    return Entry(shape, texts, _section(shape))


def _section(shape: type[Shape]) -> str:
    for name, (_, kinds) in SECTIONS.items():
        if issubclass(shape, kinds):
            return name
    raise CatalogueError(f"{shape.__name__} has none of the four shapes")


def _find(section: str) -> Iterator[Entry]:
    packages, kinds = SECTIONS[section]
    for module in (module for package in packages for module in _modules(package)):
        for _, shape in inspect.getmembers(module, inspect.isclass):
            if shape.__module__ == module.__name__ and issubclass(shape, kinds):
                yield entry_of(shape)


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for info in pkgutil.iter_modules(package.__path__):
        if not info.name.startswith("_"):
            yield import_module(f"{package.__name__}.{info.name}")


def _added() -> Iterator[Entry]:
    for point in entry_points(group=ADDED):
        shape: Any = point.load()
        if not isinstance(shape, type):
            raise CatalogueError(f"{point.value} is no class; name a rule or a term there")
        yield entry_of(shape)


def _check(entry: Entry) -> None:
    if not getattr(entry.shape, "source", ""):
        raise CatalogueError(f"{entry.id} has no source; say what it rests on")
    for language in LANGUAGES:
        missing = {"title", "sentence"} - set(entry.texts.get(language, {}))
        if missing:
            raise CatalogueError(f"{entry.id} has no {' or '.join(sorted(missing))} in {language}")
    first, other = (set(entry.texts[language]) for language in LANGUAGES)
    if first != other:
        raise CatalogueError(f"{entry.id} lacks a text in one language: {sorted(first ^ other)}")
