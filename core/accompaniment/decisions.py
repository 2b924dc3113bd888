"""
The rules every scheme of accompaniment shares.

A module's decision is one of these, or a function of its own that checks more and then calls it;
its command is a subclass of the one named in the signature. A plan may be refused; what really
happened (a contact, a withdrawal, a rupture avoided) is recorded even after the closure. Who may
be told what is in `consent`.
"""

from core.accompaniment import commands as c
from core.accompaniment import events as e
from core.accompaniment.guards import at_any_time, scheme_of, until_closed, while_active
from core.accompaniment.state import Accompaniment
from core.domain.decider import Context, Decided
from core.domain.event import PersonId, Subject
from core.domain.refusal import Refused


def open_accompaniment(command: c.OpenAccompaniment, _state: None, _context: Context) -> Decided:
    """A new accompaniment of the scheme whose command opens it; it never resumes a closed one."""
    return [
        e.AccompanimentOpened(
            scheme=scheme_of(command),
            person=command.person,
            household=command.household,
            basis=command.basis,
            eligibility=command.eligibility,
            circumstances=command.circumstances,
        )
    ]


@until_closed
def express_expectations(
    command: c.ExpressExpectations, state: Accompaniment, _context: Context
) -> Decided:
    """What the person expects, in their words; said again, it adds to what was said."""
    return [
        e.ExpectationsExpressed(person=PersonId(state.person), expectations=command.expectations)
    ]


@until_closed
def designate_referent(
    command: c.DesignateReferent, state: Accompaniment, _context: Context
) -> Decided:
    """The first référent, or the next one after an interval without any."""
    if state.referent is not None:
        return Refused("referent_is_already_designated", "referent")
    if state.referents and (ended := state.referents[-1].ends) and command.starts < ended:
        return Refused("date_is_before_last_referent", "starts")
    return [
        e.ReferentDesignated(
            person=PersonId(state.person),
            referent=command.referent,
            function=command.function,
            starts=command.starts,
        )
    ]


@until_closed
def change_referent(command: c.ChangeReferent, state: Accompaniment, _context: Context) -> Decided:
    """Another référent takes over, without an interval."""
    former = state.referent
    if former is None:
        return Refused("no_referent_is_designated", "accompaniment")
    if former.referent == command.referent:
        return Refused("referent_is_already_designated", "referent")
    if command.starts < former.starts:
        return Refused("date_is_before_last_referent", "starts")
    return [
        e.ReferentChanged(
            person=PersonId(state.person),
            former=Subject(former.referent),
            referent=command.referent,
            function=command.function,
            starts=command.starts,
            reason=command.reason,
        )
    ]


@at_any_time
def end_referent(command: c.EndReferent, state: Accompaniment, _context: Context) -> Decided:
    """The référent's turn ends and nobody takes over."""
    former = state.referent
    if former is None:
        return Refused("no_referent_is_designated", "accompaniment")
    if command.ends < former.starts:
        return Refused("date_is_before_last_referent", "ends")
    return [
        e.ReferentEnded(
            person=PersonId(state.person),
            referent=Subject(former.referent),
            ends=command.ends,
            reason=command.reason,
        )
    ]


@while_active
def set_objective(command: c.SetObjective, state: Accompaniment, _context: Context) -> Decided:
    """One more objective, in one domain of life."""
    if command.objective in state.objectives:
        return Refused("already_exists", "objective")
    return [
        e.ObjectiveSet(
            person=PersonId(state.person),
            objective=command.objective,
            domain=command.domain,
            wording=command.wording,
        )
    ]


@while_active
def plan_action(command: c.PlanAction, state: Accompaniment, _context: Context) -> Decided:
    """One more action; a partner's action names the partner."""
    if command.action in state.actions:
        return Refused("already_exists", "action")
    if command.objective is not None and command.objective not in state.objectives:
        return Refused("objective_is_unknown", "objective")
    if command.carried_by == "partner" and command.partner is None:
        return Refused("partner_is_missing", "partner")
    return [
        e.ActionPlanned(
            person=PersonId(state.person),
            action=command.action,
            objective=command.objective,
            carried_by=command.carried_by,
            partner=command.partner,
            provision=command.provision,
            due=command.due,
            wording=command.wording,
        )
    ]


@until_closed
def finish_action(command: c.FinishAction, state: Accompaniment, _context: Context) -> Decided:
    """A planned action was carried out."""
    if refused := _unless_planned(command.action, state):
        return refused
    return [e.ActionDone(person=PersonId(state.person), action=command.action)]


@until_closed
def abandon_action(command: c.AbandonAction, state: Accompaniment, _context: Context) -> Decided:
    """A planned action will not be carried out, and why."""
    if refused := _unless_planned(command.action, state):
        return refused
    return [
        e.ActionAbandoned(
            person=PersonId(state.person),
            action=command.action,
            reason=command.reason,
            note=command.note,
        )
    ]


def _unless_planned(action: str, state: Accompaniment) -> Refused | None:
    if action not in state.actions:
        return Refused("action_is_unknown", "action")
    return None if state.actions[action] == "planned" else Refused("action_is_settled", "action")


@at_any_time
def record_contact(command: c.RecordContact, state: Accompaniment, _context: Context) -> Decided:
    """A contact took place; one that emanates from the person moves the retention date."""
    if command.contact in state.contacts:
        return Refused("already_exists", "contact")
    return [
        e.ContactRecorded(
            person=PersonId(state.person),
            contact=command.contact,
            means=command.means,
            from_person=command.from_person,
            professional=command.professional,
            note=command.note,
        )
    ]


@while_active
def suspend_accompaniment(
    command: c.SuspendAccompaniment, state: Accompaniment, _context: Context
) -> Decided:
    """Nothing is planned until it is resumed."""
    return [
        e.AccompanimentSuspended(
            person=PersonId(state.person), reason=command.reason, note=command.note
        )
    ]


@until_closed
def resume_accompaniment(
    _command: c.ResumeAccompaniment, state: Accompaniment, _context: Context
) -> Decided:
    """A suspended accompaniment goes on; a closed one never does."""
    if not state.suspended:
        return Refused("accompaniment_is_not_suspended", "accompaniment")
    return [e.AccompanimentResumed(person=PersonId(state.person))]


@until_closed
def declare_rupture(command: c.DeclareRupture, state: Accompaniment, _context: Context) -> Decided:
    """The person's way is broken or about to be, in one domain of life."""
    if command.rupture in state.ruptures:
        return Refused("already_exists", "rupture")
    return [
        e.RuptureDeclared(
            person=PersonId(state.person),
            rupture=command.rupture,
            domain=command.domain,
            note=command.note,
        )
    ]


@at_any_time
def avoid_rupture(command: c.AvoidRupture, state: Accompaniment, _context: Context) -> Decided:
    """A declared rupture did not take place; this may be known after the closure only."""
    if command.rupture not in state.ruptures:
        return Refused("rupture_is_unknown", "rupture")
    if state.ruptures[command.rupture] == "avoided":
        return Refused("rupture_is_already_avoided", "rupture")
    return [
        e.RuptureAvoided(
            person=PersonId(state.person),
            rupture=command.rupture,
            solution=command.solution,
            note=command.note,
        )
    ]


@until_closed
def close_accompaniment(
    command: c.CloseAccompaniment, state: Accompaniment, _context: Context
) -> Decided:
    """For good, suspended or not; actions still planned stay on record as they are."""
    return [
        e.AccompanimentClosed(
            person=PersonId(state.person), outcome=command.outcome, note=command.note
        )
    ]
