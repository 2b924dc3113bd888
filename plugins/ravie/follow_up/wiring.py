"""Which command meets which rule, under which permission: follow-up waves."""

from functools import partial

from core.domain.decider import Decision
from plugins.ravie.effects.instruments import INSTRUMENTS
from plugins.ravie.follow_up import commands, decisions
from plugins.ravie.follow_up.state import WAVE
from plugins.ravie.permissions import FOLLOW, OPEN_WAVES

DECISIONS = (
    Decision(
        command=commands.OpenWave,
        aggregate=WAVE,
        stream="wave",
        decide=partial(decisions.open_wave, instruments=INSTRUMENTS),
        permission=OPEN_WAVES.code,
        opens=True,
        also=decisions.reads_the_cycles_named,
        acts_for=decisions.follows_for,
    ),
    Decision(
        command=commands.AskPeople,
        aggregate=WAVE,
        stream="wave",
        decide=decisions.ask_people,
        permission=FOLLOW.code,
        also=decisions.reads_its_cycles,
    ),
    Decision(
        command=commands.SendReminder,
        aggregate=WAVE,
        stream="wave",
        decide=decisions.send_reminder,
        permission=FOLLOW.code,
        also=decisions.reads_their_answer,
    ),
    Decision(
        command=commands.RecordWaveAnswer,
        aggregate=WAVE,
        stream="wave",
        decide=partial(decisions.record_wave_answer, instruments=INSTRUMENTS),
        permission=FOLLOW.code,
        also=decisions.reads_their_answer,
    ),
    Decision(
        command=commands.RecordNoAnswer,
        aggregate=WAVE,
        stream="wave",
        decide=decisions.record_no_answer,
        permission=FOLLOW.code,
        also=decisions.reads_their_answer,
    ),
    Decision(
        command=commands.CloseWave,
        aggregate=WAVE,
        stream="wave",
        decide=decisions.close_wave,
        permission=FOLLOW.code,
    ),
)
