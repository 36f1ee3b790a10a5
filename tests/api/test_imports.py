"""Files over HTTP: taken in whole, twice without effect, or refused with every fault."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from instances import Profile, generate
from matcher.domain.roles import Role
from matcher.files import write
from matcher.store import get_household_state

IMPORTS = "/api/v1/imports"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a small queue's files."""
    path = tmp_path_factory.mktemp("files")
    write(generate(Profile.read("small"), seed=3), path)
    return path


@pytest.fixture
def operator(client_as):
    """Who takes files in."""
    return client_as(Role.OPERATOR)


def zipped(folder, within: str = "", **changed: str) -> bytes:
    """The folder as a zip, some files with other text."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for file in sorted(folder.iterdir()):
            text = changed.get(file.stem, file.read_text(encoding="utf-8"))
            archive.writestr(f"{within}{file.name}", text)
    return out.getvalue()


def send(client, body: bytes, **headers: str):
    """Send a zip."""
    return client.post(
        IMPORTS, content=body, headers={"Content-Type": "application/zip", **headers}
    )


def test_a_zip_is_taken_in_and_changes_nothing_the_second_time(app, operator, folder):
    """Also when its files lie in a folder."""
    first = send(operator, zipped(folder))
    assert first.status_code == 201, first.text
    instance = generate(Profile.read("small"), seed=3)
    assert first.json()["recorded"]["listed"] == len(instance.households)
    assert get_household_state(app.state.store, instance.households[0].id).listed
    assert send(operator, zipped(folder, "tonight/")).json()["recorded"] == {}


def test_files_can_come_one_by_one(operator, folder):
    """As parts of a form."""
    parts = [("files", (f.name, f.read_bytes())) for f in folder.iterdir()]
    answer = operator.post(IMPORTS, files=parts)
    assert answer.status_code == 201, answer.text
    assert answer.json()["recorded"]["described"] > 0


def test_every_fault_is_told_at_once_and_nothing_is_taken_in(app, operator, folder):
    """File, row, column, value, advice, in the language asked for."""
    rows = (folder / "members.csv").read_text(encoding="utf-8").splitlines()
    column = rows[0].split(",").index("age")
    for row in (1, 2):
        cells = rows[row].split(",")
        cells[column] = "180"
        rows[row] = ",".join(cells)
    body = zipped(folder, members="\n".join(rows))
    answer = send(operator, body, **{"Accept-Language": "nb"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    faults = [f for f in answer.json()["faults"] if f["severity"] == "error"]
    assert [(f["file"], f["row"], f["column"], f["value"]) for f in faults] == [
        ("members.csv", 2, "age", "180"),
        ("members.csv", 3, "age", "180"),
    ]
    english = [f for f in send(operator, body).json()["faults"] if f["severity"] == "error"]
    assert faults[0]["advice"] and faults[0]["advice"] != english[0]["advice"]
    with app.state.store.read_transaction() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM event").scalar() == 0


def test_what_is_no_zip_is_refused(operator):
    """With advice."""
    answer = send(operator, b"not a zip")
    assert (answer.status_code, "no zip" in answer.json()["detail"]) == (422, True)
    empty = BytesIO()
    ZipFile(empty, "w").close()
    assert "there are no files" in send(operator, empty.getvalue()).json()["detail"]


def test_a_zip_cannot_write_outside_its_folder(operator, folder):
    """Only names count, and one of them twice is refused."""
    out = BytesIO(zipped(folder))
    with ZipFile(out, "a") as archive:
        archive.writestr("../../members.csv", "x")
    answer = send(operator, out.getvalue())
    assert (answer.status_code, answer.json()["detail"]) == (
        422,
        "members.csv is there twice; keep one",
    )


def test_a_zip_that_unpacks_to_too_much_is_refused(operator):
    """Before it is unpacked."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for k in range(41):
            archive.writestr(f"{k}.csv", "")
    assert send(operator, out.getvalue()).status_code == 413


def test_files_are_the_operators(client_as, folder):
    """A caseworker takes none in."""
    assert send(client_as(Role.CASEWORKER), zipped(folder)).status_code == 403


def test_an_empty_export_is_refused_until_someone_says_that_it_is_meant(app, operator, folder):
    """With the numbers, in the language asked for; nothing is half done."""
    send(operator, zipped(folder))
    waiting = len(generate(Profile.read("small"), seed=3).households)
    names = [
        name for name in ("households", "members", "links") if (folder / f"{name}.csv").exists()
    ]
    heads = {name: (folder / f"{name}.csv").read_text().splitlines()[0] for name in names}
    empty = zipped(folder, **{name: f"{head}\n" for name, head in heads.items()})
    refused = send(operator, empty, **{"Accept-Language": "nb"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/large-loss")
    assert f"{waiting} av {waiting} husstander som venter" in refused.json()["detail"]
    assert "withdraw_many=true" in refused.json()["detail"]
    lost = refused.json()["losses"][0]
    assert lost == {"kind": "households", "gone": waiting, "had": waiting}
    name = generate(Profile.read("small"), seed=3).households[0].id
    assert get_household_state(app.state.store, name).listed
    meant = operator.post(
        IMPORTS,
        params={"withdraw_many": True},
        content=empty,
        headers={"Content-Type": "application/zip"},
    )
    assert (meant.status_code, meant.json()["recorded"]["unlisted"]) == (201, waiting)
    assert not get_household_state(app.state.store, name).listed


def test_files_dated_ahead_are_refused(operator, folder):
    """Their day has not come."""
    changed = (folder / "instance.toml").read_text(encoding="utf-8")
    day = next(line for line in changed.splitlines() if line.startswith("today"))
    answer = send(operator, zipped(folder, instance=changed.replace(day, "today = 2027-01-15")))
    assert answer.status_code == 422
    assert [f["code"] for f in answer.json()["faults"] if f["severity"] == "error"] == [
        "today.future"
    ]
