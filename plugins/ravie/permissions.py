"""What may be granted in RAVie, and the usual bundles."""

from core.catalogue import CORRECT_FACTS, READ_INDICATORS
from core.module import Permission, Role
from plugins.ravie.vocabulary import ANIMATEUR, STRUCTURE_PORTEUSE
from projections.deadlines.module import SEE_WHAT_IS_DUE

READ = Permission("ravie.read", "Consulter les cycles RAVie et leurs feuilles d'émargement.")
OPEN_CYCLES = Permission("ravie.open_cycles", "Ouvrir un cycle RAVie.")
ENROL = Permission("ravie.enrol", "Inscrire et désinscrire des participants.")
PLAN = Permission("ravie.plan", "Planifier, déplacer ou annuler des séances, inviter des experts.")
RECORD = Permission("ravie.record", "Enregistrer les séances, les heures signées, la production.")
CLOSE_CYCLES = Permission("ravie.close_cycles", "Clore ou interrompre un cycle RAVie.")
ATTEST = Permission("ravie.attest", "Délivrer, remplacer et retirer des attestations.")
RUN_PROGRAMME = Permission(
    "ravie.run_programme", "Déclarer les thèmes des cycles, adopter ou quitter un modèle."
)
RUN_RELAIS = Permission(
    "ravie.run_relais", "Ouvrir, suspendre et clore un relais, y rattacher des partenaires."
)
EVALUATE = Permission("ravie.evaluate", "Enregistrer et corriger les évaluations des participants.")
READ_ANSWERS = Permission("ravie.read_answers", "Lire les réponses d'une personne.")
OPEN_WAVES = Permission("ravie.open_waves", "Ouvrir une vague de suivi.")
ADVISE_TRAINING = Permission("ravie.advise_trainings", "Conseiller une formation à une personne.")
FOLLOW = Permission("ravie.follow", "Tenir les vagues de suivi et les départs en formation.")
READ_PARTICIPANTS = Permission("ravie.read_participants", "Consulter le parcours d'une personne.")

ON_ONE = (READ, ENROL, PLAN, RECORD, CLOSE_CYCLES, ATTEST, EVALUATE, READ_ANSWERS, FOLLOW)
"""Those that may be granted on what one animates, or what one's structure runs, only."""

PERMISSIONS = (
    OPEN_CYCLES,
    *ON_ONE,
    OPEN_WAVES,
    ADVISE_TRAINING,
    READ_PARTICIPANTS,
    RUN_PROGRAMME,
    RUN_RELAIS,
)

ROLES = (
    Role(
        code=ANIMATEUR,
        title="Animateur ou animatrice de RAVie",
        grants=(
            OPEN_CYCLES.code,
            ADVISE_TRAINING.code,
            *SEE_WHAT_IS_DUE,
            *(f"{permission.code}@related" for permission in (*ON_ONE, CORRECT_FACTS)),
        ),
    ),
    Role(
        code=STRUCTURE_PORTEUSE,
        title="Structure porteuse de RAVie",
        grants=(
            *SEE_WHAT_IS_DUE,
            *(f"{each.code}@structure" for each in (OPEN_CYCLES, *ON_ONE, CORRECT_FACTS)),
        ),
    ),
    Role(
        code="ravie.coordination",
        title="Coordination des RAVie",
        grants=(
            OPEN_CYCLES.code,
            RUN_PROGRAMME.code,
            RUN_RELAIS.code,
            OPEN_WAVES.code,
            ADVISE_TRAINING.code,
            READ_PARTICIPANTS.code,
            READ_INDICATORS.code,
            *SEE_WHAT_IS_DUE,
            *(permission.code for permission in (*ON_ONE, CORRECT_FACTS)),
        ),
    ),
)
