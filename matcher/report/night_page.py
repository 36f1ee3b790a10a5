"""The page of a night, written from the facts of its report.

It says first what needs attention, then what was placed, what changed and what is proved.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from matcher.domain.reason import Reason
from matcher.files.faults import facts_in, fault_text
from matcher.policy.policy import NOT_YET_DECIDED
from matcher.policy.reason_texts import render_reason, rule_title
from matcher.report.change_sentences import change_sentences
from matcher.report.plan_page import (
    made_up_by_table,
    made_up_tables_in_words,
    template_environment,
    wish_summary,
)
from matcher.report.tables import unplaced_reason
from matcher.report.wording import Wording
from matcher.solve.result import OPTIMALITY_TOLERANCE
from matcher.texts import Language, format_date, load_texts

MAX_ROWS = 12
"""Rows of each table; further rows are only counted here, and are complete in the JSON."""


def render_night_page(facts: Mapping[str, Any], language: Language, plan_page: str) -> str:
    """Write the page of a night: one HTML document without external files.

    Parameters
    ----------
    facts : mapping
        The night's ``report.json``.
    language : "nb" or "en"
    plan_page : str
        File name of the report of the plan, in the same folder.
    """
    wording = night_wording(language)
    return (
        template_environment()
        .get_template("night.html")
        .render(
            wording=wording,
            facts=facts,
            page=NightPageText(facts, wording),
            plan_page=plan_page,
            shown=MAX_ROWS,
        )
    )


def night_wording(language: Language) -> Wording:
    """Return the texts of the report together with those of a night's page."""
    return Wording(language, load_texts("matcher.report", "night_texts.toml"))


@dataclass(frozen=True)
class NightPageText:
    """The texts of a night's page.

    Parameters
    ----------
    facts : mapping
        The night's ``report.json``.
    wording : Wording
    """

    facts: Mapping[str, Any]
    wording: Wording

    @cached_property
    def day(self) -> str:
        """The day for which the night planned, in words."""
        return self.wording.day(date.fromisoformat(self.facts["run"]["day"]), weekday=True)

    @property
    def policy(self) -> str:
        """Name and version of the policy, and who decided it."""
        policy = self.facts["policy"]
        name, by = f"{policy['name']} {policy['version']}".strip(), policy["decided_by"]
        if by == NOT_YET_DECIDED:
            return f"{name}. {self.wording('head.proposed')}"
        return f"{name} ({by})" if by else name

    @property
    def made_up(self) -> str:
        """Tables with made-up columns, in words; empty when all data are real."""
        return made_up_tables_in_words(self.facts["queue"]["made_up"], self.wording)

    @property
    def confidential(self) -> bool:
        """Whether the households are real."""
        return "households" not in made_up_by_table(self.facts["queue"]["made_up"])

    @property
    def urgent(self) -> list[str]:
        """Points that someone must check before the plan is used."""
        needs = self.facts["needs"]
        lines = [self._undecided(needs["undecided"])] if needs.get("undecided") else []
        lines += self._late(needs.get("late", ()))
        lines += [self._alarm(alarm) for alarm in needs["alarms"]]
        lines += self._faults(needs["errors"])
        return lines + [self.wording("night.disagrees", code=f["code"]) for f in needs["disagrees"]]

    @property
    def soon(self) -> list[str]:
        """Points that someone should check when there is time."""
        needs, wording = self.facts["needs"], self.wording
        lines = []
        if needs["overdue"]:
            names = self._list_first([row["household"] for row in needs["overdue"]])
            count = wording.number(len(needs["overdue"]))
            lines.append(wording("night.overdue", count=count, who=names))
        lines += [self._over_asked(row) for row in self.facts["asked_for"] if _is_over_asked(row)]
        return lines + self._faults(needs["warnings"])

    def _undecided(self, undecided: Mapping[str, Any]) -> str:
        count = self.wording.count("municipality", len(undecided["municipalities"]))
        open_ = self.wording.count("place", undecided["open"])
        advice = "register" if undecided["begun"] else "begin"
        year = str(undecided["year"])
        text = self.wording("night.undecided", count=count, open=open_, year=year)
        return f"{text} {self.wording(f'night.undecided_{advice}', year=year)}"

    def _late(self, households: Sequence[str]) -> list[str]:
        count = self.wording.count("household", len(households))
        who = self._list_first(households)
        return [self.wording("night.late", count=count, who=who)] if households else []

    def _over_asked(self, asked: Mapping[str, Any]) -> str:
        numbers = {key: self.wording.number(asked[key]) for key in ("asked_for", "open")}
        return self.wording("night.over_asked", place=self.place(asked["municipality"]), **numbers)

    @property
    def wishes(self) -> str:
        """How many wishes were stated, and what came of them."""
        return wish_summary(self.facts["wishes"], self.wording)

    @property
    def since(self) -> str:
        """The previous night with which the page compares, in a sentence."""
        changes, wording = self.facts["changes"], self.wording
        if changes["previous"] is None:
            return wording("night.first")
        text = wording(
            "night.since", previous=changes["previous"], same=wording.number(changes["same"])
        )
        return f"{text} {wording('night.other_policy')}" if changes["policy"] else text

    @property
    def moved(self) -> list[Mapping[str, Any]]:
        """Households with another suggestion: those who lost their place first, then new places."""
        moved: list[Mapping[str, Any]] = self.facts["changes"]["moved"]
        return sorted(moved, key=lambda row: (row["now"] is not None, row["before"] is not None))

    def place(self, number: str | None) -> str:
        """Return the name of a municipality; a dash for none."""
        return "–" if number is None else str(self.facts["names"].get(number, number))

    def why(self, moved: Mapping[str, Any]) -> list[str]:
        """Explain why a household's place changed: what happened, and how it led there."""
        return change_sentences(moved["why"], self.wording, self.place)

    def new(self, household: Mapping[str, Any]) -> str:
        """Name a household that is new in the queue, with the municipality suggested for it."""
        number = household["now"]
        place = self.wording("night.no_place") if number is None else self.place(number)
        return f"{household['household']} ({place})"

    def gone(self, household: Mapping[str, Any]) -> str:
        """Explain why a household is no longer in the queue."""
        status = household["status"] or "unknown"
        return self.wording(f"night.status.{status}", place=self.place(household["municipality"]))

    def reasons(self, household: Mapping[str, Any]) -> list[str]:
        """List why a household is not placed."""
        if household.get("pinned"):
            return [self._pinned(**household["pinned"])]
        if household.get("tied"):
            return [self._tied(**place) for place in household["tied"]]
        return [self._reason(reason) for reason in household["reasons"]]

    @property
    def proof(self) -> list[tuple[str, str]]:
        """What is proved for each level, in plain words."""
        levels = self.facts["proof"]["levels"]
        return [
            (self.wording(f"proof.{name}"), self._proof(name, level["gap"]))
            for name, level in zip(("places", "quality"), levels, strict=True)
        ]

    def _proof(self, name: str, gap: float | None) -> str:
        if gap is None or not math.isfinite(gap):
            return self.wording(f"proof.{name}_unproved")
        if gap <= OPTIMALITY_TOLERANCE:
            return self.wording(f"proof.{name}_proved")
        return self.wording(f"proof.{name}_gap", gap=self.wording.at_most(gap))

    def _alarm(self, alarm: Mapping[str, Any]) -> str:
        key = alarm["kind"].replace(" ", "_").replace("-", "_")
        return self.wording(
            f"night.alarm.{key}",
            place=self.place(alarm["municipality"]),
            persons=self.wording.count("person", abs(alarm["persons"])),
            number=self.wording.number(abs(alarm["persons"])),
            household=alarm["household"] or "",
            change=self.wording(f"night.{'more' if alarm['persons'] > 0 else 'fewer'}"),
        )

    def _faults(self, faults: Sequence[Mapping[str, Any]]) -> list[str]:
        """Write one line per kind of fault, with the first fault and the count."""
        return [
            self._fault(first, count) for _, _, count, first in count_faults_by_code(list(faults))
        ]

    def _fault(self, fault: Mapping[str, Any], count: int) -> str:
        place = {"value": fault["value"], "column": fault["column"] or "", "file": fault["table"]}
        values = {**place, **facts_in(self.wording.language, fault["facts"])}
        message = fault_text(fault["code"], "message", self.wording.language).format_map(values)
        number = fault.get("municipality")
        where = fault.get("household") or (number and self.place(number)) or fault["table"]
        text = f"{where}: {message}"
        more = self.wording("night.and_others", count=self.wording.number(count - 1))
        return text if count == 1 else f"{text} {more}"

    def _reason(self, reason: Mapping[str, Any]) -> str:
        late = reason.get("next_year", 0)
        year = date.fromisoformat(self.facts["run"]["day"]).year + 1 if late else 0
        return unplaced_reason(reason["rule"], reason["municipalities"], late, year, self.wording)

    def _pinned(self, municipality: str, rules: Sequence[str]) -> str:
        place, names = (
            self.place(municipality),
            [rule_title(r, self.wording.language) for r in rules],
        )
        key = "night.pinned" if rules else "night.pinned_taken"
        return self.wording(key, place=place, rules=", ".join(names))

    def _tied(self, municipality: str, reasons: Sequence[Mapping[str, Any]]) -> str:
        sentences = [render_reason(Reason(**r), self.wording.language) for r in reasons]
        key = "night.tied" if reasons else "night.tied_taken"
        return self.wording(key, place=self.place(municipality), reasons=" ".join(sentences))

    def _list_first(self, names: Sequence[str]) -> str:
        text = ", ".join(names[:5])
        return f"{text}, …" if len(names) > 5 else text

    def deadline(self, day: str | None) -> str:
        """Write a deadline; empty for none."""
        return "" if day is None else format_date(date.fromisoformat(day), self.wording.language)


def _is_over_asked(asked: Mapping[str, Any]) -> bool:
    """Return whether more is asked for than the policy wants, or than is open if it is silent."""
    limit = asked["open"] if asked["may_ask"] is None else asked["may_ask"]
    return bool(asked["asked_for"] > limit)


def count_faults_by_code(
    faults: list[Mapping[str, Any]],
) -> list[tuple[str, str, int, Mapping[str, Any]]]:
    """Group faults by kind: severity, code, count and the first fault; errors come first."""
    counted = Counter((fault["severity"], fault["code"]) for fault in faults)
    first = {(f["severity"], f["code"]): f for f in reversed(faults)}
    return [(*key, number, first[key]) for key, number in sorted(counted.items())]
