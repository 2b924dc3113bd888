"""What a tenant's own stream adds up to: a calendar of what holds from which day on."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias, cast

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded
from tenants.events import (
    FACTS,
    ModuleDisabled,
    ModuleEnabled,
    SettingChanged,
    TenantProvisioned,
    TenantResumed,
    TenantSuspended,
)


class From(msgspec.Struct, frozen=True):
    """A value, and the first day on which it holds."""

    day: date
    value: Any


Calendar: TypeAlias = tuple[From, ...]
"""By day; of two decisions for one day, the one recorded last comes last."""


class TenantState(msgspec.Struct, frozen=True, kw_only=True):
    """A provisioned tenant. `modules` and `settings` hold only what was ever decided."""

    code: str
    suspended: Calendar = ()
    modules: Mapping[str, Calendar] = {}
    settings: Mapping[str, Calendar] = {}

    def is_suspended(self, day: date) -> bool:
        return cast("bool", in_force(self.suspended, day, default=False))

    def has_module(self, module: str, day: date) -> bool:
        return cast("bool", in_force(self.modules.get(module, ()), day, default=False))


def in_force(calendar: Calendar, day: date, *, default: Any) -> Any:
    """The value that holds on a day; `default` before the first one."""
    standing = [entry.value for entry in calendar if entry.day <= day]
    return standing[-1] if standing else default


def evolve(state: TenantState | None, recorded: Recorded[Any]) -> TenantState:
    """One more fact of the tenant's own stream."""
    if state is None:
        return TenantState(code=_first(recorded.fact).code)
    match recorded.fact:
        case TenantSuspended(effective_on=day):
            return _replace(state, suspended=_entered(state.suspended, day, value=True))
        case TenantResumed(effective_on=day):
            return _replace(state, suspended=_entered(state.suspended, day, value=False))
        case ModuleEnabled(module=module, effective_on=day):
            return _replace(state, modules=_filed(state.modules, module, day, value=True))
        case ModuleDisabled(module=module, effective_on=day):
            return _replace(state, modules=_filed(state.modules, module, day, value=False))
        case SettingChanged(setting=setting, value=value, effective_on=day):
            return _replace(state, settings=_filed(state.settings, setting, day, value=value))
        case _:
            message = f"{recorded.fact.stored_name} does not belong here"
            raise ValueError(message)


def _first(fact: Any) -> TenantProvisioned:
    if not isinstance(fact, TenantProvisioned):
        message = "a tenant's history begins with its provisioning"
        raise ValueError(message)
    return fact


def _filed(
    calendars: Mapping[str, Calendar], key: str, day: date, *, value: Any
) -> Mapping[str, Calendar]:
    return {**calendars, key: _entered(calendars.get(key, ()), day, value=value)}


def _entered(calendar: Calendar, day: date, *, value: Any) -> Calendar:
    # Sorting is stable: what is recorded later stands after what holds from the same day.
    return tuple(sorted((*calendar, From(day, value)), key=lambda entry: entry.day))


_replace = msgspec.structs.replace

TENANT: Aggregate[TenantState] = Aggregate(
    name="tenants.tenant",
    facts=FACTS,
    evolve=evolve,
    # What a tenant was told to do it has done: another decision follows, the past one stays.
    kept=FACTS,
)
