"""`jalon rebuild`: make read models again from the facts, while readers read."""

import asyncio
import sys
from argparse import Namespace
from typing import Any

from core.settings import Settings
from core.tenancy import Tenant
from projections.engine import NoSuchReadModel
from projections.folding import PoisonFact
from server.assembly import Parts, assembled
from server.commands.progress import bars
from server.commands.words import Unusable, chosen
from server.site import attached


def register(commands: Any) -> None:
    words = commands.add_parser(
        "rebuild",
        help="reconstruire les vues depuis les faits",
        description="Reconstruit les vues depuis les faits, sans interrompre les lectures.",
    )
    words.add_argument("--tenant", action="append", default=[], metavar="CODE", help="(répétable)")
    words.add_argument(
        "--view", action="append", default=[], metavar="VUE", help="par ex. ravie.cycle_register"
    )
    words.add_argument(
        "--check", action="store_true", help="comparer seulement : dire les lignes qui diffèrent"
    )
    words.add_argument(
        "--lenient",
        action="store_true",
        help="mettre de côté un fait illisible au lieu de s'arrêter",
    )
    words.set_defaults(run=lambda words, settings: asyncio.run(run(words, settings)))


async def run(words: Namespace, settings: Settings) -> int:
    """1 when `--check` finds a difference."""
    async with assembled(attached(settings), connections=2) as parts:
        tenants = chosen(parts, words.tenant)
        found = 0
        with bars() as progress:
            bar = progress.add_task("Reconstruction", total=len(tenants), note="")
            for tenant in tenants:
                progress.update(bar, note=tenant.code)
                try:
                    if words.check:
                        found += await _check(parts, tenant, words.view)
                    else:
                        await parts.engine.rebuild(
                            tenant, words.view or None, strict=not words.lenient
                        )
                except NoSuchReadModel as error:
                    raise Unusable(str(error)) from None
                except PoisonFact as error:
                    raise Unusable(
                        f"{tenant.code} : {error}. « --lenient » le met de côté."
                    ) from None
                progress.advance(bar)
    done = "comparées" if words.check else "reconstruites"
    sys.stdout.write(f"Vues {done} pour {len(tenants)} collectivités.\n")
    return 1 if found else 0


async def _check(parts: Parts, tenant: Tenant, views: list[str]) -> int:
    """How many rows of these views, or of all, are not what the facts say; each view is told."""
    wanted = await parts.engine.projections(tenant, views or None)
    differences = await parts.engine.differences(tenant)
    apart = {view.name: differences.get(view.name, 0) for view in wanted}
    for view, rows in apart.items():
        if rows:
            sys.stdout.write(f"{tenant.code} {view} : {rows} ligne(s) de part ou d'autre\n")
    return sum(apart.values())
