"""`jalon demo`: play a history through the public commands, sum it up, serve it."""

import asyncio
import sys
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec

from core.access.tokens import issue_development_token
from core.catalogue import Catalogue
from core.clock import SimulatedClock
from core.observability import configure_logging
from core.settings import Settings
from server.assembly import Parts, assembled
from server.commands import serve
from server.commands.progress import CONSOLE, bars
from server.commands.words import Unusable, file_to_write, port, positive, seed
from server.commands.work import queue_of, worker_beside
from server.demo.calendar import start_of
from server.demo.play import Program, Seconds, begun, caught_up, play, summarised
from server.demo.summary import Summary
from server.discovery import find_modules
from server.site import Site, ensure_installed, running
from tenants.provisioning import provision
from tenants.territory.territory import Collectivite, territory

FIRST = "05D"
"""The tenant that is played after a source, whatever the number of tenants."""

TOKENS = (
    ("animatrice", "ravie.animateur", "animer un cycle RAVie"),
    ("coordination", "ravie.coordination", "coordonner les RAVie"),
    ("audit", "auditeur", "lire les faits et les indicateurs"),
)


def register(commands: Any) -> None:
    words = commands.add_parser(
        "demo",
        help="jouer une démonstration et la servir",
        description="Démarre tout, joue une histoire inventée par les commandes publiques, la "
        "résume et la sert jusqu'à Ctrl-C. La même graine donne les mêmes faits.",
    )
    words.add_argument("--tenants", type=positive, default=10, metavar="N", help="défaut : 10")
    words.add_argument("--years", type=positive, default=2, metavar="N", help="défaut : 2")
    words.add_argument("--seed", type=seed, default=1, metavar="N", help="graine (défaut : 1)")
    words.add_argument("--summary", type=file_to_write, metavar="FICHIER", help="résumé en JSON")
    words.add_argument("--no-serve", action="store_true", help="ne pas servir ensuite")
    words.add_argument("--host", metavar="ADRESSE", help="défaut : JALON_HOST ou 127.0.0.1")
    words.add_argument("--port", type=port, metavar="N", help="défaut : JALON_PORT ou 8000")
    words.set_defaults(run=run)


def run(words: Namespace, settings: Settings) -> None:
    if settings.production:
        raise Unusable("La démonstration ne se joue pas en production (JALON_ENV).")
    configure_logging("console", level="WARNING")
    seconds = Seconds()
    chosen = _chosen(words.tenants)
    program = Program(
        tenants=tuple(each.code for each in chosen), years=words.years, seed=words.seed
    )
    with ExitStack() as stack:
        with seconds.step("start"):
            site = stack.enter_context(running(settings))
        with seconds.step("provision"):
            asyncio.run(_provision(site, chosen))
        clock = SimulatedClock(start_of(words.years))
        with worker_beside(site, clock):
            summary = asyncio.run(_play(site, clock, program, seconds))
        _report(summary, words.summary)
        if not words.no_serve:
            _tell_tokens(settings, program)
            with worker_beside(site):
                asyncio.run(serve.serve(site, words))


async def _provision(site: Site, chosen: list[Collectivite]) -> None:
    await ensure_installed(site)
    with bars() as progress:
        bar = progress.add_task("Provisionnement", total=len(chosen), note="")
        await provision(
            site.provision,
            chosen,
            progress=lambda code, done, _total: progress.update(bar, completed=done, note=code),
        )


async def _play(site: Site, clock: SimulatedClock, program: Program, seconds: Seconds) -> Summary:
    queue = queue_of(site)
    try:
        async with assembled(site, broker=queue.broker, clock=clock, connections=8) as parts:
            new = await _not_begun(parts, clock, program)
            with bars() as progress:
                bar = progress.add_task("Histoires", total=len(new.tenants), note="")
                facts = 0

                def advance(written: int, finished: int) -> None:
                    nonlocal facts
                    facts += written
                    progress.update(bar, advance=finished, note=f"{facts} faits")

                with seconds.step("play"):
                    await play(parts, clock, new, advance)
                waiting = progress.add_task("Vues à jour", total=1, note="")
                with seconds.step("follow"):
                    await caught_up(parts, program)
                progress.advance(waiting)
            return await summarised(parts, program, seconds)
    finally:
        queue.close()


async def _not_begun(parts: Parts, clock: SimulatedClock, program: Program) -> Program:
    """What is left to play in a home where a demonstration was already played, or stopped."""
    if not (already := await begun(parts, clock, program)):
        return program
    CONSOLE.print(
        f"Ont déjà une histoire ici, qui n'est pas rejouée : {', '.join(already)}. Pour tout jouer "
        f"à neuf, donnez un autre JALON_HOME ou effacez {parts.site.settings.home}.",
        soft_wrap=True,
    )
    left = tuple(code for code in program.tenants if code not in already)
    return msgspec.structs.replace(program, tenants=left)


def _report(summary: Summary, path: Path | None) -> None:
    text = msgspec.json.format(msgspec.json.encode(summary), indent=2)
    if path is not None:
        path.write_bytes(text + b"\n")
    spent = sum(summary.seconds.values())
    CONSOLE.print(
        f"{summary.facts} faits de {len(summary.facts_by_tenant)} collectivités en {spent:.0f} s ("
        + ", ".join(f"{step} {seconds:.0f} s" for step, seconds in summary.seconds.items())
        + ")."
    )
    for indicator in Catalogue(find_modules()).indicators:
        # Ratios do not add up, nor does a figure that is not there.
        values = [
            each.value or 0 for each in summary.indicators if each.stamp.indicator == indicator.name
        ]
        if indicator.kind != "ratio":
            total = f"{sum(values):,.0f}".replace(",", " ")
            CONSOLE.print(f"  {indicator.name:<40} {total:>12} {indicator.scale}")
    for tenant, missing in summary.invented.items():
        CONSOLE.print(
            f"  {tenant} : inventé, faute de source : {', '.join(missing)}.", soft_wrap=True
        )


def _tell_tokens(settings: Settings, program: Program) -> None:
    sys.stdout.write("Jetons de développement (douze heures) :\n")
    for account, role, what in TOKENS:
        roles = {tenant: [role] for tenant in program.tenants}
        token = issue_development_token(settings.home, account, roles)
        sys.stdout.write(f"  {account} ({what}) :\n  {token}\n")
    sys.stdout.flush()


def _chosen(count: int) -> list[Collectivite]:
    everyone = sorted(
        territory().collectivites.values(), key=lambda each: (each.code != FIRST, each.code)
    )
    if count > len(everyone):
        raise Unusable(f"Il y a {len(everyone)} collectivités : --tenants {count} est trop.")
    return sorted(everyone[:count], key=lambda each: each.code)
