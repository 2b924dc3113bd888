"""What a user reads when a rule says no."""

REFUSALS = {
    "cycle_is_closed": "Le cycle est clos ou interrompu : il ne reçoit plus rien.",
    "capacity_is_upside_down": (
        "Le plus petit groupe attendu ({min}) dépasse le nombre de places ({max})."
    ),
    "threshold_exceeds_cycle": (
        "Le seuil d'un cycle complet ({minutes} min) dépasse la durée du cycle ({length} min)."
    ),
    "person_already_enrolled": "Cette personne est déjà inscrite à ce cycle.",
    "person_already_waiting": "Cette personne est déjà sur la liste d'attente de ce cycle.",
    "person_not_in_cycle": (
        "Cette personne n'est ni inscrite ni en attente dans ce cycle : inscrivez-la d'abord."
    ),
    "partner_outside_a_project_cycle": (
        "Un partenaire ne participe qu'à un cycle de projet, pas à un cycle professionnel."
    ),
    "sessions_already_planned": (
        "Les séances de ce cycle sont déjà planifiées : déplacez, annulez ou ajoutez-en une."
    ),
    "purposes_do_not_match": (
        "Donnez un objet à chacune des {count} séances, ou à aucune ({given} donnés)."
    ),
    "cycle_has_all_its_sessions": "Le cycle a déjà ses {count} séances non annulées.",
    "session_of_another_cycle": "Cette séance n'est pas de ce cycle.",
    "cycle_has_no_production": "Un cycle ne se clôt pas sans la production du groupe.",
    "session_neither_held_nor_cancelled": (
        "Séances ni tenues ni annulées : {count}. Dites ce que chacune est devenue avant de clore."
    ),
}
