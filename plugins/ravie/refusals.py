"""What a user reads when a rule says no."""

REFUSALS = {
    "cycle_is_closed": "Le cycle est clos ou interrompu : il ne reçoit plus rien.",
    "capacity_is_upside_down": (
        "Le plus petit groupe attendu ({min}) dépasse le nombre de places ({max})."
    ),
    "threshold_exceeds_cycle": (
        "Le seuil d'un cycle complet ({minutes} min) dépasse la durée du cycle ({length} min)."
    ),
    "relais_is_closed": "Le relais est clos.",
    "relais_is_suspended": "Le relais est suspendu : aucun cycle n'y est ouvert.",
    "relais_is_open": "Le relais n'est pas suspendu.",
    "relais_not_found": "Ce relais n'existe pas dans cette collectivité.",
    "partner_already_attached": "Cette structure a déjà ce rôle dans le relais.",
    "partner_not_attached": "Cette structure n'a pas ce rôle dans le relais.",
    "unknown_theme": (
        "Le thème « {theme} » n'est pas de ceux de la collectivité. Les plus proches : {known}."
    ),
    "theme_already_declared": (
        "Le thème « {theme} » est déjà déclaré : retirez-le avant de le déclarer autrement."
    ),
    "unknown_referentiel": "Ce référentiel n'est pas publié dans cette version. Publiés : {known}.",
    "unknown_competence": (
        "La compétence « {competence} » n'est pas dans ce référentiel. Les plus proches : {known}."
    ),
    "unknown_model": (
        "Le modèle « {model} » n'est pas publié en version {version}. À la place : {known}."
    ),
    "model_already_adopted": "La collectivité suit déjà le modèle « {model} », avec ces écarts.",
    "no_model_adopted": "La collectivité ne suit aucun modèle.",
    "deviation_is_closed": (
        "Le modèle ne laisse pas « {setting} » à la collectivité. Écarts ouverts : {open}."
    ),
    "deviation_declared_twice": "L'écart sur « {setting} » est déclaré deux fois.",
    "shape_deviates_from_model": (
        "Dans le modèle « {model} » que suit la collectivité, « {setting} » vaut {expected}, pas "
        "{value} : déclarez l'écart, ou ouvrez le cycle hors du modèle."
    ),
    "already_animates": "Cette personne anime déjà ce cycle.",
    "cycle_has_no_animateur": "Ce cycle n'a pas d'animateur.",
    "modalities_do_not_match": (
        "Donnez une modalité à chacune des {count} séances, ou à aucune ({given} données)."
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
    "cycle_is_not_over": "Une attestation se délivre quand le cycle est clos ou interrompu.",
    "project_cycle_attests_nothing": "Un cycle de projet ne donne pas lieu à des attestations.",
    "nobody_signed": "Personne n'a signé d'heures dans ce cycle.",
    "person_signed_nothing": "Cette personne n'a signé aucune heure dans ce cycle.",
    "attestation_already_issued": (
        "L'attestation {number} dit déjà les heures signées par cette personne."
    ),
    "attestation_is_withdrawn": "Cette attestation est déjà retirée.",
    "attestation_is_replaced": "Cette attestation a été remplacée : retirez celle qui la remplace.",
    "session_neither_held_nor_cancelled": (
        "Séances ni tenues ni annulées : {count}. Dites ce que chacune est devenue avant de clore."
    ),
    "instrument_not_in_force": (
        "La version {given} du questionnaire n'est pas en vigueur (version {in_force}), et cette "
        "personne n'y a pas répondu auparavant."
    ),
    "effects_already_measured": (
        "Cette personne a déjà répondu à ce moment : corrigez ou annulez sa première réponse."
    ),
    "cycle_is_unknown": "Ce cycle n'existe pas dans cette collectivité.",
    "wave_due_before_it_opens": "L'échéance de la vague est antérieure à son ouverture.",
    "project_cycle_is_not_followed": "Un cycle de projet n'a pas de vague de suivi.",
    "followed_cycle_is_still_open": "Un cycle encore ouvert n'a pas de vague de suivi.",
    "wave_is_closed": "La vague de suivi est close : elle ne reçoit plus rien.",
    "nobody_left_to_ask": "Toutes les personnes inscrites à ces cycles sont déjà interrogées.",
    "person_already_asked": "Cette personne est déjà interrogée dans cette vague.",
    "person_not_in_followed_cycles": "Cette personne n'a pas pris part aux cycles de cette vague.",
    "person_was_not_asked": "Cette personne n'est pas interrogée dans cette vague.",
    "wave_already_answered": (
        "Cette personne a déjà répondu à cette vague : corrigez ou annulez sa réponse."
    ),
    "departure_is_over": "Cette formation est terminée ou abandonnée : elle ne change plus.",
    "already_enrolled_in_training": "Cette personne est déjà inscrite à cette formation.",
    "not_enrolled_in_training": "Cette personne n'est pas encore inscrite à cette formation.",
    "training_already_started": "Cette formation a déjà commencé.",
    "training_not_started": "Cette formation n'a pas commencé : enregistrez d'abord son début.",
}
