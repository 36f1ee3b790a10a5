"""``treffsikker prices`` shows what is scarce, in words and pictures."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from matcher import Problem, read
from matcher.analysis.bottlenecks import find_bottlenecks, sum_prices_by_municipality
from matcher.cli.app import app
from matcher.report.results import read_result

pytestmark = pytest.mark.slow
RUNNER = CliRunner()


def run(*words: object) -> Result:
    result = RUNNER.invoke(app, [str(w) for w in words])
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def tonight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prices") / "tonight"
    run("generate", "small", "--seed", 1, "--out", folder)
    run("plan", folder, "--seconds", 30)
    return folder


def test_every_scarce_place_is_told_with_what_the_file_of_prices_says(tonight: Path) -> None:
    """The highest first, layers of one rule and municipality together, full by the plan."""
    told = json.loads(run("prices", tonight, "--json", "--top", 1000).stdout)["places"]
    saved = pd.read_csv(tonight / "plan" / "prices.csv")
    places = saved[saved["rule"].isin({row["rule"] for row in told})]
    sums = places.groupby(["rule", "group"])["price"].sum()
    sums = sums[sums >= 0.5].sort_values(ascending=False)
    assert len(told) >= 3
    assert [row["price"] for row in told] == pytest.approx(sums.to_numpy())
    # A place with a price is used up: complementary slackness, and a plan without a gap.
    assert all(row["used"] == row["limit"] for row in told)


@pytest.mark.parametrize(("language", "said"), [("nb", "Plasser i år"), ("en", "Places this year")])
def test_people_see_titles_in_their_language_and_no_more_than_they_ask_for(
    tonight: Path, language: str, said: str
) -> None:
    everything = run("prices", tonight, "--language", language).stdout
    assert said in everything
    few = run("prices", tonight, "--language", language, "--top", 1).stdout
    assert len(few.splitlines()) == 4


def test_the_pictures_name_the_scarcest_and_need_nothing_else(
    tonight: Path, tmp_path: Path
) -> None:
    """As SVG and HTML well formed, with the text for those who cannot see them; PNG as PNG."""
    for ending in ("svg", "png", "html"):
        run("prices", tonight, "--out", tmp_path / f"p.{ending}", "--language", "en")
    svg = (tmp_path / "p.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert svg[svg.index("<svg") :] in page
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    for text in (svg, page):
        assert "Scarcest: Lørenskog: Dwelling 325" in text
    assert '<td>Lørenskog</td><td>Dwelling</td><td class="number">325</td>' in page
    assert "src=" not in page


def test_the_same_prices_draw_the_same_picture(tonight: Path, tmp_path: Path) -> None:
    for name in ("one.svg", "other.svg"):
        run("prices", tonight, "--out", tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()


def test_a_picture_of_another_kind_is_refused(tonight: Path, tmp_path: Path) -> None:
    words = ["prices", str(tonight), "--out", str(tmp_path / "p.doc")]
    result = RUNNER.invoke(app, words)
    assert isinstance(result.exception, ValueError)
    assert ".svg" in str(result.exception)


def test_circles_stand_for_all_that_is_scarce_in_a_municipality(tonight: Path) -> None:
    """What is worth something there adds up; elsewhere there is nothing."""
    problem, saved = Problem.of(read(tonight)), read_result(tonight / "plan")
    prices = saved.prices_for(problem)
    assert prices is not None
    rows = find_bottlenecks(problem, prices, problem.to_choice(saved.plan))
    worth = sum_prices_by_municipality(problem, rows)
    assert worth.sum() == pytest.approx(sum(row.price for row in rows))
    named = {problem.municipality_row(n) for row in rows for n in row.numbers}
    assert set(np.flatnonzero(worth)) == named


def test_where_nothing_is_scarce_that_is_said(tonight: Path, tmp_path: Path) -> None:
    """Prices of dispersion alone are none of places."""
    plan = tmp_path / "plan"
    plan.mkdir()
    for file in (tonight / "plan").iterdir():
        (plan / file.name).write_bytes(file.read_bytes())
    prices = pd.read_csv(plan / "prices.csv")
    prices[prices["rule"].str.endswith("_share")].to_csv(plan / "prices.csv", index=False)
    words = ("prices", tonight, "--plan", plan, "--language", "en", "--out", plan / "p.svg")
    assert "No places are scarce" in run(*words).stdout
    assert "No places are scarce" in (plan / "p.svg").read_text(encoding="utf-8")
