"""
The migrations, in the order in which they run.

The first ones lie beside the code they serve; what comes after a release is a file of this folder.
A released list only grows, at its end: see `core.database.migrate.pending`.
"""

from functools import cache
from importlib.resources import files

from core.database.migrate import Migration
from core.workers.broker import queue_tables

_INSTALLATION = (
    ("tenants.migrations", "registry.sql"),
    ("core.event_store", "dispatcher.sql"),
    ("core.workers", "schema.sql"),
)
_TENANT = (
    ("core.event_store", "schema.sql"),
    ("core.directory", "schema.sql"),
    ("core.access", "schema.sql"),
    ("core.attachments", "schema.sql"),
    ("tenants.migrations", "read_schema.sql"),
    ("projections", "schema.sql"),
    ("projections.webhooks", "schema.sql"),
)


@cache
def of_installation() -> tuple[Migration, ...]:
    """What an installation has once, whatever its tenants."""
    # The broker's library is pinned: a release that changes its tables is seen as drift.
    broker = Migration("core/workers/broker", f"set local role {{{{queue}}}};\n{queue_tables()}")
    return (*(_read(package, file) for package, file in _INSTALLATION), broker)


@cache
def of_tenant() -> tuple[Migration, ...]:
    """What each tenant has for itself."""
    return tuple(_read(package, file) for package, file in _TENANT)


def _read(package: str, file: str) -> Migration:
    script = files(package).joinpath(file).read_text(encoding="utf-8")
    return Migration(f"{package.replace('.', '/')}/{file}", script)
