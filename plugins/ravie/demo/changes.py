"""What a cycle of the demonstration changed: answers before and after, trainings, a wave later."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from random import Random

from core.domain.days import day_of
from core.domain.event import PersonId, Subject
from core.evaluation.vocabulary import Answers
from core.stage import Stage
from plugins.ravie.departure import commands as departures
from plugins.ravie.effects.commands import RecordEffects
from plugins.ravie.effects.instruments import INSTRUMENTS
from plugins.ravie.effects.vocabulary import EFFECTS, EffectMoment
from plugins.ravie.follow_up import commands as waves

MEASURED, FOLLOWED, TRAINED = 0.5, 0.35, 0.08
"""Cycles whose effects are measured, cycles that a wave follows, people who leave for training."""

TRAININGS = ("adcf", "adef", "deaes", "gestes_d_urgence", "maladie_d_alzheimer")
_SITUATIONS = ("meme_emploi", "meme_emploi", "autres_employeurs", "en_formation", "sans_emploi")


class WhatChanged:
    """What follows one cycle, in a chance of its own: what it draws changes no other story."""

    def __init__(
        self, stage: Stage, coordination: Subject, animateur: Subject, cycle: Subject
    ) -> None:
        self._stage = stage
        self._coordination = coordination
        self.animateur = animateur
        """Who animates the cycle now; told when another one takes over."""
        self._cycle = cycle
        self._chance = Random(stage.chance.random())  # noqa: S311 - for play, not for secrets
        self._measured = self._chance.random() < MEASURED

    async def measure(self, people: Iterable[PersonId], moment: EffectMoment) -> None:
        """Most of the group answer, and leave some items out; a bit better after than before."""
        if not self._measured:
            return
        for person in list(people):
            if self._chance.random() < 0.9:
                command = RecordEffects(
                    cycle=self._cycle,
                    person=person,
                    moment=moment,
                    answers=self._answers(0.7 if moment == "after" else 0.0),
                )
                await self._stage.do(command, actor=self.animateur)

    async def after(self, people: list[PersonId]) -> None:
        """The cycle is closed: answers after, some trainings, and a wave in half a year."""
        await self.measure(people, "after")
        for person in people:
            if self._chance.random() < TRAINED:
                await self._advise(person)
        if people and self._chance.random() < FOLLOWED:
            self._stage.at(_half_a_year_after(self._stage.now), lambda: self._open_wave(people))

    def _answers(self, better: float) -> Answers:
        instrument = INSTRUMENTS.find(EFFECTS, 1)
        assert instrument is not None  # noqa: S101 - it lies beside this file
        answers: Answers = {}
        for item in instrument.items:
            if self._chance.random() < 0.95:
                points = min(5, max(1, round(self._chance.gauss(3.0 + better, 0.9))))
                answers[item.code] = 6 - points if item.reversed else points
        return answers or {instrument.items[0].code: 3}

    async def _advise(self, person: PersonId) -> None:
        departure = self._stage.new_id()
        advice = departures.AdviseTraining(
            departure=departure,
            person=person,
            training=self._chance.choice(TRAININGS),
            cycle=self._cycle,
        )
        await self._stage.do(advice, actor=self.animateur)
        if self._chance.random() < 0.75:
            days = timedelta(days=self._chance.uniform(10, 60))
            self._stage.at(self._stage.now + days, lambda: self._enrol(departure))

    async def _enrol(self, departure: Subject) -> None:
        enrol = departures.EnrolInTraining(departure=departure)
        await self._stage.do(enrol, actor=self.animateur)
        days = timedelta(days=self._chance.uniform(15, 90))
        self._stage.at(self._stage.now + days, lambda: self._start(departure))

    async def _start(self, departure: Subject) -> None:
        start = departures.StartTraining(departure=departure)
        await self._stage.do(start, actor=self.animateur)
        days = timedelta(days=self._chance.uniform(20, 200))
        self._stage.at(self._stage.now + days, lambda: self._end(departure))

    async def _end(self, departure: Subject) -> None:
        if self._chance.random() < 0.85:
            complete = departures.CompleteTraining(departure=departure)
            await self._stage.do(complete, actor=self.animateur)
        else:
            abandon = departures.AbandonTraining(departure=departure, reason="work_hours")
            await self._stage.do(abandon, actor=self.animateur)

    async def _open_wave(self, people: list[PersonId]) -> None:
        wave = self._stage.new_id()
        due_on = day_of(self._stage.now) + timedelta(days=45)
        command = waves.OpenWave(
            wave=wave,
            cycles=(self._cycle,),
            months=6,
            due_on=due_on,
            assigned=self.animateur,
        )
        await self._stage.do(command, actor=self._coordination)
        ask = waves.AskPeople(wave=wave, people=tuple(people), channel="phone")
        await self._stage.do(ask, actor=self.animateur)
        for person in people:
            days = timedelta(days=self._chance.uniform(1, 40))
            self._stage.at(self._stage.now + days, partial(self._hear, wave, person))
        self._stage.at(self._stage.now + timedelta(days=50), lambda: self._close(wave))

    async def _hear(self, wave: Subject, person: PersonId) -> None:
        """Two in three answer, some decline, some cannot be reached, some are reminded in vain."""
        fate = self._chance.random()
        if fate < 0.66:
            answers: Answers = {"situation": self._chance.choice(_SITUATIONS)}
            answers |= {"rester": self._chance.randint(2, 5), "usage": self._chance.randint(2, 5)}
            answer = waves.RecordWaveAnswer(wave=wave, person=person, answers=answers)
            await self._stage.do(answer, actor=self.animateur)
        elif fate < 0.85:
            none = waves.RecordNoAnswer(
                wave=wave, person=person, reason="declined" if fate < 0.75 else "unreachable"
            )
            await self._stage.do(none, actor=self.animateur)
        else:
            reminder = waves.SendReminder(wave=wave, person=person, channel="sms")
            await self._stage.do(reminder, actor=self.animateur)

    async def _close(self, wave: Subject) -> None:
        await self._stage.do(waves.CloseWave(wave=wave), actor=self.animateur)


def _half_a_year_after(closed_at: datetime) -> datetime:
    """Nobody is asked in summer."""
    asked_at = closed_at + timedelta(days=183)
    return asked_at + timedelta(days=62) if asked_at.month in (6, 7, 8) else asked_at
