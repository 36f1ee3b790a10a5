"""The pages say what the code has: links lead somewhere, nothing is missing, tables are in step."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from api import create_app
from docs.generate import PAGES
from docs.writing.command import list_parameters, list_subcommands
from docs.writing.console_blocks import parse_commands
from docs.writing.markdown import read_parameters
from docs.writing.python_interface import MODULES
from matcher.policy.catalogue import load_catalogue
from matcher.policy.policy import Policy, list_policy_names
from matcher.settings import Settings, environment_variable
from matcher.solve import BACKENDS
from tests.docs.pages import DOCS, command, page

ALL = sorted(p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```", re.DOTALL)
DECISIONS = sorted(p for p in (DOCS / "decisions").glob("*.md") if p.name != "README.md")


def links(text: str) -> list[str]:
    """Targets of the links of a page, blocks of code left out."""
    return LINK.findall(CODE.sub("", text))


def anchors(text: str) -> set[str]:
    """Anchors of a page's headings, as the common forges make them."""
    headings = re.findall(r"^#+ (.*)$", CODE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("place", ALL)
def test_every_link_leads_somewhere(place):
    """Files are there, and headings within them; nothing points out of the project."""
    for link in links(page(place)):
        target, _, anchor = link.partition("#")
        found = (DOCS / place).parent / target if target else DOCS / place
        assert found.resolve().exists(), link
        if anchor:
            assert anchor in anchors(found.read_text(encoding="utf-8")), link


def test_every_page_is_reached_from_the_index():
    """Directly, or through the list of decisions."""
    reached, todo = set(), [DOCS / "README.md", DOCS / "decisions" / "README.md"]
    for index in todo:
        text = index.read_text(encoding="utf-8")
        reached |= {(index.parent / link.partition("#")[0]).resolve() for link in links(text)}
    assert {DOCS / p for p in ALL} - reached == {DOCS / "README.md"}


@pytest.mark.slow
@pytest.mark.parametrize("place", PAGES)
def test_generated_pages_are_in_step(place):
    """``make reference`` would change nothing."""
    assert page(place) == PAGES[place]()


@pytest.mark.parametrize("entry", load_catalogue().entries.values(), ids=lambda e: e.id)
def test_every_rule_and_term_is_told_in_full(entry):
    """Texts in both languages, source, parameters with meaning, and every reason."""
    text = page("reference/rules.md")
    assert f"\n### {entry.id}\n" in text
    assert entry.rule_type.source in text
    for language in entry.texts.values():
        assert all(sentence in text for sentence in language.values())
    assert all(
        f"`{entry.id}.{k}`" in text for k in entry.texts["en"].keys() - {"title", "sentence"}
    )
    meaning = read_parameters(entry.rule_type)
    for parameter in fields(entry.rule_type):
        assert f"| `{parameter.name}` | " in text
        assert len(meaning[parameter.name]) > 10


@pytest.mark.parametrize("name", list_policy_names())
def test_every_parameter_of_a_policy_is_in_the_table(name):
    """Each value that a policy states stands in the column of that policy."""
    policy, text = Policy.named(name), page("reference/policies.md")
    column = next(r for r in rows(text) if r[:2] == ["", "default"]).index(name)
    for section in (policy.rules, policy.terms):
        for identifier, stated in section.items():
            _, _, after = text.partition(f"| [`{identifier}`]")
            own = rows("| x" + re.split(r"^\| \[", after, flags=re.MULTILINE)[0])
            values = {r[0].strip("– `"): r[column] for r in own[1:] if len(r) > column}
            for key, value in stated.items():
                assert values[key] == str(value).lower(), (identifier, key)


@pytest.mark.parametrize("name", list_subcommands())
def test_every_option_that_help_shows_is_told(name):
    """What ``--help`` lists is in the page, under its subcommand, with something said of it."""
    _, shown = command(f"treffsikker {name} --help")
    _, _, after = page("reference/command.md").partition(f"\n## {name}\n")
    own = after.partition("\n## ")[0]
    options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", shown)) - {"--help"}
    assert options
    assert all(f"| `{o}" in own for o in options)
    assert all(len(g.help) > 5 for g in list_parameters(list_subcommands()[name]))


def test_the_guide_to_fitting_names_what_is_there():
    """Its commands take minutes and run elsewhere; here their names and options are held."""
    known = list_subcommands()
    for step in parse_commands(page("how-to/fit-your-own-stay-model.md")):
        words = step.command.partition("|")[0].split()
        if words[0] == "treffsikker":
            name = " ".join(words[1:3]) if words[1] == "stay" else words[1]
            options = {g.name for g in list_parameters(known[name])}
            assert {w for w in words if w.startswith("--")} <= options, step.command
            assert step.output or "|" in step.command, step.command


@pytest.mark.parametrize("name", BACKENDS)
def test_every_backend_is_in_the_guide(name):
    """With what it is and whether it proves anything."""
    own = [r for r in rows(page("how-to/use-another-solver.md")) if r[0] == f"`{name}`"]
    assert [r[2] in ("yes", "no") for r in own] == [True]


def test_every_public_package_of_the_library_is_in_the_python_page():
    """A part that someone may import is told of, but for what the command is made of."""
    parts = {p.stem for p in (DOCS.parent / "matcher").iterdir() if not p.stem.startswith("_")}
    told = {name.split(".")[1] for name in MODULES if "." in name}
    inner = {"cli", "py"}
    assert parts - told - inner == set()


def rows(text: str) -> list[list[str]]:
    """Cells of every row of the tables of a text."""
    found = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found]


def test_every_word_of_the_glossary_has_three_languages_and_a_meaning():
    """No cell is empty, and no English word comes twice."""
    words = [r for r in rows(page("glossary.md")) if r[0] not in ("English", "---")]
    assert len(words) > 100
    assert all(len(row) == 4 and all(row) for row in words)
    english = [row[0].partition(",")[0] for row in words]
    assert sorted(english) == sorted(set(english))


def test_the_glossary_has_the_names_of_the_domain():
    """Each class that stands for a thing of the field is found by its name in the code."""
    from matcher import domain  # noqa: PLC0415

    things = {n for n in domain.__all__ if n[0].isupper()} - {"PairProbabilities", "WishKind"}
    assert [n for n in sorted(things) if f"`{n}`" not in page("glossary.md")] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda p: p.stem)
def test_a_decision_has_its_date_and_three_parts(decision: Path):
    """Context, decision, consequences, each with something in it; and its place in the list."""
    text = decision.read_text(encoding="utf-8")
    number = int(decision.stem[:4])
    assert [int(p.stem[:4]) for p in DECISIONS].count(number) == 1
    assert text.startswith(f"# {number}. ")
    assert re.search(r"^Date: \d{4}-\d\d-\d\d\. Status: ", text, re.MULTILINE)
    parts = re.split(r"^## (.*)$", text, flags=re.MULTILINE)[1:]
    assert parts[::2] == ["Context", "Decision", "Consequences"]
    assert all(len(part.split()) > 20 for part in parts[1::2])
    title = text.splitlines()[0].partition(". ")[2]
    assert f"{number}. [{title}]({decision.name})" in page("decisions/README.md")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_table(name):
    """With what it is, in the words of its definition."""
    line = f"| `{environment_variable(name)}` | {Settings.model_fields[name].description} |"
    assert line in page("reference/settings.md")


def test_every_endpoint_is_told_with_who_may_use_it():
    """What the application answers to, and nothing else."""
    described = create_app(Settings(development=True)).openapi()["paths"]
    wanted = {f"## {method.upper()} {path}" for path, said in described.items() for method in said}
    told = {line for line in page("reference/endpoints.md").splitlines() if line[:3] == "## "}
    assert told == wanted
    assert page("reference/endpoints.md").count("\nWho may: ") == len(wanted)
