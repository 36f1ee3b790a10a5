"""``priced@my.toml``: a backend measured with the solver parameters of a file."""

import pytest

from benchmarks.backends import can_warm_start, check_backends, resolve_backend
from matcher import Problem, solve
from matcher.domain.errors import SolverParamsError
from tests.random_instances import random_instance


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "my.toml"
    file.write_text("[priced.lns]\nmax_nodes = 7\n")
    return file


def test_the_parameters_of_the_file_are_those_of_the_solve(path):
    """They stand in the result, and the backend can start from a plan as without them."""
    name = f"priced@{path}"
    check_backends([name, "priced"])
    problem = Problem.of(random_instance(1, 6, 3))
    result = solve(problem, backend=resolve_backend(name))
    assert result.params == {"priced": {"lns": {"max_nodes": 7}}}
    assert can_warm_start(name)


@pytest.mark.parametrize("name", ["greedy", "gredy", "lp"])
def test_a_backend_without_parameters_takes_no_file(path, name):
    """Baselines, references, and what does not exist."""
    with pytest.raises(ValueError, match=f"no backend called '{name}@"):
        check_backends([f"{name}@{path}"])


def test_a_file_that_cannot_be_used_is_refused_before_anything_is_measured(tmp_path):
    """By name."""
    with pytest.raises(SolverParamsError, match=r"no file .*nowhere"):
        check_backends([f"priced@{tmp_path / 'nowhere.toml'}"])
