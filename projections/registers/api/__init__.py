"""
The registers over HTTP, right under the tenant: `/structures`, `/professionals`, `/conventions`.

A handler turns the address and the body into a command; the rules are in `core/registers`.
"""

from projections.registers.api import structures

ROUTES = (*structures.ROUTES,)
