"""
The figures of RAVie. Project cycles are in none of them; days are days in Paris.

Each `base` rests on read models, each `recount` on the facts alone, so that one checks the other.
"""

from plugins.ravie.indicators.attestations import ATTESTATIONS
from plugins.ravie.indicators.conduct import CONDUCT
from plugins.ravie.indicators.cycles import CYCLES
from plugins.ravie.indicators.departures import DEPARTURES
from plugins.ravie.indicators.effects import EFFECTS
from plugins.ravie.indicators.participants import PARTICIPANTS
from plugins.ravie.indicators.relais import RELAIS

INDICATORS = (*CYCLES, *PARTICIPANTS, *CONDUCT, *RELAIS, *ATTESTATIONS, *EFFECTS, *DEPARTURES)
