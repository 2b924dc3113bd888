"""The file of a RAVie: what a secretary has in a spreadsheet, one line per signature."""

from core.importable import Column

ROLES = {
    "assistant de vie": "assistant_de_vie",
    "proche aidant": "proche_aidant",
    "particulier employeur": "particulier_employeur",
    "demandeur d'emploi": "demandeur_d_emploi",
    "accueillant familial": "accueillant_familial",
    "partenaire": "partenaire",
}

COLUMNS = (
    Column(
        name="cycle",
        sentence="Votre identifiant du cycle, le même sur toutes ses lignes.",
        required=True,
        letters=200,
    ),
    Column(
        name="theme",
        sentence="Le thème du cycle ; à remplir sur la première de ses lignes au moins.",
        kind="code",
    ),
    Column(
        name="nature",
        sentence="Cycle professionnel (par défaut) ou de projet.",
        kind="choice",
        choices={"professionnel": "professional", "projet": "project"},
    ),
    Column(
        name="ouvert_le",
        sentence="Le jour d'ouverture du cycle ; à défaut, la première date de la ligne.",
        kind="day",
    ),
    Column(
        name="seances_prevues",
        sentence="Combien de séances a le cycle ; à défaut, le réglage de la collectivité.",
        kind="number",
        least=1,
        most=60,
    ),
    Column(
        name="minutes_par_seance",
        sentence="Durée prévue d'une séance ; à défaut, le réglage de la collectivité.",
        kind="number",
        least=15,
        most=720,
    ),
    Column(
        name="minutes_requises",
        sentence="Minutes à signer pour un cycle complet ; à défaut, toutes.",
        kind="number",
        least=1,
        most=43_200,
    ),
    Column(
        name="places",
        sentence="Combien de personnes le cycle accueille ; à défaut, le réglage.",
        kind="number",
        least=1,
        most=200,
    ),
    Column(
        name="modele",
        sentence=(
            "« hors modèle » pour un cycle d'une autre forme que celle du modèle que suit la "
            "collectivité ; par défaut, il le suit."
        ),
        kind="choice",
        choices={"suivi": "followed", "hors modèle": "outside"},
    ),
    Column(name="date", sentence="Le jour d'une séance tenue.", kind="day"),
    Column(name="debut", sentence="L'heure à laquelle elle a commencé.", kind="hour"),
    Column(name="fin", sentence="L'heure à laquelle elle a fini.", kind="hour"),
    Column(
        name="modalite",
        sentence="Comment elle s'est tenue ; à défaut, comme le cycle.",
        kind="choice",
        choices={"présentiel": "in_person", "distance": "remote", "mixte": "mixed"},
    ),
    Column(
        name="participant",
        sentence="Votre identifiant de la personne ; à défaut, son nom, son prénom et sa "
        "naissance en tiennent lieu.",
        personal=True,
        letters=200,
    ),
    Column(name="nom", sentence="Son nom de famille.", personal=True, letters=100),
    Column(name="prenom", sentence="Son prénom.", personal=True, letters=100),
    Column(name="naissance", sentence="Sa date de naissance.", kind="day", personal=True),
    Column(
        name="role",
        sentence="À quel titre elle participe ; à remplir à son inscription.",
        kind="choice",
        choices=ROLES,
    ),
    Column(
        name="inscrit_le",
        sentence="Le jour de son inscription ; à défaut, celui de la séance.",
        kind="day",
    ),
    Column(
        name="presence",
        sentence="Présente (par défaut), absente ou excusée.",
        kind="choice",
        choices={"présent": "present", "absent": "absent", "excusé": "excused"},
    ),
    Column(
        name="minutes",
        sentence="Les minutes réellement signées, jamais arrondies au-dessus.",
        kind="number",
        most=1_440,
    ),
    Column(name="production", sentence="Ce que le groupe a produit.", letters=1_000),
    Column(
        name="clos_le",
        sentence="Le jour où le cycle a été clos ; sur la dernière de ses lignes.",
        kind="day",
    ),
)

EXAMPLE = (
    {
        "cycle": "RAVIE-2026-01",
        "theme": "Fin de vie",
        "nature": "professionnel",
        "ouvert_le": "05/01/2026",
        "seances_prevues": "2",
        "minutes_par_seance": "180",
        "modele": "hors modèle",
        "date": "08/01/2026",
        "debut": "14:00",
        "fin": "17:00",
        "participant": "P-101",
        "nom": "Exemple",
        "prenom": "Camille",
        "naissance": "12/03/1971",
        "role": "assistant de vie",
        "inscrit_le": "06/01/2026",
        "minutes": "180",
    },
    {
        "cycle": "RAVIE-2026-01",
        "date": "08/01/2026",
        "debut": "14:00",
        "fin": "17:00",
        "participant": "P-102",
        "nom": "Modèle",
        "prenom": "Dominique",
        "naissance": "30/09/1985",
        "role": "proche aidant",
        "inscrit_le": "06/01/2026",
        "minutes": "135",
    },
    {
        "cycle": "RAVIE-2026-01",
        "date": "15/01/2026",
        "debut": "14h",
        "fin": "17h",
        "modalite": "distance",
        "participant": "P-101",
        "minutes": "180",
    },
    {
        "cycle": "RAVIE-2026-01",
        "date": "15/01/2026",
        "debut": "14h",
        "fin": "17h",
        "participant": "P-102",
        "presence": "excusé",
    },
    {
        "cycle": "RAVIE-2026-01",
        "production": "Un livret pour les familles",
        "clos_le": "15/01/2026",
    },
)
