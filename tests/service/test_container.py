"""The image and what is started from it name what is there, and give away as little as they can."""

import json
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from docs.writing.command import list_parameters, list_subcommands
from matcher.settings import Settings, environment_variable
from tests.docs.pages import page

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
OURS = {name: s for name, s in COMPOSE["services"].items() if name != "database"}
SETTINGS = {environment_variable(name) for name in Settings.model_fields}
GUIDE = "how-to/run-the-service.md"


def instructions() -> list[tuple[str, str]]:
    """Instructions of the Dockerfile, lines that go on joined."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [
        (word, rest.strip()) for word, _, rest in (line.strip().partition(" ") for line in lines)
    ]


def of(word: str) -> list[str]:
    return [rest for name, rest in instructions() if name == word]


def known_words(words: list[str]) -> None:
    """A subcommand that exists, with options that it has."""
    options = {g.name for g in list_parameters(list_subcommands()[words[0]])}
    assert {w for w in words[1:] if w.startswith("--")} <= options, words


def test_everything_that_is_copied_is_there():
    """And is not kept out of the image by the list of what is."""
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    sources = [s for line in of("COPY") if "--from" not in line for s in line.split()[:-1]]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert not any(fnmatch(source, pattern) for pattern in ignored), source


def test_packages_that_are_installed_are_copied():
    """What pyproject.toml finds is in the image."""
    found = re.search(r"include = \[(.*)\]", (ROOT / "pyproject.toml").read_text("utf-8"))
    packages = {name.strip(' "*') for name in found[1].split(",")}
    assert packages <= {s for line in of("COPY") for s in line.split()}


def test_the_image_is_small_and_gives_no_rights_away():
    """Two stages, versions named, an unprivileged user by number, no secret, nothing fetched."""
    bases = [line.split()[0] for line in of("FROM")]
    assert len(bases) == 2
    assert all(":" in base and not base.endswith(":latest") for base in bases)
    assert int(of("USER")[-1].split(":")[0]) > 1000
    names = [name for name, _ in instructions()]
    assert names.index("USER") > max(k for k, name in enumerate(names) if name == "RUN")
    assert not of("ADD")
    assert not [text for _, text in instructions() if re.search(r"SECRET|PASSWORD|sudo|curl", text)]
    assert all(Path(folder).is_absolute() for folder in of("WORKDIR"))
    for run in of("RUN"):
        assert "pip install" not in run or "--no-cache-dir" in run


def test_the_image_serves_and_is_asked_whether_it_lives():
    """Commands as lists, so that signals reach the program; settings that exist."""
    entry, command = json.loads(of("ENTRYPOINT")[0]), json.loads(of("CMD")[-1])
    assert entry == ["treffsikker"]
    known_words(command)
    check = of("HEALTHCHECK")[0]
    assert "/health/live" in check and isinstance(json.loads(check.partition("CMD ")[2]), list)
    assert set(re.findall(r"TREFFSIKKER_\w+", " ".join(of("ENV")))) <= SETTINGS


@pytest.mark.parametrize("name", OURS)
def test_what_is_started_can_write_nothing_but_its_data(name):
    """Read-only, without capabilities, with settings that exist and commands that exist."""
    service = OURS[name]
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    assert service["tmpfs"] == ["/tmp"]
    assert set(service["environment"]) <= SETTINGS
    known_words(service["command"])
    assert set(service["depends_on"]) <= set(COMPOSE["services"])


def test_passwords_are_asked_for_and_not_written():
    """A secret that is not set stops everything, with what to set."""
    text = (ROOT / "compose.yaml").read_text("utf-8")
    for name in ("TREFFSIKKER_SECRET", "POSTGRES_PASSWORD"):
        assert set(re.findall(rf"\$\{{{name}(:.)", text)) == {":?"}


def blocks(language: str) -> list[str]:
    """Blocks of the guide in a language."""
    return re.findall(rf"```{language}\n(.*?)```", page(GUIDE), re.DOTALL)


def test_the_units_of_the_guide_start_commands_that_exist():
    """For systemd: an unprivileged user, and nothing to write but the data."""
    units = blocks("ini")
    assert len(units) == 2
    for unit in units:
        command = re.search(r"^ExecStart=\S+/treffsikker (.*)$", unit, re.MULTILINE)
        known_words(shlex.split(command[1]))
        assert "ProtectSystem=strict" in unit and "NoNewPrivileges=yes" in unit
        assert re.search(r"^User=treffsikker$", unit, re.MULTILINE)


def test_the_manifests_of_the_guide_name_what_is_there():
    """For Kubernetes: commands, settings, and paths that are asked for."""
    found = [doc for block in blocks("yaml") for doc in yaml.safe_load_all(block)]
    deployments = [doc for doc in found if doc["kind"] == "Deployment"]
    assert {d["metadata"]["name"] for d in deployments} == {"treffsikker", "treffsikker-worker"}
    for deployment in deployments:
        pod = deployment["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        known_words(container["args"])
        assert {e["name"] for e in container.get("env", [])} <= SETTINGS
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert pod["securityContext"]["runAsNonRoot"] is True
    probes = re.findall(r"path: (/health/\w+)", page(GUIDE))
    assert set(probes) == {"/health/live", "/health/ready"}
