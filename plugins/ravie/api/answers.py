"""What someone answers, as it is sent: points and choices as they are, words to be sealed."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from core.domain.command import Code
from core.domain.refusal import Refusal, Refused
from core.domain.sealed import Sealed
from core.evaluation.vocabulary import Answers
from core.http.request import ApiRequest
from plugins.ravie.api.body import Text
from plugins.ravie.effects.instruments import INSTRUMENTS

GivenAnswers = Annotated[
    Answers,
    msgspec.Meta(
        description="Par item : un point de l'échelle, ou le code d'un choix.",
        examples=[{"isolement_1": 2, "bien_etre_1": 4}],
    ),
]
GivenTexts = Annotated[
    dict[Code, Text],
    msgspec.Meta(
        description="Par item scellé : les mots de la personne, scellés sous sa clé.",
        examples=[{"precisions": "J'ai gardé contact avec le groupe."}],
    ),
]

FIELD = "sealed_answers"
"""Under which name texts are sealed: that of the field of the fact."""

_WORDED = {item.code for each in INSTRUMENTS.all for item in each.items if item.sealed}


async def sealed_answers(
    request: ApiRequest, person: str, texts: Mapping[str, str]
) -> Sealed | None:
    """The texts as one token under the person's key; refuses items that are not sealed ones."""
    if not texts:
        return None
    for item in texts:
        if item not in _WORDED:
            refused = Refused("answer_to_unknown_item", "texts", {"item": item})
            raise Refusal(refused, request.house.catalogue.sentence(refused))
    written = msgspec.json.encode(texts, order="sorted").decode()
    vault = request.house.vault
    return await vault.seal(request.tenant, person, FIELD, written, person=True)


async def opened_answers(request: ApiRequest, token: str | None) -> dict[str, str] | None:
    """The texts of a token; None without one, or when the person's key is gone."""
    if token is None:
        return None
    text = await request.house.vault.open(request.tenant, FIELD, Sealed(token))
    return None if text is None else msgspec.json.decode(text, type=dict[str, str])
