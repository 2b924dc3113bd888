"""`jalon import-csv`: what a collectivité has in a spreadsheet, whole or not at all."""

import asyncio
import csv
import io
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import msgspec

from core.access.actor import Actor
from core.catalogue import Catalogue
from core.importable import Import
from core.importing.faults import Fault, FileRefused
from core.importing.importing import Imported, Importer, import_file
from core.importing.staging import Moved
from core.settings import Settings
from server.assembly import Parts, assembled
from server.commands.progress import bars
from server.commands.words import Unusable, chosen
from server.discovery import find_modules
from server.opening import ADMINISTRATION
from server.site import attached
from tenants.settings import settings_in

BADLY_WRITTEN = 2
"""The exit code when the file is refused."""


def register(commands: Any) -> None:
    words = commands.add_parser(
        "import-csv",
        help="importer un tableur (CSV) dans une collectivité",
        description="Importe un fichier en entier, ou rien. Le même fichier deux fois n'écrit "
        "rien de plus ; un fichier plus long ajoute ce qui est nouveau ; une ligne qui dit "
        "autrement ce qui est enregistré le corrige.",
    )
    words.add_argument("--module", required=True, metavar="MODULE", help="par ex. ravie")
    words.add_argument("--tenant", metavar="CODE", help="par ex. 05D")
    words.add_argument("file", nargs="?", type=Path, metavar="FICHIER", help="au format CSV")
    words.add_argument(
        "--source",
        default="import-csv",
        metavar="NOM",
        help="d'où viennent les identifiants du fichier (défaut : import-csv)",
    )
    words.add_argument("--dry-run", action="store_true", help="tout vérifier, ne rien écrire")
    words.add_argument("--json", action="store_true", help="répondre en JSON")
    words.add_argument("--columns", action="store_true", help="dire les colonnes, et finir")
    words.add_argument("--example", action="store_true", help="écrire un exemple, et finir")
    words.set_defaults(run=run)


def run(words: Namespace, settings: Settings) -> int:
    """0 when imported or well written, 2 when the file is refused; raises `Unusable`."""
    wanted = _import_of(Catalogue(find_modules()), words.module)
    if words.columns:
        sys.stdout.write(columns_as_text(wanted))
        return 0
    if words.example:
        sys.stdout.write(example_as_text(wanted))
        return 0
    if words.tenant is None or words.file is None:
        raise Unusable("Dites la collectivité (--tenant 05D) et le fichier à importer.")
    if not words.file.is_file():
        raise Unusable(f"« {words.file} » n'est pas un fichier qui se lit.")
    return asyncio.run(_run(words, settings, wanted))


async def _run(words: Namespace, settings: Settings, wanted: Import) -> int:
    async with assembled(attached(settings), connections=2) as parts:
        (tenant,) = chosen(parts, [words.tenant])
        with bars() as progress:
            bar = progress.add_task("Import", total=None, note="")

            def advance(done: int, lines: int) -> None:
                progress.update(bar, completed=done, total=lines)

            try:
                imported = await import_file(
                    importer_of(parts, tenant.placement),
                    tenant,
                    wanted,
                    words.file,
                    actor=Actor.policy(ADMINISTRATION),
                    source=words.source,
                    dry_run=words.dry_run,
                    progress=advance,
                )
            except FileRefused as refused:
                progress.update(bar, note="refusé")
                sys.stdout.write(_refused(refused, as_json=words.json))
                return BADLY_WRITTEN
            except Moved:
                raise Unusable(
                    "Quelqu'un a écrit dans les mêmes cycles pendant l'import : rien n'a été "
                    "importé, recommencez."
                ) from None
    sys.stdout.write(_told(imported, as_json=words.json, dry_run=words.dry_run))
    return 0


def importer_of(parts: Parts, placement: str) -> Importer:
    """What it takes to import into the tenants of a server."""
    return Importer(
        database=parts.serving[placement],
        catalogue=parts.catalogue,
        tenants=parts.tenants,
        settings_of=settings_in(parts.catalogue),
        wrapper=parts.site.wrapper(),
        clock=parts.application.clock,
    )


def columns_as_text(wanted: Import) -> str:
    """The columns, one a line, with what may be written in each."""
    lines = [f"{wanted.title}, une ligne par signature. Colonnes, dans n'importe quel ordre :\n"]
    for column in wanted.columns:
        must = " (obligatoire)" if column.required else ""
        words = f" Au choix : {', '.join(column.choices)}." if column.choices else ""
        lines.append(f"  {column.name:<20}{column.sentence}{words}{must}\n")
    lines.append("Dates 15/01/2026 ou 2026-01-15 ; heures 14:00 ou 14h30 ; « ; » ou « , ».\n")
    return "".join(lines)


def example_as_text(wanted: Import) -> str:
    """A file that could be imported."""
    text = io.StringIO()
    names = [column.name for column in wanted.columns]
    writer = csv.DictWriter(text, names, delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(wanted.example)
    return text.getvalue()


def _import_of(catalogue: Catalogue, name: str) -> Import:
    importing = {module.name: module.imports for module in catalogue.modules if module.imports}
    if name not in importing:
        raise Unusable(
            f"Le module « {name} » n'importe rien. Ceux qui importent : {', '.join(importing)}."
        )
    return importing[name][0]


def _refused(refused: FileRefused, *, as_json: bool) -> str:
    if as_json:
        return _json({"written": False, "errors": refused.faults, "others": refused.others})
    lines = [_line(fault) for fault in refused.faults]
    if refused.others:
        lines.append(f"… et {refused.others} autres erreurs.\n")
    lines.append("Rien n'a été importé.\n")
    return "".join(lines)


def _line(fault: Fault) -> str:
    where = f"ligne {fault.line}"
    if fault.column is not None:
        where += f", colonne {fault.column}"
    if fault.value is not None:
        where += f", « {fault.value} »"
    return f"{where} : {fault.message} [{fault.rule}]\n"


def _told(imported: Imported, *, as_json: bool, dry_run: bool) -> str:
    if as_json:
        return _json(imported)
    verb = "seraient écrits" if dry_run else "écrits"
    text = f"{imported.lines} lignes lues, {imported.facts} faits {verb}"
    if imported.corrections:
        text += f", dont {imported.corrections} corrections"
    text += f", {imported.people} personnes nouvelles"
    if imported.likenesses:
        text += f" ({imported.likenesses} ressemblent à quelqu'un de connu)"
    return f"{text}.\n"


def _json(content: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"
