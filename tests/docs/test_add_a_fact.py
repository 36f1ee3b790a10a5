"""The page on adding a fact: its four files, applied to a copy, bring the fact everywhere."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import indent

import pytest

from docs.writing.console_blocks import parse_commands
from tests.docs.pages import ROOT, named_files, page

pytestmark = pytest.mark.slow
GUIDE = page("how-to/add-a-fact.md")
FACT = "kindergarten"
NEEDS_FILE = "matcher/domain/needs.py"
LIST_END = "\n\n@need_sheet\nclass HouseholdNeeds"
FACTS_OF_COPY = """
import json, sys
from dataclasses import fields
from pathlib import Path

from api.households.fact_schemas import MemberFacts
from api.municipalities.service import SERVICES
from api.proposals.service import MEMBER_NEEDS
from instances import Profile
from matcher.domain import Answer, Municipality, Person
from matcher.domain.tables import build_tables
from matcher.files import read
from matcher.files.reference import reference_page
from matcher.files.schema import schema

instance = read(Path("small"))
tables = build_tables(instance)
persons = [p for h in instance.households for p in h.members]
described = {
    table: schema().tables[table].columns["kindergarten"].nb
    for table in ("members", "municipalities")
}
properties = MemberFacts.model_json_schema()["properties"]
json.dump(
    {
        "fields": [type_.__name__ for type_ in (Person, Municipality)
                   if "kindergarten" in [f.name for f in fields(type_)]],
        "default": Person("P").kindergarten is Answer.UNKNOWN,
        "files": described,
        "reference": reference_page().count("| `kindergarten` |"),
        "made_up": [c for c in instance.made_up if c.endswith(".kindergarten")],
        "schemas": [properties["kindergarten"], properties["lar"]],
        "service": "kindergarten" in SERVICES,
        "proposal": "kindergarten" in MEMBER_NEEDS,
        "profile": Profile.read("small").listed_needs["kindergarten"],
        "ages_with_need": [p.age for p in persons if p.kindergarten is Answer.YES],
        "answers_of_places": sorted({int(m.kindergarten) for m in instance.municipalities}),
        "needing_units": int((tables.households.kindergarten == Answer.YES).sum()),
        "offering_places": int((tables.municipalities.kindergarten == Answer.YES).sum()),
    },
    sys.stdout,
)
"""
HARD_RULE_OF_COPY = """
import json, sys
from pathlib import Path

import numpy as np

from matcher import Policy, Problem
from matcher.domain import Answer
from matcher.files import read
from matcher.policy.reason_texts import render_reason
from matcher.ranking.rule_checks import RuleChecks

instance = read(Path("small"))
bare = Policy("bare")
without = Problem.of(instance, bare).program.allowed
problem = Problem.of(instance, bare.with_rule("kindergarten"))
needed = problem.households.kindergarten == Answer.YES
offered = problem.municipalities.kindergarten == Answer.YES
missing = problem.municipalities.kindergarten == Answer.NO
barred = without & ~problem.program.allowed
i, j = int(np.flatnonzero(needed)[0]), int(np.flatnonzero(missing)[0])
(check,) = RuleChecks.of_unit(problem, i).broken_rules(0, j)
json.dump(
    {
        "bars_what_it_says": bool((barred == (needed[:, None] & ~offered[None, :])).all()),
        "bars": int(barred.sum()),
        "reasons": [render_reason(check.reason, language) for language in ("nb", "en")],
        "place": str(problem.municipalities.name[j]),
    },
    sys.stdout,
)
"""


def python(folder: Path, code: str, *arguments: str) -> str:
    """Run Python code on the project in a folder; its standard output."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def with_entry(list_of_needs: str, entry: str) -> str:
    """The list of needs with an entry below the last one of persons."""
    before, end, after = list_of_needs.partition(LIST_END)
    assert end
    return before + indent(entry, "    ") + end + after


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the project to which the page's files are applied, with its synthetic queue."""
    folder = tmp_path_factory.mktemp("copy")
    for package in ("matcher", "instances", "api"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, folder / package, ignore=ignore)
    for place, content in named_files(GUIDE).items():
        target = folder / place
        whole = with_entry(target.read_text("utf-8"), content) if place == NEEDS_FILE else content
        target.write_text(whole, "utf-8")
    return folder


@pytest.fixture(scope="module")
def printed(copy) -> dict[str, str]:
    """What the commands of the page print in the copy, by command."""
    run = "from matcher.cli import main; main()"
    steps = parse_commands(GUIDE)
    return {s.command: python(copy, run, *s.command.split()[1:]) for s in steps}


@pytest.fixture(scope="module")
def facts(copy, printed) -> dict[str, object]:
    """Where the new fact arrived in the copy."""
    return json.loads(python(copy, FACTS_OF_COPY))


def test_the_page_touches_at_most_four_files():
    """The entry, the rule, its texts and a policy; nothing else."""
    files = named_files(GUIDE)
    assert len(files) <= 4
    assert set(files) == {
        NEEDS_FILE,
        f"matcher/policy/rules/{FACT}.py",
        f"matcher/policy/rules/{FACT}.toml",
        "ours.toml",
    }


def test_the_project_does_not_have_the_fact_already():
    """Otherwise the other tests would hold without the page."""
    assert FACT not in (ROOT / NEEDS_FILE).read_text("utf-8")


def test_persons_and_municipalities_have_the_field(facts):
    """It is unknown until somebody answers."""
    assert facts["fields"] == ["Person", "Municipality"]
    assert facts["default"] is True


def test_files_have_the_columns_with_the_texts_of_the_entry(facts, copy):
    """In the schema, in the reference, in what is written, and among the synthetic columns."""
    assert facts["files"] == {
        "members": "Trenger barnehageplass nå.",
        "municipalities": "Har ledige barnehageplasser.",
    }
    assert facts["reference"] == 2
    assert facts["made_up"] == [f"members.{FACT}", f"municipalities.{FACT}"]
    for table in ("members", "municipalities"):
        header = (copy / "small" / f"{table}.csv").read_text("utf-8").splitlines()[0]
        assert header.split(",").count(FACT) == 1


def test_the_service_shows_the_need_and_the_service(facts):
    """In the facts of a member, in proposals, and among a municipality's services."""
    fact, lar = facts["schemas"]
    assert fact.pop("description") == "Needs a place in kindergarten now."
    assert lar.pop("description") == "Needs opioid substitution treatment (LAR)."
    assert fact == lar
    assert facts["service"] is True
    assert facts["proposal"] is True


def test_synthetic_queues_draw_need_and_service(facts):
    """By the ages and shares of the entry."""
    assert facts["profile"] == 0.8
    assert facts["ages_with_need"]
    assert all(age is None or 1 <= age <= 5 for age in facts["ages_with_need"])
    assert {0, 1} <= set(facts["answers_of_places"])


def test_the_tables_have_the_columns(facts):
    """For units and for municipalities, with the answers of the instance."""
    assert facts["needing_units"] > 0
    assert facts["offering_places"] > 0


def test_the_rule_is_in_force_and_bars_what_it_says(copy, printed):
    """A need is met where the service is known to exist, and the reason names the municipality."""
    result = json.loads(python(copy, HARD_RULE_OF_COPY))
    assert result["bars"] > 0
    assert result["bars_what_it_says"] is True
    norwegian, english = result["reasons"]
    assert norwegian == f"{result['place']} har ingen ledige barnehageplasser."
    assert english == f"{result['place']} has no free places in kindergarten."
    rules = next(text for command, text in printed.items() if " rules " in command)
    assert f"\n{FACT}\tyes\t" in rules


def test_earlier_facts_are_drawn_as_before(copy, printed):
    """A new fact changes no other column of the synthetic persons."""
    run = "from matcher.cli import main; main()"
    before = copy.parent / "before"
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{run}"
    python(copy.parent, code, "generate", "small", "--seed", "1", "--out", str(before))
    assert without_fact(copy / "small" / "members.csv") == without_fact(before / "members.csv")


def without_fact(path: Path) -> list[list[str]]:
    """Cells of a CSV file without the column of the fact."""
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    column = rows[0].index(FACT) if FACT in rows[0] else None
    return [row if column is None else row[:column] + row[column + 1 :] for row in rows]
