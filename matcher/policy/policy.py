"""Policies: which rules and terms apply, with what parameters, and who decided."""

import difflib
import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError

from matcher.domain.errors import PolicyError
from matcher.policy.catalogue import SECTIONS, Catalogue, load_catalogue
from matcher.policy.rule_types import Budget, PairRule, RuleType, SpreadTerm, Term

NOT_YET_DECIDED = "proposed with the project; not yet decided by IMDi"
"""``decided_by`` of the policies that come with the project; reports translate it."""
HEADER_KEYS = ("name", "version", "decided_by", "decided_on")
RuleParameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SelectedRules:
    """The rules and terms of a policy, built and sorted by type."""

    pair_rules: tuple[PairRule, ...]
    budgets: tuple[Budget, ...]
    terms: tuple[Term, ...]
    spread_terms: tuple[SpreadTerm, ...]

    def budgets_changed_without(self, rule: str) -> tuple[Budget, ...]:
        """Return the other budgets whose limits depend on a rule, as they are without it."""
        others = [budget for budget in self.budgets if budget.id != rule]
        relaxed = [budget.without_rule(rule) for budget in others]
        return tuple(b for b, other in zip(relaxed, others, strict=True) if b is not other)


@dataclass(frozen=True, slots=True)
class Policy:
    """A named, versioned choice of rules, weights and parameters.

    Parameters
    ----------
    name, version, decided_by : str
        Name, version, and the authority that decided the policy.
    decided_on : date or None
        Date of the decision.
    rules, terms : mapping of str to mapping
        Parameters by identifier; a rule or term that is not named is off.
    """

    name: str
    version: str = ""
    decided_by: str = ""
    decided_on: date | None = None
    rules: Mapping[str, RuleParameters] = field(default_factory=dict)
    terms: Mapping[str, RuleParameters] = field(default_factory=dict)

    @classmethod
    def default(cls) -> Self:
        """Return the default policy of the project."""
        return cls.named("default")

    @classmethod
    def named(cls, name: str) -> Self:
        """Read a policy that comes with the project, by name.

        Raises
        ------
        PolicyError
            When there is no such policy.
        """
        if name not in list_policy_names():
            raise PolicyError(
                f"no policy called {name!r}; there are {', '.join(list_policy_names())}"
            )
        return cls._parse(files("matcher.policy").joinpath(f"{name}.toml").read_text("utf-8"))

    @classmethod
    def read(cls, name_or_path: str | Path) -> Self:
        """Read a policy from a TOML file, or by name if it comes with the project.

        Raises
        ------
        PolicyError
            When there is no such policy or file, or the policy is not valid.
        """
        path = Path(name_or_path)
        if path.suffix != ".toml":
            return cls.named(str(name_or_path))
        if not path.is_file():
            raise PolicyError(f"no policy file {path}; names are {', '.join(list_policy_names())}")
        return cls._parse(path.read_text(encoding="utf-8"), str(path))

    @classmethod
    def _parse(cls, text: str, source: str = "policy") -> Self:
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise PolicyError(f"{source} is not TOML: {error}") from error
        unknown = set(raw) - {*HEADER_KEYS, *SECTIONS, "extends"}
        if unknown:
            raise PolicyError(f"{source} has unknown keys {sorted(unknown)}; {_known_keys()}")
        base = cls.named(raw["extends"]) if "extends" in raw else cls(source)
        policy = replace(base, **{key: raw[key] for key in HEADER_KEYS if key in raw})
        for section in SECTIONS:
            policy = policy._with(section, raw.get(section, {}))
        policy.build_rules()
        return policy

    def _with(self, section: str, changes: Mapping[str, RuleParameters]) -> Self:
        if not isinstance(changes, Mapping):
            raise PolicyError(f"{section} is {changes!r}; write sections [{section}.name]")
        merged = {key: dict(value) for key, value in getattr(self, section).items()}
        for key, parameters in changes.items():
            if not isinstance(parameters, Mapping):
                raise PolicyError(f"{section}.{key} is {parameters!r}; write [{section}.{key}]")
            merged[key] = {**merged.get(key, {}), **parameters}
        return replace(self, rules=merged) if section == "rules" else replace(self, terms=merged)

    def with_rule(self, identifier: str, **parameters: Any) -> Self:
        """Return a copy with a rule switched on, or with its parameters changed."""
        return self._with("rules", {identifier: parameters})

    def with_term(self, identifier: str, **parameters: Any) -> Self:
        """Return a copy with a term switched on, or with its parameters changed."""
        return self._with("terms", {identifier: parameters})

    def without(self, *identifiers: str) -> Self:
        """Return a copy with the named rules and terms switched off."""
        return replace(
            self,
            rules={k: v for k, v in self.rules.items() if k not in identifiers},
            terms={k: v for k, v in self.terms.items() if k not in identifiers},
        )

    @property
    def hash(self) -> str:
        """SHA-256 of everything that affects a plan, which excludes names and dates."""
        content = {"rules": self.rules, "terms": self.terms}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def build_rules(self, known: Catalogue | None = None) -> SelectedRules:
        """Build the rules and terms of this policy, in alphabetical order.

        Parameters
        ----------
        known : Catalogue or None
            Where to look for them; None for the catalogue of all installed rules and terms.

        Raises
        ------
        PolicyError
            When an identifier or parameter does not exist, or a value is not allowed.
        """
        known = known or load_catalogue()
        rule_types = [
            _build(known, section, identifier, parameters)
            for section in SECTIONS
            for identifier, parameters in sorted(getattr(self, section).items())
        ]
        rule_types = [shape.link_to_policy(rule_types) for shape in rule_types]
        return SelectedRules(
            tuple(s for s in rule_types if isinstance(s, PairRule)),
            tuple(s for s in rule_types if isinstance(s, Budget)),
            tuple(s for s in rule_types if isinstance(s, Term)),
            tuple(s for s in rule_types if isinstance(s, SpreadTerm)),
        )


def list_policy_names() -> tuple[str, ...]:
    """Names of the policies that come with the project."""
    names = (p.name for p in files("matcher.policy").iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))


def _known_keys() -> str:
    return f"known are {', '.join((*HEADER_KEYS, *SECTIONS, 'extends'))}"


def _build(known: Catalogue, section: str, identifier: str, parameters: RuleParameters) -> RuleType:
    entries = known.section(section)
    if identifier not in entries:
        similar = difflib.get_close_matches(identifier, entries, n=1)
        hint = f"did you mean {similar[0]!r}?" if similar else f"there are {', '.join(entries)}"
        raise PolicyError(f"{section}.{identifier} does not exist; {hint}")
    try:
        return _parameter_parser(entries[identifier].rule_type).validate_python(dict(parameters))
    except ValidationError as error:
        faults = "; ".join(_describe_fault(section, identifier, e) for e in error.errors())
        raise PolicyError(faults) from error


@cache
def _parameter_parser(rule_type: type[RuleType]) -> TypeAdapter[RuleType]:
    # Compiling the schemas of all rules takes longer than building a small problem.
    return TypeAdapter(rule_type)


def _describe_fault(section: str, identifier: str, error: Mapping[str, Any]) -> str:
    key = ".".join(str(part) for part in (section, identifier, *error["loc"]))
    return f"{key} = {error['input']!r}: {error['msg']}"
