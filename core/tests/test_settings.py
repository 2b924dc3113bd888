from pathlib import Path

import pytest

from core.settings import BadSettings, Settings

SECRET = "mot-de-passe-très-secret"
PRODUCTION = {
    "JALON_ENV": "production",
    "JALON_DATABASE_URL": "postgresql://base.example.fr:5432/jalon",
    "JALON_SERVE_PASSWORD": SECRET,
    "JALON_MASTER_KEY": "/etc/jalon/master.key",
    "JALON_TOKEN_KEYS": '{"keys": []}',
    "JALON_TOKEN_ISSUER": "https://identite.example.fr",
    "JALON_TOKEN_AUDIENCE": "jalon",
    "JALON_PUBLIC_URL": "https://jalon.example.fr/",
}


def problems_of(environment: dict[str, str]) -> list[str]:
    with pytest.raises(BadSettings) as refusal:
        Settings.from_environment(environment)
    return refusal.value.problems


def test_nothing_set_is_one_machine_in_development() -> None:
    settings = Settings.from_environment({})
    assert not settings.production
    assert settings.home == Path(".jalon")
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.database_url is None


def test_an_empty_variable_is_not_set() -> None:
    assert Settings.from_environment({"JALON_PORT": "", "JALON_ENV": ""}).port == 8000


def test_a_real_database_asks_what_the_server_is_for() -> None:
    """Forgetting it would let in whoever holds a development key."""
    without = {name: value for name, value in PRODUCTION.items() if name != "JALON_ENV"}
    assert problems_of(without) == ["JALON_ENV : attendu development ou production."]


@pytest.mark.parametrize(
    "missing",
    [
        "JALON_MASTER_KEY",
        "JALON_TOKEN_KEYS",
        "JALON_TOKEN_ISSUER",
        "JALON_TOKEN_AUDIENCE",
        "JALON_PUBLIC_URL",
    ],
)
def test_production_is_refused_without_its_keys(missing: str) -> None:
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}
    assert problems_of(environment) == [f"{missing} : obligatoire en production."]


def test_every_problem_is_told_at_once_without_its_value() -> None:
    problems = problems_of(
        {
            "JALON_ENV": SECRET,
            "JALON_PORT": SECRET,
            "JALON_LOG": SECRET,
            "JALON_DATABASE_URL": f"postgresql://compte:{SECRET}@base/jalon",
            "JALON_BROKER_URL": SECRET,
            "JALON_TOKEN_KEYS": f"/{SECRET}",
        }
    )
    assert {problem.split(" ")[0] for problem in problems} >= {
        "JALON_ENV",
        "JALON_PORT",
        "JALON_LOG",
        "JALON_DATABASE_URL",
        "JALON_BROKER_URL",
        "JALON_TOKEN_KEYS",
    }
    assert SECRET not in " ".join(problems)


@pytest.mark.parametrize("url", ["http://a/b", "postgresql://a", "postgresql://a:port/b", "a"])
def test_a_database_url_names_a_server_and_a_database(url: str) -> None:
    assert problems_of(PRODUCTION | {"JALON_DATABASE_URL": url})


def test_printing_the_settings_shows_no_secret() -> None:
    broker = {"JALON_BROKER_URL": f"amqp://compte:{SECRET}@file/"}
    settings = Settings.from_environment(PRODUCTION | broker)
    assert settings.database_passwords["serve"].value == SECRET
    assert SECRET not in f"{settings} {settings!r}"


def test_webhooks_reach_public_servers_unless_told_otherwise() -> None:
    assert Settings.from_environment(PRODUCTION).webhook_reach == "public"
    told = Settings.from_environment(PRODUCTION | {"JALON_WEBHOOKS": "private"})
    assert told.webhook_reach == "private"
    assert problems_of(PRODUCTION | {"JALON_WEBHOOKS": SECRET}) == [
        "JALON_WEBHOOKS : attendu public, loopback ou private."
    ]


def test_public_keys_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "cles.json"
    file.write_bytes(b'{"keys": [1]}')
    settings = Settings.from_environment(PRODUCTION | {"JALON_TOKEN_KEYS": str(file)})
    assert settings.token_keys == b'{"keys": [1]}'


def test_the_public_address_is_printed_as_it_is_given_without_its_last_slash() -> None:
    assert Settings.from_environment(PRODUCTION).address == "https://jalon.example.fr"
    assert Settings.from_environment({"JALON_PORT": "8123"}).address == "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    "url", ["jalon.example.fr", "ftp://a", "https://", "https://a?b=c", f"https://moi:{SECRET}@a"]
)
def test_a_public_address_is_one_that_can_be_printed(url: str) -> None:
    (problem,) = problems_of({"JALON_PUBLIC_URL": url})
    assert problem.startswith("JALON_PUBLIC_URL : ")
    assert SECRET not in problem


def test_the_size_of_a_file_is_told_in_mebibytes() -> None:
    assert Settings.from_environment({}).attachment_limit == 10 * 1024 * 1024
    assert Settings.from_environment({"JALON_ATTACHMENT_MIB": "2"}).attachment_limit == 2097152
    for wrong in ("0", "65", "-1", "deux"):
        assert problems_of({"JALON_ATTACHMENT_MIB": wrong})


def test_what_a_request_about_the_past_may_cost_is_set() -> None:
    settings = Settings.from_environment({"JALON_REPLAY_FACTS": "10", "JALON_REPLAY_SECONDS": "5"})
    assert (settings.replay_facts, settings.replay_seconds) == (10, 5)
    assert Settings.from_environment({}).replay_facts == 500_000
    (problem,) = problems_of({"JALON_REPLAY_SECONDS": "vite"})
    assert problem.startswith("JALON_REPLAY_SECONDS : ")
