"""The project cycle of Gap, after the source `lieu-ressources.txt`.

From the source: a special cycle of five afternoons, 14:00 to 17:00, one a week, that brought the
stakeholders of the Hautes-Alpes together; what each afternoon was for; the three questions of the
first; LOCOMMUN, 69 rue Carnot, in Gap, where it came to. Invented, because the source does not say:
the dates, the people, the animatrice, the expert, the words of the production.
"""

from datetime import date, datetime, time, timedelta

from core.domain.command import SubjectId
from core.domain.days import PARIS
from core.domain.event import PersonId, Subject
from core.stage import Stage
from plugins.ravie.cycle import commands
from plugins.ravie.cycle.events import SessionsPlanned
from plugins.ravie.session import commands as session_commands
from plugins.ravie.vocabulary import ANIMATEUR, Role

PURPOSES = (
    "lancement_et_ideation",
    "identification_du_lieu",
    "programmation_annuelle",
    "plan_de_communication",
    "programme_d_inauguration",
)
"""What each afternoon was for, in order (source)."""

QUESTIONS = (
    "Que viendraient chercher ces publics dans ce lieu ?",
    "Selon quels critères et quelles modalités ouvrir ce lieu ?",
    "Quels échanges avec les partenaires locaux ?",
)
"""The three questions of the first afternoon (source, in our words)."""

INVENTED = ("dates", "personnes", "animatrice", "experte", "intitulé de la production")
"""What the source does not give."""

_STAKEHOLDERS: tuple[Role, ...] = (
    "partenaire",
    "partenaire",
    "partenaire",
    "assistant_de_vie",
    "assistant_de_vie",
    "particulier_employeur",
    "particulier_employeur",
    "proche_aidant",
)
"""Those the source names as the groupe projet territorial; how many of each is invented."""


def play_gap(stage: Stage) -> None:
    """Puts the cycle on the stage: opened in September, five Thursdays in October."""
    cycle, place, animatrice = stage.new_id(), stage.new_id(), stage.new_id()
    opened_on = _thursday_after(stage.start.date() + timedelta(weeks=10))
    first_on = opened_on + timedelta(weeks=3)

    stage.cast(animatrice, ANIMATEUR)

    async def open_cycle() -> None:
        command = commands.OpenCycle(
            cycle=cycle,
            theme="lieu_ressources",
            kind="project",
            place=place,
            animateur=animatrice,
        )
        await stage.do(command, actor=animatrice)
        people = [await stage.register() for _ in _STAKEHOLDERS]
        for person, role in zip(people, _STAKEHOLDERS, strict=True):
            enrol = commands.EnrolParticipant(cycle=cycle, person=person, role=role)
            await stage.do(enrol, actor=animatrice)
        plan = commands.PlanSessions(cycle=cycle, first_on=first_on, at="14:00", purposes=PURPOSES)
        done = await stage.do(plan, actor=animatrice)
        planned = next(r.fact for r in done.facts if isinstance(r.fact, SessionsPlanned))
        for number, session in enumerate(planned.sessions):
            afternoon = _Afternoon(stage, cycle, animatrice, people, session)
            day = first_on + timedelta(weeks=number)
            stage.at(_at(day, time(18)), afternoon.hold if number else afternoon.launch)
        await _invite(stage, planned.sessions[1], animatrice)
        stage.at(_at(first_on + timedelta(weeks=4), time(18, 30)), close)

    async def close() -> None:
        title = "Programme d'inauguration du lieu ressources, LOCOMMUN, 69 rue Carnot à Gap"
        production = commands.RecordProduction(
            cycle=cycle, kind="programme", title=await stage.seal(cycle, "title", title)
        )
        await stage.do(production, actor=animatrice)
        await stage.do(commands.CloseCycle(cycle=cycle), actor=animatrice)

    stage.at(_at(opened_on, time(10)), open_cycle)


async def _invite(stage: Stage, session: Subject, animatrice: str) -> None:
    topic = await stage.seal(session, "topic", "Accueillir une permanence dans une MSAP")
    invitation = session_commands.InviteExpert(session=session, expert=stage.new_id(), topic=topic)
    await stage.do(invitation, actor=animatrice)


class _Afternoon:
    """One afternoon, recorded the same evening: everybody came and stayed to the end."""

    def __init__(
        self,
        stage: Stage,
        cycle: SubjectId,
        animatrice: str,
        people: list[PersonId],
        session: Subject,
    ) -> None:
        self._stage = stage
        self._cycle = cycle
        self._animatrice = animatrice
        self._people = people
        self._session = session

    async def launch(self) -> None:
        """The first one also gathers the group's questions."""
        await self.hold()
        questions = [
            await self._stage.seal(self._cycle, "questions", question) for question in QUESTIONS
        ]
        gather = commands.GatherQuestions(
            cycle=self._cycle, session=self._session, questions=tuple(questions)
        )
        await self._stage.do(gather, actor=self._animatrice)

    async def hold(self) -> None:
        day = self._stage.now.astimezone(PARIS).date()
        held = session_commands.HoldSession(
            session=self._session, started_at=_at(day, time(14)), ended_at=_at(day, time(17))
        )
        await self._stage.do(held, actor=self._animatrice)
        for person in self._people:
            signed = session_commands.SignHours(session=self._session, person=person, minutes=180)
            await self._stage.do(signed, actor=self._animatrice)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=PARIS)


def _thursday_after(day: date) -> date:
    return day + timedelta(days=(3 - day.weekday()) % 7)
