"""The README's tour, taken by a client that a public generator wrote from the document alone."""

import json
import sys
from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.processes import environment, run, serving

TENANT = "05D"
ME = "0198c0de-0000-7000-8000-000000000001"
ROLES = ("ravie.animateur", "accueil", "auditeur")
PARIS = ZoneInfo("Europe/Paris")
PACKAGE = "client_of_jalon"


class Client:
    """The client: its operations and models by name, and who asks."""

    def __init__(self, folder: Path, address: str, token: str) -> None:
        self._modules = {
            path.stem: f"{PACKAGE}.api.{path.parent.name}.{path.stem}"
            for path in (folder / "api").glob("*/*.py")
        }
        self.models = import_module(f"{PACKAGE}.models")
        self._client = import_module(PACKAGE).AuthenticatedClient(base_url=address, token=token)

    def call(self, operation: str, *path: str, **given: Any) -> Any:
        """What an operation answers, decoded into the client's own types, with its headers."""
        return import_module(self._modules[operation]).sync_detailed(
            *path, client=self._client, **given
        )

    def done(self, operation: str, *path: str, **given: Any) -> Any:
        """The answer's content; fails on a problem."""
        answer = self.call(operation, *path, **given)
        assert answer.status_code < 300, answer.content
        return answer.parsed


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    home = tmp_path / "home"
    demo = ["jalon", "demo", "--tenants", "1", "--years", "1", "--port", "0"]
    env = environment(home)
    with serving(demo, env) as address:
        written = run(
            [
                "openapi-python-client", "generate", "--fail-on-warning", "--meta", "none",
                "--url", f"{address}/api/openapi.json", "--output-path", str(tmp_path / PACKAGE),
            ],
            env,
        )  # fmt: skip
        assert "WARNING" not in written.upper()
        monkeypatch.syspath_prepend(str(tmp_path))
        roles = [word for role in ROLES for word in ("--role", role)]
        token = run(["jalon", "token", ME, "--tenant", TENANT, *roles], env).strip()
        yield Client(tmp_path / PACKAGE, address, token)
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def test_a_client_written_from_the_document_alone_takes_the_tour(client: Client) -> None:
    models = client.models
    person = client.done(
        "people_register",
        TENANT,
        body=models.Identity(
            family_name="Exemple", given_name="Camille", birth_date=date(1980, 5, 17)
        ),
    ).person
    cycle = client.done(
        "ravie_open_cycle",
        TENANT,
        body=models.RavieCycleToOpen(theme="fin_de_vie", animateur=ME),
    ).id
    role = models.RavieParticipantToEnrolRole.ASSISTANT_DE_VIE
    client.done(
        "ravie_cycles_enrol",
        TENANT,
        cycle,
        body=models.RavieParticipantToEnrol(person=person, role=role),
    )
    planned = client.done(
        "ravie_cycles_plan_sessions",
        TENANT,
        cycle,
        body=models.RavieSessionsToPlan(first_on=date(2026, 9, 3), at="14:00"),
    )
    sheets = client.done("ravie_cycles_list_sheets", TENANT, cycle, at_least=planned.position)
    session = sheets.items[0].session

    client.done(
        "ravie_sessions_hold",
        TENANT,
        session,
        body=models.RavieHolding(
            started_at=datetime(2026, 9, 3, 14, tzinfo=PARIS),
            ended_at=datetime(2026, 9, 3, 17, tzinfo=PARIS),
        ),
    )
    signed = client.done(
        "ravie_sessions_sign",
        TENANT,
        session,
        body=models.RavieSignature(person=person, minutes=180),
    )

    refused = client.call("ravie_close_cycle", TENANT, cycle, body=models.RavieClosing())
    assert refused.status_code == 422
    assert isinstance(refused.parsed, models.Problem)
    assert refused.parsed.code == "cycle_has_no_production"

    position = client.done(
        "corrections_annul",
        TENANT,
        body=models.FactToAnnul(stream=session, fact=signed.facts[0], reason="typing_error"),
    ).position
    read = client.call("ravie_read_cycle", TENANT, cycle, at_least=position)
    assert (read.parsed.state, read.parsed.minutes) == ("open", 0)
    assert read.parsed.theme == "fin_de_vie"

    # What has not changed is not sent again; what has is not written over.
    known = read.headers["etag"]
    assert client.call("ravie_read_cycle", TENANT, cycle, if_none_match=known).status_code == 304
    body = models.RavieProductionToRecord(kind="booklet", title="Livret")
    written = client.call(
        "ravie_cycles_record_production", TENANT, cycle, body=body, if_match=known
    )
    assert written.status_code == 201
    again = client.call("ravie_cycles_record_production", TENANT, cycle, body=body, if_match=known)
    assert (again.status_code, again.parsed.code) == (412, "stale")

    asked = ("ravie.hours_signed",)
    year = {"from_": date(2026, 1, 1), "to": date(2027, 1, 1), "at_least": position}
    hours = client.done("read_indicator", TENANT, *asked, **year)
    before = client.done(
        "read_indicator", TENANT, *asked, **year, known_at_position=signed.position
    )
    assert hours.figures[0].stamp.indicator == "ravie.hours_signed"
    assert before.figures[0].value - hours.figures[0].value == 180
    why = client.done(
        "indicators_explain_changes",
        TENANT,
        *asked,
        **year,
        known_from_position=signed.position,
        known_to_position=position,
    )
    (cause,) = [cause for part in why.parts for cause in part.facts]
    assert (cause.fact.name, cause.changes[0].value) == ("core.fact_annulled.v1", -180)

    due = client.done(
        "list_deadlines", TENANT, from_=date(2026, 9, 1), to=date(2027, 1, 1), at_least=position
    )
    assert "ravie.session_to_hold" in {each.kind for each in due.items}
    sheet = client.call("ravie_sessions_print_sheet", TENANT, sheets.items[1].session)
    assert sheet.content.startswith(b"%PDF-")

    events = client.done("stream_facts", TENANT, after=position - 1, limit=1)
    event = json.loads(events.partition("data: ")[2].partition("\n")[0])
    assert event["type"] == "core.fact_annulled.v1"
    assert event["subject"] == session
