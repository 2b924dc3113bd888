"""The story of one cycle, scene after scene, with what usually goes otherwise than planned."""

from datetime import date, datetime, timedelta
from typing import get_args

import msgspec

from core.domain.correction import AnnulFact, CorrectFact
from core.domain.days import PARIS, day_of
from core.domain.event import PersonId, Recorded, Subject, encode_fact
from core.session.events import AttendanceRecorded
from core.session.vocabulary import Modality, Presence
from core.stage import Stage
from plugins.ravie.animateur.commands import DesignateAnimateur
from plugins.ravie.attestation.commands import IssueAttestations
from plugins.ravie.cycle import commands
from plugins.ravie.cycle.events import CycleOpened, ParticipantEnrolled, SessionsPlanned
from plugins.ravie.demo.changes import WhatChanged
from plugins.ravie.demo.papers import scan_of
from plugins.ravie.demo.territory import Team
from plugins.ravie.demo.words import PRODUCTIONS, QUESTIONS, TOPICS
from plugins.ravie.session import commands as session_commands
from plugins.ravie.vocabulary import Role, WithdrawalReason

ROLES: tuple[Role, ...] = tuple(role for role in get_args(Role) if role != "partenaire")
ROLE_WEIGHTS = (70, 8, 8, 10, 4)
PRESENCE_WEIGHTS = (88, 7, 5)
"""Present, absent, excused."""
WHOLE = 180
"""Minutes of a session; leaving early is signed as such."""
_HOLIDAYS = {(5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11)}
"""Months and days."""


class CycleStory:
    """One cycle of one tenant. Each method is a scene; it puts the next ones on the agenda."""

    def __init__(self, stage: Stage, team: Team) -> None:
        self._stage = stage
        self._team = team
        self._chance = stage.chance
        self._cycle = stage.new_id()
        self._animateur = self._chance.choice(team.animateurs)
        self._asked: set[PersonId] = set()
        self._enrolled: dict[PersonId, None] = {}
        self._waiting: list[PersonId] = []
        self._opened: CycleOpened | None = None
        self._left = 0
        """Sessions whose outcome is still to come."""
        self._changed = WhatChanged(stage, team.coordination, self._animateur, self._cycle)
        self._signed = False
        self._attested = False

    async def open(self) -> None:
        stage, chance = self._stage, self._chance
        command = commands.OpenCycle(
            cycle=self._cycle,
            theme=chance.choice(self._team.themes),
            relais=chance.choice(self._team.relais),
            modality=chance.choices(("in_person", "mixed", "remote"), (82, 10, 8))[0],
            place=chance.choice(self._team.places),
            animateur=self._animateur,
        )
        done = await stage.do(command, actor=self._animateur)
        self._opened = done.facts[0].fact
        first_on = day_of(stage.now) + timedelta(weeks=5)
        wanted = chance.choices((6, 7, 8, 9, 10, 11), (1, 3, 4, 4, 2, 1))[0]
        for _ in range(wanted):
            stage.at(stage.now + timedelta(hours=chance.uniform(2, 24 * 30)), self._enrol)
        stage.at(stage.now + timedelta(days=2), lambda: self._plan(first_on))
        if chance.random() < 0.06:
            stage.at(stage.now + timedelta(days=10), self._hand_over)
        if chance.random() < 0.35:
            stage.at(stage.now + timedelta(days=chance.uniform(31, 34)), self._withdraw)

    async def _enrol(self) -> None:
        chance = self._chance
        strangers = [person for person in self._team.known if person not in self._asked]
        if strangers and chance.random() < 0.5:
            person = chance.choice(strangers)
        else:
            person = await self._stage.register()
            self._team.known.append(person)
        self._asked.add(person)
        role = chance.choices(ROLES, ROLE_WEIGHTS)[0]
        command = commands.EnrolParticipant(cycle=self._cycle, person=person, role=role)
        done = await self._stage.do(command, actor=self._animateur)
        if isinstance(done.facts[0].fact, ParticipantEnrolled):
            self._enrolled[person] = None
        else:
            self._waiting.append(person)

    async def _withdraw(self) -> None:
        """Someone gives up; the policy offers the place to the first who waits."""
        person = self._chance.choice(list(self._enrolled))
        note = None
        if self._chance.random() < 0.3:
            text = "A prévenu par téléphone, souhaite une autre date."
            note = await self._stage.seal(person, "note", text)
        reason = self._chance.choice(get_args(WithdrawalReason))
        command = commands.WithdrawParticipant(
            cycle=self._cycle, person=person, reason=reason, note=note
        )
        await self._stage.do(command, actor=self._animateur)
        del self._enrolled[person]
        await self._stage.settle()
        if self._waiting:
            self._enrolled[self._waiting.pop(0)] = None

    async def _plan(self, first_on: date) -> None:
        command = commands.PlanSessions(
            cycle=self._cycle,
            first_on=first_on,
            at=self._chance.choice(("09:00", "13:30", "14:00", "14:00")),
            skipping=_holidays(first_on),
            modalities=self._modalities(),
        )
        done = await self._stage.do(command, actor=self._animateur)
        planned = [r for r in done.facts if not isinstance(r.fact, SessionsPlanned)]
        self._left = len(planned)
        for number, recorded in enumerate(planned, 1):
            self._expect(Subject(recorded.stream), recorded.fact.starts_at, number)

    def _modalities(self) -> tuple[Modality, ...]:
        """Now and then one session of a cycle in person is held remotely."""
        opened = self._opened
        if opened is None or opened.modality != "in_person" or self._chance.random() > 0.2:
            return ()
        modalities: list[Modality] = ["in_person"] * opened.sessions
        modalities[self._chance.randrange(opened.sessions)] = "remote"
        return tuple(modalities)

    async def _hand_over(self) -> None:
        """Before the first session, a colleague takes the cycle over."""
        others = [one for one in self._team.animateurs if one != self._animateur]
        if not others:
            return
        colleague = self._chance.choice(others)
        command = DesignateAnimateur(cycle=self._cycle, animateur=colleague, reason="leave")
        await self._stage.do(command, actor=self._animateur)
        self._animateur = self._changed.animateur = colleague

    def _expect(self, session: Subject, starts_at: datetime, number: int) -> None:
        """What will become of a planned session."""
        stage, chance, fate = self._stage, self._chance, self._chance.random()
        if number in (2, 3, 4) and chance.random() < 0.8:
            stage.at(starts_at - timedelta(days=6), lambda: self._invite(session))
        if fate < 0.04:
            stage.at(starts_at - timedelta(days=1), lambda: self._cancel(session, starts_at))
        elif fate < 0.09:
            moved = _later(starts_at, days=1)
            stage.at(starts_at - timedelta(days=3), lambda: self._move(session, moved, number))
        else:
            # Most are typed in the same evening, some days later, a few weeks later.
            late = chance.choices((4, 30, 24 * 18), (80, 13, 7))[0] * chance.uniform(0.9, 1.4)
            stage.at(
                starts_at + timedelta(hours=late), lambda: self._hold(session, starts_at, number)
            )

    async def _invite(self, session: Subject) -> None:
        topic = await self._stage.seal(session, "topic", self._chance.choice(TOPICS))
        expert = self._chance.choice(self._team.experts)
        command = session_commands.InviteExpert(session=session, expert=expert, topic=topic)
        await self._stage.do(command, actor=self._animateur)

    async def _cancel(self, session: Subject, starts_at: datetime) -> None:
        """Cancelled on the eve; another session takes its place two weeks later."""
        reason = self._chance.choice(("animateur_absent", "snow", "too_few_participants"))
        await self._stage.do(
            session_commands.CancelSession(session=session, reason=reason), actor=self._animateur
        )
        again = _later(starts_at, days=15)
        done = await self._stage.do(
            commands.AddSession(cycle=self._cycle, starts_at=again), actor=self._animateur
        )
        added = next(r for r in done.facts if not isinstance(r.fact, SessionsPlanned))
        evening = again + timedelta(hours=5)
        self._stage.at(evening, lambda: self._hold(Subject(added.stream), again, 0))

    async def _move(self, session: Subject, to: datetime, number: int) -> None:
        command = session_commands.MoveSession(
            session=session, starts_at=to, reason="room_not_available"
        )
        await self._stage.do(command, actor=self._animateur)
        evening = to + timedelta(hours=4)
        self._stage.at(evening, lambda: self._hold(session, to, number))

    async def _hold(self, session: Subject, starts_at: datetime, number: int) -> None:
        command = session_commands.HoldSession(
            session=session, started_at=starts_at, ended_at=starts_at + timedelta(minutes=WHOLE)
        )
        await self._stage.do(command, actor=self._animateur)
        for person in list(self._enrolled):
            await self._sign(session, person)
        if number == 1:
            await self._gather(session)
            await self._changed.measure(self._enrolled, "before")
        if self._enrolled and starts_at.toordinal() % 11:
            # One sheet in eleven or so is never found again.
            self._stage.at(
                self._stage.now + timedelta(days=2), lambda: self._scan(session, starts_at)
            )
        self._left -= 1
        if self._left == 0:
            # The group finishes its production in the days, or the months, that follow.
            days = self._chance.choices((1, 14, 60), (55, 30, 15))[0] * self._chance.uniform(
                0.8, 1.5
            )
            self._stage.at(self._stage.now + timedelta(days=days), self._finish)

    async def _sign(self, session: Subject, person: PersonId) -> None:
        presence = self._chance.choices(get_args(Presence), PRESENCE_WEIGHTS)[0]
        early = self._chance.random() < 0.06
        minutes = (135 if early else WHOLE) if presence == "present" else 0
        command = session_commands.SignHours(
            session=session, person=person, presence=presence, minutes=minutes
        )
        done = await self._stage.do(command, actor=self._animateur)
        self._signed = self._signed or minutes > 0
        if self._chance.random() < 0.02:
            wrong = done.facts[0]
            days = timedelta(days=self._chance.uniform(1, 40))
            self._stage.at(self._stage.now + days, lambda: self._mend(wrong))

    async def _mend(self, wrong: Recorded[AttendanceRecorded]) -> None:
        """A line of the sheet was mistyped: corrected, or annulled when it should not be there."""
        stream, fact = Subject(wrong.stream), Subject(wrong.id)
        if wrong.fact.minutes == WHOLE and self._chance.random() < 0.6:
            mended = msgspec.structs.replace(wrong.fact, minutes=150)
            command: CorrectFact | AnnulFact = CorrectFact(
                stream=stream,
                fact=fact,
                replacement=msgspec.json.decode(encode_fact(mended)),
                reason="typing_error",
            )
        else:
            command = AnnulFact(stream=stream, fact=fact, reason="wrong_line")
        await self._stage.do(command, actor=self._animateur)
        if self._attested:
            self._stage.at(self._stage.now + timedelta(days=9), self._attest)

    async def _scan(self, session: Subject, starts_at: datetime) -> None:
        scan = await self._stage.attach(session, scan_of(day_of(starts_at)))
        command = session_commands.ScanSheet(
            session=session, sha256=scan.sha256, media_type=scan.media_type, size=scan.size
        )
        await self._stage.do(command, actor=self._animateur)

    async def _attest(self) -> None:
        """For all who signed; again after a correction, for those whose hours have changed."""
        if self._signed:
            command = IssueAttestations(cycle=self._cycle)
            await self._stage.do(command, actor=self._animateur)
            self._attested = True

    async def _gather(self, session: Subject) -> None:
        asked = self._chance.sample(QUESTIONS, self._chance.randint(3, 5))
        tokens = [await self._stage.seal(self._cycle, "questions", text) for text in asked]
        command = commands.GatherQuestions(
            cycle=self._cycle, session=session, questions=tuple(tokens)
        )
        await self._stage.do(command, actor=self._animateur)

    async def _finish(self) -> None:
        """A production and a closing; one cycle in thirty stops without."""
        if self._chance.random() < 0.03:
            stopped = commands.InterruptCycle(cycle=self._cycle, reason="group_dispersed")
            await self._stage.do(stopped, actor=self._animateur)
            await self._attest()
            return
        kind, text = self._chance.choice(PRODUCTIONS)
        title = await self._stage.seal(self._cycle, "title", text)
        await self._stage.do(
            commands.RecordProduction(cycle=self._cycle, kind=kind, title=title),
            actor=self._animateur,
        )
        await self._stage.do(commands.CloseCycle(cycle=self._cycle), actor=self._animateur)
        await self._attest()
        await self._changed.after(list(self._enrolled))


def _holidays(first_on: date) -> tuple[date, ...]:
    """The days of the rhythm on which nobody comes."""
    days = (first_on + timedelta(weeks=week) for week in range(10))
    return tuple(day for day in days if _is_off(day))


def _is_off(day: date) -> bool:
    """Whether it is between 24 December and 2 January, or a holiday whose date does not move."""
    return (
        (day.month, day.day) >= (12, 24)
        or (day.month, day.day) <= (1, 2)
        or (day.month, day.day) in _HOLIDAYS
    )


def _later(starts_at: datetime, *, days: int) -> datetime:
    """The same hour in Paris so many days later, or the first working day after."""
    local = starts_at.astimezone(PARIS) + timedelta(days=days)
    while local.weekday() > 4 or _is_off(local.date()):
        local += timedelta(days=1)
    return local
