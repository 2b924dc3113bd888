"""`jalon facts count`: counts and figures again, in SQL, from the facts themselves."""

import asyncio
import sys
from argparse import Namespace
from typing import Any

import msgspec

from core.settings import Settings
from server.assembly import assembled
from server.commands.words import chosen, day, period
from server.demo.calendar import period_of
from server.demo.summary import recount
from server.site import attached


def register(commands: Any) -> None:
    words = commands.add_parser("facts", help="interroger les faits eux-mêmes")
    actions = words.add_subparsers(metavar="ACTION", required=True)
    action = actions.add_parser(
        "count",
        help="recompter les faits et les indicateurs en SQL, sans les vues",
        description="Recompte les faits et les indicateurs en SQL, sans les vues, en JSON.",
    )
    action.add_argument(
        "--tenant", action="append", default=[], metavar="CODE", help="défaut : toutes"
    )
    played = period_of(2)
    action.add_argument(
        "--from",
        dest="start",
        type=day,
        default=played.start,
        metavar="JOUR",
        help="premier jour compté (défaut : celui de la démonstration)",
    )
    action.add_argument(
        "--to",
        dest="end",
        type=day,
        default=played.end,
        metavar="JOUR",
        help="premier jour qui ne l'est plus (défaut : celui de la démonstration)",
    )
    action.set_defaults(run=lambda words, settings: asyncio.run(run(words, settings)))


async def run(words: Namespace, settings: Settings) -> None:
    asked = period(words.start, words.end)
    async with assembled(attached(settings), connections=2) as parts:
        counted = await recount(
            parts.engine,
            parts.serving,
            chosen(parts, words.tenant),
            parts.catalogue.indicators,
            asked,
        )
    text = msgspec.json.format(msgspec.json.encode(counted), indent=2).decode()
    sys.stdout.write(f"{text}\n")
