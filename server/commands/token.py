"""`jalon token`: a development token; a server in production refuses it."""

import sys
from argparse import Namespace
from typing import Any

from core.access.actor import KnownAs
from core.access.tokens import issue_development_token
from core.catalogue import Catalogue
from core.ids import is_id
from core.settings import Settings
from server.commands.words import Unusable, positive
from server.discovery import find_modules
from tenants.territory.territory import territory


def register(commands: Any) -> None:
    words = commands.add_parser(
        "token",
        help="donner un jeton de développement",
        description="Donne un jeton de développement, refusé par un serveur en production.",
    )
    words.add_argument("account", metavar="COMPTE", help="par ex. animatrice")
    words.add_argument(
        "--tenant", action="append", required=True, metavar="CODE", help="collectivité (répétable)"
    )
    words.add_argument(
        "--role", action="append", required=True, metavar="RÔLE", help="rôle (répétable)"
    )
    words.add_argument(
        "--professional",
        action="append",
        default=[],
        metavar="ID",
        help="professionnel que le compte représente (répétable)",
    )
    words.add_argument(
        "--structure",
        action="append",
        default=[],
        metavar="ID",
        help="structure que le compte représente (répétable)",
    )
    words.add_argument(
        "--hours", type=positive, default=12, metavar="N", help="durée en heures (défaut : 12)"
    )
    words.set_defaults(run=run)


def run(words: Namespace, settings: Settings) -> None:
    known = Catalogue(find_modules()).roles
    if unknown := [role for role in words.role if role not in known]:
        raise Unusable(
            f"Rôle inconnu : {', '.join(unknown)}. Rôles possibles : {', '.join(sorted(known))}."
        )
    codes = territory().collectivites
    if strangers := [code for code in words.tenant if code not in codes]:
        raise Unusable(f"Ce ne sont pas des codes de collectivités : {', '.join(strangers)}.")
    if settings.production:
        raise Unusable("Un jeton de développement ne sert à rien en production (JALON_ENV).")
    if wrong := [one for one in (*words.professional, *words.structure) if not is_id(one)]:
        raise Unusable(f"Ce ne sont pas des identifiants (UUID) : {', '.join(wrong)}.")
    known_as = KnownAs(
        professionals=frozenset(words.professional), structures=frozenset(words.structure)
    )
    token = issue_development_token(
        settings.home,
        words.account,
        dict.fromkeys(words.tenant, words.role),
        known_as=dict.fromkeys(words.tenant, known_as),
        lifetime=words.hours * 3600,
    )
    sys.stdout.write(f"{token}\n")
