"""When this fact, then that command."""

from collections.abc import Iterator

from core.domain.event import Recorded, Subject
from core.module import Policy
from plugins.ravie.cycle.commands import OfferFreedPlace
from plugins.ravie.cycle.events import ParticipantWithdrawn


def offer_the_freed_place(recorded: Recorded[ParticipantWithdrawn]) -> Iterator[OfferFreedPlace]:
    """Someone gave up a place: the first who waits is offered it."""
    yield OfferFreedPlace(cycle=Subject(recorded.stream))


OFFER_THE_FREED_PLACE = Policy(
    name="ravie.offer_the_freed_place",
    facts=(ParticipantWithdrawn,),
    react=offer_the_freed_place,
)
