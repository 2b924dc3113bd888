"""The manifest of notebooks."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec

from core.domain.decider import Decision
from core.module import Module, Permission, Role, Setting
from plugins._template.commands import OpenNotebook, WriteNote
from plugins._template.decisions import open_notebook, write_note
from plugins._template.events import FACTS
from plugins._template.indicators import INDICATORS
from plugins._template.projections.notebook_register import NOTEBOOK_REGISTER
from plugins._template.state import NOTEBOOK

READ = Permission("carnet.read", "Lire le registre des carnets.")
WRITE = Permission("carnet.write", "Ouvrir un carnet et y écrire.")


def _routes() -> Sequence[Any]:
    """Imported when the server asks: what only decides or folds loads no web framework."""
    from plugins._template.api import ROUTES

    return ROUTES


MODULE = Module(
    name="carnet",
    title="Carnet",
    version="1",
    facts=FACTS,
    aggregates=(NOTEBOOK,),
    decisions=(
        Decision(
            command=OpenNotebook,
            aggregate=NOTEBOOK,
            stream="notebook",
            decide=open_notebook,
            permission=WRITE.code,
            opens=True,
        ),
        Decision(
            command=WriteNote,
            aggregate=NOTEBOOK,
            stream="notebook",
            decide=write_note,
            permission=WRITE.code,
        ),
    ),
    projections=(NOTEBOOK_REGISTER,),
    indicators=INDICATORS,
    permissions=(READ, WRITE),
    roles=(
        Role(
            code="carnet.redaction", title="Rédaction des carnets", grants=(READ.code, WRITE.code)
        ),
    ),
    settings=(
        Setting(
            code="carnet.pages",
            sentence="Nombre de notes que contient un carnet.",
            kind=Annotated[int, msgspec.Meta(ge=1, le=10_000)],
            default=200,
        ),
    ),
    routes=_routes,
    refusals={
        "notebook_is_full": "Le carnet est plein : ses {pages} pages sont écrites.",
        "topic_is_not_of_notebook": "Ce sujet n'est pas un de ceux du carnet.",
    },
)
