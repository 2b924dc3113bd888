"""
RAVie over HTTP, under `/api/v1/tenants/{code}/ravie`.

A handler turns the address and the body into a command, and seals free text on the way; the rules
are in `decisions.py`. What is read comes from the read models.
"""

from plugins.ravie.api import animateurs, cycles, papers, programme, reads, relais, sessions

ROUTES = (
    *cycles.ROUTES,
    *sessions.ROUTES,
    *reads.ROUTES,
    *papers.ROUTES,
    *relais.ROUTES,
    *programme.ROUTES,
    *animateurs.ROUTES,
)
