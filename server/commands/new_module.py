"""`jalon new-module`: a module that works, from the template."""

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from core.settings import Settings
from server.commands.words import Unusable
from server.new_module import RefusedName, new_module


def register(commands: Any) -> None:
    words = commands.add_parser(
        "new-module",
        help="créer un module depuis plugins/_template",
        description="Crée plugins/NOM, un module complet et testé, à transformer.",
    )
    words.add_argument("name", metavar="NOM", help="minuscules, chiffres et _ (par ex. mon_module)")
    words.set_defaults(run=run)


def run(words: Namespace, _settings: Settings) -> None:
    try:
        made = new_module(words.name, Path.cwd())
    except RefusedName as refused:
        raise Unusable(str(refused)) from None
    sys.stdout.write(f"{made} est prêt : commencez par son README.md et events.py.\n")
