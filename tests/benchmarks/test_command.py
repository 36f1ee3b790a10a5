"""``treffsikker bench``: exit codes, tables and files."""

import csv
import json
import os
import signal

import pytest
from typer.testing import CliRunner

from benchmarks import command
from benchmarks.references import REFERENCES
from matcher.cli import main
from matcher.cli.bench import load_benchmarks
from matcher.solve import BACKENDS
from tests.benchmarks.made import baseline, failed, proved

STUBS = "tests.benchmarks.stubs"


def invoke(*arguments):
    return CliRunner().invoke(command.group, list(arguments))


@pytest.fixture
def measuring(monkeypatch):
    """Give what a run measures, without measuring; what was asked is kept in the list."""
    asked = []

    def give(*rows):
        def measured(cells, patience, watch):
            asked.extend(cells)
            yield from rows

        monkeypatch.setattr(command, "measure_cells", measured)
        return asked

    return give


@pytest.mark.slow
def test_smoke_fails_where_a_backend_fails():
    """One failing backend is named, and the other is still in the table."""
    result = invoke("--smoke", "--backends", f"greedy,{STUBS}:raising")
    assert result.exit_code == 1
    assert "the numbers ran out" in result.stderr
    table = csv.DictReader(result.stdout.splitlines(), delimiter="\t")
    assert [line["outcome"] for line in table] == ["unproved", "failed"]


def test_smoke_is_fine_where_backends_are(measuring):
    """It asks every backend for the small case with one seed, for seconds only."""
    asked = measuring(proved(), baseline())
    result = invoke("--smoke", "--cases", "night", "--seeds", "1,2,3")
    assert result.exit_code == 0
    assert {(task.case, task.seed) for task in asked} == {("small", 1)}
    assert [task.backend for task in asked] == [*REFERENCES, *BACKENDS]
    assert {task.seconds for task in asked} == {command.SMOKE_SECONDS}


@pytest.mark.parametrize("outcome", ["refused", "crashed", "timed out", "no plan"])
def test_a_cell_without_a_plan_fails_the_run(measuring, outcome):
    """Whatever the reason."""
    measuring(proved(), failed(outcome=outcome))
    assert invoke("--smoke").exit_code == 1


def test_exact_backends_that_differ_fail_the_run(measuring):
    """Both say proved, and one is above what the other says is possible."""
    measuring(proved(), proved("cpsat", value_2=1100.0, bound_2=1100.0))
    result = invoke("--smoke")
    assert result.exit_code == 1
    assert "is the most" in result.stderr


def test_piped_tables_are_tab_separated(measuring):
    """A heading and a line a cell, as many fields in each."""
    measuring(proved(), baseline())
    lines = [line.split("\t") for line in invoke().stdout.splitlines()]
    assert len(lines) == 3
    assert len({len(line) for line in lines}) == 1
    assert lines[0][:3] == ["case", "backend", "seed"]


@pytest.mark.parametrize(
    ("arguments", "own"),
    [
        ((), "highs"),
        (("--reference", "greedy"), "greedy"),
        (("--backends", "lp,greedy"), "greedy"),
    ],
)
def test_ratios_refer_to_highs_unless_another_is_named(measuring, arguments, own):
    """The reference has ratio 1; without highs it is the first backend."""
    measuring(proved(), baseline(total_seconds=3.0))
    lines = csv.DictReader(invoke(*arguments).stdout.splitlines(), delimiter="\t")
    assert [line["backend"] for line in lines if line["time ratio"] == "1.00"] == [own]


def test_several_seeds_have_their_medians_printed(measuring):
    """A second table follows the first."""
    measuring(proved(), proved(seed=2), proved(seed=3))
    headings = [line for line in invoke().stdout.splitlines() if line.startswith("case\t")]
    assert len(headings) == 2
    assert "seeds" in headings[1].split("\t")


def test_rows_are_written_as_json_with_day_and_machine(measuring, tmp_path):
    """What was measured, when by the caller's word, and on what."""
    measuring(proved())
    path = tmp_path / "rows.json"
    assert invoke("--out", str(path), "--date", "2031-02-03").exit_code == 0
    content = json.loads(path.read_text(encoding="utf-8"))
    assert content["date"] == "2031-02-03"
    assert {"cores", "processor", "Python", "highspy"} <= content.keys()
    assert content["rows"][0]["value_2"] == 1000


def test_rows_are_written_as_csv(measuring, tmp_path):
    """A line a cell; what is not known is empty."""
    measuring(proved(), baseline())
    path = tmp_path / "rows.csv"
    assert invoke("--out", str(path), "--date", "2031-02-03").exit_code == 0
    with path.open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["gap_2"], second["gap_2"]) == ("0.001", "")
    assert first["date"] == "2031-02-03"


def test_a_section_is_written_where_asked(measuring, tmp_path):
    """The page lies in the folder named."""
    measuring(proved())
    result = invoke("--write", "--date", "2031-02-03", "--into", str(tmp_path))
    assert result.exit_code == 0
    assert "## 2031-02-03" in (tmp_path / "RESULTS.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_was_measured_until_an_interruption_is_printed(monkeypatch, number):
    """Control-C, or being asked to stop in the background, ends the run and not the table."""

    def measured(cells, patience, watch):
        yield proved()
        os.kill(os.getpid(), number)
        yield failed()

    monkeypatch.setattr(command, "measure_cells", measured)
    result = invoke()
    assert "Interrupted" in result.stderr
    assert "night\thighs" in result.stdout
    assert "pulp" not in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--write",),
        ("--date", "3 February"),
        ("--out", "rows.xml"),
        ("--cases", "smal"),
        ("--backends", "gredy"),
        ("--seeds", "one"),
        ("--seeds", ","),
        ("--cases", "night:many"),
        ("--cases", "nigth:40"),
        ("growth", "--households", "40,many"),
        ("growth", "--households", ""),
        ("growth", "--write"),
        ("growth", "--plot", "growth.png"),
    ],
)
def test_wrong_usage_has_its_own_exit_code(measuring, arguments):
    """Nothing is measured then."""
    asked = measuring(proved())
    assert invoke(*arguments).exit_code == 2
    assert asked == []


@pytest.mark.slow
def test_growth_is_drawn_and_written(tmp_path):
    """Small queues, really measured: a line a cell, a picture where asked, a section with one."""
    picture = tmp_path / "docs" / "growth.svg"
    result = invoke(
        "growth",
        "--households",
        "20,10",
        "--backends",
        "greedy",
        "--seconds",
        "5",
        "--plot",
        str(picture),
        "--write",
        "--date",
        "2031-02-03",
        "--into",
        str(tmp_path),
    )
    assert result.exit_code == 0, result.stderr
    table = list(csv.DictReader(result.stdout.splitlines(), delimiter="\t"))
    cases = [(line["case"], line["backend"]) for line in table]
    assert cases == [("small:10", "greedy"), ("small:20", "greedy")]
    assert picture.read_text(encoding="utf-8").count("greedy") == 1
    page = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "- `small:20`: 20 households as in profile `small`." in page
    assert (tmp_path / "plots" / "2031-02-03-1.svg").exists()


def test_growth_keeps_what_was_measured_until_an_interruption(monkeypatch, tmp_path):
    """Control-C ends the run; table, page and picture have the cells before it."""

    def grown(cells, patience, throughout, watch):
        yield proved(case="small:40", households=40)
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "measure_growth", grown)
    result = invoke("growth", "--plot", str(tmp_path / "growth.svg"))
    assert "Interrupted" in result.stderr
    assert "small:40\thighs" in result.stdout
    assert (tmp_path / "growth.svg").exists()


def run_main(monkeypatch, *words):
    monkeypatch.setattr("sys.argv", ["treffsikker", "bench", *words])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


@pytest.mark.slow
def test_the_command_of_the_project_measures(monkeypatch, capsys):
    """``treffsikker bench`` is the benchmarks' own command, found by name."""
    assert run_main(monkeypatch, "--smoke", "--backends", "greedy") == 0
    assert "small\tgreedy\t1" in capsys.readouterr().out


@pytest.mark.parametrize("words", [(), ("--smoke",), ("growth", "--households", "40")])
@pytest.mark.parametrize(
    ("language", "sentence"), [("nb", "ikke installert"), ("en", "not installed")]
)
def test_where_there_are_no_benchmarks_a_sentence_says_so(
    monkeypatch, capsys, words, language, sentence
):
    """Whatever was asked of them; no traceback, and nothing measured."""
    monkeypatch.setattr(
        "matcher.cli.bench.group", load_benchmarks("treffsikker_without_benchmarks")
    )
    assert run_main(monkeypatch, *words, "--language", language) == 2
    assert sentence in capsys.readouterr().err


def test_a_fault_within_the_benchmarks_is_not_taken_for_their_absence(tmp_path, monkeypatch):
    """Something that they need and that is missing is named."""
    (tmp_path / "measuring_with_fault.py").write_text("import needed_and_missing\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="needed_and_missing"):
        load_benchmarks("measuring_with_fault")
