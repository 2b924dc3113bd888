"""The French sentences of what a person's file refuses."""

SENTENCES = {
    "person_is_merged": "Cette fiche a été réunie à une autre : utilisez celle-ci, {kept}.",
    "representative_of_oneself": "Une personne n'est pas son propre représentant légal.",
    "representative_already_appointed": (
        "Ce représentant l'est déjà à ce titre pendant une partie de cette période."
    ),
    "representation_is_unknown": "Cette représentation n'est pas au dossier de la personne.",
    "representation_already_ended": "Cette représentation a déjà pris fin : corrigez sa fin.",
    "period_is_upside_down": "La fin précède le début.",
    "notice_already_given": "Cette information est déjà enregistrée pour ce jour.",
    "opposition_already_raised": "La personne s'y oppose déjà.",
    "opposition_does_not_stand": "La personne ne s'y oppose pas : rien n'est à retirer.",
    "pair_of_one": "Une fiche n'est pas le doublon d'elle-même.",
    "other_person_is_unknown": "L'autre fiche n'existe pas dans cette collectivité.",
    "duplicate_already_proposed": "Ces deux fiches sont déjà proposées comme doublon.",
    "duplicate_already_dismissed": "Ces deux fiches ont déjà été dites de deux personnes.",
    "person_has_absorbed_others": (
        "D'autres fiches ({count}) ont été réunies à celle-ci : gardez-la, ou séparez-les d'abord."
    ),
    "person_is_not_merged": "Cette fiche n'est réunie à aucune autre.",
}
