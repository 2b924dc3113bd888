"""A story in which everything a RAVie knows happens; the contract of modules reads it."""

from datetime import UTC, date, datetime, timedelta

from core.domain.command import Command, PersonRef
from core.domain.event import Recorded, Subject
from core.domain.sealed import Sealed
from core.session.events import SessionPlanned
from core.session.module import MODULE as SESSIONS
from core.testing.scenario import Scenario, an_id
from plugins.ravie.animateur import commands as a
from plugins.ravie.cycle import commands as c
from plugins.ravie.module import MODULE
from plugins.ravie.programme import commands as p
from plugins.ravie.programme.events import Deviation
from plugins.ravie.relais import commands as r
from plugins.ravie.session import commands as s

SPRING = datetime(2026, 6, 1, 12, tzinfo=UTC)
CYCLE, INTERRUPTED, EXPERT = Subject(an_id(1)), Subject(an_id(2)), Subject(an_id(3))
RELAIS, CLOSED = Subject(an_id(0x41)), Subject(an_id(0x42))
WORDS = Sealed(f"jalon1.{CYCLE}.1.AAAA")
PEOPLE = tuple(PersonRef(an_id(0x1000 + number)) for number in range(10))


def story() -> Scenario:
    """A cycle goes to its end, with all that may befall it; another one is interrupted."""
    told = Scenario(SESSIONS, MODULE, now=SPRING)
    _programme(told)
    _relais(told)
    _tell(
        told,
        c.OpenCycle(cycle=CYCLE, theme="fin_de_vie", animateur=Subject(an_id(4)), relais=RELAIS),
    )
    for person in PEOPLE:
        _tell(told, c.EnrolParticipant(cycle=CYCLE, person=person, role="assistant_de_vie"))
    _tell(told, c.WithdrawParticipant(cycle=CYCLE, person=PEOPLE[0], reason="personal"))
    _tell(told, c.OfferFreedPlace(cycle=CYCLE))
    _tell(told, c.PlanSessions(cycle=CYCLE, first_on=date(2026, 1, 8), at="14:00"))
    first, *middle, last = [r for r in told.history if isinstance(r.fact, SessionPlanned)]
    moved_to = last.fact.starts_at + timedelta(days=7)
    session = Subject(last.stream)
    _tell(told, s.MoveSession(session=session, starts_at=moved_to, reason="meteo"))
    _tell(told, s.CancelSession(session=session, reason="animatrice_absente", note=WORDS))
    begins = first.fact.starts_at
    _tell(told, a.DesignateAnimateur(cycle=CYCLE, animateur=Subject(an_id(7)), occurred_at=begins))
    _tell(told, s.InviteExpert(session=Subject(middle[0].stream), expert=EXPERT, topic=WORDS))
    for held in (first, *middle):
        _hold(told, held)
    session = Subject(first.stream)
    scan = s.ScanSheet(session=session, sha256="1" * 64, media_type="image/png", size=84_000)
    _tell(told, scan)
    _tell(told, s.RecordHeadcount(session=session, profile="partenaire", headcount=2))
    _tell(told, c.GatherQuestions(cycle=CYCLE, session=session, questions=(WORDS, WORDS)))
    _tell(told, c.RecordProduction(cycle=CYCLE, kind="livret", title=WORDS, sha256="0" * 64))
    _tell(told, c.CloseCycle(cycle=CYCLE))
    _tell(told, c.OpenCycle(cycle=INTERRUPTED, theme="alimentation", kind="project"))
    _tell(told, c.InterruptCycle(cycle=INTERRUPTED, reason="groupe_trop_petit"))
    return told


def _programme(told: Scenario) -> None:
    """Its themes and the model that the territory follows."""
    declare = p.DeclareTheme(
        theme="hiver_en_montagne",
        title="Travailler l'hiver en montagne",
        referentiel="assistants-de-vie",
        referentiel_version=1,
        competences=("c1.3", "c4.1"),
    )
    _tell(told, declare)
    _tell(told, p.RetireTheme(theme="numerique", reason="no_demand"))
    _tell(told, p.AdoptModel(model="national-5x3", version=1))
    _tell(told, p.LeaveModel(reason="review"))
    larger = Deviation(setting="capacity_max", value=9, reason="rooms")
    _tell(told, p.AdoptModel(model="national-5x3", version=1, deviations=(larger,)))


def _relais(told: Scenario) -> None:
    """One that closes, one that goes on with its partners."""
    _tell(told, r.OpenRelais(relais=CLOSED, title="Relais d'Embrun", commune="05046"))
    _tell(told, r.SuspendRelais(relais=CLOSED, reason="works"))
    _tell(told, r.ResumeRelais(relais=CLOSED))
    _tell(told, r.CloseRelais(relais=CLOSED, reason="moved"))
    _tell(told, r.OpenRelais(relais=RELAIS, title="Relais de Gap", commune="05061"))
    for structure in (Subject(an_id(0x31)), Subject(an_id(0x32))):
        _tell(told, r.AttachPartner(relais=RELAIS, structure=structure, role="host"))
    left = r.DetachPartner(
        relais=RELAIS, structure=Subject(an_id(0x32)), role="host", reason="moved"
    )
    _tell(told, left)


def _tell(told: Scenario, command: Command) -> None:
    assert told.when(command).written, command.name


def _hold(told: Scenario, planned: Recorded[SessionPlanned]) -> None:
    session = Subject(planned.stream)
    times = planned.fact.starts_at, planned.fact.ends_at
    _tell(told, s.HoldSession(session=session, started_at=times[0], ended_at=times[1]))
    for person in PEOPLE[1:4]:
        _tell(told, s.SignHours(session=session, person=person, minutes=180))
    _tell(told, s.SignHours(session=session, person=PEOPLE[4], presence="excused"))
