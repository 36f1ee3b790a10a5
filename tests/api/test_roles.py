"""Every endpoint names its roles, and lets nobody else in; generated from the routes."""

import pytest

from api import create_app
from matcher.domain.roles import Role
from matcher.settings import Settings
from tests.api import made_up
from tests.api.conftest import SECRET
from tests.api.routes import OPEN, filled, forgetful, guarded, misnamed, roleless, status

pytestmark = pytest.mark.slow


def test_every_endpoint_names_a_role():
    """But for those that anyone may use."""
    assert roleless(create_app(Settings(secret=SECRET))) == []


def test_every_endpoint_says_whom_it_shows():
    """Where the path does not, and the answer could."""
    assert forgetful(create_app(Settings(secret=SECRET))) == []


def test_parameters_of_paths_have_their_names():
    """So that the audit log finds the household and the municipality."""
    assert misnamed(create_app(Settings(secret=SECRET))) == []


def test_careless_endpoints_would_be_noticed():
    """The other tests can fail, and let through what is in order."""
    app = made_up.app_with(made_up.careless, made_up.router, settings=Settings(secret=SECRET))
    assert roleless(app) == ["GET /careless/open"]
    found = ["GET /careless/list", "GET /careless/file", "GET /careless/anything"]
    assert forgetful(app) == found
    assert misnamed(app) == ["/careless/households/{id}"]


def test_nobody_unknown_comes_in(app, anonymous):
    """Each endpoint answers 401."""
    wrong = [e for e in guarded(app) if status(anonymous, e) != 401]
    assert [f"{e.method} {e.path}" for e in wrong] == []


def test_a_wrong_key_opens_nothing(app, anonymous):
    """Neither does one of another kind."""
    for value in ("Bearer ts_0_0", "Bearer", "Basic dTpw", "Bearer ts_"):
        anonymous.headers["Authorization"] = value
        assert [e.path for e in guarded(app) if status(anonymous, e) != 401] == []


@pytest.mark.parametrize("role", Role)
def test_no_other_role_comes_in(app, client_as, role):
    """Each endpoint answers 403 to a role that it does not name."""
    client = client_as(role, municipality="0301" if role is Role.MUNICIPALITY else None)
    for endpoint in guarded(app):
        refused = status(client, endpoint) == 403
        assert refused or role in endpoint.roles, (role, endpoint)


def test_what_anyone_may_use_exists(app, anonymous):
    """The list of exceptions names nothing that is gone."""
    for method, path in OPEN:
        answer = anonymous.request(method, filled(path), follow_redirects=False)
        assert answer.status_code not in (401, 405)
