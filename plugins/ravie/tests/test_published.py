import msgspec
import pytest

from plugins.ravie.models import MODELS, find_model
from plugins.ravie.module import MODULE
from plugins.ravie.published import InvalidPublication, nearest, read_one
from plugins.ravie.referentiels import (
    OFFERED,
    REFERENTIELS,
    Referentiel,
    find_referentiel,
    problems,
)

SMALL = b"""
id = "petit"
version = 2
title = "Un petit r\xc3\xa9f\xc3\xa9rentiel"
source = "Pour l'essai."
proposal = true
animateur_training = "animation"
competences = [{ code = "a.1", domain = "a", title = "Savoir faire." }]
themes = [{ code = "th", title = "Un sujet", competences = ["a.1"] }]
"""


def test_what_is_published_says_whose_words_it_is_and_that_it_is_a_proposal() -> None:
    said = [(one.proposal, one.source) for one in REFERENTIELS]
    for proposal, source in [*said, *((one.proposal, one.source) for one in MODELS)]:
        assert proposal
        assert "Proposition de Jalon" in source


def test_the_national_model_is_five_sessions_of_three_hours_for_seven_to_nine_free() -> None:
    model = find_model("national-5x3", 1)
    assert model is not None
    shape = model.shape
    assert (shape.sessions, shape.session_minutes, shape.weeks_apart) == (5, 180, 1)
    assert (shape.capacity_min, shape.capacity_max, model.free) == (7, 9, True)
    assert find_model("national-5x3", 2) is None


def test_a_model_names_indicators_and_instruments_that_exist() -> None:
    indicators = {indicator.name for indicator in MODULE.indicators}
    for model in MODELS:
        assert set(model.indicators) <= indicators
        assert [(used.id, used.version) for used in model.instruments] == [("ravie.effets", 1)]


def test_every_offered_theme_works_on_competences_of_its_referentiel() -> None:
    assert "fin_de_vie" in OFFERED
    for referentiel, theme in OFFERED.values():
        assert referentiel.unknown(theme.competences) is None
    assert find_referentiel("assistants-de-vie", 1) is not None
    assert find_referentiel("assistants-de-vie", 99) is None


def test_a_file_is_named_after_its_id_and_version() -> None:
    assert read_one("petit.v2.toml", SMALL, Referentiel).title == "Un petit référentiel"
    with pytest.raises(InvalidPublication, match="doit s'appeler petit"):
        read_one("petit.v1.toml", SMALL, Referentiel)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"id = ", "TOML valide"),
        (b"\xff", "TOML valide"),
        (SMALL + b"unknown = 1\n", "forme"),
        (SMALL.replace(b"version = 2", b"version = 0"), "forme"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(content: bytes, problem: str) -> None:
    with pytest.raises(InvalidPublication, match=problem):
        read_one("petit.v2.toml", content, Referentiel)


def test_a_referentiel_with_a_repeated_code_or_a_missing_competence_is_told() -> None:
    sound = read_one("petit.v2.toml", SMALL, Referentiel)
    assert list(problems(sound)) == []
    twice = msgspec.structs.replace(sound, competences=sound.competences * 2)
    assert list(problems(twice)) == ["le code « a.1 » est employé deux fois."]
    (theme,) = sound.themes
    wrong = msgspec.structs.replace(theme, competences=("a.2",))
    told = list(problems(msgspec.structs.replace(sound, themes=(wrong,))))
    assert told == ["thème « th » : la compétence « a.2 » n'existe pas."]


def test_the_nearest_known_codes_are_named_first() -> None:
    known = ["alimentation", "communication", "numerique", "bientraitance"]
    assert nearest("alimentations", known).split(", ")[0] == "alimentation"
    assert len(nearest("x", known).split(", ")) == 3
