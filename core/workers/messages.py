"""The one message there is: follow this tenant, which has facts up to that position."""

from collections.abc import Callable

from dramatiq import Message
from dramatiq.broker import Broker

FOLLOW = "follow"
"""Name of the queue and of its actor."""


def sender(broker: Broker) -> Callable[[str, int], None]:
    """Gives what puts (tenant code, position) on the queue; blocking, to be called in one thread.

    The actor itself need not be known here: a serving process sends, a worker receives.
    """
    broker.declare_queue(FOLLOW)

    def send(tenant: str, position: int) -> None:
        message: Message[None] = Message(
            queue_name=FOLLOW, actor_name=FOLLOW, args=(tenant, position), kwargs={}, options={}
        )
        broker.enqueue(message)

    return send
