"""What is granted about the ids of other software."""

from core.module import Permission, Role

LINK_EXTERNAL_IDS = Permission(
    "external_ids.link", "Transmettre des données sous les identifiants d'un autre logiciel."
)
READ_EXTERNAL_IDS = Permission(
    "external_ids.read", "Lire sous quels identifiants un autre logiciel connaît une chose."
)
PERMISSIONS = (LINK_EXTERNAL_IDS, READ_EXTERNAL_IDS)
ROLES = (
    Role(
        code="logiciel",
        title="Logiciel qui transmet ses données",
        grants=(LINK_EXTERNAL_IDS.code, READ_EXTERNAL_IDS.code),
    ),
)
