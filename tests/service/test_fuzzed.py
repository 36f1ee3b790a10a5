"""Requests that nobody thought of, made from the service's own description of itself."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matcher.domain.roles import Role
from matcher.store import Store, upgrade
from matcher.store.service.api_keys import create_key
from tests.service.running import ROOT, running
from tests.store.small import imported, proposed, small

EXAMPLES = os.environ.get("FUZZED_EXAMPLES", "2")
"""Random requests to each endpoint, beside those at the edges of what is allowed."""
PATIENCE = 1800


def key_for_everything(url: str) -> str:
    """A key with every role but a municipality's, on a small queue with a proposal."""
    upgrade(url)
    now = datetime.now(UTC)
    roles = [str(role) for role in Role if role is not Role.MUNICIPALITY]
    with Store.open(url) as store:
        imported(store, small(5))
        proposed(store, "H0")
        key, _ = create_key(
            store, "fuzz", roles, at=now, expires_at=now + timedelta(days=1), made_by="test"
        )
    return key


def fuzzed(url: str, key: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Every check of Schemathesis on every endpoint, the same requests each time."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from schemathesis.cli import schemathesis; schemathesis()",
            "--config-file",
            str(ROOT / "schemathesis.toml"),
            "run",
            f"{url}/openapi.json",
            "--header",
            f"Authorization: Bearer {key}",
            "--checks",
            "all",
            "--seed",
            "1",
            "--phases",
            "examples,coverage,fuzzing",
            "--max-examples",
            EXAMPLES,
            # Following a run ends with the run, and no worker is there to end one.
            "--exclude-path-regex",
            "/progress$",
            "--continue-on-failure",
            "--generation-database",
            "none",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.slow
def test_no_request_brings_it_down_or_surprises(tmp_path):
    """No 5xx, no status, header or body that is not described, no broken body taken in."""
    url = f"sqlite:///{tmp_path}/store.db"
    key = key_for_everything(url)
    many = "1000000/minute"
    with running(
        tmp_path,
        "serve",
        "--port",
        "0",
        "--language",
        "en",
        database=url,
        rate_limit=many,
        login_limit=many,
    ) as service:
        found = fuzzed(service.url, key, tmp_path)
    assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-2000:]
