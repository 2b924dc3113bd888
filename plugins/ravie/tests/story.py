"""A story in which everything a RAVie knows happens; the contract of modules reads it."""

from datetime import UTC, date, datetime, timedelta

from core.domain.command import Command, PersonRef
from core.domain.correction import AnnulFact
from core.domain.event import PersonId, Recorded, Subject
from core.domain.sealed import Sealed
from core.evaluation.module import MODULE as EVALUATIONS
from core.evaluation.vocabulary import Answers
from core.registers.professionals.events import TrainingFollowed
from core.registers.structures.commands import RegisterStructure
from core.session.events import AttendanceRecorded, SessionPlanned
from core.session.module import MODULE as SESSIONS
from core.testing.scenario import Scenario, an_id
from plugins.ravie.animateur import commands as n
from plugins.ravie.attestation import commands as a
from plugins.ravie.attestation.events import AttestationIssued
from plugins.ravie.cycle import commands as c
from plugins.ravie.departure import commands as d
from plugins.ravie.effects.commands import CorrectEvaluation, RecordEffects
from plugins.ravie.follow_up import commands as f
from plugins.ravie.module import MODULE
from plugins.ravie.programme import commands as p
from plugins.ravie.programme.events import Deviation
from plugins.ravie.relais import commands as r
from plugins.ravie.session import commands as s
from projections.registers.module import MODULE as REGISTERS

SPRING = datetime(2026, 6, 1, 12, tzinfo=UTC)
CYCLE, INTERRUPTED, EXPERT = Subject(an_id(1)), Subject(an_id(2)), Subject(an_id(3))
STRUCTURE = Subject(an_id(5))
HOST, GUEST = Subject(an_id(0x61)), Subject(an_id(0x62))
RELAIS, CLOSED = Subject(an_id(0x51)), Subject(an_id(0x52))
WORDS = Sealed(f"jalon1.{CYCLE}.1.AAAA")
PEOPLE = tuple(PersonRef(an_id(0x1000 + number)) for number in range(10))


def story() -> Scenario:
    """A cycle goes to its end, with all that may befall it; another one is interrupted."""
    told = Scenario(SESSIONS, EVALUATIONS, REGISTERS, MODULE, now=SPRING)
    _programme(told)
    _relais(told)
    trained = TrainingFollowed(person=PersonId(PEOPLE[9]), training="animation_ravie")
    told.given(trained, stream=an_id(4))
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
    _tell(told, n.DesignateAnimateur(cycle=CYCLE, animateur=Subject(an_id(7)), occurred_at=begins))
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
    _attest(told)
    _tell(told, c.OpenCycle(cycle=INTERRUPTED, theme="alimentation", kind="project"))
    _tell(told, c.InterruptCycle(cycle=INTERRUPTED, reason="groupe_trop_petit"))
    _measure(told)
    _train(told)
    _follow_up(told)
    return told


def _measure(told: Scenario) -> None:
    """Two people answer, one of them after too; a point was mistyped."""
    for person, moment in ((PEOPLE[1], "before"), (PEOPLE[1], "after"), (PEOPLE[2], "before")):
        answers: Answers = {"isolement_1": 2, "isolement_3": 4, "bien_etre_1": 5}
        _tell(told, RecordEffects(cycle=CYCLE, person=person, moment=moment, answers=answers))  # type: ignore[arg-type]
    evaluation = Subject(told.history[-2].stream)
    answers = {"isolement_1": 3}
    _tell(told, CorrectEvaluation(evaluation=evaluation, answers=answers, reason="saisie"))


def _train(told: Scenario) -> None:
    """One goes to the end of a training, another gives one up."""
    advised, enrolled = Subject(an_id(0x31)), Subject(an_id(0x32))
    advice = d.AdviseTraining(
        departure=advised, person=PEOPLE[1], training="adcf", structure=STRUCTURE, cycle=CYCLE
    )
    _tell(told, advice)
    _tell(told, d.EnrolInTraining(departure=advised))
    _tell(told, d.StartTraining(departure=advised))
    _tell(told, d.CompleteTraining(departure=advised))
    _tell(told, d.RecordDeparture(departure=enrolled, person=PEOPLE[2], training="adcf"))
    _tell(told, d.AbandonTraining(departure=enrolled, reason="not_funded", note=WORDS))


def _follow_up(told: Scenario) -> None:
    """A wave: one answers, one is reminded and declines, one is not reached."""
    wave = Subject(an_id(0x41))
    _tell(told, f.OpenWave(wave=wave, cycles=(CYCLE,), months=6, due_on=date(2026, 9, 1)))
    _tell(told, f.AskPeople(wave=wave, people=PEOPLE[1:4], channel="phone"))
    _tell(told, f.SendReminder(wave=wave, person=PEOPLE[2]))
    answers: Answers = {"situation": "meme_emploi", "rester": 4, "usage": 5}
    _tell(told, f.RecordWaveAnswer(wave=wave, person=PEOPLE[1], answers=answers))
    _tell(told, f.RecordNoAnswer(wave=wave, person=PEOPLE[2], reason="declined"))
    _tell(told, f.RecordNoAnswer(wave=wave, person=PEOPLE[3], reason="unreachable"))
    _tell(told, f.CloseWave(wave=wave))


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
    for structure in (HOST, GUEST):
        kinds = ("partner",)
        _tell(told, RegisterStructure(structure=structure, kinds=kinds, called="Ville de Gap"))
        _tell(told, r.AttachPartner(relais=RELAIS, structure=structure, role="host"))
    left = r.DetachPartner(relais=RELAIS, structure=GUEST, role="host", reason="moved")
    _tell(told, left)


def _tell(told: Scenario, command: Command) -> None:
    assert told.when(command).written, command.name


def _attest(told: Scenario) -> None:
    """Everybody is attested, one signature proves wrong, one paper should not have been given."""
    _tell(told, a.IssueAttestations(cycle=CYCLE))
    wrong = next(r for r in told.history if isinstance(r.fact, AttendanceRecorded))
    annul = AnnulFact(stream=Subject(wrong.stream), fact=Subject(wrong.id), reason="wrong_line")
    _tell(told, annul)
    _tell(told, a.IssueAttestations(cycle=CYCLE, person=PersonRef(wrong.fact.person)))
    last = [r.fact for r in told.history if isinstance(r.fact, AttestationIssued)][-1]
    withdraw = a.WithdrawAttestation(
        cycle=CYCLE, attestation=last.attestation, reason="given_by_mistake"
    )
    _tell(told, withdraw)


def _hold(told: Scenario, planned: Recorded[SessionPlanned]) -> None:
    session = Subject(planned.stream)
    times = planned.fact.starts_at, planned.fact.ends_at
    _tell(told, s.HoldSession(session=session, started_at=times[0], ended_at=times[1]))
    for person in PEOPLE[1:4]:
        _tell(told, s.SignHours(session=session, person=person, minutes=180))
    _tell(told, s.SignHours(session=session, person=PEOPLE[4], presence="excused"))
