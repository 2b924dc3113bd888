"""The rules of a tenant's administration, one test each."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import msgspec
import pytest

from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.module import Module, Setting
from core.testing.scenario import NOON, Scenario, an_id
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
from tenants.module import MODULE
from tenants.placement import stream_of
from tenants.settings import settings_in
from tenants.territory.territory import territory

TENANT = stream_of("05D")
JANUARY, MARCH, JUNE = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)

RELAYAGE = Module(
    name="relayage",
    title="Relayage",
    version="1",
    settings=(
        Setting(
            code="relayage.max_days",
            sentence="Jours consécutifs par intervention, au plus.",
            kind=Annotated[int, msgspec.Meta(ge=1, le=6)],
            default=6,
        ),
        Setting(
            code="relayage.since", sentence="Premier jour.", kind=date, default=date(2025, 1, 1)
        ),
    ),
)


@pytest.fixture
def scenario() -> Scenario:
    return Scenario(MODULE, RELAYAGE)


@pytest.fixture
def provisioned(scenario: Scenario) -> Scenario:
    return scenario.given(
        TenantProvisioned(code="05D", territory=territory().vintage), stream=TENANT
    )


def test_a_tenant_is_provisioned_in_its_own_stream(scenario: Scenario) -> None:
    scenario.when(ProvisionTenant(tenant=TENANT)).then(
        TenantProvisioned(code="05D", territory=territory().vintage)
    )


def test_a_tenant_is_provisioned_in_no_other_stream(scenario: Scenario) -> None:
    scenario.when(ProvisionTenant(tenant=stream_of("69D"))).then_refused("tenant_is_another")


def test_a_tenant_is_provisioned_once(provisioned: Scenario) -> None:
    provisioned.when(ProvisionTenant(tenant=TENANT)).then_refused("already_exists")


def test_nothing_is_decided_before_the_tenant_is_provisioned(scenario: Scenario) -> None:
    scenario.when(EnableModule(tenant=TENANT, module="relayage", effective_on=MARCH)).then_refused(
        "not_found"
    )


def test_a_tenant_is_suspended_with_its_reason(provisioned: Scenario) -> None:
    provisioned.when(
        SuspendTenant(tenant=TENANT, effective_on=MARCH, reason="convention_ended")
    ).then(TenantSuspended(effective_on=MARCH, reason="convention_ended"))


def test_a_suspended_tenant_is_not_suspended_again(provisioned: Scenario) -> None:
    provisioned.given(TenantSuspended(effective_on=MARCH, reason="asked"), stream=TENANT)
    provisioned.when(SuspendTenant(tenant=TENANT, effective_on=JUNE, reason="asked")).then_refused(
        "tenant_is_already_suspended"
    )


def test_a_suspended_tenant_is_resumed(provisioned: Scenario) -> None:
    provisioned.given(TenantSuspended(effective_on=MARCH, reason="asked"), stream=TENANT)
    provisioned.when(ResumeTenant(tenant=TENANT, effective_on=JUNE)).then(
        TenantResumed(effective_on=JUNE)
    )


def test_a_tenant_is_not_resumed_before_the_day_of_its_suspension(provisioned: Scenario) -> None:
    provisioned.given(TenantSuspended(effective_on=MARCH, reason="asked"), stream=TENANT)
    provisioned.when(ResumeTenant(tenant=TENANT, effective_on=JANUARY)).then_refused(
        "tenant_is_not_suspended"
    )


def test_a_module_is_enabled_then_disabled(provisioned: Scenario) -> None:
    provisioned.when(EnableModule(tenant=TENANT, module="relayage", effective_on=JANUARY)).then(
        ModuleEnabled(module="relayage", effective_on=JANUARY)
    )
    provisioned.when(DisableModule(tenant=TENANT, module="relayage", effective_on=MARCH)).then(
        ModuleDisabled(module="relayage", effective_on=MARCH)
    )


@pytest.mark.parametrize("module", ["inconnu", "tenants"])
def test_only_an_installed_module_that_is_a_choice_can_be_enabled(
    provisioned: Scenario, module: str
) -> None:
    provisioned.when(EnableModule(tenant=TENANT, module=module, effective_on=JANUARY)).then_refused(
        "module_cannot_be_chosen"
    )


def test_an_enabled_module_is_not_enabled_again(provisioned: Scenario) -> None:
    provisioned.given(ModuleEnabled(module="relayage", effective_on=JANUARY), stream=TENANT)
    provisioned.when(
        EnableModule(tenant=TENANT, module="relayage", effective_on=MARCH)
    ).then_refused("module_is_already_enabled")


def test_a_module_that_is_not_enabled_on_the_day_is_not_disabled(provisioned: Scenario) -> None:
    provisioned.given(ModuleEnabled(module="relayage", effective_on=MARCH), stream=TENANT)
    provisioned.when(
        DisableModule(tenant=TENANT, module="relayage", effective_on=JANUARY)
    ).then_refused("module_was_not_enabled")


def test_a_module_that_was_uninstalled_can_still_be_disabled() -> None:
    scenario = Scenario(MODULE).given(
        TenantProvisioned(code="05D", territory="cog"),
        ModuleEnabled(module="relayage", effective_on=JANUARY),
        stream=TENANT,
    )
    scenario.when(DisableModule(tenant=TENANT, module="relayage", effective_on=MARCH)).then(
        ModuleDisabled(module="relayage", effective_on=MARCH)
    )


def set_days(value: Any, effective_on: date = MARCH) -> ChangeSetting:
    return ChangeSetting(
        tenant=TENANT, setting="relayage.max_days", value=value, effective_on=effective_on
    )


def test_a_setting_is_changed_from_a_day_on(provisioned: Scenario) -> None:
    provisioned.when(set_days(4)).then(
        SettingChanged(setting="relayage.max_days", value=4, effective_on=MARCH)
    )


@pytest.mark.parametrize("value", [7, 0, "4", None, [4]])
def test_a_setting_takes_only_a_value_that_its_module_allows(
    provisioned: Scenario, value: Any
) -> None:
    provisioned.when(set_days(value)).then_refused("setting_value_is_invalid")


def test_a_setting_that_no_module_declares_is_refused(provisioned: Scenario) -> None:
    provisioned.when(
        ChangeSetting(tenant=TENANT, setting="relayage.max", value=4, effective_on=MARCH)
    ).then_refused("setting_is_unknown")


def test_a_setting_is_not_given_the_value_it_has(provisioned: Scenario) -> None:
    provisioned.when(set_days(4)).when(set_days(4, JUNE)).then_refused("setting_has_this_value")


def test_the_default_may_be_decided_so_that_it_no_longer_moves(provisioned: Scenario) -> None:
    provisioned.when(set_days(6)).then(
        SettingChanged(setting="relayage.max_days", value=6, effective_on=MARCH)
    )


def test_a_decision_is_followed_by_another_and_never_annulled(provisioned: Scenario) -> None:
    provisioned.given(TenantSuspended(effective_on=MARCH, reason="asked"), stream=TENANT)
    suspension = provisioned.history[-1].id
    provisioned.when(
        AnnulFact(stream=TENANT, fact=Subject(suspension), reason="mistake")
    ).then_refused("fact_cannot_be_corrected")


def in_force(scenario: Scenario, month: int, day: int = 15) -> Mapping[str, Any]:
    settings_of = settings_in(scenario.catalogue)
    return settings_of(scenario.history, NOON.replace(month=month, day=day)).values


def test_a_value_holds_from_its_day_until_the_next_one(provisioned: Scenario) -> None:
    provisioned.when(set_days(4, MARCH)).when(set_days(5, JUNE))
    assert in_force(provisioned, 2) == {}
    assert in_force(provisioned, 3) == {"relayage.max_days": 4}
    assert in_force(provisioned, 7) == {"relayage.max_days": 5}


def test_a_decision_entered_late_takes_its_place_by_date(provisioned: Scenario) -> None:
    provisioned.when(set_days(5, JUNE)).when(set_days(4, MARCH))
    assert in_force(provisioned, 4) == {"relayage.max_days": 4}
    assert in_force(provisioned, 7) == {"relayage.max_days": 5}


def test_of_two_decisions_for_one_day_the_later_recorded_counts(provisioned: Scenario) -> None:
    provisioned.when(set_days(4)).when(set_days(5))
    assert in_force(provisioned, 4) == {"relayage.max_days": 5}


def test_a_value_is_given_back_in_the_type_of_its_setting(provisioned: Scenario) -> None:
    provisioned.when(
        ChangeSetting(
            tenant=TENANT, setting="relayage.since", value="2026-02-01", effective_on=JANUARY
        )
    )
    assert in_force(provisioned, 1) == {"relayage.since": date(2026, 2, 1)}


def test_a_value_that_no_longer_fits_its_setting_does_not_count(provisioned: Scenario) -> None:
    provisioned.when(set_days(4)).given(
        SettingChanged(setting="relayage.max_days", value=94, effective_on=JUNE), stream=TENANT
    )
    assert in_force(provisioned, 7) == {"relayage.max_days": 4}


def test_suspension_and_modules_hold_on_their_days_only(provisioned: Scenario) -> None:
    provisioned.given(
        ModuleEnabled(module="relayage", effective_on=JANUARY),
        TenantSuspended(effective_on=MARCH, reason="asked"),
        TenantResumed(effective_on=JUNE),
        ModuleDisabled(module="relayage", effective_on=JUNE),
        stream=TENANT,
    )
    settings_of = settings_in(provisioned.catalogue)
    told = [settings_of(provisioned.history, NOON.replace(month=month)) for month in (2, 4, 7)]
    assert [each.suspended for each in told] == [False, True, False]
    assert [each.modules for each in told] == [{"relayage"}, {"relayage"}, set()]
    assert {each.version for each in told} == {5}


def test_the_day_of_effect_is_the_day_where_the_tenant_is() -> None:
    def suspended(code: str) -> bool:
        history = (
            Scenario(MODULE)
            .given(
                TenantProvisioned(code=code, territory="cog"),
                TenantSuspended(effective_on=date(2026, 1, 16), reason="asked"),
                stream=an_id(1),
            )
            .history
        )
        there = [msgspec.structs.replace(recorded, tenant=code) for recorded in history]
        late = NOON.replace(hour=21)  # UTC: 22 h in Paris, 1 h the next day in La Réunion
        return settings_in(Scenario(MODULE).catalogue)(there, late).suspended

    assert suspended("974D")
    assert not suspended("05D")
    assert not suspended("972R")


def test_a_tenant_without_history_has_chosen_nothing(scenario: Scenario) -> None:
    settings = settings_in(scenario.catalogue)([], NOON)
    assert settings.version == 0
    assert not settings.suspended
    assert not settings.modules
