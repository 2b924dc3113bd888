"""What `make demo` plays of RAVie: the cycle of Gap after its source, and believable cycles."""

from core.stage import Stage
from plugins.ravie.demo.gap import play_gap
from plugins.ravie.demo.year import play_years

HAUTES_ALPES = "05D"


def play(stage: Stage) -> None:
    """Puts a tenant's cycles on its stage."""
    if stage.tenant == HAUTES_ALPES:
        play_gap(stage)
    play_years(stage)
