"""
The rules of a tenant's administration.

Every decision holds from a day on, which may lie ahead (a new year's threshold) or behind (a
deliberation entered late). A later decision replaces an earlier one from its own day; nothing that
was recorded meanwhile is judged again.
"""

import msgspec

from core.domain.decider import Context, Decided
from core.domain.refusal import Refused
from tenants.commands import (
    ChangeSetting,
    DisableModule,
    EnableModule,
    ProvisionTenant,
    ResumeTenant,
    SuspendTenant,
)
from tenants.events import (
    ModuleDisabled,
    ModuleEnabled,
    SettingChanged,
    TenantProvisioned,
    TenantResumed,
    TenantSuspended,
)
from tenants.placement import stream_of
from tenants.state import TenantState, in_force
from tenants.territory.territory import territory


def provision_tenant(command: ProvisionTenant, _state: None, context: Context) -> Decided:
    """Open the tenant's own history, in the one stream where everybody looks for it."""
    if command.tenant != stream_of(context.tenant):
        return Refused("tenant_is_another", "tenant")
    return [TenantProvisioned(code=context.tenant, territory=territory().vintage)]


def suspend_tenant(command: SuspendTenant, state: TenantState, _context: Context) -> Decided:
    """Suspend, unless it is suspended on that day already."""
    if state.is_suspended(command.effective_on):
        return Refused("tenant_is_already_suspended", "effective_on")
    return [
        TenantSuspended(effective_on=command.effective_on, reason=command.reason, note=command.note)
    ]


def resume_tenant(command: ResumeTenant, state: TenantState, _context: Context) -> Decided:
    """Resume, when it is suspended on that day."""
    if not state.is_suspended(command.effective_on):
        return Refused("tenant_is_not_suspended", "effective_on")
    return [TenantResumed(effective_on=command.effective_on)]


def enable_module(command: EnableModule, state: TenantState, context: Context) -> Decided:
    """Enable a module that is installed here and that tenants may choose."""
    if command.module not in context.choices.modules:
        return Refused("module_cannot_be_chosen", "module", {"module": command.module})
    if state.has_module(command.module, command.effective_on):
        return Refused("module_is_already_enabled", "module", {"module": command.module})
    return [ModuleEnabled(module=command.module, effective_on=command.effective_on)]


def disable_module(command: DisableModule, state: TenantState, _context: Context) -> Decided:
    """Disable a module that is enabled on that day, even one that is no longer installed."""
    if not state.has_module(command.module, command.effective_on):
        return Refused("module_was_not_enabled", "module", {"module": command.module})
    return [ModuleDisabled(module=command.module, effective_on=command.effective_on)]


def change_setting(command: ChangeSetting, state: TenantState, context: Context) -> Decided:
    """Give a setting a value of the type its module declares, other than it has on that day."""
    setting, kinds = command.setting, context.choices.settings
    if setting not in kinds:
        return Refused("setting_is_unknown", "setting", {"setting": setting})
    try:
        msgspec.convert(command.value, kinds[setting])
    except msgspec.ValidationError:
        return Refused("setting_value_is_invalid", "value", {"setting": setting})
    entries = state.settings.get(setting, ())
    if in_force(entries, command.effective_on, default=msgspec.UNSET) == command.value:
        return Refused("setting_has_this_value", "value", {"setting": setting})
    return [SettingChanged(setting=setting, value=command.value, effective_on=command.effective_on)]
