"""The words of the demonstration's cycles: ours, about the trade, about nobody."""

THEMES = (
    "alimentation",
    "bientraitance",
    "communication",
    "droit_du_travail",
    "fin_de_vie",
    "gestes_et_postures",
    "maladies_neurodegeneratives",
    "numerique",
)

QUESTIONS = (
    "Comment réagir à un refus de soin ?",
    "Que faire quand la famille demande autre chose que le contrat ?",
    "Comment déclarer une heure de nuit ?",
    "Quels gestes pour un transfert sans se blesser ?",
    "À qui parler quand on est seule face à une situation difficile ?",
    "Comment adapter un repas à des troubles de la déglutition ?",
    "Où s'arrête mon rôle ?",
    "Comment transmettre une information sans trahir la confiance ?",
)

TOPICS = (
    "Le contrat de travail et la convention collective",
    "Prévenir le mal de dos",
    "Comprendre les troubles de la mémoire",
    "Reconnaître l'épuisement de l'aidant",
    "Les aides techniques du logement",
)

PRODUCTIONS = (
    ("fiche_pratique", "Fiche pratique : les numéros utiles du territoire"),
    ("affiche", "Affiche : les bons gestes au domicile"),
    ("livret", "Livret d'accueil pour une nouvelle collègue"),
    ("carnet", "Carnet de liaison avec la famille"),
    ("video", "Court film : une journée d'assistante de vie"),
)
