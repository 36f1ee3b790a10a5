"""The pages on adding a rule and a term: their files, copied as they stand, do what they say."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docs.writing.console_blocks import parse_commands
from matcher.domain.errors import CatalogueError
from matcher.policy import reason_texts as texts
from matcher.policy.catalogue import ENTRY_POINT_GROUP, load_catalogue
from tests.docs.pages import ROOT, command, named_files, page

PAGES = {
    "add-a-rule": (
        "soon_when_overdue",
        "Oslo: In Oslo the household could move in within 57 days; the limit is 30.",
        "Snart når fristen er ute: utelukker",
    ),
    "add-a-pair-effect": (
        "known_place",
        "  A place they know: Already lives in Oslo: +0.0",
        "  Kjent sted: Bor alt i Oslo: +0,0",
    ),
    "add-a-term": (
        "car_needed",
        "       -100  Without a car",
        "",
    ),
}


@pytest.fixture(params=PAGES)
def name(request, tmp_path, monkeypatch) -> Iterator[str]:
    """A page's files in a folder of their own, known to Python as an installed package."""
    install(page(f"how-to/{request.param}.md"), tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    forget()
    yield request.param
    monkeypatch.undo()
    forget()


def install(text: str, folder: Path) -> None:
    """Write a page's files, and what ``pip install -e .`` would say of its entry points."""
    for place, content in {**named_files(text), "ours/__init__.py": ""}.items():
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_text(content, encoding="utf-8")
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    about = folder / f"{project['name']}-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    points = "\n".join(f"{k} = {v}" for k, v in project["entry-points"][ENTRY_POINT_GROUP].items())
    (about / "entry_points.txt").write_text(f"[{ENTRY_POINT_GROUP}]\n{points}\n")


def forget() -> None:
    """Let the catalogue be made anew, with what is installed by now."""
    for module in [m for m in sys.modules if m.partition(".")[0] == "ours"]:
        del sys.modules[module]
    load_catalogue.cache_clear()
    texts._texts.cache_clear()


@pytest.mark.slow
def test_the_pages_commands_know_the_new_shape(name):
    """Rule book, plan, ranking and explanation, in either language, without a change elsewhere."""
    shape, english, norwegian = PAGES[name]
    printed = ""
    for step in parse_commands(page(f"how-to/{name}.md")):
        code, out = command(step.command)
        assert code == 0, (step.command, out)
        printed += out
    assert f"\n{shape}\tyes\t" in printed
    assert english in printed
    assert norwegian in printed
    assert Path("small/plan/report.html").is_file()


def test_the_pages_own_tests_hold(name):
    """Each test that a page shows is true of what the page shows."""
    shape, _, _ = PAGES[name]
    scope: dict[str, Any] = {}
    exec(named_files(page(f"how-to/{name}.md"))[f"test_{shape}.py"], scope)
    tests = [value for key, value in scope.items() if key.startswith("test_")]
    assert len(tests) >= 3
    for test in tests:
        test()


def test_an_entry_point_that_names_no_class_is_told(tmp_path, monkeypatch):
    """A function under the entry points ends in a sentence, not in a riddle."""
    text = page("how-to/add-a-rule.md").replace(":SoonWhenOverdue", ":earliest_days")
    install(text, tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    forget()
    with pytest.raises(CatalogueError, match="earliest_days is no class"):
        load_catalogue()
    monkeypatch.undo()
    forget()


@pytest.mark.slow
@pytest.mark.parametrize(("of", "section"), [("add-a-rule", "rules"), ("add-a-term", "terms")])
def test_two_files_in_the_project_are_enough_as_well(tmp_path, of, section):
    """In a copy of the project, the files beside the others are found and can be switched on."""
    for package in ("matcher", "instances"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    for place, content in named_files(page(f"how-to/{of}.md")).items():
        target = Path("matcher/policy") / section / Path(place).name
        (tmp_path / (target if place.startswith("ours/") else place)).write_text(content, "utf-8")
    run = "from matcher.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", run, "rules", "--policy", "ours.toml", "--language", "en"],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"\n{PAGES[of][0]}\tyes\t" in done.stdout
