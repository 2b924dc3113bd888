"""The rule of links."""

from core.domain.decider import Context, Decided
from core.domain.event import PersonId, Subject
from core.domain.sealed import Sealed
from core.external_ids.commands import LinkExternalId
from core.external_ids.events import ExternalIdLinked


def link_external_id(command: LinkExternalId, _state: None, _context: Context) -> Decided:
    """Said once: the same id of the same source is the same link."""
    return [
        ExternalIdLinked(
            kind=command.kind,
            source=command.source,
            external_id=Sealed(command.external_id),
            person=None if command.person is None else PersonId(command.person),
            thing=None if command.thing is None else Subject(command.thing),
        )
    ]
