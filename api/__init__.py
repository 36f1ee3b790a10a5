"""The HTTP service around the library: a folder a subject, each with its endpoints and schemas."""

from api.app import create_app

__all__ = ["create_app"]
