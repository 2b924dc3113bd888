"""The API and the workers, for the tests that reach them."""

from server.tests.house import api, home
from server.tests.workers import own_stand, stand

__all__ = ["api", "home", "own_stand", "stand"]
