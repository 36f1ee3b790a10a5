"""An OpenID Connect provider in a process of its own, which insists on PKCE.

``python -m tests.api.provider_process`` takes users with their claims, as JSON, one an argument. It
writes its address when it answers.
"""

import base64
import hashlib
import json
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from subprocess import DEVNULL, PIPE, Popen
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, make_server


class Strict:
    """Gives a token only for the verifier of a challenge that it has seen, and each once."""

    def __init__(self, app) -> None:
        self.app = app
        self.challenges: set[str] = set()

    def __call__(self, environ, start):
        if environ["PATH_INFO"] == "/oauth2/authorize" and environ["REQUEST_METHOD"] == "POST":
            asked = parse_qs(environ["QUERY_STRING"])
            if asked["code_challenge_method"] == ["S256"]:
                self.challenges.add(asked["code_challenge"][0])
        if environ["PATH_INFO"] == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = BytesIO(body)
            verifier = parse_qs(body.decode()).get("code_verifier", [""])[0]
            digest = hashlib.sha256(verifier.encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if challenge not in self.challenges:
                start("400 Bad Request", [("Content-Type", "application/json")])
                return [b'{"error": "invalid_grant"}']
            self.challenges.remove(challenge)
        return self.app(environ, start)


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, *words) -> None:
        """Do nothing."""


def serve(users: list[dict]) -> None:
    """Answer until the process is ended."""
    warnings.simplefilter("ignore")
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    from oidc_provider_mock import app  # noqa: PLC0415
    from oidc_provider_mock._storage import User  # noqa: PLC0415

    claims = [User(sub=user.pop("sub"), claims=user) for user in users]
    strict = Strict(app(require_nonce=True, user_claims=claims))
    with make_server("127.0.0.1", 0, strict, handler_class=Quiet) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


@contextmanager
def provider(*users: dict) -> Iterator[str]:
    """The issuer of a provider that knows some users."""
    words = [json.dumps(user) for user in users]
    command = [sys.executable, "-m", "tests.api.provider_process", *words]
    with Popen(command, stdout=PIPE, stderr=DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


if __name__ == "__main__":
    serve([json.loads(word) for word in sys.argv[1:]])
