"""The manifest of the addresses that calendars read deadlines at; every tenant has them."""

from core.calendar_feed import commands, decisions
from core.calendar_feed.events import FACTS
from core.calendar_feed.state import FEED
from core.catalogue import READ_DEADLINES
from core.domain.decider import Decision
from core.module import Module, Permission
from projections.deadlines.feeds import FEEDS

OPEN_FEEDS = Permission(
    "calendar_feed.open_feeds", "Donner à un agenda l'adresse de ses échéances."
)
REVOKE_FEEDS = Permission("calendar_feed.revoke_feeds", "Révoquer l'adresse donnée à un agenda.")

SEE_WHAT_IS_DUE = (READ_DEADLINES.code, OPEN_FEEDS.code, f"{REVOKE_FEEDS.code}@related")
"""What a role grants so that its holders see what is due of what they may see, and in calendars."""

MODULE = Module(
    name="calendar_feed",
    title="Échéances",
    version="1",
    facts=FACTS,
    aggregates=(FEED,),
    decisions=(
        Decision(
            command=commands.OpenFeed,
            aggregate=FEED,
            stream="feed",
            decide=decisions.open_feed,
            permission=OPEN_FEEDS.code,
            opens=True,
        ),
        Decision(
            command=commands.RevokeFeed,
            aggregate=FEED,
            stream="feed",
            decide=decisions.revoke_feed,
            permission=REVOKE_FEEDS.code,
        ),
    ),
    projections=(FEEDS,),
    permissions=(OPEN_FEEDS, REVOKE_FEEDS),
    refusals={
        "feed_would_show_nothing": (
            "Aucune échéance ne vous est ouverte ici : l'adresse ne montrerait rien."
        ),
        "feed_lasts_too_long": "L'adresse expire dans les {days} jours, et pas avant demain.",
        "feed_is_revoked": "Cette adresse est déjà révoquée.",
    },
    always_on=True,
)
"""Its routes stand beside those of figures: one of them is read by calendars, without a header."""
