"""`jalon facts count`: counts and figures again, in SQL, from the facts themselves."""

import asyncio
import sys
from argparse import Namespace
from typing import Any

import msgspec

from core.settings import Settings
from server.assembly import assembled
from server.commands.words import chosen, day
from server.demo.calendar import END, start_of
from server.demo.summary import recount, whole_period
from server.site import attached


def register(commands: Any) -> None:
    words = commands.add_parser("facts", help="interroger les faits eux-mêmes")
    actions = words.add_subparsers(metavar="ACTION", required=True)
    action = actions.add_parser(
        "count",
        help="recompter les faits et les indicateurs en SQL, sans les vues",
        description="Recompte les faits et les indicateurs en SQL, sans les vues, en JSON.",
    )
    action.add_argument("--tenant", action="append", default=[], metavar="CODE", help="(répétable)")
    action.add_argument(
        "--from", dest="start", type=day, default=start_of(2).date(), metavar="JOUR"
    )
    action.add_argument("--to", dest="end", type=day, default=END.date(), metavar="JOUR")
    action.set_defaults(run=lambda words, settings: asyncio.run(run(words, settings)))


async def run(words: Namespace, settings: Settings) -> None:
    async with assembled(attached(settings), connections=2) as parts:
        counted = await recount(
            parts.engine,
            parts.serving,
            chosen(parts, words.tenant),
            parts.catalogue.indicators,
            whole_period(words.start, words.end),
        )
    text = msgspec.json.format(msgspec.json.encode(counted), indent=2).decode()
    sys.stdout.write(f"{text}\n")
