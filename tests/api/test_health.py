"""The service says that it is up."""


def test_it_says_that_it_is_alive_and_ready(anonymous):
    """Anyone may ask."""
    assert anonymous.get("/health/live").json() == {"status": "alive"}
    assert anonymous.get("/health/ready").json() == {"status": "ready"}


def test_an_unknown_path_is_a_problem(anonymous):
    """Even the framework's own errors have the one shape."""
    answer = anonymous.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-found"
