"""Pictures: the map lies as Norway does, bars stand for what they count, colours can be told."""

import re
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.report.norway_map import (
    EARTH_RADIUS_KM,
    LETTER_WIDTH,
    LINE_HEIGHT,
    draw_map,
    fit_to_box,
    place_labels,
    project,
    shade_classes,
)
from matcher.report.waiting import draw_chart, waiting_histograms
from tests.report.conftest import night

OSLO, BERGEN, TROMSO = (59.91, 10.75), (60.39, 5.32), (69.65, 18.96)


def _on_map(*places):
    latitude, longitude = np.array(places).T
    return project(latitude, longitude)


def test_north_is_up_and_east_is_right():
    oslo, bergen, tromso = _on_map(OSLO, BERGEN, TROMSO)
    assert tromso[1] < oslo[1]
    assert bergen[0] < oslo[0] < tromso[0]


def test_a_degree_along_a_meridian_is_as_long_as_on_the_globe():
    south, north = _on_map((60.0, 10.0), (61.0, 10.0))
    assert np.hypot(*(north - south)) == pytest.approx(EARTH_RADIUS_KM * np.pi / 180, rel=1e-9)


def test_distances_within_norway_are_right_within_two_per_cent():
    oslo, bergen, tromso = _on_map(OSLO, BERGEN, TROMSO)
    assert np.hypot(*(oslo - bergen)) == pytest.approx(305, rel=0.02)
    assert np.hypot(*(oslo - tromso)) == pytest.approx(1147, rel=0.02)


@given(st.lists(st.tuples(st.floats(57, 72), st.floats(4, 32)), min_size=1, max_size=30))
def test_every_seat_lies_inside_the_margins(places):
    spots = fit_to_box(_on_map(*places), 430, 560, 26)
    assert (spots >= 26 - 1e-6).all()
    assert (spots <= np.array([430 - 26, 560 - 26]) + 1e-6).all()


def test_areas_are_in_proportion_to_persons():
    problem, _ = night()
    persons = np.array([4, 16, 0, 1, 64, 9])
    circles = draw_map(problem, persons).circles
    assert [c.amount for c in circles] == [64, 16, 9, 4, 1]
    areas = np.array([c.radius**2 / c.amount for c in circles])
    assert areas == pytest.approx(areas[0], rel=0.05)


def test_a_municipality_without_coordinates_is_left_off_the_map():
    problem, _ = night()
    first = problem.instance.municipalities[0]
    lost = replace(first, latitude=None, longitude=None)
    places = (lost, *problem.instance.municipalities[1:])
    changed = type(problem).of(problem.instance.replace(municipalities=places))
    drawn = draw_map(changed, np.ones(6, dtype=np.int64))
    assert len(drawn.seats) == 5
    assert first.name not in {c.name for c in drawn.circles}


def test_shades_follow_the_share_of_the_decision_that_is_used():
    problem, _ = night()
    m = problem.municipalities
    fill = np.maximum(m.decided - m.settled - m.promised, 0)
    assert (shade_classes(problem, fill)[m.settled + m.promised <= m.decided] == 3).all()
    none = (m.settled + m.promised) / np.maximum(m.decided, 1)
    assert (shade_classes(problem, np.zeros(6, dtype=np.int64))[none < 0.5] == 0).all()


@given(
    st.lists(
        st.tuples(
            st.floats(0, 430),
            st.floats(0, 560),
            st.floats(1, 18),
            st.text("ABCØ", min_size=3, max_size=14),
        ),
        max_size=20,
    )
)
def test_names_on_the_map_lie_inside_and_never_on_one_another(circles):
    placed = place_labels(circles, np.zeros((0, 2)), 430)
    boxes = []
    for label in placed:
        length = LETTER_WIDTH * len(label.text)
        left = label.x - length if label.anchor == "end" else label.x
        assert left >= -0.1 and left + length <= 430.1
        boxes.append((left, label.y - LINE_HEIGHT, left + length, label.y))
    for k, one in enumerate(boxes):
        for other in boxes[:k]:
            across = min(one[2], other[2]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[1], other[1])
            assert across <= 0.2 or down <= 0.2


@given(
    st.lists(st.integers(0, 4000), max_size=50),
    st.lists(st.integers(0, 4000), max_size=50),
)
def test_histograms_count_everyone_once_over_the_same_bars(before, after):
    samples = (np.array(before, dtype=float), np.array(after, dtype=float))
    one, other = waiting_histograms(*samples)
    assert (sum(one.counts), sum(other.counts)) == (len(before), len(after))
    assert one.end == other.end > max([*before, *after, 0])
    for k, count in enumerate(one.counts):
        assert count == sum(k * one.width <= d < (k + 1) * one.width for d in before)


@given(st.lists(st.integers(0, 900), min_size=1, max_size=60))
def test_heights_of_bars_are_in_proportion_to_households(days):
    (histogram,) = waiting_histograms(np.array(days, dtype=float))
    (panel,) = draw_chart([histogram]).panels
    counts = [c for c in histogram.counts if c]
    heights = np.array([bar.height for bar in panel.bars])
    assert heights == pytest.approx(
        np.array(counts) * heights[0] / counts[0], abs=0.15 * max(counts)
    )
    assert all(panel.top - 0.1 <= bar.y for bar in panel.bars)


def _luminance(colour):
    channels = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _colours():
    css = files("matcher.report").joinpath("templates/style.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", css))


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"),
        ("ink", "soft"),
        ("muted", "paper"),
        ("muted", "soft"),
        ("deep", "paper"),
        ("deep", "soft"),
        ("tonight", "paper"),
        ("warn-ink", "warn-soft"),
    ],
)
def test_text_has_the_contrast_that_wcag_aa_asks_for(text, ground):
    colours = _colours()
    assert _contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize(
    ("one", "other"),
    [("before", "paper"), ("tonight", "paper"), ("shade-3", "paper"), ("before", "tonight")],
)
def test_parts_of_pictures_can_be_told_apart(one, other):
    colours = _colours()
    least = 3.0 if other == "paper" else 2.0
    assert _contrast(colours[one], colours[other]) >= least


def test_shades_of_the_map_grow_darker_one_by_one():
    colours = _colours()
    shades_of = [_luminance(colours[f"shade-{k}"]) for k in range(4)]
    assert shades_of == sorted(shades_of, reverse=True)
    assert all(a > 1.4 * b for a, b in pairwise(shades_of))
