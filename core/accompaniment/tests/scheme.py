"""A scheme of accompaniment as a module writes one: its commands, its manifest, a few people."""

from datetime import date
from typing import Any, ClassVar

from core.accompaniment import commands as c
from core.accompaniment import consent, decisions
from core.accompaniment.events import AccompanimentOpened
from core.accompaniment.module import MODULE
from core.accompaniment.state import ACCOMPANIMENT
from core.domain.command import Command
from core.domain.decider import Decision
from core.domain.event import PersonId, Subject
from core.domain.sealed import Sealed
from core.module import Module
from core.testing.scenario import Scenario, an_id

APPUI, OTHER_APPUI = Subject(an_id(1)), Subject(an_id(2))
PERSON = PersonId(an_id(3))
MARTINE, SAMIR = Subject(an_id(4)), Subject(an_id(5))
CLINIC, SCHOOL = Subject(an_id(6)), Subject(an_id(7))
WORDS = Sealed(f"jalon1.{PERSON}.1.AAAA")
JANUARY, MARCH, JUNE = date(2026, 1, 5), date(2026, 3, 1), date(2026, 6, 30)


class Open(c.OpenAccompaniment, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.open"


class Express(c.ExpressExpectations, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.express_expectations"


class GiveConsent(c.GiveConsent, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.give_consent"


class WithdrawConsent(c.WithdrawConsent, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.withdraw_consent"


class Share(c.OpenInformationSharing, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.share"


class EndSharing(c.EndInformationSharing, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.end_sharing"


class Designate(c.DesignateReferent, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.designate_referent"


class Change(c.ChangeReferent, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.change_referent"


class EndReferent(c.EndReferent, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.end_referent"


class SetObjective(c.SetObjective, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.set_objective"


class PlanAction(c.PlanAction, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.plan_action"


class FinishAction(c.FinishAction, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.finish_action"


class AbandonAction(c.AbandonAction, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.abandon_action"


class RecordContact(c.RecordContact, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.record_contact"


class Suspend(c.SuspendAccompaniment, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.suspend"


class Resume(c.ResumeAccompaniment, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.resume"


class DeclareRupture(c.DeclareRupture, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.declare_rupture"


class AvoidRupture(c.AvoidRupture, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.avoid_rupture"


class Close(c.CloseAccompaniment, frozen=True, kw_only=True):
    name: ClassVar[str] = "appui.close"


def _decision(command: type[Command], decide: Any, *, opens: bool = False) -> Decision[Any, Any]:
    return Decision(
        command=command,
        aggregate=ACCOMPANIMENT,
        stream="accompaniment",
        decide=decide,
        permission="appui.write",
        opens=opens,
    )


APPUI_MODULE = Module(
    name="appui",
    title="Appui",
    version="1",
    decisions=(
        _decision(Open, decisions.open_accompaniment, opens=True),
        _decision(Express, decisions.express_expectations),
        _decision(GiveConsent, consent.give_consent),
        _decision(WithdrawConsent, consent.withdraw_consent),
        _decision(Share, consent.open_information_sharing),
        _decision(EndSharing, consent.end_information_sharing),
        _decision(Designate, decisions.designate_referent),
        _decision(Change, decisions.change_referent),
        _decision(EndReferent, decisions.end_referent),
        _decision(SetObjective, decisions.set_objective),
        _decision(PlanAction, decisions.plan_action),
        _decision(FinishAction, decisions.finish_action),
        _decision(AbandonAction, decisions.abandon_action),
        _decision(RecordContact, decisions.record_contact),
        _decision(Suspend, decisions.suspend_accompaniment),
        _decision(Resume, decisions.resume_accompaniment),
        _decision(DeclareRupture, decisions.declare_rupture),
        _decision(AvoidRupture, decisions.avoid_rupture),
        _decision(Close, decisions.close_accompaniment),
    ),
)


def opened(*, basis: str = "demande_de_la_personne", scheme: str = "appui") -> Scenario:
    """A story in which the accompaniment APPUI of PERSON is open."""
    return Scenario(MODULE, APPUI_MODULE).given(
        AccompanimentOpened(scheme=scheme, person=PERSON, basis=basis), stream=APPUI
    )
