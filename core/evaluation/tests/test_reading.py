from pathlib import Path

import pytest

from core.evaluation.reading import InvalidInstrument, read_instruments

GRID = """
id = "essai.grille"
version = 1
title = "Une grille"
source = "Essai"
[scale]
lowest = 1
highest = 5
[scale.labels]
1 = "Non"
5 = "Oui"
[scoring]
rule = "mean"
minimum_answered = 1
[[items]]
code = "calme"
wording = "Je suis au calme."
[[items]]
code = "bruit"
wording = "Il y a du bruit."
reversed = true
[[subscales]]
code = "ambiance"
title = "Ambiance"
items = ["calme", "bruit"]
minimum_answered = 2
"""


def test_every_version_of_a_folder_is_found_by_id_and_version(tmp_path: Path) -> None:
    (tmp_path / "grille.v1.toml").write_text(GRID)
    (tmp_path / "grille.v2.toml").write_text(GRID.replace("version = 1", "version = 2"))
    instruments = read_instruments(tmp_path)
    assert [(one.id, one.version) for one in instruments.all] == [
        ("essai.grille", 1),
        ("essai.grille", 2),
    ]
    second = instruments.find("essai.grille", 2)
    assert second is not None
    assert second.items[1].reversed
    assert instruments.find("essai.grille", 3) is None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[scale]", "[scale", "TOML valide"),
        ("lowest = 1", "lowest = 5", "échelle : le plus bas (5)"),
        ('1 = "Non"', '0 = "Non"', "l'intitulé « 0 » n'est pas un point"),
        ('code = "bruit"', 'code = "calme"', "item « calme » : son code est employé deux fois"),
        ("reversed = true", "reverse = true", "reverse"),
        (
            "reversed = true",
            "reversed = true\nsealed = true",
            "seul un item noté peut être inversé",
        ),
        (
            "reversed = true",
            'choices = {oui = "Oui, souvent"}',
            "item « bruit » : un choix unique",
        ),
        (
            "reversed = true",
            "sealed = true",
            "sous-échelle « ambiance » : l'item « bruit » n'est pas noté",
        ),
        ('"calme", "bruit"]', '"calme", "odeur"]', "l'item « odeur » n'existe pas"),
        ('"calme", "bruit"]', '"calme", "calme"]', "l'item « calme » y est deux fois"),
        ('code = "ambiance"', 'code = "total"', "sous-échelle « total » : son code est déjà pris"),
        ("minimum_answered = 2", "minimum_answered = 3", "dépasse le nombre d'items (2)"),
        ("minimum_answered = 1", "minimum_answered = 3", "cotation : le minimum de réponses (3)"),
        ('rule = "mean"', 'rule = "sum"', "une somme demande toutes les réponses (2), pas 1"),
        ('rule = "mean"', 'rule = "median"', "$.scoring.rule"),
        ("version = 1", "version = 2", "doit s'appeler grille.v2.toml"),
        ('title = "Une grille"', "", "title"),
    ],
)
def test_a_broken_instrument_is_refused_with_its_file_and_its_rule(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    assert old in GRID
    (tmp_path / "grille.v1.toml").write_text(GRID.replace(old, new, 1))
    with pytest.raises(InvalidInstrument) as refused:
        read_instruments(tmp_path)
    assert str(refused.value).startswith("grille.v1.toml : ")
    assert problem in str(refused.value)


def test_a_file_that_is_not_text_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "grille.v1.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidInstrument, match=r"grille\.v1\.toml"):
        read_instruments(tmp_path)


def test_one_version_has_one_file(tmp_path: Path) -> None:
    (tmp_path / "grille.v1.toml").write_text(GRID)
    (tmp_path / "grille.v1.bis.toml").write_text(GRID)
    with pytest.raises(InvalidInstrument, match=r"grille\.v1\.bis\.toml"):
        read_instruments(tmp_path)
