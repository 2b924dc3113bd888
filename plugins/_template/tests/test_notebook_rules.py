from core.domain.event import Subject
from core.testing.scenario import Scenario, an_id
from plugins._template.commands import WriteNote
from plugins._template.events import NotebookOpened, NoteWritten
from plugins._template.module import MODULE
from plugins._template.tests.story import NOTEBOOK_ID, OPEN, WORDS, WRITE

OPENED = NotebookOpened(topics=("accueil", "partenaires"))
WRITTEN = NoteWritten(topic="accueil", text=WORDS)


def opened(pages: int = 200) -> Scenario:
    return Scenario(MODULE, settings={"carnet.pages": pages}).given(OPENED, stream=NOTEBOOK_ID)


def test_a_notebook_is_opened_on_its_topics() -> None:
    Scenario(MODULE).when(OPEN).then(OPENED)


def test_a_note_is_written_on_a_topic_of_the_notebook() -> None:
    opened().when(WRITE).then(WRITTEN)


def test_a_full_notebook_refuses_a_note() -> None:
    opened(pages=2).given(WRITTEN, stream=NOTEBOOK_ID).when(WRITE).then(WRITTEN)
    opened(pages=1).given(WRITTEN, stream=NOTEBOOK_ID).when(WRITE).then_refused("notebook_is_full")


def test_a_notebook_refuses_a_topic_that_is_not_its_own() -> None:
    off_topic = WriteNote(notebook=NOTEBOOK_ID, topic="meteo", text=WORDS)
    opened().when(off_topic).then_refused("topic_is_not_of_notebook")


def test_nothing_is_written_in_a_notebook_that_was_never_opened() -> None:
    elsewhere = WriteNote(notebook=Subject(an_id(2)), topic="accueil", text=WORDS)
    opened().when(elsewhere).then_refused("not_found")
