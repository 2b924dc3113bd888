"""Where an accompaniment stands, folded from its facts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from core.accompaniment import events as e
from core.domain.decider import Aggregate
from core.domain.event import Recorded


class Referent(msgspec.Struct, frozen=True, kw_only=True):
    """One designation; `ends` is its last day, None while it lasts."""

    referent: str
    function: str
    starts: date
    ends: date | None = None


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    recipients: frozenset[str]
    purpose: str
    starts: date
    ends: date | None
    withdrawn_on: date | None = None

    def covers(
        self, recipients: frozenset[str], purpose: str, starts: date, ends: date | None
    ) -> bool:
        """Whether all these recipients may be told for this purpose over all these days."""
        outlives = self.ends is None or (ends is not None and ends <= self.ends)
        return (
            self.withdrawn_on is None
            and recipients <= self.recipients
            and purpose == self.purpose
            and self.starts <= starts
            and outlives
        )


class Sharing(msgspec.Struct, frozen=True, kw_only=True):
    consent: str | None
    starts: date
    ends: date | None
    ended: bool = False


ActionStatus = Literal["planned", "done", "abandoned"]
RuptureStatus = Literal["declared", "avoided"]


class Accompaniment(msgspec.Struct, frozen=True, kw_only=True):
    """`referents` holds every designation, in order: nobody's turn is forgotten."""

    scheme: str
    person: str
    household: str | None
    basis: str
    opened_at: datetime
    closed_at: datetime | None = None
    suspended: bool = False
    expectations_expressed: bool = False
    referents: tuple[Referent, ...] = ()
    consents: Mapping[str, Consent] = {}
    sharings: Mapping[str, Sharing] = {}
    objectives: frozenset[str] = frozenset()
    actions: Mapping[str, ActionStatus] = {}
    contacts: frozenset[str] = frozenset()
    ruptures: Mapping[str, RuptureStatus] = {}
    last_contact_from_person: datetime | None = None

    @property
    def referent(self) -> Referent | None:
        """The one whose designation lasts, if any."""
        last = self.referents[-1] if self.referents else None
        return last if last is not None and last.ends is None else None


def evolve(state: Accompaniment | None, recorded: Recorded[Any]) -> Accompaniment:
    """The accompaniment after one more fact; `KeyError` on what was never declared before."""
    if isinstance(recorded.fact, e.AccompanimentOpened):
        return _opened(recorded.fact, recorded.occurred_at)
    if state is None:
        raise ValueError(recorded.fact.stored_name)
    changes = _changes(state, recorded)
    return msgspec.structs.replace(state, **changes)


def _opened(fact: e.AccompanimentOpened, at: datetime) -> Accompaniment:
    return Accompaniment(
        scheme=fact.scheme,
        person=fact.person,
        household=fact.household,
        basis=fact.basis,
        opened_at=at,
    )


def _changes(state: Accompaniment, recorded: Recorded[Any]) -> dict[str, Any]:
    """The fields a fact changes, and their new values."""
    match recorded.fact:
        case e.ExpectationsExpressed():
            return {"expectations_expressed": True}
        case e.ObjectiveSet(objective=objective):
            return {"objectives": state.objectives | {objective}}
        case e.ActionPlanned(action=action):
            return {"actions": {**state.actions, action: "planned"}}
        case e.ActionDone(action=action):
            return {"actions": _replaced(state.actions, action, "done")}
        case e.ActionAbandoned(action=action):
            return {"actions": _replaced(state.actions, action, "abandoned")}
        case e.ContactRecorded() as fact:
            return _contact(state, fact, recorded.occurred_at)
        case e.AccompanimentSuspended():
            return {"suspended": True}
        case e.AccompanimentResumed():
            return {"suspended": False}
        case e.RuptureDeclared(rupture=rupture):
            return {"ruptures": {**state.ruptures, rupture: "declared"}}
        case e.RuptureAvoided(rupture=rupture):
            return {"ruptures": _replaced(state.ruptures, rupture, "avoided")}
        case e.AccompanimentClosed():
            return {"closed_at": recorded.occurred_at}
        case _:
            return _referent(state, recorded.fact) or _permission_to_tell(state, recorded.fact)


def _contact(state: Accompaniment, fact: e.ContactRecorded, at: datetime) -> dict[str, Any]:
    contacts = state.contacts | {fact.contact}
    if not fact.from_person:
        return {"contacts": contacts}
    # Contacts are told late and out of order: only the most recent one counts.
    last = state.last_contact_from_person
    return {
        "contacts": contacts,
        "last_contact_from_person": at if last is None else max(last, at),
    }


def _referent(state: Accompaniment, fact: Any) -> dict[str, Any]:
    match fact:
        case e.ReferentDesignated(referent=referent, function=function, starts=starts):
            new = Referent(referent=referent, function=function, starts=starts)
            return {"referents": (*state.referents, new)}
        case e.ReferentChanged(referent=referent, function=function, starts=starts):
            new = Referent(referent=referent, function=function, starts=starts)
            return {"referents": (*_ended(state, starts), new)}
        case e.ReferentEnded(ends=ends):
            return {"referents": _ended(state, ends)}
        case _:
            return {}


def _ended(state: Accompaniment, ends: date) -> tuple[Referent, ...]:
    """On the day of a change both are référents: the hand-over takes place on it."""
    *before, last = state.referents
    return (*before, msgspec.structs.replace(last, ends=ends))


def _permission_to_tell(state: Accompaniment, fact: Any) -> dict[str, Any]:
    match fact:
        case e.ConsentGiven():
            consent = Consent(
                recipients=frozenset(fact.recipients),
                purpose=fact.purpose,
                starts=fact.starts,
                ends=fact.ends,
            )
            return {"consents": {**state.consents, fact.consent: consent}}
        case e.ConsentWithdrawn(consent=key, withdrawn_on=day):
            withdrawn = msgspec.structs.replace(state.consents[key], withdrawn_on=day)
            return {"consents": {**state.consents, key: withdrawn}}
        case e.InformationSharingOpened():
            sharing = Sharing(consent=fact.consent, starts=fact.starts, ends=fact.ends)
            return {"sharings": {**state.sharings, fact.sharing: sharing}}
        case e.InformationSharingEnded(sharing=key, ended_on=day):
            ended = msgspec.structs.replace(state.sharings[key], ends=day, ended=True)
            return {"sharings": {**state.sharings, key: ended}}
        case _:
            return {}


def _replaced(items: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """The items with one that must be among them changed."""
    if key not in items:
        raise KeyError(key)
    return {**items, key: value}


FACTS = (
    e.AccompanimentOpened,
    e.ExpectationsExpressed,
    e.ConsentGiven,
    e.ConsentWithdrawn,
    e.InformationSharingOpened,
    e.InformationSharingEnded,
    e.ReferentDesignated,
    e.ReferentChanged,
    e.ReferentEnded,
    e.ObjectiveSet,
    e.ActionPlanned,
    e.ActionDone,
    e.ActionAbandoned,
    e.ContactRecorded,
    e.AccompanimentSuspended,
    e.AccompanimentResumed,
    e.RuptureDeclared,
    e.RuptureAvoided,
    e.AccompanimentClosed,
)


def _related(state: Accompaniment) -> frozenset[str]:
    """Whoever is référent now: an account has the id of the professional it belongs to."""
    return frozenset({state.referent.referent}) if state.referent else frozenset()


ACCOMPANIMENT: Aggregate[Accompaniment] = Aggregate(
    name="accompaniment", facts=FACTS, evolve=evolve, related=_related
)
