"""What may be granted in RAVie, and the usual bundles."""

from core.catalogue import CORRECT_FACTS, READ_INDICATORS
from core.module import Permission, Role
from plugins.ravie.vocabulary import ANIMATEUR

READ = Permission("ravie.read", "Consulter les cycles RAVie et leurs feuilles d'émargement.")
OPEN_CYCLES = Permission("ravie.open_cycles", "Ouvrir un cycle RAVie.")
ENROL = Permission("ravie.enrol", "Inscrire et désinscrire des participants.")
PLAN = Permission("ravie.plan", "Planifier, déplacer ou annuler des séances, inviter des experts.")
RECORD = Permission("ravie.record", "Enregistrer les séances, les heures signées, la production.")
CLOSE_CYCLES = Permission("ravie.close_cycles", "Clore ou interrompre un cycle RAVie.")
RUN_PROGRAMME = Permission(
    "ravie.run_programme", "Déclarer les thèmes des cycles, adopter ou quitter un modèle."
)
RUN_RELAIS = Permission(
    "ravie.run_relais", "Ouvrir, suspendre et clore un relais, y rattacher des partenaires."
)

ON_ONE = (READ, ENROL, PLAN, RECORD, CLOSE_CYCLES)
"""Those that may be granted on what one animates only."""

PERMISSIONS = (OPEN_CYCLES, RUN_PROGRAMME, RUN_RELAIS, *ON_ONE)

ROLES = (
    Role(
        code=ANIMATEUR,
        title="Animateur ou animatrice de RAVie",
        grants=(
            OPEN_CYCLES.code,
            *(f"{permission.code}@related" for permission in (*ON_ONE, CORRECT_FACTS)),
        ),
    ),
    Role(
        code="ravie.coordination",
        title="Coordination des RAVie",
        grants=(
            OPEN_CYCLES.code,
            RUN_PROGRAMME.code,
            RUN_RELAIS.code,
            READ_INDICATORS.code,
            *(permission.code for permission in (*ON_ONE, CORRECT_FACTS)),
        ),
    ),
)
