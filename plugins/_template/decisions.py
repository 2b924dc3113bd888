"""The rules of a notebook: each takes a command and a state, and gives facts or a refusal."""

from core.domain.decider import Context, Decided
from core.domain.refusal import Refused
from plugins._template.commands import OpenNotebook, WriteNote
from plugins._template.events import NotebookOpened, NoteWritten
from plugins._template.state import Notebook


def open_notebook(command: OpenNotebook, _state: None, _context: Context) -> Decided:
    """A notebook on some topics."""
    return [NotebookOpened(topics=command.topics)]


def write_note(command: WriteNote, state: Notebook, context: Context) -> Decided:
    """One more note, on a topic of the notebook, as long as there is a page left."""
    pages: int = context.settings["carnet.pages"]
    if state.notes >= pages:
        return Refused("notebook_is_full", "notebook", {"pages": pages})
    if command.topic not in state.topics:
        return Refused("topic_is_not_of_notebook", "topic")
    return [NoteWritten(topic=command.topic, text=command.text)]
