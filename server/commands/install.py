"""`jalon install`: an installation on a real PostgreSQL, made or brought up to date."""

import asyncio
import sys
from argparse import Namespace
from typing import Any

from core.settings import Settings
from server.commands.words import Unusable
from server.site import attached, install_on_server


def register(commands: Any) -> None:
    words = commands.add_parser(
        "install",
        help="installer sur un vrai PostgreSQL",
        description="Crée, ou met à jour, la base, ses rôles et la clé maîtresse sur le serveur de "
        "JALON_DATABASE_URL, avec le compte administrateur de JALON_ADMIN_URL. L'installation "
        "embarquée se crée toute seule.",
    )
    words.set_defaults(run=run)


def run(_words: Namespace, settings: Settings) -> None:
    if settings.database_url is None:
        raise Unusable(
            "JALON_DATABASE_URL : obligatoire. L'installation embarquée se crée au premier "
            "« jalon serve »."
        )
    site = attached(settings)
    asyncio.run(install_on_server(site))
    sys.stdout.write(
        f"La base « {site.names.database} » est installée. Clé maîtresse : {settings.master_key}, "
        "à sauvegarder à part. Ensuite : « jalon tenants provision ».\n"
    )
