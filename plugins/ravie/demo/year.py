"""Years of ordinary cycles: when they begin, who animates them, who comes back.

The volumes are believable, not measured: some seven or eight cycles a year in a usual département,
most of them from September to November and from January to April, none begun in summer.
"""

from datetime import datetime, timedelta

from core.domain.event import PersonId, Subject
from core.stage import Stage
from plugins.ravie.demo.cycle import CycleStory
from plugins.ravie.demo.territory import Team, TerritoryStory
from plugins.ravie.demo.words import THEMES
from plugins.ravie.vocabulary import ANIMATEUR, COORDINATION

CYCLES_A_YEAR = 7.6
_BEGINNINGS = {1: 3, 2: 3, 3: 3, 4: 2, 5: 1, 9: 4, 10: 4, 11: 2}
"""Months in which cycles begin, and how often."""


def play_years(stage: Stage) -> None:
    """Puts every cycle of the stage's years on it, at the hour it is opened."""
    team = Team(
        coordination=stage.new_id(),
        animateurs=[Subject(stage.new_id()) for _ in range(stage.chance.randint(1, 3))],
        experts=[Subject(stage.new_id()) for _ in range(stage.chance.randint(3, 6))],
        places=[Subject(stage.new_id()) for _ in range(stage.chance.randint(1, 4))],
        relais=[Subject(stage.new_id()) for _ in range(stage.chance.randint(1, 2))],
        themes=list(THEMES),
        known=list[PersonId](),
    )
    stage.cast(team.coordination, COORDINATION)
    for account in team.animateurs:
        stage.cast(account, ANIMATEUR)
    stage.at(stage.start, TerritoryStory(stage, team).begin)
    years = (stage.end - stage.start) / timedelta(days=365.25)
    for opened_at in sorted(_beginning(stage) for _ in range(_count(stage, years))):
        stage.at(opened_at, CycleStory(stage, team).open)


def _count(stage: Stage, years: float) -> int:
    usual = CYCLES_A_YEAR * years * stage.volume
    return max(1, round(stage.chance.gauss(usual, usual**0.5 / 2)))


def _beginning(stage: Stage) -> datetime:
    """A working day and hour in the years played, in a month when cycles begin."""
    months = list(_BEGINNINGS)
    span = stage.end - stage.start
    while True:
        moment = stage.start + stage.chance.random() * span
        wanted = stage.chance.choices(months, list(_BEGINNINGS.values()))[0]
        if moment.month == wanted and moment.weekday() < 5:
            # Opened some weeks ahead of its first session.
            hour = moment.replace(hour=stage.chance.randint(7, 15), minute=0, second=0)
            return max(stage.start, hour.replace(microsecond=0) - timedelta(weeks=5))
