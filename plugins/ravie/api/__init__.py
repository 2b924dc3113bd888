"""
RAVie over HTTP, under `/api/v1/tenants/{code}/ravie`.

A handler turns the address and the body into a command, and seals free text on the way; the rules
are in `decisions.py`. What is read comes from the read models.
"""

from plugins.ravie.api import (
    animateurs,
    attestation_check,
    attestations,
    cycles,
    departures,
    effects,
    papers,
    participants,
    programme,
    pushes,
    reads,
    relais,
    sessions,
    waves,
)

ROUTES = (
    *cycles.ROUTES,
    *sessions.ROUTES,
    *reads.ROUTES,
    *papers.ROUTES,
    *attestations.ROUTES,
    *attestation_check.ROUTES,
    *effects.ROUTES,
    *waves.ROUTES,
    *departures.ROUTES,
    *participants.ROUTES,
    *relais.ROUTES,
    *programme.ROUTES,
    *animateurs.ROUTES,
    *pushes.ROUTES,
)
