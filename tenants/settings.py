"""What a tenant has decided, as in force at an instant, typed as its modules declare."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import structlog

from core.catalogue import Catalogue
from core.domain.correction import effective
from core.domain.decider import fold
from core.domain.event import Recorded
from core.tenancy import TenantSettings
from tenants.state import TENANT, Calendar
from tenants.territory.territory import territory

log = structlog.get_logger()


def settings_in(
    catalogue: Catalogue,
) -> Callable[[Sequence[Recorded[Any]], datetime], TenantSettings]:
    """
    The `settings_of` of an `Application` with these modules.

    It is asked before every command, so the last answer for each tenant is kept for the day.
    """
    answers: dict[str, tuple[tuple[str, date], TenantSettings]] = {}

    def settings_of(history: Sequence[Recorded[Any]], now: datetime) -> TenantSettings:
        if not history:
            return TenantSettings(version=0, suspended=False, modules=frozenset(), values={})
        tenant = history[-1].tenant
        question = (history[-1].id, territory().collectivite(tenant).day(now))
        known = answers.get(tenant)
        if known is None or known[0] != question:
            known = answers[tenant] = (question, _settings_on(catalogue, history, question[1]))
        return known[1]

    return settings_of


def _settings_on(
    catalogue: Catalogue, history: Sequence[Recorded[Any]], day: date
) -> TenantSettings:
    state = fold(TENANT, effective(history, catalogue.registry))
    if state is None:
        message = "a tenant's history begins with its provisioning"
        raise ValueError(message)
    values = {}
    for code, kind in catalogue.choices.settings.items():
        value = _typed(code, kind, state.settings.get(code, ()), day)
        if value is not msgspec.UNSET:
            values[code] = value
    return TenantSettings(
        version=len(history),
        suspended=state.is_suspended(day),
        modules=frozenset(module for module in state.modules if state.has_module(module, day)),
        values=values,
    )


def _typed(code: str, kind: Any, calendar: Calendar, day: date) -> Any:
    """
    The latest value in force that fits its type, `UNSET` when there is none.

    A module that narrows the type of a setting must not close every tenant that used it: a value
    which no longer fits does not count, and is logged.
    """
    for entry in reversed(calendar):
        if entry.day <= day:
            try:
                return msgspec.convert(entry.value, kind)
            except msgspec.ValidationError:
                log.warning("settings.value_does_not_fit", setting=code, since=entry.day)
    return msgspec.UNSET
