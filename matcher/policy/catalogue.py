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

import matcher.policy.rules
import matcher.policy.terms
from matcher.domain.errors import CatalogueError
from matcher.policy.pair_effect import PairEffect
from matcher.policy.rule_types import Budget, PairRule, RuleType, SpreadTerm, Term
from matcher.texts import LANGUAGES

ENTRY_POINT_GROUP = "treffsikker.shapes"
"""Group of entry points in which other installed packages name their rules and terms."""
SECTIONS: Mapping[str, tuple[ModuleType, tuple[type[RuleType], ...]]] = {
    "rules": (matcher.policy.rules, (PairRule, Budget)),
    "terms": (matcher.policy.terms, (Term, SpreadTerm)),
}
"""Sections of a policy: the package with their files, and the types that belong there."""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A rule or term: its class, its texts by language and code, and its section of a policy."""

    rule_type: type[RuleType]
    texts: Mapping[str, Mapping[str, str]]
    section: str

    @property
    def id(self) -> str:
        """Identifier of the rule or term in policies, results and reasons."""
        return self.rule_type.id

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
    entries : mapping of str to CatalogueEntry
        In alphabetical order, rules before terms.
    """

    entries: Mapping[str, CatalogueEntry]

    def section(self, name: str) -> Mapping[str, CatalogueEntry]:
        """Entries of a section: ``"rules"`` or ``"terms"``."""
        return {key: entry for key, entry in self.entries.items() if entry.section == name}

    @property
    def pair_effects(self) -> Mapping[str, PairEffect]:
        """The pair effects by identifier, each with the parameters that its class declares."""
        types = {key: entry.rule_type for key, entry in self.entries.items()}
        return {key: kind() for key, kind in types.items() if issubclass(kind, PairEffect)}

    @classmethod
    def of(cls, entries: Iterable[CatalogueEntry]) -> "Catalogue":
        """Build a catalogue of entries, and check that they are complete.

        Raises
        ------
        CatalogueError
            When an identifier occurs twice, or a source or a text is missing.
        """
        by_id: dict[str, CatalogueEntry] = {}
        for entry in entries:
            if entry.id in by_id:
                raise CatalogueError(f"two rules or terms are called {entry.id!r}; rename one")
            _check_complete(entry)
            by_id[entry.id] = entry
        return cls(by_id)


@cache
def load_catalogue() -> Catalogue:
    """List all rules and terms, of the project and of packages that add their own; checked."""
    of_project = [entry for name in SECTIONS for entry in _discover(name)]
    entries = sorted([*of_project, *_discover_plugins()], key=lambda e: (e.section, e.id))
    return Catalogue.of(entries)


def build_entry(rule_type: type[RuleType]) -> CatalogueEntry:
    """Build the entry of a class, whose texts are in a TOML file beside its module."""
    module = inspect.getmodule(rule_type)
    if module is None or module.__file__ is None:
        raise CatalogueError(f"{rule_type.__name__} is not defined in a file; texts lie beside it")
    path = Path(module.__file__).with_suffix(".toml")
    if not path.is_file():
        raise CatalogueError(
            f"{rule_type.__name__} has no texts; write {path.name} beside {path.stem}.py"
        )
    texts = tomllib.loads(path.read_text(encoding="utf-8"))
    return CatalogueEntry(rule_type, texts, _section_of(rule_type))


def _section_of(shape: type[RuleType]) -> str:
    for name, (_, types) in SECTIONS.items():
        if issubclass(shape, types):
            return name
    raise CatalogueError(f"{shape.__name__} has none of the four shapes")


def _discover(section: str) -> Iterator[CatalogueEntry]:
    package, types = SECTIONS[section]
    for module in _import_modules(package):
        for _, shape in inspect.getmembers(module, inspect.isclass):
            if shape.__module__ == module.__name__ and issubclass(shape, types):
                yield build_entry(shape)


def _import_modules(package: ModuleType) -> Iterator[ModuleType]:
    for info in pkgutil.iter_modules(package.__path__):
        if not info.name.startswith("_"):
            yield import_module(f"{package.__name__}.{info.name}")


def _discover_plugins() -> Iterator[CatalogueEntry]:
    for point in entry_points(group=ENTRY_POINT_GROUP):
        shape: Any = point.load()
        if not isinstance(shape, type):
            raise CatalogueError(f"{point.value} is no class; name a rule or a term there")
        yield build_entry(shape)


def _check_complete(entry: CatalogueEntry) -> None:
    if not getattr(entry.rule_type, "source", ""):
        raise CatalogueError(f"{entry.id} has no source; say what it rests on")
    for language in LANGUAGES:
        missing = {"title", "sentence"} - set(entry.texts.get(language, {}))
        if missing:
            raise CatalogueError(f"{entry.id} has no {' or '.join(sorted(missing))} in {language}")
    first, second = (set(entry.texts[language]) for language in LANGUAGES)
    if first != second:
        raise CatalogueError(f"{entry.id} lacks a text in one language: {sorted(first ^ second)}")
