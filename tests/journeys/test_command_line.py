"""What the commands do beside a demonstration that runs."""

import json
import subprocess

import pytest

from core.access.tokens import TokenReader, development_issuer
from core.settings import Settings
from server.demo.calendar import END
from tests.journeys.demonstrations import Played
from tests.journeys.processes import run

pytestmark = pytest.mark.postgres

PERIOD = "--from 2025-07-01 --to 2026-07-01"


def complaint(*words: str, played: Played) -> str:
    """The one line on standard error of a command that could not be, in a process of its own."""
    answer = subprocess.run(
        ["jalon", *words],
        env=played.env,
        cwd=played.home.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (answer.returncode, answer.stdout) == (1, "")
    # A bar of long work comes before it, as far as it came.
    (line,) = [each for each in answer.stderr.splitlines() if not each.startswith("Reconstruction")]
    return line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("tenants show ZZ", "Collectivité inconnue ici : ZZ."),
        ("facts count --tenant ZZ", "Collectivité inconnue ou non provisionnée : ZZ."),
        ("rebuild --check --view ravie.nope", "pas de vue « ravie.nope »"),
        (f"replay --tenant 05D --indicator nope {PERIOD}", "Indicateur inconnu : nope."),
        (f"why --tenant 05D --indicator ravie.hours_signed --version-to 99 {PERIOD}", "versions"),
        (f"why --tenant 05D --indicator ravie.hours_signed --by age {PERIOD}", "par « age »"),
        (
            "why --tenant 05D --indicator ravie.hours_signed --known-from 2026-03-01 "
            f"--known-to 2026-01-01 {PERIOD}",
            "--known-from doit venir avant --known-to.",
        ),
        ("tenants set 05D ravie.min_hours dix", "s'écrit en JSON"),
        ("tenants enable 05D nope", "« nope »"),
    ],
)
def test_what_a_running_home_does_not_have_is_refused(
    words: str, said: str, played: Played
) -> None:
    assert said in complaint(*words.split(), played=played)


def test_a_rebuild_changes_nothing_of_what_was_followed(played: Played) -> None:
    assert run(["jalon", "rebuild", "--check"], played.env) == (
        "Vues comparées pour 3 collectivités.\n"
    )
    told = run(["jalon", "rebuild", "--tenant", "05D"], played.env)
    assert told == "Vues reconstruites pour 1 collectivités.\n"
    assert run(["jalon", "rebuild", "--check", "--tenant", "05D"], played.env)


def test_a_replay_gives_the_figures_of_a_position_or_of_a_day(played: Played) -> None:
    words = [
        "jalon",
        "replay",
        "--tenant",
        "05D",
        "--indicator",
        "ravie.hours_signed",
        *PERIOD.split(),
    ]
    head = played.summary.facts_by_tenant["05D"]

    def replayed(*until: str) -> tuple[int, int]:
        (figure,) = json.loads(run([*words, *until], played.env))
        return figure["stamp"]["position"], figure["value"]

    (said,) = (
        figure.value
        for figure in played.summary.indicators
        if (figure.stamp.indicator, figure.stamp.tenant) == ("ravie.hours_signed", "05D")
    )
    assert replayed("--known-at", END.date().isoformat()) == (head, said)
    position, minutes = replayed("--known-at", "2025-12-31")
    assert 0 < position < head
    assert replayed("--at", str(position)) == (position, minutes)
    # Known later, some of it had taken place before: sheets are typed in late.
    whole, taken_place = replayed("--as-of", "2025-12-31")
    assert whole == head
    assert 0 < minutes <= taken_place < (said or 0)


def test_why_a_figure_changed_adds_up_and_names_its_facts(played: Played) -> None:
    words = ["jalon", "why", "--tenant", "05D", "--indicator", "ravie.hours_signed"]
    words += [*PERIOD.split(), "--known-from", "2025-12-31"]
    told = json.loads(run([*words, "--json"], played.env))
    (difference,) = told["differences"]
    (said,) = (
        figure.value
        for figure in played.summary.indicators
        if (figure.stamp.indicator, figure.stamp.tenant) == ("ravie.hours_signed", "05D")
    )
    assert difference["after"]["value"] == said
    change = difference["change"]["value"]
    assert change == difference["after"]["value"] - difference["before"]["value"] > 0
    parts = {part["category"]: part for part in told["parts"]}
    assert sum(part["changes"][0]["value"] for part in parts.values()) == change
    assert parts["current_entry"]["facts"]
    table = run(words, played.env)
    assert f"soit {change:+d}" in table
    assert "Saisies tardives" in table
    assert "session.attendance_recorded.v1" in table
    unknown = complaint(*words[1:4], "--indicator", "ravie.inconnu", *words[6:], played=played)
    assert unknown.startswith("Indicateur inconnu : ravie.inconnu. Il y a : ")


def test_a_tenant_is_provisioned_and_decides(played: Played) -> None:
    def jalon(*words: str) -> str:
        return run(["jalon", *words], played.env)

    jalon("tenants", "provision", "06D")
    jalon("tenants", "enable", "06D", "ravie")
    jalon("tenants", "set", "06D", "ravie.min_hours", "12")
    shown = json.loads(jalon("tenants", "show", "06D"))
    assert (shown["modules"], shown["suspendue"]) == (["ravie"], False)
    assert shown["reglages"]["ravie.min_hours"] == 12
    jalon("tenants", "suspend", "06D", "--reason", "convention_ended")
    assert "06D   Alpes-Maritimes                    suspendue" in jalon("tenants", "list")
    jalon("tenants", "resume", "06D")
    assert "suspendue" not in jalon("tenants", "list")
    assert "n'est pas suspendue" in complaint("tenants", "resume", "06D", played=played)


def test_a_token_is_one_line_that_the_home_signs(played: Played) -> None:
    words = ["jalon", "token", "a", "--tenant", "05D", "--role", "auditeur"]
    token = run(words, played.env)
    assert token.count("\n") == 1
    home = Settings.from_environment(played.env).home
    reader = TokenReader([development_issuer(home)], lambda role: frozenset({role}))
    assert reader.actor(token.strip()).grants == {"05D": frozenset({"auditeur"})}
