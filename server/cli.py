"""The command line: `jalon demo`, `jalon serve` and the others of `COMMANDS`."""

import sys
from collections.abc import Sequence

from psycopg import Error as DatabaseError

from core.access.tokens import BadKeys
from core.database.migrate import MigrationRefused
from core.database.pool import UnsafeLogin
from core.domain.refusal import Refusal
from core.event_store.stored import StoreError
from core.keys.local import KeyFileRefused
from core.observability import configure_logging
from core.settings import BadSettings, Settings
from core.tenancy import UnknownTenant
from server.app import AddressRefused
from server.commands import (
    demo,
    facts,
    import_csv,
    install,
    new_module,
    rebuild,
    replay,
    serve,
    tenants,
    token,
    why,
    work,
)
from server.commands.words import Unusable
from server.discovery import BrokenModule
from server.embedded import EmbeddedRefused, NotRunning
from server.french import FrenchParser, speak_french
from server.site import SiteRefused
from tenants.installation import InstallationRefused

COMMANDS = (
    demo,
    serve,
    work,
    install,
    tenants,
    token,
    replay,
    why,
    rebuild,
    facts,
    import_csv,
    new_module,
)

SPOKEN = (
    AddressRefused,
    BadKeys,
    BadSettings,
    BrokenModule,
    EmbeddedRefused,
    InstallationRefused,
    KeyFileRefused,
    MigrationRefused,
    NotRunning,
    SiteRefused,
    UnsafeLogin,
    Unusable,
)
"""Errors whose message is a French sentence for whoever typed the command."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and exits: 0 when done, 1 when it could not be, 2 when badly asked."""
    speak_french()
    words = sys.argv[1:] if arguments is None else arguments
    if not words:
        parser().print_help(sys.stderr)
        raise SystemExit(2)
    parsed = parser().parse_args(words)
    try:
        settings = Settings.from_environment()
        # Before anything runs: unconfigured, an error would be printed with the values around it.
        configure_logging(settings.log_format)
        code: int = parsed.run(parsed, settings) or 0
    except SPOKEN as error:
        print(error, file=sys.stderr)  # noqa: T201 - the answer of a command line
        code = 1
    except Refusal as refusal:
        print(f"{refusal.sentence} [{refusal.refused.code}]", file=sys.stderr)  # noqa: T201
        code = 1
    except UnknownTenant as error:
        print(f"Collectivité inconnue ici : {error}.", file=sys.stderr)  # noqa: T201
        code = 1
    except (DatabaseError, StoreError) as error:
        # The server's own message may quote a value.
        print(f"La base de données ne répond pas ({type(error).__name__}).", file=sys.stderr)  # noqa: T201
        code = 1
    except KeyboardInterrupt:
        code = 130
    raise SystemExit(code)


def parser() -> FrenchParser:
    """The whole grammar of the command line."""
    whole = FrenchParser(
        prog="jalon",
        description="Le registre de l'accompagnement social : une histoire par collectivité.",
    )
    commands = whole.add_subparsers(metavar="COMMANDE", required=True)
    for command in COMMANDS:
        command.register(commands)
    return whole
