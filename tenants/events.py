"""What a tenant's own stream holds: that it is here, whether it is open, what it has chosen."""

from datetime import date
from typing import Annotated, Any, ClassVar

import msgspec

from core.domain.command import Code
from core.domain.event import Fact
from core.domain.sealed import Sealed

TenantCode = Annotated[str, msgspec.Meta(pattern="^[0-9A-Z]{2,8}$")]


class TenantProvisioned(Fact, frozen=True, kw_only=True):
    """A collectivité has its place; `territory` is the vintage that says what it covers."""

    stored_name: ClassVar[str] = "tenants.tenant_provisioned.v1"

    code: TenantCode
    territory: Code


class TenantSuspended(Fact, frozen=True, kw_only=True):
    """From a day on the tenant reads and no longer writes. `note` is under the stream's key."""

    stored_name: ClassVar[str] = "tenants.tenant_suspended.v1"

    effective_on: date
    reason: Code
    note: Sealed | None = None


class TenantResumed(Fact, frozen=True, kw_only=True):
    """From a day on the tenant writes again."""

    stored_name: ClassVar[str] = "tenants.tenant_resumed.v1"

    effective_on: date


class ModuleEnabled(Fact, frozen=True, kw_only=True):
    """From a day on the tenant uses a module."""

    stored_name: ClassVar[str] = "tenants.module_enabled.v1"

    module: Code
    effective_on: date


class ModuleDisabled(Fact, frozen=True, kw_only=True):
    """From a day on the tenant records nothing more with a module; what it recorded stays."""

    stored_name: ClassVar[str] = "tenants.module_disabled.v1"

    module: Code
    effective_on: date


class SettingChanged(Fact, frozen=True, kw_only=True):
    """From a day on a rule of the tenant's has another value; `value` is as JSON gives it."""

    stored_name: ClassVar[str] = "tenants.setting_changed.v1"

    setting: Code
    value: Any
    effective_on: date


FACTS: tuple[type[Fact], ...] = (
    TenantProvisioned,
    TenantSuspended,
    TenantResumed,
    ModuleEnabled,
    ModuleDisabled,
    SettingChanged,
)
