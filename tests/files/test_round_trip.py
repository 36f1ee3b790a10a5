"""What is written comes back the same, in every format, whatever is not known."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings

from matcher.domain import Instance, PairProbabilities
from matcher.files import read, write
from matcher.files.writing import FileFormat
from tests.files.strategies import instances

FORMATS: tuple[FileFormat, ...] = ("csv", "xlsx", "parquet")


@pytest.mark.slow
@pytest.mark.parametrize("format", FORMATS)
@settings(deadline=None, max_examples=25)
@given(instance=instances())
def test_reading_gives_back_what_was_written(format: FileFormat, instance: Instance) -> None:
    """An instance, with any of its facts unknown, survives a file of each kind."""
    with TemporaryDirectory() as there:
        write(instance, Path(there) / "night", format)
        back = read(Path(there) / "night")
    assert back.replace(probabilities=None) == instance.replace(probabilities=None)
    _same_pairs(back.probabilities, instance.probabilities)


def _same_pairs(one: PairProbabilities | None, other: PairProbabilities | None) -> None:
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.household.tolist() == other.household.tolist()
        assert one.municipality.tolist() == other.municipality.tolist()
        np.testing.assert_array_equal(one.probability, other.probability)
