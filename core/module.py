"""
The contract a module fills: everything it adds to the house, in one manifest.

Built-in modules are found by scanning `plugins.*` for `module.MODULE`, third-party ones through
the entry-point group `jalon.modules`; both give the same `Module`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from core.deadline import Deadline
from core.domain.command import Command
from core.domain.decider import Aggregate, Decision
from core.domain.event import Fact, Recorded, Upcaster
from core.importable import Import
from core.indicator import Indicator
from core.projection import Projection


class Permission(msgspec.Struct, frozen=True):
    """What a route or a command asks for: a code, and its French sentence for who grants it."""

    code: str
    sentence: str


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """
    A usual bundle of permissions.

    A permission written `code@related` is granted only on what the actor is related to, one written
    `code@structure` only on what belongs to a structure the actor stands for.
    """

    code: str
    title: str
    grants: tuple[str, ...]


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """A value each tenant may set, dated; `kind` is what msgspec validates it against."""

    code: str
    sentence: str
    kind: Any
    default: Any


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """
    When this fact, then that command.

    Delivered at least once, in order, never in a rebuild; the command's idempotency key is
    (policy, fact id), so that the effect is had once. Delays are computed from dates.
    """

    name: str
    facts: tuple[type[Fact], ...]
    react: Callable[[Recorded[Any]], Iterable[Command]]


class Module(msgspec.Struct, frozen=True, kw_only=True):
    """
    The manifest.

    `routes` are Litestar handlers or controllers, mounted under the tenant at `path`: the module's
    name unless it says otherwise, the tenant itself when it is empty.
    """

    name: str
    title: str
    version: str
    facts: tuple[type[Fact], ...] = ()
    upcasters: tuple[Upcaster, ...] = ()
    aggregates: tuple[Aggregate[Any], ...] = ()
    decisions: tuple[Decision[Any, Any], ...] = ()
    policies: tuple[Policy, ...] = ()
    projections: tuple[Projection[Any], ...] = ()
    indicators: tuple[Indicator, ...] = ()
    """Several versions of one indicator may stand side by side: figures are asked by version."""
    transfers: tuple[type[Fact], ...] = ()
    """Those of `facts` by which something comes from another tenant or goes there: a figure that
    they change was changed by a transfer."""
    deadlines: tuple[Deadline, ...] = ()
    """What its read models say is due; listed across modules, and put in calendars."""
    permissions: tuple[Permission, ...] = ()
    roles: tuple[Role, ...] = ()
    settings: tuple[Setting, ...] = ()
    refusals: Mapping[str, str] = {}
    instruments: str | None = None
    """Folder of versioned instruments (TOML), relative to the module."""
    imports: tuple[Import, ...] = ()
    """Files that `jalon import-csv` takes; the first one unless another is named."""
    routes: Callable[[], Sequence[Any]] = tuple
    path: str | None = None
    demo: Callable[[Any], None] | None = None
    """What `make demo` plays: puts the first scenes on a `core.stage.Stage`."""
    invented: Mapping[str, Sequence[str]] = {}
    """By tenant that the demonstration plays after a source, what that source does not give."""
    always_on: bool = False
    """True for what every tenant has; other modules are enabled tenant by tenant."""
