"""The page as a whole: well-formed, self-contained, repeatable, safe, in both languages."""

from dataclasses import replace

import pytest

from matcher.domain import Plan
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.report import html
from matcher.solve import solve
from tests.random_instances import random_instance
from tests.report.conftest import night
from tests.report.markup import parse

pytestmark = pytest.mark.slow
LANGUAGES = ("nb", "en")
HOSTILE = "<script>alert('x')</script>&amp;\"H"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", ["solved", "without_plan", "empty_queue"])
def test_every_page_is_well_formed_and_says_its_language(case, language, request):
    page = parse(html(*request.getfixturevalue(case), language=language))
    assert page.one("html").attributes["lang"] == language
    assert len(page.all("h1")) == 1


@pytest.mark.parametrize("municipalities", [1, 2])
def test_a_report_of_one_or_two_municipalities_is_well_formed(municipalities):
    page = parse(html(*night(seed=2, municipalities=municipalities)))
    assert len(page.all("circle", class_="seat")) == municipalities


def test_identifiers_are_unique_and_every_reference_to_one_leads_somewhere(solved):
    root = parse(html(*solved)).one("html")
    elements = [root]
    for element in elements:
        elements.extend(element.children)
    identifiers = [e.attributes["id"] for e in elements if "id" in e.attributes]
    references = [
        e.attributes["aria-labelledby"] for e in elements if "aria-labelledby" in e.attributes
    ]
    assert len(identifiers) == len(set(identifiers))
    assert references and set(references) <= set(identifiers)


def test_every_picture_has_a_text_or_is_hidden_from_those_who_listen(solved):
    for picture in parse(html(*solved)).all("svg"):
        named = picture.attributes.get("role") == "img" and picture.all("title")[0].text
        assert named or picture.attributes.get("aria-hidden") == "true"


def test_every_table_has_a_caption_and_every_head_cell_a_scope(solved):
    page = parse(html(*solved))
    assert all(table.one("caption").text for table in page.all("table"))
    assert all("scope" in cell.attributes for cell in page.all("th"))


def test_the_page_loads_nothing_and_runs_nothing(solved):
    page = html(*solved, plan_file="plan.csv").lower()
    for word in ("://", "<script", "@import", "url(", "src=", "<link", "<iframe", "javascript:"):
        assert word not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_result_gives_the_same_bytes(solved, language):
    problem, result = solved
    again = Problem.of(random_instance(5, 40, 6))
    assert html(problem, result, language=language) == html(again, result, language=language)


def test_hostile_names_are_shown_as_text_and_never_become_markup():
    instance = random_instance(5, 6, 3)
    mine = (replace(instance.households[0], id=HOSTILE), *instance.households[1:])
    places = tuple(replace(m, name=HOSTILE, county=HOSTILE) for m in instance.municipalities)
    hostile = instance.replace(
        households=mine, municipalities=places, name=HOSTILE, links=(), earlier_plan=Plan()
    )
    policy = replace(Policy.default(), name=HOSTILE, decided_by=HOSTILE)
    problem = Problem.of(hostile, policy)
    page = html(problem, solve(problem, backend="greedy"), plan_file=HOSTILE)
    assert "<script" not in page
    assert HOSTILE in parse(page).one("header").text
    assert HOSTILE in parse(page).one("main").text


def test_a_link_to_the_plan_file_leads_to_a_file_and_cannot_run_anything():
    default = Policy.default()
    many = night(households=100, policy=default.without(*default.rules))
    (link,) = parse(html(*many, plan_file="javascript:alert(1)")).all("a")
    assert link.attributes["href"] == "javascript%3Aalert%281%29"
    assert link.text == "javascript:alert(1)"


def test_a_language_without_texts_is_refused_by_name(solved):
    with pytest.raises(KeyError, match="fr"):
        html(*solved, language="fr")  # type: ignore[arg-type]


def test_made_up_data_are_announced_at_the_top_and_listed_at_the_bottom(solved):
    problem, result = solved
    named = ("households.id", "municipalities.decided")
    made_up = Problem.of(problem.instance.replace(made_up=named))
    page = parse(html(made_up, result, language="en"))
    assert "Synthetic data" in page.one("header").text
    assert "No real households are included" in page.one("header").text
    assert "households (id); municipalities (decided)." in page.one("footer").text


def test_real_data_are_not_called_synthetic_but_confidential(solved):
    text = parse(html(*solved, language="en")).text
    assert "Synthetic" not in text
    assert "confidential" in text


def test_without_a_plan_the_page_says_so_and_shows_no_tables_of_households(without_plan):
    page = parse(html(*without_plan, language="en"))
    assert "No plan was found in time" in page.one("header").text
    assert not page.all("section", **{"aria-labelledby": "placements"})


def test_an_empty_queue_is_said_to_be_empty(empty_queue):
    assert "The queue is empty." in parse(html(*empty_queue, language="en")).one("header").text


def test_the_register_owners_and_the_limits_of_the_stay_model_are_named(solved):
    page = parse(html(*solved, language="en"))
    for owner in ("Statistics Norway", "Udir", "GeoNames", "CC BY 4.0", "IMDi"):
        assert owner in page.one("footer").text
    assert "2010–2016" in page.text and "Ukraine" in page.text


def test_a_policy_that_does_not_weigh_staying_is_said_not_to(solved):
    problem, _ = solved
    unweighed = Problem.of(problem.instance, Policy.default().without("stay"))
    page = parse(html(unweighed, solve(unweighed, backend="greedy"), language="en"))
    assert "The policy does not weigh the probability of staying" in page.text
