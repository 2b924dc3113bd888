"""What happens to a notebook. Its notes are about nobody: they are under the notebook's key."""

from typing import ClassVar

from core.domain.command import Code
from core.domain.event import Fact
from core.domain.sealed import Sealed


class NotebookOpened(Fact, frozen=True, kw_only=True):
    """Whoever opens a notebook says once what it is about."""

    stored_name: ClassVar[str] = "carnet.notebook_opened.v1"

    topics: tuple[Code, ...]


class NoteWritten(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "carnet.note_written.v1"

    topic: Code
    text: Sealed


FACTS = (NotebookOpened, NoteWritten)
