"""The manifest of sessions: what every tenant has, whatever modules it enables."""

from core.module import Module
from core.session.events import FACTS
from core.session.state import SESSION

MODULE = Module(
    name="session",
    title="Séances",
    version="1",
    facts=FACTS,
    aggregates=(SESSION,),
    always_on=True,
    refusals={
        "session_is_cancelled": "La séance est annulée.",
        "session_already_held": "La séance a déjà eu lieu : corrigez ce qui a été enregistré.",
        "session_is_not_held": "La séance n'a pas encore été enregistrée comme tenue.",
        "session_is_not_over": "La séance n'est pas encore terminée à l'heure indiquée.",
        "session_ends_before_it_starts": "La séance finit avant d'avoir duré une minute.",
        "attendance_already_recorded": (
            "La présence de cette personne est déjà enregistrée : corrigez-la."
        ),
        "absent_person_signs_nothing": (
            "Une personne absente ou excusée ne signe pas d'heures ({minutes} min indiquées)."
        ),
        "minutes_exceed_session": (
            "{minutes} min signées pour une séance qui a duré {length} min."
        ),
        "expert_already_invited": "Cet expert est déjà invité à cette séance.",
        "headcount_already_recorded": (
            "L'effectif de ce profil est déjà enregistré pour cette séance : corrigez-le."
        ),
    },
)
