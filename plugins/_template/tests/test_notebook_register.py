from core.domain.correction import AnnulFact, effective
from core.domain.event import Subject
from core.testing.scenario import NOON, Scenario
from plugins._template.projections.notebook_register import NOTEBOOK_REGISTER, NotebookRegister
from plugins._template.tests.story import NOTEBOOK_ID, story


def row_after(told: Scenario) -> NotebookRegister | None:
    row: NotebookRegister | None = None
    for recorded in effective(told.history, told.catalogue.registry):
        row = NOTEBOOK_REGISTER.fold(row, recorded)
    return row


def test_the_register_counts_notes_and_keeps_the_latest_date() -> None:
    assert row_after(story()) == NotebookRegister(
        notebook=NOTEBOOK_ID,
        opened_at=NOON,
        topics=("accueil", "partenaires"),
        notes=2,
        last_written_at=NOON,
    )


def test_an_annulled_note_is_not_counted() -> None:
    told = story()
    note = Subject(told.history[1].id)
    told.when(AnnulFact(stream=NOTEBOOK_ID, fact=note, reason="erreur"))
    row = row_after(told)
    assert row is not None
    assert row.notes == 1
