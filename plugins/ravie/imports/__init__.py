"""What `jalon import-csv --module ravie` takes."""

from core.importable import Import
from plugins.ravie.imports.columns import COLUMNS, EXAMPLE
from plugins.ravie.imports.lines import take

IMPORTS = (
    Import(
        title="Cycles, inscriptions, séances tenues et heures signées",
        columns=COLUMNS,
        take=take,
        example=EXAMPLE,
        fields={
            "cycle": "cycle",
            "sessions": "seances_prevues",
            "session_minutes": "minutes_par_seance",
            "capacity_min": "places",
            "capacity_max": "places",
            "person": "participant",
            "starts_at": "debut",
            "started_at": "debut",
            "ended_at": "fin",
            "minutes": "minutes",
            "presence": "presence",
            "role": "role",
            "min_minutes": "minutes_requises",
            "session": "date",
            "fact": "minutes",
            "replacement": "minutes",
            "family_name": "nom",
            "given_name": "prenom",
            "birth_date": "naissance",
        },
    ),
)
