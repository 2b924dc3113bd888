"""The API, for the tests that reach it."""

from server.tests.house import api, home

__all__ = ["api", "home"]
