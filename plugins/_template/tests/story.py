"""A story in which everything a notebook knows happens; the contract of modules reads it."""

from datetime import timedelta

from core.domain.event import Subject
from core.domain.sealed import Sealed
from core.testing.scenario import NOON, Scenario, an_id
from plugins._template.commands import OpenNotebook, WriteNote
from plugins._template.module import MODULE

NOTEBOOK_ID = Subject(an_id(1))
WORDS = Sealed(f"jalon1.{NOTEBOOK_ID}.1.AAAA")

OPEN = OpenNotebook(notebook=NOTEBOOK_ID, topics=("accueil", "partenaires"))
WRITE = WriteNote(notebook=NOTEBOOK_ID, topic="accueil", text=WORDS)


def story() -> Scenario:
    """A notebook is opened, a note is written, then one from the day before."""
    yesterday = WriteNote(
        notebook=NOTEBOOK_ID, topic="partenaires", text=WORDS, occurred_at=NOON - timedelta(days=1)
    )
    return Scenario(MODULE).when(OPEN).when(WRITE).when(yesterday)
