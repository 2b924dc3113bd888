"""What is asked of a tenant's administration. `tenant` is the tenant's own stream."""

from datetime import date
from typing import Annotated, Any, ClassVar

import msgspec

from core.domain.command import Code, Command, SubjectId, Token

Day = Annotated[date, msgspec.Meta(description="Jour d'effet, dans le fuseau de la collectivité.")]


class ProvisionTenant(Command, frozen=True, kw_only=True):
    """Open the tenant's own history: the first command it ever gets."""

    name: ClassVar[str] = "tenants.provision_tenant"

    tenant: SubjectId


class SuspendTenant(Command, frozen=True, kw_only=True):
    """Let the tenant read and no longer write, from a day on."""

    name: ClassVar[str] = "tenants.suspend_tenant"

    tenant: SubjectId
    effective_on: Day
    reason: Code
    note: Token | None = None


class ResumeTenant(Command, frozen=True, kw_only=True):
    """Let a suspended tenant write again, from a day on."""

    name: ClassVar[str] = "tenants.resume_tenant"

    tenant: SubjectId
    effective_on: Day


class EnableModule(Command, frozen=True, kw_only=True):
    """Use a module, from a day on."""

    name: ClassVar[str] = "tenants.enable_module"

    tenant: SubjectId
    module: Code
    effective_on: Day


class DisableModule(Command, frozen=True, kw_only=True):
    """Record nothing more with a module, from a day on."""

    name: ClassVar[str] = "tenants.disable_module"

    tenant: SubjectId
    module: Code
    effective_on: Day


class ChangeSetting(Command, frozen=True, kw_only=True):
    """Give a setting another value, from a day on."""

    name: ClassVar[str] = "tenants.change_setting"

    tenant: SubjectId
    setting: Code
    value: Any
    effective_on: Day
