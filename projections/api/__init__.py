"""Figures over HTTP: what they are, what they were, and why they changed."""

from projections.api import changes, indicators

ROUTES = (*indicators.ROUTES, *changes.ROUTES)
