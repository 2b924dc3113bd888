"""
What is shown of a participant: their record, read with the kind of each cycle.

A project cycle is listed and counts nowhere; which cycles are projects is theirs to say.
"""

from collections.abc import Collection
from datetime import date

import msgspec

from plugins.ravie.projections.participant_record import (
    CyclePart,
    DeparturePart,
    EvaluationPart,
    ParticipantRecord,
    WavePart,
)


class CycleOfParticipant(CyclePart, frozen=True, kw_only=True):
    """
    `regular`: the person had signed in another professional cycle before they first signed in this
    one, else they were new in it; None until they sign, and in a project cycle.
    """

    project: bool
    regular: bool | None


class ParticipantView(msgspec.Struct, frozen=True, kw_only=True):
    """One person, never named; hours, first and last signature are of professional cycles."""

    person: str
    minutes: int
    first_signed_on: date | None
    last_signed_on: date | None
    cycles: list[CycleOfParticipant]
    evaluations: tuple[EvaluationPart, ...]
    departures: tuple[DeparturePart, ...]
    waves: tuple[WavePart, ...]


def shown(row: ParticipantRecord, projects: Collection[str]) -> ParticipantView:
    """The record of a person, of whose cycles `projects` are project cycles."""
    professional = [one for one in row.cycles if one.cycle not in projects]
    firsts = [one.first_signed_on for one in professional if one.first_signed_on]
    lasts = [one.last_signed_on for one in professional if one.last_signed_on]
    first = min(firsts, default=None)
    return ParticipantView(
        person=row.person,
        minutes=sum(one.minutes for one in professional),
        first_signed_on=first,
        last_signed_on=max(lasts, default=None),
        cycles=[
            CycleOfParticipant(
                **msgspec.structs.asdict(one),
                project=one.cycle in projects,
                regular=None
                if one.cycle in projects or one.first_signed_on is None or first is None
                else first < one.first_signed_on,
            )
            for one in row.cycles
        ],
        evaluations=row.evaluations,
        departures=row.departures,
        waves=row.waves,
    )
