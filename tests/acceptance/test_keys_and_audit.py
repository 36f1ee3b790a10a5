"""Keys and the audit log from the command line."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from matcher.cli.app import app, main
from matcher.store import Store, upgrade
from matcher.store.service.api_keys import find_valid_key
from matcher.store.service.audit_chain import AuditRecord
from matcher.store.service.audit_log import append_entries, read_rows

RUNNER = CliRunner()
NOW = datetime.now(UTC)


@pytest.fixture
def url(tmp_path, monkeypatch):
    """The address of an empty store, in the environment."""
    address = f"sqlite:///{tmp_path}/store.db"
    upgrade(address)
    monkeypatch.setenv("TREFFSIKKER_DATABASE", address)
    # None of these commands signs anything: they need no secret.
    monkeypatch.delenv("TREFFSIKKER_SECRET", raising=False)
    monkeypatch.delenv("TREFFSIKKER_DEVELOPMENT", raising=False)
    return address


def run(*words, code=0) -> str:
    """The output of the command."""
    done = RUNNER.invoke(app, [*words, "--language", "en"])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def told(monkeypatch, capsys):
    """The error of a command that cannot be carried out."""

    def tell(*words):
        monkeypatch.setattr("sys.argv", ["treffsikker", *words, "--language", "en"])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert stopped.value.code == 2
        return capsys.readouterr().err

    return tell


def test_a_key_is_made_listed_and_revoked(url, told):
    """It opens what it says until then; each deed is in the audit log, without the secret."""
    key = run("key", "make", "Case system", "--roles", "caseworker, policy owner").split()[-1]
    with Store.open(url) as store:
        holder = find_valid_key(store, key, NOW)
        assert holder.roles == ("caseworker", "policy owner")
        assert f"{holder.id}\tCase system\tcaseworker, policy owner" in run("key", "list")
        assert run("key", "list").splitlines()[1].endswith("\tyes")
        assert "is revoked" in run("key", "revoke", holder.id)
        assert find_valid_key(store, key, NOW) is None
        assert run("key", "list").splitlines()[1].endswith("\tno")
        assert "no key" in told("key", "revoke", holder.id)
        rows = list(read_rows(store))
    deeds = ["treffsikker key make", "treffsikker key revoke", "treffsikker key revoke"]
    assert [row.action for row in rows] == deeds
    assert key.rpartition("_")[2] not in str(rows)


def test_a_municipalitys_key_names_its_municipality(url, told):
    """Without, or with another role beside it, there is none."""
    assert "four-digit number" in told("key", "make", "x", "--roles", "municipality")
    assert "no other role" in told(
        "key", "make", "x", "--roles", "municipality,auditor", "--municipality", "0301"
    )
    assert "king: give of caseworker" in told("key", "make", "x", "--roles", "king")
    made = json.loads(
        run("key", "make", "x", "--roles", "municipality", "--municipality", "0301", "--json")
    )
    with Store.open(url) as store:
        assert find_valid_key(store, made["key"], NOW).municipality == "0301"


def test_the_log_is_verified_here_and_in_a_file(url, tmp_path, told):
    """Whole, changed here, changed in the file, and shorter than was noted."""
    with Store.open(url) as store:
        append_entries(
            store, [AuditRecord(NOW, "person:1", "GET /x", f"r{k}", f"H{k}") for k in range(5)]
        )
    whole = run("audit", "verify")
    assert "whole: 5 rows" in whole
    known, file = whole.split()[-1], tmp_path / "audit.jsonl"
    assert "5 rows are written" in run("audit", "export", "--out", str(file))
    assert run("audit", "verify", "--file", str(file), "--known", known) == whole
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:4]), encoding="utf-8")
    assert "Row 5: is missing" in run(
        "audit", "verify", "--file", str(file), "--known", known, code=1
    )
    file.write_text(lines[0] + lines[1].replace("H1", "H9") + lines[2], encoding="utf-8")
    assert "Row 2: was changed" in run("audit", "verify", "--file", str(file), code=1)
    with Store.open(url) as store, store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET household = 'H9' WHERE id = 3"))
    found = json.loads(run("audit", "verify", "--json", code=1))
    assert found["damage"] == [{"row": 3, "what": "was changed after it was written"}]
    assert "ID:HASH" in told("audit", "verify", "--known", "5")
    assert f"{file} is there already" in told("audit", "export", "--out", str(file))
    file.write_text("nothing\n", encoding="utf-8")
    assert "no row of the audit log: nothing" in told("audit", "verify", "--file", str(file))
