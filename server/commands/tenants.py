"""`jalon tenants`: which collectivités there are, and what they have decided."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import msgspec

from core.access.actor import Actor
from core.domain.command import Command
from core.domain.event import Subject
from core.settings import Settings
from core.tenancy import Tenant
from server.assembly import Parts, assembled
from server.commands.progress import bars
from server.commands.words import Unusable, day
from server.opening import ADMINISTRATION, open_tenants
from server.site import attached, ensure_installed
from tenants.commands import (
    ChangeSetting,
    DisableModule,
    EnableModule,
    ResumeTenant,
    SuspendTenant,
)
from tenants.provisioning import provision
from tenants.territory.territory import Collectivite, CollectiviteCode, territory


def register(commands: Any) -> None:
    words = commands.add_parser("tenants", help="gérer les collectivités")
    actions = words.add_subparsers(metavar="ACTION", required=True)
    action = actions.add_parser("list", help="celles qui sont provisionnées")
    action.set_defaults(run=_with_parts(list_tenants))
    action = actions.add_parser("provision", help="en provisionner, ou les mettre à jour")
    action.add_argument("codes", nargs="*", metavar="CODE", help="par ex. 05D ; aucun : les 100")
    action.add_argument("--dry-run", action="store_true", help="dire ce qui serait fait")
    action.set_defaults(run=provision_tenants)
    action = actions.add_parser("show", help="réglages, modules et suspension d'une collectivité")
    action.add_argument("code", metavar="CODE")
    action.set_defaults(run=_with_parts(show))
    for name, help_, build in (
        ("suspend", "suspendre : elle lit et n'écrit plus", _suspend),
        ("resume", "lever une suspension", _resume),
        ("enable", "activer un module", _enable),
        ("disable", "désactiver un module", _disable),
        ("set", "changer un réglage", _set),
    ):
        action = actions.add_parser(name, help=help_)
        action.add_argument("code", metavar="CODE")
        if name in ("enable", "disable"):
            action.add_argument("module", metavar="MODULE", help="par ex. ravie")
        if name == "suspend":
            action.add_argument("--reason", required=True, metavar="MOTIF", help="code du motif")
        if name == "set":
            action.add_argument("setting", metavar="RÉGLAGE", help="par ex. ravie.min_hours")
            action.add_argument("value", metavar="VALEUR", help="en JSON, par ex. 12")
        action.add_argument("--from", dest="start", type=day, default=None, metavar="JOUR")
        action.set_defaults(run=_with_parts(_decides(build)))


def provision_tenants(words: Namespace, settings: Settings) -> None:
    """Provisions with a bar; those that exist are brought up to date."""
    wanted = _collectivites(words.codes)
    if words.dry_run:
        for each in wanted:
            sys.stdout.write(f"{each.code}  {each.name}\n")
        sys.stdout.write(f"{len(wanted)} collectivités seraient provisionnées ou mises à jour.\n")
        return
    asyncio.run(_provision(settings, wanted))


async def _provision(settings: Settings, wanted: list[Collectivite]) -> None:
    site = attached(settings)
    await ensure_installed(site)
    with bars() as progress:
        bar = progress.add_task("Provisionnement", total=len(wanted), note="")

        def advance(code: str, done: int, _total: int) -> None:
            progress.update(bar, completed=done, note=code)

        made = await provision(site.provision, wanted, progress=advance)
        async with assembled(site) as parts:
            await open_tenants(parts, made)
    sys.stdout.write(f"{len(made)} collectivités provisionnées.\n")


async def list_tenants(parts: Parts, _words: Namespace) -> None:
    for tenant in parts.tenants.all():
        settings = await _settings(parts, tenant)
        state = "suspendue" if settings.suspended else ", ".join(sorted(settings.modules))
        sys.stdout.write(f"{tenant.code:<5} {tenant.name:<34} {state}\n")


async def show(parts: Parts, words: Namespace) -> None:
    tenant = parts.tenants.find(words.code)
    settings = await _settings(parts, tenant)
    lag = await parts.engine.lag(tenant)
    shown = {
        "code": tenant.code,
        "nom": tenant.name,
        "serveur": tenant.placement,
        "suspendue": settings.suspended,
        "modules": sorted(settings.modules),
        "reglages": {**parts.catalogue.default_settings, **settings.values},
        "faits": lag.head,
        "retard": lag.positions,
    }
    text = msgspec.json.format(msgspec.json.encode(shown), indent=2).decode()
    sys.stdout.write(f"{text}\n")


Build = Callable[[Namespace, Subject, date], Command]


def _suspend(words: Namespace, tenant: Subject, start: date) -> Command:
    return SuspendTenant(tenant=tenant, effective_on=start, reason=words.reason)


def _resume(_words: Namespace, tenant: Subject, start: date) -> Command:
    return ResumeTenant(tenant=tenant, effective_on=start)


def _enable(words: Namespace, tenant: Subject, start: date) -> Command:
    return EnableModule(tenant=tenant, module=words.module, effective_on=start)


def _disable(words: Namespace, tenant: Subject, start: date) -> Command:
    return DisableModule(tenant=tenant, module=words.module, effective_on=start)


def _set(words: Namespace, tenant: Subject, start: date) -> Command:
    try:
        value = msgspec.json.decode(words.value.encode())
    except msgspec.DecodeError:
        raise Unusable("La valeur d'un réglage s'écrit en JSON : 12, true, \"texte\".") from None
    return ChangeSetting(tenant=tenant, setting=words.setting, value=value, effective_on=start)


def _decides(build: Build) -> Callable[[Parts, Namespace], Awaitable[None]]:
    async def decide(parts: Parts, words: Namespace) -> None:
        tenant = parts.tenants.find(words.code)
        today = territory().collectivite(tenant.code).day(parts.application.clock.now(tenant.code))
        command = build(words, Subject(tenant.stream), words.start or today)
        done = await parts.application.execute(
            tenant.code, command, actor=Actor.policy(ADMINISTRATION)
        )
        sys.stdout.write(f"{tenant.code} : enregistré en position {done.position}.\n")

    return decide


def _with_parts(
    action: Callable[[Parts, Namespace], Awaitable[None]],
) -> Callable[[Namespace, Settings], None]:
    async def act(words: Namespace, settings: Settings) -> None:
        async with assembled(attached(settings), connections=2) as parts:
            await action(parts, words)

    return lambda words, settings: asyncio.run(act(words, settings))


async def _settings(parts: Parts, tenant: Tenant) -> Any:
    now = parts.application.clock.now(tenant.code)
    return await parts.application.settings(tenant, now, fresh=True)


def _collectivites(codes: list[str]) -> list[Collectivite]:
    known = territory().collectivites
    if unknown := [code for code in codes if CollectiviteCode(code) not in known]:
        raise Unusable(f"Ce ne sont pas des codes de collectivités : {', '.join(unknown)}.")
    return [known[CollectiviteCode(code)] for code in codes] or list(known.values())
