"""The HTTP service around the library: one folder per subject, with its endpoints and schemas."""

from api.app import create_app

__all__ = ["create_app"]
