"""Extras: what works without them, and how each that is missing is named."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from matcher.cli.app import COMMANDS, GROUPS
from matcher.domain.errors import EXTRAS, MissingExtraError, explain_missing_extra

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HIDDEN = {package for packages in EXTRAS.values() for package in packages}
IMPORTED_AS = {"python_calamine": "python_calamine", "scikit_learn": "sklearn"}
NEED_THE_SERVICE = ("nightly", "replay", "serve", "worker", "upgrade", "purge", "key", "audit")


def run_without_extras(*arguments, hidden=HIDDEN):
    """Run the command in a process in which the packages cannot be imported."""
    script = Path(__file__).with_name("hide_packages.py")
    return subprocess.run(
        [sys.executable, script, ",".join(hidden), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT)},
    )


def import_names(requirements):
    """Names under which required packages are imported."""
    named = {re.split(r"[\[<>=]", line)[0].replace("-", "_") for line in requirements}
    return {IMPORTED_AS.get(name, name) for name in named}


def test_every_package_of_an_extra_is_known_by_the_name_under_which_it_is_imported():
    """The table of the program and the project's metadata say the same."""
    optional = PROJECT["optional-dependencies"]
    assert {name: import_names(optional[name]) for name in EXTRAS} == EXTRAS


def test_no_package_of_an_extra_is_required():
    """Whoever hides the extras hides nothing that the library needs."""
    assert import_names(PROJECT["dependencies"]) & HIDDEN == set()


@pytest.fixture(scope="module")
def tonight(tmp_path_factory):
    """A queue, planned without any extra."""
    folder = tmp_path_factory.mktemp("without-extras") / "tonight"
    for arguments in (
        ("generate", "small", "--seed", "3", "--out", folder),
        ("check", folder),
        ("plan", folder, "--seconds", "5"),
    ):
        ended = run_without_extras(*arguments)
        assert ended.returncode == 0, ended.stderr
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("command", ["rank", "explain", "verify", "prices", "fairness"])
def test_files_and_plans_need_no_extra(command, tonight):
    """Every command that reads a folder and its plan."""
    ended = run_without_extras(command, tonight)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("rules",), ("stay", "show"), ("stay", "figures")])
def test_what_the_program_itself_says_needs_no_extra(arguments):
    """Rule book and stay model."""
    ended = run_without_extras(*arguments)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", NEED_THE_SERVICE)
def test_a_command_that_needs_the_service_says_so_in_one_sentence(command):
    """Whatever its arguments are, also when help is asked for."""
    ended = run_without_extras(command, "--database", "x", "--help", "--language", "en")
    assert ended.returncode == 2
    assert re.fullmatch(
        r"This needs the extra “service”, of which \w+ is missing\."
        r" Install it with pip install 'treffsikker\[service\]'\.\n",
        ended.stderr,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (("stay", "fit", "register.csv", "--help"), "fitting"),
        (("stay", "figures", "--plot", "figures.svg"), "plots"),
        (("plan", "TONIGHT", "--dask", "local"), "cluster"),
        (("prices", "TONIGHT", "--out", "prices.svg"), "plots"),
    ],
)
def test_a_missing_extra_is_named_when_it_is_needed(arguments, extra, tonight):
    """In the language of the command, which is bokmål unless asked for."""
    words = [str(tonight) if word == "TONIGHT" else word for word in arguments]
    ended = run_without_extras(*words)
    assert ended.returncode == 2
    assert f"Dette krever tillegget «{extra}»" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_help_lists_every_command_and_what_those_without_their_extra_need():
    """Nothing that could be installed is hidden from a reader."""
    listed = run_without_extras("--help").stdout
    for name in (*COMMANDS, *GROUPS):
        assert re.search(rf"^  {name} ", listed, re.MULTILINE), name
    assert re.search(r"^  serve +Needs the extra “service”", listed, re.MULTILINE)


def test_the_service_names_its_extra_to_who_imports_it():
    """From Python, where no command translates the error."""
    sentence = "needs the extra 'service', of which fastapi is missing"
    with pytest.raises(MissingExtraError, match=sentence), explain_missing_extra():
        raise ModuleNotFoundError("No module named 'fastapi'", name="fastapi.routing")


def test_another_missing_module_stays_what_it_is():
    """A fault in the program is not taken for a missing extra."""
    with pytest.raises(ModuleNotFoundError, match="nowhere"), explain_missing_extra():
        raise ModuleNotFoundError("No module named 'nowhere'", name="nowhere")


def test_the_version_is_told_without_loading_a_command():
    """The version of the installed package, which is also that of the library."""
    ended = run_without_extras("--version")
    import matcher  # noqa: PLC0415

    assert (ended.returncode, ended.stdout) == (0, f"treffsikker {matcher.__version__}\n")
