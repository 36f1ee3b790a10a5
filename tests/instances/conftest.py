"""Queues that several tests look at, generated once."""

from collections.abc import Callable
from functools import cache

import pytest

from instances import Profile, generate
from matcher.domain import Instance

GENERATED = ("small", "night", "november", "tight", "busy-night", "backlog", "year")
"""All profiles but crisis, whose parameters are those of year with more households."""


@cache
def generated(name: str) -> Instance:
    return generate(Profile.read(name), seed=1)


@pytest.fixture
def queue() -> Callable[[str], Instance]:
    return generated


@pytest.fixture(params=GENERATED)
def each(request: pytest.FixtureRequest) -> Instance:
    return generated(request.param)


@pytest.fixture
def small() -> Instance:
    return generated("small")


@pytest.fixture
def night() -> Instance:
    return generated("night")


@pytest.fixture
def year() -> Instance:
    return generated("year")


@pytest.fixture
def tight() -> Instance:
    return generated("tight")


@pytest.fixture
def november() -> Instance:
    return generated("november")
