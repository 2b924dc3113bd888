"""
The registers over HTTP, right under the tenant: `/structures`, `/professionals`, `/conventions`,
`/people/…`, `/households`, `/experimentations`.

A handler turns the address and the body into a command; the rules are in `core/registers`.
"""

from projections.registers.api import (
    conventions,
    duplicates,
    experimentation_reads,
    experimentations,
    files,
    households,
    people,
    professionals,
    structures,
)

ROUTES = (
    *structures.ROUTES,
    *professionals.ROUTES,
    *conventions.ROUTES,
    *people.ROUTES,
    *files.ROUTES,
    *duplicates.ROUTES,
    *households.ROUTES,
    *experimentations.ROUTES,
    *experimentation_reads.ROUTES,
)
