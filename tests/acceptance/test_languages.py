"""Every command answers in bokmål unless asked for English, and in one language at a time."""

import inspect
import itertools
import re

import pytest
from typer.testing import CliRunner

from matcher.cli.app import app
from matcher.cli.sentences import texts

RUNNER = CliRunner()
ENGLISH = re.compile(r"\b(the|and|with|errors|warnings|Next|Report|households|yes|rules|first)\b")
NORWEGIAN = re.compile(r"\b(og|med|feil|advarsler|Videre|Rapport|husstander|ja|regler|første)\b")


def said(*words):
    result = RUNNER.invoke(app, [str(w) for w in words])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def tonight(tmp_path_factory):
    """A small queue with a plan."""
    folder = tmp_path_factory.mktemp("languages") / "tonight"
    said("generate", "small", "--out", folder)
    said("plan", folder, "--backend", "greedy")
    return folder


@pytest.fixture
def commands(tonight, tmp_path):
    """A line for each command that does not speak of one household."""
    return {
        "generate": ("generate", "small", "--out", tmp_path / "q"),
        "check": ("check", tonight),
        "plan": ("plan", tonight, "--backend", "greedy", "--out", tmp_path / "p"),
        "compare": ("compare", tonight / "plan", tonight / "plan", "--data", tonight),
    }


@pytest.mark.slow
@pytest.mark.parametrize("command", ["generate", "check", "plan", "compare"])
def test_output_is_in_one_language(commands, command):
    """No English among the bokmål, no bokmål among the English."""
    assert not ENGLISH.findall(said(*commands[command]))
    assert NORWEGIAN.findall(said(*commands[command]))
    assert not NORWEGIAN.findall(said(*commands[command], "--language", "en"))
    assert ENGLISH.findall(said(*commands[command], "--language", "en"))


def test_heads_and_states_of_the_rule_book_are_in_the_language():
    """The sources keep theirs."""
    rows = [line.split("\t") for line in said("rules").splitlines()]
    assert ["regler", "på", "setning", "parametre", "kilde"] in rows
    assert {r[1] for r in rows if len(r) == 5} == {"på", "ja", "nei"}
    rows = [line.split("\t") for line in said("rules", "--language", "en").splitlines()]
    assert {r[1] for r in rows if len(r) == 5} == {"on", "yes", "no"}


def test_every_command_speaks_norwegian_unless_asked():
    """One default for all; what measures backends is for those who read the code, in English."""
    groups = [
        g.typer_instance.registered_commands
        for g in app.registered_groups
        if g.typer_instance.info.name != "bench"
    ]
    for command in [*app.registered_commands, *itertools.chain(*groups)]:
        language = inspect.signature(command.callback).parameters["language"]
        assert language.default == "nb", command.name


def test_both_languages_have_the_same_sentences_with_the_same_blanks():
    """Names of what is made up are translated from English only."""
    blanks = re.compile(r"{(\w+)")
    nb, en = texts("nb"), texts("en")
    assert {k for k in nb if not k.startswith("of.")} == {*en}
    for key, text in en.items():
        assert sorted(blanks.findall(text)) == sorted(blanks.findall(nb[key])), key
