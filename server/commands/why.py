"""`jalon why`: why a figure changed, by category, with the facts of each."""

import asyncio
import sys
from argparse import Namespace
from typing import Any

import msgspec
from psycopg import sql
from rich.console import Console
from rich.table import Table

from core.catalogue import Catalogue
from core.database.pool import Connection
from core.domain.days import PARIS
from core.indicator import Indicator, Period
from core.settings import Settings
from core.tenancy import Tenant
from projections.causes import Amount, Change, Explanation, Part
from projections.explaining import explained
from projections.figures import UnknownDimension, read_models_of
from projections.replay import last_known
from projections.subjects import INDEX
from projections.why import Question, why
from server.assembly import Parts, assembled
from server.commands.words import Unusable, day, instant, period, positive
from server.site import attached
from tenants.territory.territory import territory

WIDTH = 160
"""Columns of what is not shown on a terminal."""


def register(commands: Any) -> None:
    words = commands.add_parser(
        "why",
        help="dire pourquoi un chiffre a changé",
        description="Compare un indicateur entre deux dates d'enregistrement, ou entre deux "
        "versions de sa définition, et répartit l'écart entre saisies tardives et courantes, "
        "corrections, annulations, transferts et changement de règle, avec les faits de chacun.",
    )
    words.add_argument("--tenant", required=True, metavar="CODE")
    words.add_argument("--indicator", required=True, metavar="NOM")
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
    words.add_argument(
        "--known-from", type=instant, metavar="INSTANT", help="su d'abord ; défaut : --known-to"
    )
    words.add_argument(
        "--known-to", type=instant, metavar="INSTANT", help="su ensuite ; défaut : maintenant"
    )
    for option, which in (("--version-from", "première"), ("--version-to", "seconde")):
        words.add_argument(
            option, type=positive, metavar="VERSION", help=f"{which} définition ; défaut : dernière"
        )
    words.add_argument("--by", action="append", default=[], metavar="VENTILATION")
    words.add_argument("--json", action="store_true", help="tout, en JSON")
    words.set_defaults(run=lambda words, settings: asyncio.run(run(words, settings)))


async def run(words: Namespace, settings: Settings) -> None:
    counted = period(words.start, words.end)
    async with assembled(attached(settings), connections=2) as parts:
        told = await explanation(parts, words, counted)
    if words.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n")
    else:
        # In a pipe a table is as wide as it needs.
        show(told, Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH))


async def explanation(parts: Parts, words: Namespace, counted: Period) -> Explanation:
    """What was asked, from the words of the command; raises `Unusable`."""
    tenant, catalogue = parts.tenants.find(words.tenant), parts.catalogue
    before = _definition(catalogue, words.indicator, words.version_from)
    after = _definition(catalogue, words.indicator, words.version_to)
    names = {*read_models_of(before), *read_models_of(after)}
    projections = await parts.engine.projections(tenant, names)
    async with parts.projecting[tenant.placement].projecting(tenant) as connection:
        end = await _end(connection, tenant, words)
        start = end
        if words.known_from is not None:
            start = await last_known(connection, tenant, known_at=words.known_from)
        if start > end:
            raise Unusable("--known-from doit venir avant --known-to.")
        question = Question(
            before=before,
            after=after,
            period=counted,
            start=start,
            end=end,
            boundary=words.known_from,
            dimensions=tuple(words.by),
            transfers=catalogue.transfers,
        )
        try:
            answer = await why(connection, tenant, catalogue.registry, projections, question)
        except UnknownDimension as error:
            raise Unusable(f"{error}.") from None
    return explained(tenant, question, answer, territory().vintage)


def _definition(catalogue: Catalogue, name: str, version: int | None) -> Indicator:
    versions = catalogue.indicator_versions(name)
    if not versions:
        known = ", ".join(sorted(indicator.name for indicator in catalogue.indicators))
        raise Unusable(f"Indicateur inconnu : {name}. Il y a : {known}.")
    if version is not None and version not in versions:
        raise Unusable(f"{name} : versions connues : {', '.join(map(str, versions))}.")
    return catalogue.indicator(name, version)


async def _end(connection: Connection, tenant: Tenant, words: Namespace) -> int:
    """The second position; rows are folded again through the subject index, which must hold it."""
    query = sql.SQL("select position from {} where projection = %s").format(
        sql.Identifier(tenant.read_schema, "followed")
    )
    line = await (await connection.execute(query, (INDEX,))).fetchone()
    held: int = line[0] if line else 0
    if words.known_to is None:
        return held
    end = await last_known(connection, tenant, known_at=words.known_to)
    if end > held:
        raise Unusable(
            f"Les vues ont {end - held} faits de retard : lancez « jalon work », puis recommencez."
        )
    return end


def show(told: Explanation, console: Console) -> None:
    """The explanation as people read it."""
    console.print(f"{told.indicator}, {told.tenant} : {told.after.sentence}")
    console.print(
        f"Du {told.period.start} au {told.period.end} exclu, en {told.scale} ; "
        f"position {told.before.position} (version {told.before.version}) → "
        f"position {told.after.position} (version {told.after.version})."
    )
    for difference in told.differences:
        told_by = ", ".join(f"{name} {value}" for name, value in difference.dimensions.items())
        before, after = _amount(difference.before), _amount(difference.after)
        console.print(
            f"{told_by + ' : ' if told_by else ''}{before} → {after}, "
            f"soit {_change(difference.change)}"
        )
    table = Table()
    table.add_column("Cause")
    table.add_column("Écart", justify="right")
    table.add_column("Faits", justify="right")
    for part in told.parts:
        table.add_row(part.label, _changes(part.changes), str(part.count))
    console.print(table)
    for part in told.parts:
        if part.facts:
            console.print(_facts(part))


def _facts(part: Part) -> Table:
    shown = f"les {len(part.facts)} premiers sur " if part.count > len(part.facts) else ""
    table = Table(title=f"{part.label} : {shown}{part.count}")
    table.add_column("Position", justify="right")
    for name in ("Fait", "Survenu", "Enregistré", "Par", "Corrige"):
        table.add_column(name)
    table.add_column("Écart", justify="right")
    for cause in part.facts:
        fact = cause.fact
        table.add_row(
            str(fact.position),
            fact.name,
            f"{fact.occurred_at.astimezone(PARIS):%Y-%m-%d %H:%M}",
            f"{fact.recorded_at.astimezone(PARIS):%Y-%m-%d %H:%M}",
            fact.actor,
            f"{cause.corrects.position}, {cause.corrects.name}" if cause.corrects else "",
            "ensemble" if cause.changes is None else _changes(cause.changes),
        )
    return table


def _changes(changes: list[Change]) -> str:
    return "\n".join(
        " ".join([*each.dimensions.values(), _change(each)]) for each in changes if each.value
    )


def _change(change: Change) -> str:
    return f"{change.value:+.6g}" if isinstance(change.value, float) else f"{change.value:+d}"


def _amount(amount: Amount) -> str:
    if amount.value is None:
        return "sans valeur"
    return f"{amount.value:.6g}" if isinstance(amount.value, float) else str(amount.value)
