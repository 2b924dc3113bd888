"""Papers given: what was attested, and to how many people."""

from core.indicator import Indicator
from core.registers.people.counting import WITH_KEPT_IN_FACTS

_ROWS, _FACTS = "from {ravie.attestation_register} a", "from {facts} a"
_VALID = """
         where a.state = 'valid' and a.issued_on >= %(start)s and a.issued_on < %(end)s"""

_VALID_IN_FACTS = """
         where a.name = 'ravie.attestation_issued.v1'
           and (a.occurred_at at time zone 'Europe/Paris')::date >= %(start)s
           and (a.occurred_at at time zone 'Europe/Paris')::date < %(end)s
           and not exists (
             select from {facts} e
              where e.stream = a.stream
                and (e.name = 'ravie.attestation_withdrawn.v1'
                     and e.content ->> 'attestation' = a.content ->> 'attestation'
                     or e.name = 'ravie.attestation_issued.v1'
                     and e.content ->> 'replaces' = a.content ->> 'attestation'))"""

_COMPLETE = "case when {complete} then 'complete' else 'partial' end as completeness"
_IN_ROW = _COMPLETE.replace("{complete}", "a.complete")
_IN_FACT = _COMPLETE.replace("{complete}", "(a.content ->> 'complete')::boolean")

_PEOPLE = """
        select coalesce(k.kept, a.person) as measure, a.theme
          from {ravie.attestation_register} a
          left join {registers.persons} k on k.person = a.person"""

_PEOPLE_IN_FACTS = """
        select coalesce(k.kept, a.person::text) as measure, a.content ->> 'theme' as theme
          from {facts} a
          left join kept k on k.person = a.person::text"""

ATTESTATIONS_ISSUED = Indicator(
    name="ravie.attestations_issued",
    version=1,
    sentence=(
        "Attestations délivrées pendant la période et toujours valables : "
        "ni retirées, ni remplacées depuis."
    ),
    unit="activity",
    kind="sum",
    scale="attestations",
    secrecy="activity",
    dimensions=("theme", "completeness"),
    base=f"select 1 as measure, a.theme, {_IN_ROW} {_ROWS}{_VALID}",
    recount=f"select 1 as measure, a.content ->> 'theme' as theme, {_IN_FACT} {_FACTS}"
    + _VALID_IN_FACTS,
)

PEOPLE_ATTESTED = Indicator(
    name="ravie.people_attested",
    version=1,
    sentence=(
        "Personnes qui tiennent une attestation délivrée pendant la période et toujours valable ; "
        "chacune compte une fois."
    ),
    unit="person",
    kind="distinct",
    scale="personnes",
    secrecy="people",
    dimensions=("theme",),
    base=_PEOPLE + _VALID,
    recount=WITH_KEPT_IN_FACTS + _PEOPLE_IN_FACTS + _VALID_IN_FACTS,
)

ATTESTATIONS = (ATTESTATIONS_ISSUED, PEOPLE_ATTESTED)
