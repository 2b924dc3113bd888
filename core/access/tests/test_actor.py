"""What a grant opens: everything, what is related, what belongs to a structure, or nothing."""

import pytest

from core.access.actor import Actor, KnownAs, NotAllowed, permission_of
from core.domain.belonging import NOBODYS, Belonging

ME, MY_OTHER_SELF, STRUCTURE, ELSEWHERE = (
    "compte-1",
    "professionnel-1",
    "structure-1",
    "structure-2",
)
OURS = Belonging(structures=frozenset({STRUCTURE}))
THEIRS = Belonging(related=frozenset({"compte-2"}), structures=frozenset({ELSEWHERE}))


def who(*grants: str) -> Actor:
    return Actor(
        id=ME,
        grants={"05D": frozenset(grants)},
        known_as={
            "05D": KnownAs(
                professionals=frozenset({MY_OTHER_SELF}), structures=frozenset({STRUCTURE})
            )
        },
    )


def may(actor: Actor, belonging: Belonging, tenant: str = "05D") -> bool:
    return actor.may(tenant, "essai.read", belonging)


@pytest.mark.parametrize("whose", [NOBODYS, OURS, THEIRS])
def test_a_plain_grant_opens_everything_and_none_opens_nothing(whose: Belonging) -> None:
    assert may(who("essai.read"), whose)
    assert not may(who("essai.write"), whose)


@pytest.mark.parametrize("mine", [ME, MY_OTHER_SELF])
def test_a_related_grant_opens_what_the_account_or_its_professional_is_related_to(
    mine: str,
) -> None:
    related = who("essai.read@related")
    assert may(related, Belonging(related=frozenset({mine})))
    assert not any(may(related, whose) for whose in (NOBODYS, OURS, THEIRS))


def test_a_structures_grant_opens_what_belongs_to_a_structure_it_stands_for() -> None:
    structure = who("essai.read@structure")
    assert may(structure, OURS)
    mine = Belonging(related=frozenset({ME, STRUCTURE}))
    assert not any(may(structure, whose) for whose in (NOBODYS, THEIRS, mine))


def test_for_whom_an_account_stands_holds_in_one_tenant_only() -> None:
    both = Actor(
        id=ME,
        grants={code: frozenset({"essai.read@structure"}) for code in ("05D", "38D")},
        known_as=who().known_as,
    )
    assert may(both, OURS, "05D")
    assert not may(both, OURS, "38D")


def test_the_structures_of_a_grant_are_those_of_the_account_or_all_of_them() -> None:
    assert who("essai.read").structures("05D", "essai.read") is None
    assert who("essai.read@structure").structures("05D", "essai.read") == OURS.structures
    assert who("essai.read@related").structures("05D", "essai.read") == frozenset()
    assert who().granted("05D", "essai.read") == "no"


def test_what_is_not_granted_is_required_in_vain() -> None:
    who("essai.read@structure").require("05D", "essai.read", OURS)
    with pytest.raises(NotAllowed, match=r"essai\.read"):
        who("essai.read@structure").require("05D", "essai.read", THEIRS)


def test_the_permission_of_a_grant_is_what_stands_before_its_limit() -> None:
    grants = ("essai.read", "essai.read@related", "essai.read@structure")
    assert {permission_of(grant) for grant in grants} == {"essai.read"}
