"""`jalon replay`: read models and figures as they were, in tables that leave nothing behind."""

import asyncio
import sys
from argparse import Namespace
from typing import Any

import msgspec

from core.indicator import Figure, Period
from core.settings import Settings
from projections.folding import PoisonFact
from server.assembly import Parts, assembled
from server.commands.words import Unusable, day, instant, period, position
from server.site import attached
from tenants.territory.territory import territory


def register(commands: Any) -> None:
    words = commands.add_parser(
        "replay",
        help="rejouer l'histoire jusqu'à une position ou une date",
        description="Rejoue l'histoire d'une collectivité dans des tables temporaires et donne les "
        "indicateurs, en JSON. Les vues en service ne sont pas touchées.",
    )
    words.add_argument("--tenant", required=True, metavar="CODE")
    until = words.add_mutually_exclusive_group()
    until.add_argument("--at", type=position, metavar="POSITION", help="jusqu'à cette position")
    until.add_argument("--known-at", type=instant, metavar="INSTANT", help="ce qui était su alors")
    words.add_argument("--as-of", type=instant, metavar="INSTANT", help="ce qui avait eu lieu")
    words.add_argument(
        "--indicator",
        action="append",
        default=[],
        metavar="NOM",
        help="défaut : tous",
    )
    words.add_argument(
        "--from", dest="start", type=day, required=True, metavar="JOUR", help="premier jour compté"
    )
    words.add_argument(
        "--to",
        dest="end",
        type=day,
        required=True,
        metavar="JOUR",
        help="premier jour qui ne l'est plus",
    )
    words.set_defaults(run=lambda words, settings: asyncio.run(run(words, settings)))


async def run(words: Namespace, settings: Settings) -> None:
    counted = period(words.start, words.end)
    async with assembled(attached(settings), connections=2) as parts:
        try:
            figures = await replayed(parts, words, counted)
        except PoisonFact as error:
            raise Unusable(f"L'histoire ne se rejoue pas : {error}.") from None
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(figures), indent=2).decode() + "\n")


async def replayed(parts: Parts, words: Namespace, counted: Period) -> list[Figure]:
    """The figures of the indicators asked for, at the position or the dates asked for."""
    tenant = parts.tenants.find(words.tenant)
    known = {indicator.name: indicator for indicator in parts.catalogue.indicators}
    if unknown := [name for name in words.indicator if name not in known]:
        raise Unusable(
            f"Indicateur inconnu : {', '.join(unknown)}. Il y a : {', '.join(sorted(known))}."
        )
    context = await parts.engine.replay(
        tenant, position=words.at, known_at=words.known_at, as_of=words.as_of
    )
    async with context as replay:
        return [
            figure
            for name in words.indicator or sorted(known)
            for figure in await replay.figure(
                known[name],
                counted,
                territory_vintage=territory().vintage,
            )
        ]
