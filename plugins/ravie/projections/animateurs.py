"""
Those who animate, the trainings they followed, and the cycles they were designated on.

An animateur is a professional of the register: what they followed is said there. Holding a session
without the training that the référentiel of the cycle asks is recorded, and flagged here.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
from core.registers.professionals.events import TrainingFollowed
from plugins.ravie.cycle.events import AnimateurDesignated, AnimateurEnded, CycleOpened
from plugins.ravie.projections.attendance_sheet import AttendanceSheet
from plugins.ravie.projections.cycle_register import CycleRegister
from plugins.ravie.referentiels import ANIMATEUR_TRAININGS


class TrainingLine(msgspec.Struct, frozen=True, kw_only=True):
    """Une formation à l'animation, et le jour où elle a été suivie jusqu'au bout."""

    training: str
    followed_on: date


class DesignationLine(msgspec.Struct, frozen=True, kw_only=True):
    """Un cycle, depuis et jusqu'au jour où ce professionnel en a été l'animateur."""

    cycle: str
    since: date
    until: date | None = None


class Animateur(msgspec.Struct, frozen=True, kw_only=True):
    """Un professionnel qui anime, ou qui est formé à animer ; `cycles` en compte les cycles."""

    animateur: str
    trained: bool = False
    cycles: int = 0
    trainings: tuple[TrainingLine, ...] = ()
    designations: tuple[DesignationLine, ...] = ()


class Animation(msgspec.Struct, frozen=True, kw_only=True):
    """
    Ce qu'un professionnel a animé d'un cycle. `trained_on` : depuis quand il a la formation que le
    référentiel demande ; `untrained_animateur` : une séance au moins a été tenue sans elle.
    """

    animateur: str
    designated: tuple[DesignationLine, ...]
    sessions: int
    trained_on: date | None
    flags: tuple[str, ...]


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    fact = recorded.fact
    if isinstance(fact, TrainingFollowed):
        if fact.training in ANIMATEUR_TRAININGS:
            yield (recorded.stream,)
    elif fact.animateur is not None:
        yield (fact.animateur,)


def _fold(row: Animateur | None, recorded: Recorded[Any]) -> Animateur:
    change, day = msgspec.structs.replace, day_of(recorded.occurred_at)
    (key,) = _keys(recorded)
    before = row or Animateur(animateur=key[0])
    match recorded.fact:
        case TrainingFollowed() as fact:
            line = TrainingLine(training=fact.training, followed_on=day)
            return change(before, trained=True, trainings=(*before.trainings, line))
        case CycleOpened() | AnimateurDesignated():
            begun = DesignationLine(cycle=recorded.stream, since=day)
            return _counted(change(before, designations=(*before.designations, begun)))
        case AnimateurEnded():
            designations = tuple(
                change(one, until=day)
                if one.until is None and one.cycle == recorded.stream
                else one
                for one in before.designations
            )
            return change(before, designations=designations)
        case _:
            return before


def _counted(row: Animateur) -> Animateur:
    return msgspec.structs.replace(row, cycles=len({one.cycle for one in row.designations}))


def animations(
    cycle: CycleRegister, sheets: Iterable[AttendanceSheet], people: Iterable[Animateur]
) -> list[Animation]:
    """What each of those who animated a cycle did of it, designated or not, by id."""
    known = {one.animateur: one for one in people}
    held = [(sheet.animateur, sheet.held_on) for sheet in sheets if sheet.held_on is not None]
    told = []
    for animateur in cycle.animateurs:
        person = known.get(animateur) or Animateur(animateur=animateur)
        days = [day for by, day in held if by == animateur]
        trained_on = min(
            (
                one.followed_on
                for one in person.trainings
                if one.training == cycle.animateur_training
            ),
            default=None,
        )
        asked = cycle.animateur_training is not None
        untrained = asked and any(trained_on is None or trained_on > day for day in days)
        told.append(
            Animation(
                animateur=animateur,
                designated=tuple(one for one in person.designations if one.cycle == cycle.cycle),
                sessions=len(days),
                trained_on=trained_on,
                flags=("untrained_animateur",) if untrained else (),
            )
        )
    return told


ANIMATEURS: Projection[Animateur] = Projection(
    name="ravie.animateurs",
    version=1,
    row=Animateur,
    key=("animateur",),
    facts=(TrainingFollowed, CycleOpened, AnimateurDesignated, AnimateurEnded),
    keys=_keys,
    fold=_fold,
)
