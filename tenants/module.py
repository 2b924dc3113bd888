"""The manifest of what every tenant has: its own administration."""

from core.domain.decider import Decision
from core.module import Module, Permission, Role
from tenants import commands, decisions
from tenants.events import FACTS
from tenants.state import TENANT

OPERATE = Permission("tenants.operate", "Ouvrir, suspendre et rouvrir une collectivité.")
CONFIGURE = Permission("tenants.configure", "Choisir les modules et les réglages.")

MODULE = Module(
    name="tenants",
    title="Collectivité",
    version="1",
    facts=FACTS,
    aggregates=(TENANT,),
    decisions=(
        Decision(
            command=commands.ProvisionTenant,
            aggregate=TENANT,
            stream="tenant",
            decide=decisions.provision_tenant,
            permission=OPERATE.code,
            opens=True,
        ),
        Decision(
            command=commands.SuspendTenant,
            aggregate=TENANT,
            stream="tenant",
            decide=decisions.suspend_tenant,
            permission=OPERATE.code,
        ),
        Decision(
            command=commands.ResumeTenant,
            aggregate=TENANT,
            stream="tenant",
            decide=decisions.resume_tenant,
            permission=OPERATE.code,
        ),
        Decision(
            command=commands.EnableModule,
            aggregate=TENANT,
            stream="tenant",
            decide=decisions.enable_module,
            permission=CONFIGURE.code,
        ),
        Decision(
            command=commands.DisableModule,
            aggregate=TENANT,
            stream="tenant",
            decide=decisions.disable_module,
            permission=CONFIGURE.code,
        ),
        Decision(
            command=commands.ChangeSetting,
            aggregate=TENANT,
            stream="tenant",
            decide=decisions.change_setting,
            permission=CONFIGURE.code,
        ),
    ),
    permissions=(OPERATE, CONFIGURE),
    roles=(
        Role(code="exploitant", title="Exploitant", grants=(OPERATE.code, CONFIGURE.code)),
        Role(
            code="administrateur",
            title="Administrateur de la collectivité",
            grants=(CONFIGURE.code,),
        ),
    ),
    refusals={
        "tenant_is_another": "Cet historique n'est pas celui de la collectivité.",
        "tenant_is_already_suspended": "La collectivité est déjà suspendue à cette date.",
        "tenant_is_not_suspended": "La collectivité n'est pas suspendue à cette date.",
        "module_cannot_be_chosen": (
            "Le module « {module} » n'est pas installé, ou n'est pas au choix des collectivités."
        ),
        "module_is_already_enabled": "Le module « {module} » est déjà activé à cette date.",
        "module_was_not_enabled": "Le module « {module} » n'est pas activé à cette date.",
        "setting_is_unknown": "Aucun module installé ne connaît le réglage « {setting} ».",
        "setting_value_is_invalid": "Cette valeur ne convient pas au réglage « {setting} ».",
        "setting_has_this_value": "Le réglage « {setting} » a déjà cette valeur à cette date.",
    },
    always_on=True,
)
