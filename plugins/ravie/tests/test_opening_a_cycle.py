from plugins.ravie.cycle.commands import OpenCycle
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.tests.stories import ANIMATRICE, CYCLE_ID, a_cycle, a_story, opened


def test_a_cycle_is_five_sessions_of_three_hours_for_seven_to_nine_people_by_default() -> None:
    command = OpenCycle(cycle=CYCLE_ID, theme="fin_de_vie", animateur=ANIMATRICE)
    a_story().when(command).then(opened())


def test_the_tenant_sets_the_shape_of_its_cycles() -> None:
    settings = {
        "ravie.sessions": 4,
        "ravie.session_minutes": 120,
        "ravie.weeks_apart": 2,
        "ravie.capacity_min": 5,
        "ravie.capacity_max": 12,
        "ravie.min_hours": 6,
    }
    command = OpenCycle(cycle=CYCLE_ID, theme="fin_de_vie", animateur=ANIMATRICE)
    a_story(**settings).when(command).then(
        opened(
            sessions=4,
            session_minutes=120,
            weeks_apart=2,
            capacity_min=5,
            capacity_max=12,
            min_minutes=360,
        )
    )


def test_a_cycle_may_have_a_shape_of_its_own() -> None:
    command = OpenCycle(
        cycle=CYCLE_ID,
        theme="lieu_ressources",
        kind="project",
        sessions=3,
        session_minutes=90,
        weeks_apart=3,
        capacity_min=1,
        capacity_max=20,
        min_minutes=200,
        modality="mixed",
    )
    a_story().when(command).then(
        opened(
            theme="lieu_ressources",
            kind="project",
            sessions=3,
            session_minutes=90,
            weeks_apart=3,
            capacity_min=1,
            capacity_max=20,
            min_minutes=200,
            modality="mixed",
            animateur=None,
            referentiel=None,
            referentiel_version=None,
            competences=(),
            animateur_training=None,
        )
    )


def test_the_tenants_threshold_never_asks_for_more_than_the_cycle_lasts() -> None:
    command = OpenCycle(cycle=CYCLE_ID, theme="fin_de_vie", sessions=2, animateur=ANIMATRICE)
    a_story(**{"ravie.min_hours": 12}).when(command).then(
        opened(theme="fin_de_vie", sessions=2, min_minutes=360)
    )


def test_the_smallest_group_is_not_larger_than_the_largest() -> None:
    command = OpenCycle(cycle=CYCLE_ID, theme="fin_de_vie", capacity_min=10)
    scenario = a_story().when(command).then_refused("capacity_is_upside_down")
    assert "(10)" in scenario.sentence
    assert "(9)" in scenario.sentence


def test_the_threshold_does_not_exceed_the_cycle() -> None:
    command = OpenCycle(cycle=CYCLE_ID, theme="fin_de_vie", min_minutes=901)
    scenario = a_story().when(command).then_refused("threshold_exceeds_cycle")
    assert "901" in scenario.sentence
    assert "900" in scenario.sentence


def test_a_cycle_is_opened_once() -> None:
    a_cycle().when(OpenCycle(cycle=CYCLE_ID, theme="fin_de_vie")).then_refused("already_exists")


def test_who_opened_and_who_animates_are_related_to_the_cycle() -> None:
    assert CYCLE.related(a_cycle().state(CYCLE, CYCLE_ID)) == {"animatrice", ANIMATRICE}
