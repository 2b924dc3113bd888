"""The words of the command line: French, and one line for what is wrong."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from core.access.actor import KnownAs
from core.access.tokens import TokenReader, development_issuer
from core.testing.scenario import an_id
from server.cli import COMMANDS, main

PERIOD = "--from 2025-07-01 --to 2026-07-01"
ENGLISH = ("usage:", "error", "show this help", "arguments:", "argument ", "invalid")
NAMES = [command.__name__.rpartition(".")[2].replace("_", "-") for command in COMMANDS]

Say = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def say(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Says some words to `jalon` in a home: exit code, standard output, standard error."""
    monkeypatch.setenv("JALON_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "100")

    def say(words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(words.split())
        told = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, told.out, told.err

    return say


def complaint(answer: tuple[int, str, str], *, code: int = 1) -> str:
    """The one line on standard error of a command that could not be."""
    ended, out, err = answer
    assert (ended, out) == (code, ""), err
    (line,) = err.splitlines()
    assert not any(word in line for word in ENGLISH), line
    return line


def test_without_a_word_it_says_what_there_is(say: Say) -> None:
    code, out, err = say("")
    assert (code, out) == (2, "")
    assert err.startswith("usage : jalon")
    assert all(f"    {name}" in err for name in NAMES)


@pytest.mark.parametrize("words", ["", *NAMES, "tenants set", "facts count"])
def test_help_is_in_french(words: str, say: Say) -> None:
    code, out, err = say(f"{words} --help")
    assert (code, err) == (0, "")
    assert out.startswith("usage : jalon")
    assert "affiche cette aide" in out
    assert not any(word in out for word in ENGLISH)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nonsense", "'nonsense' n'est pas un choix"),
        ("facts", "il manque ACTION"),
        ("demo --tenants", "une valeur est attendue"),
        ("demo --tenants 0", "« 0 » n'est pas un nombre entier à partir de 1"),
        ("demo --seed x", "« x » n'est pas un nombre entier"),
        ("demo --port 65536", "« 65536 » n'est pas un port"),
        ("demo --summary nowhere/out.json", "« nowhere/out.json » ne s'écrit pas"),
        ("demo en trop", "de trop : en trop"),
        ("replay --tenant 05D", "il manque --from, --to"),
        ("replay --tenant 05D --from 2025-13-01 --to 2026-01-01", "« 2025-13-01 » n'est pas"),
        (
            "replay --tenant 05D --from 2025-01-01 --to 2026-01-01 --at -1",
            "« -1 » n'est pas une position",
        ),
        (
            "replay --tenant 05D --from 2025-01-01 --to 2026-01-01 --at 1 --known-at 2025-02-01",
            "ne va pas avec",
        ),
        ("replay --tenant 05D --from 2025-01-01 --to 2026-01-01 --as-of hier", "« hier » n'est"),
    ],
)
def test_words_that_mean_nothing_are_refused(words: str, said: str, say: Say) -> None:
    assert said in complaint(say(words), code=2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("demo --tenants 101", "Il y a 100 collectivités"),
        ("tenants provision ZZ", "codes de collectivités : ZZ"),
        ("token a --tenant ZZ --role auditeur", "codes de collectivités : ZZ"),
        (
            "token a --tenant 05D --role auditeur --structure Aidants",
            "Ce ne sont pas des identifiants (UUID) : Aidants.",
        ),
        ("token a --tenant 05D --role chef", "Rôle inconnu : chef. Rôles possibles : accueil"),
        ("replay --tenant 05D --from 2026-01-01 --to 2025-01-01", "La période est vide"),
        ("facts count --from 2026-01-01 --to 2026-01-01", "La période est vide"),
    ],
)
def test_what_cannot_be_is_refused(words: str, said: str, say: Say, home: Path) -> None:
    assert said in complaint(say(words))
    assert not (home / "postgres").exists()


@pytest.mark.parametrize(
    "words",
    [
        "work",
        "rebuild",
        "facts count",
        "tenants list",
        "tenants provision 05D",
        f"replay --tenant 05D {PERIOD}",
    ],
)
def test_a_home_that_does_not_run_says_what_to_do(words: str, say: Say, home: Path) -> None:
    said = complaint(say(words))
    assert "`make demo` ou `jalon serve`" in said
    # Whoever ran it in this process could otherwise not be stopped any more.
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert not home.exists()


def test_a_dry_run_says_what_would_be_provisioned(say: Say, home: Path) -> None:
    code, out, _ = say("tenants provision --dry-run 05D 69M")
    assert code == 0
    assert out.splitlines()[0] == "05D  Hautes-Alpes"
    assert "2 collectivités seraient provisionnées" in out
    assert not home.exists()


def test_a_token_says_for_whom_the_account_stands(say: Say, home: Path) -> None:
    someone, somewhere = an_id(1), an_id(2)
    words = f"token a --tenant 05D --role auditeur --professional {someone} --structure {somewhere}"
    code, out, err = say(words)
    assert (code, err) == (0, "")
    actor = TokenReader([development_issuer(home)], lambda _role: frozenset()).actor(out.strip())
    assert actor.known_as["05D"] == KnownAs(
        professionals=frozenset({someone}), structures=frozenset({somewhere})
    )
