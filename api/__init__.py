"""The HTTP service around the library: one folder per subject, with its endpoints and schemas."""

from matcher.domain.errors import explain_missing_extra

with explain_missing_extra():
    from api.app import create_app

__all__ = ["create_app"]
