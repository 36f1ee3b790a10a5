"""Commands and code of the tutorial and the guides run as they stand."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from docs.writing.console_blocks import ConsoleCommand, parse_commands
from tests.docs.pages import command, named_files, page, python_blocks

pytestmark = pytest.mark.slow
GUIDES = (
    "change-a-policy",
    "compare-two-policies",
    "bring-your-own-probabilities",
    "use-another-solver",
    "read-the-report",
    "verify-a-plan",
    "back-up-the-store",
)
REQUIREMENTS = "Requirements that rule out municipalities:\n"


def write_files(text: str) -> None:
    """Write a page's named files into the current folder."""
    for place, content in named_files(text).items():
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        Path(place).write_text(content, encoding="utf-8")


def run_python(code: str, name: str = "page") -> str:
    """Run a block and give what it prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "block of the page", "exec"), {"__name__": name})
    return out.getvalue()


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guides_commands_and_code_run(guide, tmp_path, monkeypatch):
    """On the small queue, in the order of the page: commands first, then Python."""
    monkeypatch.chdir(tmp_path)
    text = page(f"how-to/{guide}.md").replace('"tonight/"', '"small/"')
    assert command("treffsikker generate small --seed 1 --out small")[0] == 0
    write_files(text)
    for step in parse_commands(text):
        code, out = command(step.command)
        assert code == 0, (step.command, out)
    for block in python_blocks(text):
        run_python(block)
    assert parse_commands(text) or python_blocks(text)


def test_the_guide_to_very_large_queues_places_one():
    """Its own blocks through a cluster: everyone, with a bound above 0 and a small gap."""
    (block,) = python_blocks(page("how-to/place-a-very-large-queue.md"))
    persons, bound, gap = map(float, run_python(block, "__main__").split())
    assert persons > 1_200
    assert bound > 0
    assert 0 <= gap < 0.05


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory) -> list[tuple[ConsoleCommand, int, str]]:
    """Every command of the tutorial with its exit code and output; the plan is a greedy one."""
    done = []
    with contextlib.chdir(tmp_path_factory.mktemp("tutorial")):
        text = page("tutorial/first-night.md")
        for step in parse_commands(text):
            quick = " --backend greedy" if step.command.startswith("treffsikker plan") else ""
            done.append((step, *command(step.command + quick)))
        for block in python_blocks(text):
            printed = run_python(block.replace("seed=1", 'backend="greedy"'))
            done.append((ConsoleCommand("python", ""), 0, printed))
    return done


def without_opened(text: str) -> str:
    """The text without what relaxing a requirement would open: that is counted beside the plan."""
    return re.sub(r"; (relaxing it alone|uten dette kravet).*", "", text).strip()


def of(tutorial, start: str) -> list[tuple[ConsoleCommand, int, str]]:
    """The commands that begin so."""
    return [done for done in tutorial if done[0].command.startswith(start)]


def test_the_tutorials_commands_end_well(tutorial):
    """All but the check of the two broken files."""
    codes = [code for _, code, _ in tutorial]
    assert sum(codes) == 1
    assert of(tutorial, "treffsikker check")[1][1] == 1


@pytest.mark.parametrize(
    "start",
    ["treffsikker generate", "treffsikker check", "treffsikker explain tonight --household H-0229"],
)
def test_what_does_not_hang_on_the_plan_is_printed_as_the_page_has_it(tutorial, start):
    """The queue, its faults, and why a household has nowhere to go: word by word."""
    for step, _, out in of(tutorial, start):
        assert without_opened(out) == without_opened(step.output), step.command


def test_what_is_ruled_out_is_printed_as_the_page_has_it(tutorial):
    """For households that are placed too, whatever the plan."""
    compared = 0
    for step, _, out in of(tutorial, "treffsikker explain"):
        if REQUIREMENTS in step.output:
            said, is_so = (t.split(REQUIREMENTS)[1].split("\n\n")[0] for t in (step.output, out))
            assert sorted(without_opened(said).splitlines()) == sorted(
                without_opened(is_so).splitlines()
            ), step.command
            compared += 1
    assert compared == 3


def test_the_tutorials_python_says_the_same_as_its_commands(tutorial):
    """The last requirement printed is the one that the command lists."""
    ((_, _, printed),) = of(tutorial, "python")
    assert "None 0\n" in printed
    assert "Requirement(rule='family_tie', barred_count=356" in printed
    assert "H-0047: 64 of 357 municipalities allowed" in printed
