"""What may be asked of a notebook."""

from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Code, Command, SubjectId, Token


class OpenNotebook(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "carnet.open_notebook"

    notebook: SubjectId
    topics: Annotated[tuple[Code, ...], msgspec.Meta(min_length=1, max_length=20)]


class WriteNote(Command, frozen=True, kw_only=True):
    """`text` is under the key of the notebook."""

    name: ClassVar[str] = "carnet.write_note"

    notebook: SubjectId
    topic: Code
    text: Token
