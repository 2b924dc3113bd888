"""What another software calls what we know."""

from typing import ClassVar

from core.domain.command import Code
from core.domain.event import Fact, PersonId, Subject
from core.domain.sealed import Sealed


class ExternalIdLinked(Fact, frozen=True, kw_only=True):
    """
    `source` knows a person, or a thing of this kind, under an id of its own.

    The id is under the key of the person or of the thing: a file number may identify somebody, and
    goes when they are erased. The stream is the link's own, named by a keyed hash of what it says.
    """

    stored_name: ClassVar[str] = "external_ids.external_id_linked.v1"

    kind: Code
    source: Code
    external_id: Sealed
    person: PersonId | None = None
    thing: Subject | None = None


FACTS: tuple[type[Fact], ...] = (ExternalIdLinked,)
