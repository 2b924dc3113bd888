"""The words of the demonstration's cycles: ours, about the trade, about nobody."""

from plugins.ravie.vocabulary import PartnerRole

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

RELAIS = ("Relais du chef-lieu", "Relais des vallées", "Relais du plateau")

PARTNERS: tuple[tuple[str, str, PartnerRole], ...] = (
    ("Maison France services du chef-lieu", "public_service", "host"),
    ("Réseau particulier emploi du territoire", "employers", "referrer"),
    ("Mission locale du territoire", "employment", "referrer"),
    ("Association d'aidants du territoire", "association", "communication"),
)
"""Name, kind, and what the structure does in a relais; the names are nobody's."""

OWN_THEMES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("hiver_en_montagne", "Travailler l'hiver en montagne", ("c1.3", "c4.1")),
    ("premiers_pas", "Débuter dans le métier", ("c1.1", "c1.2", "c4.2")),
    ("travail_de_nuit", "Travailler la nuit et le week-end", ("c1.2", "c4.2")),
)
"""Code, title and competences of what a territory adds to the themes on offer."""
